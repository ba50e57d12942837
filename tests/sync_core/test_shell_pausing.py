"""An app that is turned out, a token that is revoked: the shop's sync pauses, and goes on when it is connected anew."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shell_bench import MINUTE, PORTAL, SHOP, Bench, signed

from simulator import hubspot, shopify
from simulator.hubspot import grants as portal_grants
from simulator.hubspot.auth import all_scopes
from simulator.kernel.simulation import Site
from simulator.shopify import grants
from simulator.shopify.shop import Shop
from sync_core.shell.clients.access import Access


@pytest.fixture(params=["deals", pytest.param("data-sync", marks=pytest.mark.slow)])
def bench(request):
    return Bench(request.param, calm=True)


def turn_out(bench: Bench) -> None:
    grants.uninstall(Shop.open(Site(bench.simulation, SHOP)), "sync")


def let_in(bench: Bench) -> str:
    return bench.shopper("POST", "apps/sync/install", {})["app"]["token"]


def customers(bench: Bench, count: int) -> None:
    for number in range(count):
        bench.shop("POST", "customers.json", {"customer": {"email": f"buyer-{number}@example.com"}})


def emails(bench: Bench) -> list[str]:
    return sorted(one["properties"]["email"] for one in bench.records("contacts", "email"))


def test_I11_a_revoked_token_in_the_middle_of_the_import_pauses_and_reconnecting_resumes(bench):
    customers(bench, 30)
    while bench.core.status()["phase"] == "connecting":
        bench.turn("setup")
    turn_out(bench)
    bench.run(5 * MINUTE)
    assert bench.core.status()["paused"]
    assert "importing" == bench.core.status()["phase"]
    assert bench.core.pending().startswith("paused")
    before = len(bench.writes())
    bench.run(30 * MINUTE)
    assert before == len(bench.writes())

    bench.core.first.reconnect(Access(let_in(bench)))
    bench.until_live()

    assert sorted(f"buyer-{number}@example.com" for number in range(30)) == emails(bench)
    assert bench.core.status()["paused"] is None


def test_I11_a_token_given_at_the_start_that_hubspot_takes_back_is_told_until_another_one_is_given(bench):
    bench.until_live()
    portal_grants.uninstall(Site(bench.simulation, PORTAL), "sync")
    customers(bench, 1)
    bench.run(3 * MINUTE)
    told = bench.core.status()
    again = hubspot.install(bench.simulation, PORTAL, "sync", scopes=all_scopes())
    bench.settings = replace(bench.settings, hubspot_token=again.token)
    bench.restart()
    bench.run(3 * MINUTE)

    assert told["trouble"].startswith("HubSpot refuses the token: ")
    assert told["pending"] == f"1 record to be synced ({told['trouble']})"
    assert ["buyer-0@example.com"] == emails(bench)
    assert ("", None) == (bench.core.status()["trouble"], bench.core.pending())


def test_I11_nothing_is_deleted_in_hubspot_while_the_app_is_out_and_webhooks_come_back_with_it(bench):
    customers(bench, 3)
    bench.until_live()
    bench.run(2 * MINUTE)
    turn_out(bench)
    bench.run(60 * MINUTE)
    assert 3 == len(emails(bench))

    bench.core.first.reconnect(Access(let_in(bench)))
    bench.run(6 * MINUTE)

    assert {"deals": 17, "data-sync": 13}[bench.settings.integration] == len(bench.core.first.shopify.subscriptions())


def test_I11_the_webhook_alone_pauses_and_its_late_copy_does_not_pause_again(bench):
    bench.until_live()
    told = {"id": 1, "domain": SHOP}
    signed(bench, "app/uninstalled", told)
    assert "the app was uninstalled" == bench.core.status()["paused"]

    bench.core.first.reconnect(Access(shopify.credentials(bench.simulation, SHOP, "sync")["token"]))
    signed(bench, "app/uninstalled", told)

    assert bench.core.status()["paused"] is None


def test_I11_a_pause_outlives_a_restart(ledger_url):
    bench = Bench("deals", calm=True, ledger_url=ledger_url)
    bench.until_live()
    signed(bench, "app/uninstalled", {"id": 1})
    bench.restart()

    assert "the app was uninstalled" == bench.core.status()["paused"]

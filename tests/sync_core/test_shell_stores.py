"""Several shops of one portal in one core (B6): one window of calls, one database, each shop its own state."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from shell_bench import MINUTE, SHOP, Bench

from simulator import shopify
from sync_core.shell.clients.access import Access
from sync_core.shell.running.core import SyncCore

OTHER = "other-shop.myshopify.com"


@pytest.fixture
def bench():
    made = Bench("data-sync", calm=True, operator_key="k")
    shopify.open_shop(made.simulation, OTHER)
    token = shopify.install(made.simulation, OTHER, "sync").token
    made.core.connect(replace(made.settings, shop=OTHER, shopify_token=token))
    made.until_live()
    made.run(MINUTE)
    return made


def test_B6_both_shops_are_connected_and_share_one_window_of_calls(bench):
    assert {SHOP: "live", OTHER: "live"} == {shop: bench.core.status(shop)["phase"] for shop in (SHOP, OTHER)}
    assert 1 == len({id(one.hubspot.window) for one in bench.core.connections.values()})


def test_B6_the_same_store_twice_is_refused(bench):
    with pytest.raises(ValueError, match="connected already"):
        bench.core.connect(bench.settings)
    with pytest.raises(ValueError, match="connected already"):
        SyncCore(
            bench.settings,
            others=[bench.settings],
            now=bench.clock.now,
            rng=random.Random(1),
            shopify=bench.wire,
            hubspot=bench.wire,
            wake=lambda *_: None,
        )


def test_I11_one_shop_that_turns_the_app_out_leaves_the_others_going(bench):
    bench.core.connections[OTHER].pause("the app was uninstalled")
    bench.shop("POST", "customers.json", {"customer": {"email": "ann@example.com"}})
    bench.run(2 * MINUTE)

    assert ["ann@example.com"] == [one["properties"]["email"] for one in bench.records("contacts", "email")]


def test_I1_settings_of_one_shop_are_not_the_others(bench):
    answer = bench.core.receiver.test_client().put(
        f"/connections/{OTHER}/objects/orders",
        json={"sync": "off"},
        headers={"Authorization": "Bearer k", "Host": "127.0.0.1"},
    )
    assert 200 == answer.status_code
    bench.shop("POST", "orders.json", {"order": {"line_items": [{"title": "Mug", "price": "3.00", "quantity": 1}]}})
    bench.run(2 * MINUTE)

    assert 1 == len(bench.records("orders"))


def test_B6_a_store_connected_over_http_and_a_renewed_token_outlive_a_restart(tmp_path):
    file = tmp_path / "ledger.db"
    bench = Bench("data-sync", calm=True, operator_key="k", ledger_url=f"sqlite:///{file}")
    bench.until_live()
    shopify.open_shop(bench.simulation, OTHER)
    wanted = {"shop": OTHER, "shopify_token": shopify.install(bench.simulation, OTHER, "sync").token}
    headers = {"Authorization": "Bearer k", "Host": "127.0.0.1"}
    assert 200 == bench.core.receiver.test_client().post("/connections", json=wanted, headers=headers).status_code
    bench.core.first.reconnect(Access("shpat_newer"))
    bench.restart()

    assert [SHOP, OTHER] == list(bench.core.connections)
    assert "shpat_newer" == bench.core.first.shopify.access.token()
    assert 0o600 == file.stat().st_mode & 0o777

"""The nets: what webhooks lose is found within the promise, each net alone; and rules of passing time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shell_bench import MINUTE, Bench

from sync_core.shell.clients.http import NotBefore
from sync_core.shell.clients.limits import Bucket

HOUR = 60 * MINUTE
WITHIN = 10 * MINUTE  # B10


@pytest.fixture
def deaf():
    """Without webhooks: the nets alone carry everything."""
    made = Bench(nets=frozenset({"poll", "sweep"}))
    made.until_live()
    made.run(5 * MINUTE)
    yield made
    made.close()


def order(bench: Bench) -> dict:
    return bench.shop(
        "POST", "orders.json", {"order": {"line_items": [{"title": "Mug", "price": "3.00", "quantity": 1}]}}
    )["order"]


def abandoned(bench: Bench, **contact) -> str:
    product = bench.shop("POST", "products.json", {"product": {"title": "Mug", "variants": [{"price": "3.00"}]}})[
        "product"
    ]
    line = {"variant_id": product["variants"][0]["id"], "quantity": 1}
    cart = bench.shopper("POST", "carts", {"line_items": [line]})["cart"]["token"]
    return bench.shopper("POST", f"carts/{cart}/checkout", contact)["checkout"]["token"]


def stages(bench: Bench) -> list[str]:
    return [deal["properties"]["dealstage"] or "" for deal in bench.records("deals", "dealstage")]


def test_B10_without_webhooks_a_new_order_is_found_by_the_poll(deaf):
    order(deaf)
    deaf.run(2 * MINUTE)

    assert 1 == len(deaf.records("deals"))


def test_B10_S15_without_webhooks_a_deleted_order_is_found_by_the_events(deaf):
    made = order(deaf)
    deaf.run(2 * MINUTE)
    deaf.shop("DELETE", f"orders/{made['id']}.json")
    deaf.run(WITHIN)

    assert [] == deaf.records("deals")


def test_A11_without_webhooks_a_deleted_customer_is_found_by_the_sweep_and_its_contact_stays(deaf):
    made = deaf.shop("POST", "customers.json", {"customer": {"email": "ann@example.com"}})["customer"]
    deaf.run(2 * MINUTE)
    deaf.shop("DELETE", f"customers/{made['id']}.json")
    deaf.run(35 * MINUTE)  # nothing in HubSpot depends on it, so the sweep comes every half hour

    assert 1 == len(deaf.records("contacts"))
    assert "deleted_in_shopify" == deaf.core.explain("customer", str(made["id"]))["standing"]["reason"]


def test_with_webhooks_alone_changes_and_deletions_arrive():
    bench = Bench(nets=frozenset({"webhooks"}))
    bench.until_live()
    kept, dropped = order(bench), order(bench)
    bench.run(MINUTE)
    bench.shop("DELETE", f"orders/{dropped['id']}.json")
    bench.shop("PUT", f"orders/{kept['id']}.json", {"order": {"id": kept["id"], "note": "x"}})
    bench.run(MINUTE)

    assert ["x"] == [deal["properties"]["shopify_note"] for deal in bench.records("deals", "shopify_note")]
    bench.close()


def test_a_removed_subscription_is_made_again():
    bench = Bench(calm=True)
    bench.until_live()
    for row in bench.core.first.shopify.subscriptions():
        bench.wire.delete(
            f"{bench.settings.shopify_url}/admin/api/2026-07/webhooks/{row['id']}.json",
            headers={"X-Shopify-Access-Token": bench.settings.shopify_token},
        )
    bench.run(WITHIN)

    assert 17 == len(bench.core.first.shopify.subscriptions())
    bench.close()


def test_S21_an_import_that_dies_half_way_goes_on_from_its_page_newest_first(ledger_url):
    bench = Bench(calm=True, ledger_url=ledger_url)
    bench.shopper("POST", "seed", {"products": 5, "customers": 270, "orders": 0, "checkouts": 0})
    first_page_is_read(bench)
    bench.restart()
    assert 250 == bench.core.status()["import"]["customer"]["done"]
    listed = bench.shop("GET", "customers.json", order="created_at desc", limit=250)["customers"]
    assert {str(one["id"]) for one in listed} == {
        id_ for kind, id_ in bench.core.ledger.sources.known() if kind == "customer"
    }
    bench.until_live()

    assert 270 == bench.core.status()["import"]["customer"]["done"]
    bench.close()


@pytest.mark.slow
def test_an_import_whose_page_shopify_no_longer_knows_begins_again_where_it_had_come_to():
    bench = Bench(calm=True)
    bench.shopper("POST", "seed", {"products": 0, "customers": 270, "orders": 0, "checkouts": 0})
    first_page_is_read(bench)
    ledger = bench.core.ledger
    ledger.save_cursor(
        replace(ledger.cursors()["import customer"], page="/admin/api/2026-07/customers.json?page_info=x")
    )
    bench.until_live()

    assert 270 == len([kind for kind, _ in ledger.sources.known() if kind == "customer"])
    assert 270 <= ledger.cursors()["import customer"].done < 520  # not from the beginning


def first_page_is_read(bench):
    for _ in range(200):
        if bench.core.status()["import"].get("customer", {}).get("done", 0) >= 250:
            return
        at_ms, name = min((at, name) for name, at in bench.due.items() if at is not None and name in ("setup", "sweep"))
        bench.clock.move_to(max(at_ms, bench.clock.now()))
        bench.turn(name)
    raise AssertionError("the first page was not read")


def test_A23_a_checkout_with_an_address_is_abandoned_after_ten_minutes_of_rest_and_the_order_takes_its_deal(deaf):
    token = abandoned(deaf, email="new@example.com")
    deaf.run(2 * MINUTE)
    assert stages(deaf) in ([], ["checkout_pending"])  # not listed before it counts as abandoned
    deaf.run(18 * MINUTE)
    assert ["checkout_abandoned"] == stages(deaf)
    deaf.shopper("POST", f"checkouts/{token}/complete", {})
    deaf.run(WITHIN)

    assert ["processed"] == stages(deaf)


@pytest.mark.slow
def test_A25_a_pending_deal_leaves_the_pipeline_after_48_hours():
    bench = Bench(calm=True, nets=frozenset({"webhooks"}))
    bench.until_live()
    abandoned(bench)
    bench.run(MINUTE)
    entered = [deal["createdAt"] for deal in bench.records("deals")]
    assert ["checkout_pending"] == stages(bench)
    bench.run(48 * HOUR - 2 * MINUTE)
    assert ["checkout_pending"] == stages(bench)
    assert bench.core.pending() is None
    bench.run(2 * MINUTE)

    assert [""] == stages(bench)
    assert entered == [deal["createdAt"] for deal in bench.records("deals")]
    bench.close()


# --- limits ---


def test_shopifys_bucket_is_read_from_its_header_and_leaks_a_twentieth_a_second():
    bucket = Bucket()
    bucket.shown("40/40", 1_000)

    assert bucket.not_before(1_000) == 1_000 + 1_500 + 1
    assert bucket.not_before(3_000) == 3_000


def test_long_lists_leave_a_quarter_of_shopifys_bucket_to_live_changes():
    bucket = Bucket()
    bucket.shown("28/40", 1_000)
    bucket.leave_some(1_000)
    bucket.shown("32/40", 1_000)
    with pytest.raises(NotBefore) as waits:
        bucket.leave_some(1_000)

    assert (1_000, 2_500) == (bucket.not_before(1_000), waits.value.at_ms - 1)


def test_while_shopify_takes_no_call_the_engine_rests_however_much_is_to_be_read(ledger_url):
    bench = Bench(ledger_url=ledger_url)
    bench.shopper("POST", "seed", {"products": 0, "customers": 60, "orders": 0, "checkouts": 0})
    bench.until_live()
    bench.run()
    one, now_ms = bench.core.first, bench.clock.now()
    one.ledger.ask_again([("customer", id_) for _, id_ in one.ledger.sources.known("customer")], now_ms)
    one.shopify.bucket.shown("40/40", now_ms)
    head = one.ledger.work.head(now_ms, "live", 1_000)
    assert head
    one.turn(head, 10, now_ms)

    assert one.shopify.bucket.not_before(now_ms) == one.engine.next_due(now_ms) > now_ms


@pytest.mark.slow
def test_S17_no_call_is_refused_for_being_too_fast():
    bench = Bench()
    bench.shopper("POST", "seed", {"products": 20, "customers": 150, "orders": 250, "checkouts": 10})
    bench.until_live()

    assert {429} & {entry.status for entry in bench.simulation.journal.entries if entry.source == "sync"} == set()
    bench.close()


@pytest.mark.slow
def test_records_that_were_put_in_without_a_change_are_found_by_a_resync_and_bear_no_mark_of_the_first_import():
    bench = Bench()
    order(bench)
    bench.until_live()
    bench.shopper("POST", "seed", {"products": 2, "customers": 5, "orders": 3, "checkouts": 0})
    bench.run(5 * MINUTE)
    assert 1 == len(bench.records("deals"))

    bench.core.resync()
    bench.run(5 * MINUTE)

    assert 4 == len(bench.records("deals"))
    assert bench.core.pending() is None
    marks = [record["properties"].get("hs_analytics_source_data_1") for record in bench.records("contacts")]
    assert "INTEGRATION_SYNC" not in marks


def test_with_webhooks_alone_tags_consent_and_the_count_of_orders_arrive_though_no_update_tells_of_them():
    bench = Bench(nets=frozenset({"webhooks"}))
    bench.until_live()
    ann = bench.shop("POST", "customers.json", {"customer": {"email": "ann@example.com", "tags": "new"}})["customer"]
    bench.run(MINUTE)
    lines = [{"title": "Mug", "price": "3.00", "quantity": 1}]
    bench.shop("POST", "orders.json", {"order": {"line_items": lines, "customer": {"id": ann["id"]}}})
    bench.run(MINUTE)
    consent = {"state": "subscribed", "opt_in_level": "single_opt_in"}
    wanted = {"id": ann["id"], "tags": "vip", "email_marketing_consent": consent}
    bench.shop("PUT", f"customers/{ann['id']}.json", {"customer": wanted})
    bench.run(MINUTE)

    names = ("shopify_orders_count", "shopify_tags", "shopify_accepts_marketing")
    (contact,) = bench.records("contacts", *names)
    assert ("1", "vip", "true") == tuple(contact["properties"][name] for name in names)

"""What is said once of a connection: fields that Shopify no longer gives, orders that it does not show."""

from __future__ import annotations

from shell_bench import MINUTE, Bench

DAY = 24 * 60 * MINUTE


def test_a_field_that_no_order_has_is_told_once_and_after_a_restart_too(ledger_url) -> None:
    bench = Bench(calm=True, ledger_url=ledger_url)
    bench.until_live()
    for number in range(3):
        lines = [{"title": "Mug", "price": "5.00", "quantity": 1}]
        bench.shop("POST", "orders.json", {"order": {"name": f"#{number}", "line_items": lines}})
    bench.run(2 * MINUTE)
    words = ["Shopify gives no processing_method of orders: shopify_processing_method stays as it is in HubSpot"]
    assert words == bench.core.status()["notices"]

    bench.restart()
    bench.run(MINUTE)

    assert words == bench.core.status()["notices"]


def test_explain_names_the_fields_that_a_record_lacks() -> None:
    bench = Bench(calm=True)
    bench.until_live()
    order = bench.shop(
        "POST", "orders.json", {"order": {"line_items": [{"title": "Mug", "price": "5", "quantity": 1}]}}
    )
    bench.run(2 * MINUTE)

    told = bench.core.explain("order", str(order["order"]["id"]))

    assert (["processing_method"], []) == (told["not_given"], told["image"]["warnings"])

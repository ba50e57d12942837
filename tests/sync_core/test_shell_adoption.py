"""Products that were in HubSpot before (scenario 37)."""

from __future__ import annotations

from dataclasses import replace

from shell_bench import Bench


def test_S37_a_sku_that_another_product_has_is_failing_with_hubspots_words():
    bench = Bench("data-sync", calm=True)
    bench.portal_settings({"unique": {"products": ["hs_sku"]}})
    bench.until_live()
    mug, cup = (
        bench.shop("POST", "products.json", {"product": {"title": title, "variants": [{"price": "1.00", "sku": "M"}]}})
        for title in ("Mug", "Cup")
    )
    bench.run()

    standings = [bench.core.explain("product", str(one["product"]["id"]))["standing"] for one in (mug, cup)]
    assert ["failing", "in_sync"] == sorted(one["status"] for one in standings)
    (failing,) = [one for one in standings if one["status"] == "failing"]
    assert "already has that value" in failing["words"]


def test_S37_a_weak_match_waits_for_approval_where_the_setting_is_on():
    bench = Bench("data-sync", calm=True)
    bench.until_live()
    ledger = bench.core.ledger
    ledger.save_choices(replace(ledger.choices, hold_weak_matches=True))
    there = bench.portal("POST", "/crm/v3/objects/products", {"properties": {"name": "Mug", "price": "3"}})["id"]
    made = bench.shop("POST", "products.json", {"product": {"title": "Mug", "variants": [{"price": "1.00"}]}})
    bench.run()

    standing = bench.core.explain("product", str(made["product"]["id"]))["standing"]
    assert ("excluded", "weak_match", True) == (standing["status"], standing["reason"], there in standing["words"])
    assert ["3"] == [row["properties"]["price"] for row in bench.records("products", "price")]


def test_A30_in_deals_a_product_is_found_by_its_link_alone():
    bench = Bench("deals", calm=True)
    bench.until_live()
    bench.portal("POST", "/crm/v3/objects/products", {"properties": {"name": "Mug", "hs_sku": "M"}})
    bench.shop("POST", "products.json", {"product": {"title": "Mug", "variants": [{"price": "1.00", "sku": "M"}]}})
    bench.run()

    assert 2 == len(bench.records("products"))

"""Products that were in HubSpot before (scenario 37)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shell_bench import CORE, SHOP, Bench


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


KEY = "operators-own-key"


def decide(bench: Bench, verdict: str) -> dict:
    """A person's word on the one weak match; returns the match as it was listed."""
    client, headers = bench.core.receiver.test_client(), {"Authorization": f"Bearer {KEY}"}
    path = f"/connections/{SHOP}/matches"
    (listed,) = client.get(path, headers=headers, base_url=CORE).json["matches"]
    answer = client.put(f"{path}/{listed['product']}", json={"verdict": verdict}, headers=headers, base_url=CORE)
    assert 200 == answer.status_code, answer.text
    assert [] == client.get(path, headers=headers, base_url=CORE).json["matches"]
    bench.run()
    return listed


def mugs(bench: Bench) -> dict[str, tuple[str, bool]]:
    """Price, and whether it is linked, of HubSpot's products by id."""
    rows = bench.records("products", "price", "shopify_sync_key")
    return {row["id"]: (row["properties"]["price"], bool(row["properties"]["shopify_sync_key"])) for row in rows}


@pytest.fixture(params=["waits", pytest.param("linked", marks=pytest.mark.slow)])
def weak(request) -> tuple[Bench, str, str]:
    """A bench, the id of the product that HubSpot had, and what becomes of a weak match there."""
    bench = Bench("data-sync", calm=True, operator_key=KEY)
    bench.until_live()
    ledger = bench.core.ledger
    ledger.save_choices(replace(ledger.choices, hold_weak_matches=request.param == "waits"))
    there = bench.portal("POST", "/crm/v3/objects/products", {"properties": {"name": "Mug", "price": "3"}})["id"]
    bench.shop("POST", "products.json", {"product": {"title": "Mug", "variants": [{"price": "1.00"}]}})
    bench.run()
    return bench, there, request.param


def standing(bench: Bench, product: str) -> dict:
    return bench.core.explain("product", product)["standing"]


def test_S37_an_approved_weak_match_is_linked_like_any_other(weak):
    bench, there, state = weak
    assert (("3", False) if state == "waits" else ("1.00", True)) == mugs(bench)[there]

    listed = decide(bench, "approved")

    assert ("Mug", there, state) == (listed["title"], listed["hubspot"], listed["state"])
    assert {there: ("1.00", True)} == mugs(bench)
    told = standing(bench, listed["product"])
    assert ("in_sync", "") == (told["status"], told["words"])


@pytest.mark.slow
def test_S37_a_rejected_weak_match_is_the_users_again_and_shopifys_product_gets_its_own(weak):
    bench, there, _ = weak
    listed = decide(bench, "rejected")
    found = mugs(bench)
    assert (("3", False), 2) == (found.pop(there), len(found) + 1)
    assert [("1.00", True)] == list(found.values())
    assert "in_sync" == standing(bench, listed["product"])["status"]

    bench.core.resync()
    bench.run()
    assert 2 == len(mugs(bench))


def test_a_word_on_what_is_no_weak_match_is_refused():
    bench = Bench("data-sync", calm=True, operator_key=KEY)
    bench.until_live()
    client, headers = bench.core.receiver.test_client(), {"Authorization": f"Bearer {KEY}"}
    answers = [
        client.put(f"/connections/{SHOP}/matches/7", json={"verdict": word}, headers=headers, base_url=CORE)
        for word in ("approved", "perhaps")
    ]

    assert [404, 400] == [one.status_code for one in answers]


def test_A30_in_deals_a_product_is_found_by_its_link_alone():
    bench = Bench("deals", calm=True)
    bench.until_live()
    bench.portal("POST", "/crm/v3/objects/products", {"properties": {"name": "Mug", "hs_sku": "M"}})
    bench.shop("POST", "products.json", {"product": {"title": "Mug", "variants": [{"price": "1.00", "sku": "M"}]}})
    bench.run()

    assert 2 == len(bench.records("products"))

"""Which HubSpot product a Shopify product is (F5, A30, scenario 37)."""

from __future__ import annotations

from sync_core.pure.matching import Match, match
from sync_core.pure.model import KEY_PROPERTY, Desired, Ref

KEY = "drill-shop.myshopify.com/product/1"


def wanted(**properties: str) -> Desired:
    return Desired(Ref("products", KEY), (KEY_PROPERTY, KEY), properties, blank_erases=False)


def test_S37_the_sku_comes_before_the_name():
    candidates = {"5": {"name": "Mug", "hs_sku": ""}, "6": {"name": "Cup", "hs_sku": "M1"}}

    assert Match("6", "sku") == match(wanted(name="Mug", hs_sku="M1"), candidates)


def test_S37_without_a_sku_the_name_is_a_weak_match():
    assert Match("5", "name") == match(wanted(name="Mug", hs_sku=""), {"5": {"name": "Mug", "hs_sku": "X"}})


def test_S37_a_product_of_the_same_name_and_another_sku_is_another_one():
    assert match(wanted(name="Mug", hs_sku="M1"), {"5": {"name": "Mug", "hs_sku": "M2"}}) is None


def test_S37_a_product_that_is_linked_already_is_never_taken():
    held = {"name": "Mug", "hs_sku": "M1", KEY_PROPERTY: "drill-shop.myshopify.com/product/2"}

    assert match(wanted(name="Mug", hs_sku="M1"), {"5": held}) is None
    assert match(wanted(name="Mug", hs_sku="M1"), {"5": {"hs_sku": "M1"}}, taken=frozenset({"5"})) is None


def test_S37_of_several_none_is_chosen():
    assert match(wanted(name="Mug", hs_sku="M1"), {"5": {"hs_sku": "M1"}, "6": {"hs_sku": "M1"}}) is None


def test_B15_the_link_that_stands_in_hubspot_comes_first():
    candidates = {"5": {"hs_sku": "M1"}, "6": {KEY_PROPERTY: KEY}}

    assert match(wanted(name="Mug", hs_sku="M1"), candidates) is None

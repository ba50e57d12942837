"""A product that is deleted in Shopify."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("A product deleted in Shopify leaves the library, not the orders", spec="A33 I9")
def product_deleted_in_shopify(drill: Drill) -> None:
    """
    Given a product that was bought, and another one
    When it is deleted in Shopify
    Then the HubSpot product is archived, and the line item of the old order stays
    """
    mug, tee = drill.shop.product("Mug", "12.50", "MUG"), drill.shop.product("Tee", "20.00", "TEE")
    order = drill.shop.order(mug, tee)
    drill.settles()

    drill.shop.delete_product(mug)
    drill.settles()

    expect("the deleted product", drill.portal.product("Mug"), None)
    expect("the other product shows", drill.portal.product("Tee") is not None, True)
    sale = drill.portal.sale(order)
    if sale is None:
        raise AssertionError("the order does not show")
    expect("line items", sorted(item.get("hs_sku") for item in drill.portal.line_items(sale)), ["MUG", "TEE"])

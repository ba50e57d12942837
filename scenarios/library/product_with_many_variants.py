"""A product with a hundred variants."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill

VARIANTS = 100  # as many as a product may have over REST


@scenario("A product with many variants is one HubSpot product", spec="A35 S36")
def product_with_many_variants(drill: Drill) -> None:
    """
    Given a product with a hundred variants of different prices
    When somebody buys the fifty-seventh
    Then HubSpot shows one product with the price of the first variant
    And a line item with the title, SKU and price of the bought one, linked to that product
    """
    variants = [
        {"option1": f"Size {size}", "price": f"{10 + size}.50", "sku": f"SHOE-{size:03}"}
        for size in range(1, VARIANTS + 1)
    ]
    shoe = drill.shop.product("Shoe", variants=variants, options=[{"name": "Size"}])
    bought = shoe["variants"][56]
    order = drill.shop.order(shoe | {"variants": [bought]})
    drill.settles()

    expect("products", drill.portal.count("products"), 1)
    product, sale = drill.portal.product("Shoe"), drill.portal.sale(order)
    if product is None or sale is None:
        raise AssertionError("the product or the order does not show")
    expect("price of the product", float(product.get("price")), 11.5)
    (line,) = drill.portal.line_items(sale)
    expect("the line", (line.get("hs_sku"), float(line.get("price"))), ("SHOE-057", 67.5))
    expect("the variant is named", "Size 57" in line.get("name"), True)
    expect("the line's product", line.get("hs_product_id"), product.id)

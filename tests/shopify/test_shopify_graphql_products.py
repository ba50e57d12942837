"""Products over GraphQL: set whole, by identifier, variants that go; more variants than REST takes; no collections."""

from __future__ import annotations

ERRORS = "userErrors { field message code }"
SET = f"""mutation ($i: ProductSetInput!, $by: ProductSetIdentifiers) {{ productSet(input: $i, identifier: $by) {{
      product {{
  id title handle status tags variants(first: 250) {{ nodes {{ id title price sku }} }} metafields(first: 3) {{ nodes
      {{ key }} }}
  }} {ERRORS} }} }}"""


def payload(shop, text, **variables):
    answer = shop.query(text, variables)
    assert "errors" not in answer, answer["errors"]
    return next(iter(answer["data"].values()))


def variant(size, price):
    return {
        "price": price,
        "optionValues": [{"optionName": "Size", "name": size}],
        "inventoryItem": {"sku": f"B-{size}"},
    }


def wanted(*variants, **more):
    values = [{"name": one["optionValues"][0]["name"]} for one in variants]
    options = [{"name": "Size", "values": values}]
    return {"title": "Board", "productOptions": options, "variants": list(variants)} | more


def test_a_product_is_set_whole_and_set_again(shop):
    flag = {"namespace": "crm", "key": "a", "type": "boolean", "value": "true"}
    first = payload(
        shop, SET, i=wanted(variant("S", "10.00"), variant("L", "12.00"), status="DRAFT", metafields=[flag])
    )
    product = first["product"]
    assert ("DRAFT", ["S", "L"], ["B-S", "B-L"], [{"key": "a"}]) == (
        product["status"],
        [one["title"] for one in product["variants"]["nodes"]],
        [one["sku"] for one in product["variants"]["nodes"]],
        product["metafields"]["nodes"],
    )
    again = payload(shop, SET, i=wanted(variant("M", "11.00"), title="Deck"), by={"handle": product["handle"]})[
        "product"
    ]
    assert (product["id"], "Deck", ["M"]) == (
        again["id"],
        again["title"],
        [one["title"] for one in again["variants"]["nodes"]],
    )
    assert 1 == shop.ok("GET", "products/count")
    told = payload(shop, SET, i={"title": "x"}, by={"id": "gid://shopify/Product/1"})["userErrors"]
    assert ["PRODUCT_DOES_NOT_EXIST"] == [one["code"] for one in told]


def test_a_product_is_updated_by_its_handle_and_its_status_changed(shop):
    product = shop.product(title="Board", handle="board")
    id = f"gid://shopify/Product/{product['id']}"
    update = """mutation { productUpdate(identifier: {handle: "board"}, product: {title: "Deck"}) { product { id title }
      userErrors { field message } } }"""
    assert {"id": id, "title": "Deck"} == payload(shop, update)["product"]
    change = f"""mutation ($id: ID!) {{ productChangeStatus(productId: $id, status: ARCHIVED) {{ product {{ status }}
      {ERRORS} }} }}"""
    assert "ARCHIVED" == payload(shop, change, id=id)["product"]["status"]
    assert "archived" == shop.ok("GET", f"products/{product['id']}")["status"]


def test_variants_are_deleted_but_not_the_last_and_not_a_strangers(shop):
    product = shop.product(options=[{"name": "Size"}], variants=[{"option1": "S"}, {"option1": "L"}])
    text = f"""mutation ($id: ID!, $v: [ID!]!) {{ productVariantsBulkDelete(productId: $id, variantsIds: $v) {{
      product {{
      variants(first: 5) {{ nodes {{ title }} }} }} {ERRORS} }} }}"""
    id = f"gid://shopify/Product/{product['id']}"
    small, large = (f"gid://shopify/ProductVariant/{one['id']}" for one in product["variants"])
    told = [
        payload(shop, text, id=id, v=v)["userErrors"][0]["code"]
        for v in ([small, large], [small, "gid://shopify/ProductVariant/1"])
    ]
    assert ["CANNOT_DELETE_LAST_VARIANT", "AT_LEAST_ONE_VARIANT_DOES_NOT_BELONG_TO_THE_PRODUCT"] == told
    left = payload(shop, text, id=id, v=[small])["product"]["variants"]["nodes"]
    assert [{"title": "L"}] == left


def test_graphql_takes_more_variants_than_rest(shop):
    many = [variant(str(number), "1.00") for number in range(101)]
    made = payload(shop, SET, i=wanted(*many))
    assert [] == made["userErrors"]
    path = f"products/{made['product']['id'].rsplit('/', 1)[-1]}"
    assert 101 == len(shop.ok("GET", path)["variants"])
    assert "Deck" == shop.ok("PUT", path, {"product": {"title": "Deck"}})["title"]
    assert 422 == shop.call("POST", f"{path}/variants", {"variant": {"option1": "one more"}}).status_code


def test_a_shop_has_no_collections(shop):
    product = shop.product()
    text = """query ($id: ID!) { collections(first: 5, sortKey: UPDATED_AT) { nodes { id title ruleSet { rules {
      column } } }
      pageInfo { hasNextPage } } product(id: $id) { collections(first: 5) { nodes { id } } } }"""
    answer = shop.query(text, {"id": f"gid://shopify/Product/{product['id']}"})["data"]
    assert ([], []) == (answer["collections"]["nodes"], answer["product"]["collections"]["nodes"])

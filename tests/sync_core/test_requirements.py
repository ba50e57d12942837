"""Requirements that no other test bears the number of, on a shop, a portal and a core that all of them share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shell_bench
from shell_bench import MINUTE, SHOP, Bench

from sync_core.mappings import definitions

ORDERS = "14a2e10e-5471-408a-906e-c51f3b04369e"
OWN_WORDS = "A user's own words"


def opened(integration: str) -> Iterator[Bench]:
    bench = Bench(integration, calm=True)
    shell_bench.OPENED.remove(bench)  # it is closed behind the last test, not behind the first
    bench.until_live()
    yield bench
    bench.close()


@pytest.fixture(scope="module")
def deals() -> Iterator[Bench]:
    yield from opened("deals")


@pytest.fixture(scope="module")
def orders() -> Iterator[Bench]:
    yield from opened("data-sync")


@pytest.fixture(params=["deals", "orders"])
def bench(request: pytest.FixtureRequest) -> Bench:
    return request.getfixturevalue(request.param)


def settle(bench: Bench) -> None:
    bench.run(2 * MINUTE)
    assert bench.core.pending() is None


def contacts(bench: Bench, email: str, *names: str) -> list[dict]:
    found = bench.records("contacts", "email", *names)
    return [one for one in found if one["properties"]["email"] == email]


def customer(bench: Bench, **fields) -> dict:
    return bench.shop("POST", "customers.json", {"customer": fields})["customer"]


def order(bench: Bench, **fields) -> dict:
    line = {"title": "Engraving", "price": "5.00", "quantity": 1}
    return bench.shop("POST", "orders.json", {"order": {"line_items": [line], "financial_status": "paid"} | fields})[
        "order"
    ]


def sale(bench: Bench, name: str, *names: str) -> dict:
    object_type, title = ("deals", "dealname") if bench.settings.integration == "deals" else ("orders", "hs_order_name")
    (found,) = (one for one in bench.records(object_type, title, *names) if one["properties"][title] == name)
    return found["properties"]


def test_A3_words_are_copied_as_shopify_has_them_and_labels_are_english_in_every_portal(deals):
    place = {"address1": "Storgatan 5", "city": "Malmö", "province": "Skåne län", "country": "Sweden", "zip": "211 34"}
    customer(deals, email="a3@example.com", tags="Återkommande, 常連", note="Ring först", addresses=[place])
    body = {"title": "Träskål", "product_type": "Köksredskap", "tags": "julklapp", "variants": [{"price": "5.00"}]}
    deals.shop("POST", "products.json", {"product": body})
    settle(deals)

    (contact,) = contacts(deals, "a3@example.com", "shopify_tags", "shopify_note", "city", "country")
    (product,) = (
        one["properties"]
        for one in deals.records("products", "name", "shopify_product_type", "shopify_tags")
        if one["properties"]["name"] == "Träskål"
    )
    shown = {name: contact["properties"][name] for name in ("shopify_tags", "shopify_note", "city", "country")}
    assert shown == {
        "shopify_tags": "Återkommande, 常連",
        "shopify_note": "Ring först",
        "city": "Malmö",
        "country": "Sweden",
    }
    assert ("Köksredskap", "julklapp") == (product["shopify_product_type"], product["shopify_tags"])
    labels = {one["label"] for one in deals.portal("GET", "/crm/v3/properties/deals")["results"]}
    ours = {one.label for one in definitions("deals")["deals"]}
    assert {"Financial status", "Cancel reason", "Order number"} <= ours <= labels


def test_A9_somebody_who_is_a_contact_already_is_not_made_again(bench):
    bench.portal("POST", "/crm/v3/objects/contacts", {"properties": {"email": "a9@example.com", "jobtitle": "Chef"}})
    customer(bench, email="A9@Example.com", first_name="Nia")
    settle(bench)

    (found,) = contacts(bench, "a9@example.com", "firstname", "jobtitle")

    assert ("Nia", "Chef") == (found["properties"]["firstname"], found["properties"]["jobtitle"])


def test_A12_a_contact_that_is_deleted_in_hubspot_leaves_the_customer(bench):
    made = customer(bench, email="a12@example.com", first_name="Tor")
    settle(bench)
    (contact,) = contacts(bench, "a12@example.com")

    bench.portal("DELETE", f"/crm/v3/objects/contacts/{contact['id']}")
    bench.run(10 * MINUTE)

    kept = bench.shop("GET", f"customers/{made['id']}.json")["customer"]
    assert ("Tor", made["updated_at"]) == (kept["first_name"], kept["updated_at"])


def test_A30_a_product_is_made_beside_one_of_a_users_with_the_same_name(deals):
    mine = {"properties": {"name": "Chair", "price": "1.00", "hs_sku": "CHAIR"}}
    own = deals.portal("POST", "/crm/v3/objects/products", mine)
    body = {"title": "Chair", "variants": [{"price": "80.00", "sku": "CHAIR"}]}
    made = deals.shop("POST", "products.json", {"product": body})["product"]
    settle(deals)
    deals.shop("PUT", f"products/{made['id']}.json", {"product": {"title": "Armchair"}})
    settle(deals)

    library = {one["id"]: one["properties"] for one in deals.records("products", "name", "price")}
    assert ("Chair", "1.00") == (library[own["id"]]["name"], library[own["id"]]["price"])
    ours = [one for id, one in library.items() if id != own["id"] and one["name"] in ("Chair", "Armchair")]
    assert [("Armchair", "80.00")] == [(one["name"], one["price"]) for one in ours]


def test_B8_customers_products_orders_and_abandoned_checkouts_are_the_four_objects(orders):
    ada = customer(orders, email="b8@example.com")
    product = orders.shop("POST", "products.json", {"product": {"title": "B8", "variants": [{"price": "5.00"}]}})
    order(orders, name="#B8", customer={"id": ada["id"]})
    variant = product["product"]["variants"][0]["id"]
    cart = orders.shopper("POST", "carts", {"line_items": [{"variant_id": variant, "quantity": 1}]})["cart"]
    left = orders.shopper("POST", f"carts/{cart['token']}/checkout", {"email": "b8@example.com"})["checkout"]
    orders.run(15 * MINUTE)

    assert 1 == len(contacts(orders, "b8@example.com"))
    assert "B8" in {one["properties"]["name"] for one in orders.records("products", "name")}
    assert "#B8" == sale(orders, "#B8")["hs_order_name"]
    tokens = [one["properties"]["hs_external_cart_id"] for one in orders.records("carts", "hs_external_cart_id")]
    assert 1 == tokens.count(left["token"])


def test_B9_contacts_flow_both_ways_by_themselves(orders):
    made = customer(orders, email="b9@example.com", first_name="Ann", last_name="Berg")
    settle(orders)
    (contact,) = contacts(orders, "b9@example.com")

    orders.shop("PUT", f"customers/{made['id']}.json", {"customer": {"first_name": "Anna"}})
    orders.portal("PATCH", f"/crm/v3/objects/contacts/{contact['id']}", {"properties": {"lastname": "Ek"}})
    orders.run(10 * MINUTE)

    (shown,) = contacts(orders, "b9@example.com", "firstname", "lastname")
    found = orders.shop("GET", f"customers/{made['id']}.json")["customer"]
    assert ("Anna", "Ek") == (shown["properties"]["firstname"], shown["properties"]["lastname"])
    assert ("Anna", "Ek") == (found["first_name"], found["last_name"])


@pytest.mark.parametrize("object_type", ["contacts", "orders", "carts"])
def test_B19_a_property_of_the_users_own_is_left_alone(orders, object_type):
    (group, *_) = orders.portal("GET", f"/crm/v3/properties/{object_type}/groups")["results"]
    own = {"name": "our_words", "label": "Our words", "type": "string", "fieldType": "text"}
    own |= {"groupName": group["name"]}
    orders.portal("POST", f"/crm/v3/properties/{object_type}", own)
    made = _one_of(orders, object_type)
    orders.portal("PATCH", f"/crm/v3/objects/{object_type}/{made}", {"properties": {"our_words": OWN_WORDS}})

    _touch(orders, object_type)
    orders.run(5 * MINUTE)
    orders.core.resync()
    orders.run(8 * MINUTE)

    shown = orders.portal("GET", f"/crm/v3/objects/{object_type}/{made}", properties="our_words")
    assert OWN_WORDS == shown["properties"]["our_words"]


def _one_of(bench: Bench, object_type: str) -> str:
    """The HubSpot id of a record that the sync has written."""
    if object_type == "contacts":
        customer(bench, email="b19@example.com")
        settle(bench)
        return contacts(bench, "b19@example.com")[0]["id"]
    if object_type == "orders":
        order(bench, name="#B19")
        settle(bench)
        (found,) = (
            one for one in bench.records("orders", "hs_order_name") if one["properties"]["hs_order_name"] == "#B19"
        )
        return found["id"]
    body = {"line_items": [{"title": "Pen", "price": "1.00", "quantity": 1}]}
    cart = bench.shopper("POST", "carts", body)["cart"]
    bench.shopper("POST", f"carts/{cart['token']}/checkout", {"email": "b19-cart@example.com"})
    bench.run(15 * MINUTE)
    return bench.records("carts")[-1]["id"]


def _touch(bench: Bench, object_type: str) -> None:
    if object_type == "contacts":
        (found,) = bench.shop("GET", "customers/search.json", query="email:b19@example.com")["customers"]
        bench.shop("PUT", f"customers/{found['id']}.json", {"customer": {"last_name": "Byron"}})
    if object_type == "orders":
        found = bench.shop("GET", "orders.json", status="any", name="#B19")["orders"][0]
        bench.shop("PUT", f"orders/{found['id']}.json", {"order": {"note": "gift"}})


def test_B32_a_stage_that_nobody_has_mapped_gets_no_order(orders):
    stage = {"label": "Packed", "displayOrder": 9, "metadata": {"state": "OPEN"}}
    made = orders.portal("POST", f"/crm/v3/pipelines/orders/{ORDERS}/stages", stage)
    for number, fields in enumerate(({}, {"financial_status": "pending"}, {"fulfillment_status": "fulfilled"})):
        order(orders, name=f"#B32-{number}", **fields)
    settle(orders)

    stages = [sale(orders, f"#B32-{number}", "hs_pipeline_stage")["hs_pipeline_stage"] for number in range(3)]
    assert made["id"] not in stages
    assert "937ea84d-0a4f-4dcf-9028-3f9c2aafbf03" == stages[0]  # Processed, as ever


def test_B38_whatever_happens_in_hubspot_no_shopify_order_is_written(orders):
    before = order(orders, name="#B38")
    settle(orders)
    (found,) = (
        one for one in orders.records("orders", "hs_order_name") if one["properties"]["hs_order_name"] == "#B38"
    )
    for change in ({"hs_total_price": "1"}, {"hs_order_note": "by hand"}):
        orders.portal("PATCH", f"/crm/v3/objects/orders/{found['id']}", {"properties": change})
        orders.run(10 * MINUTE)
    orders.portal("DELETE", f"/crm/v3/objects/orders/{found['id']}")
    orders.run(10 * MINUTE)

    assert "5.00" == sale(orders, "#B38", "hs_total_price")["hs_total_price"]
    assert before == orders.shop("GET", f"orders/{before['id']}.json")["order"]
    written = [
        entry.path
        for entry in orders.simulation.journal.entries
        if (entry.source, entry.target) == ("sync", "shopify") and entry.method != "GET" and "/orders" in entry.path
    ]
    assert [] == written


def test_I1_two_orders_of_one_name_are_two_and_a_new_name_or_email_makes_no_third(bench):
    ada = customer(bench, email="i1@example.com")
    twins = [order(bench, name="#I1", customer={"id": ada["id"]}, note=note) for note in ("first", "second")]
    settle(bench)
    bench.shop("PUT", f"customers/{ada['id']}.json", {"customer": {"email": "i1-new@example.com"}})
    bench.shop("PUT", f"orders/{twins[0]['id']}.json", {"order": {"note": "third"}})
    settle(bench)

    deals = bench.settings.integration == "deals"
    names = ("dealname", "shopify_note") if deals else ("hs_order_name", "hs_order_note")
    found = bench.records("deals" if deals else "orders", *names, "shopify_sync_key")
    notes = {one["properties"]["shopify_sync_key"]: one["properties"][names[1]] for one in found}
    ours = {key: note for key, note in notes.items() if any(key == f"{SHOP}/order/{one['id']}" for one in twins)}
    assert ["second", "third"] == sorted(ours.values())
    assert 2 == sum(one["properties"][names[0]] == "#I1" for one in found)
    assert ([], 1) == (contacts(bench, "i1@example.com"), len(contacts(bench, "i1-new@example.com")))

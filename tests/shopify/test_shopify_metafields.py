"""Metafields of customers, products, variants, orders and the shop."""

import pytest

from simulator.shopify import kinds

VIP = {"namespace": "loyalty", "key": "tier", "value": "gold", "type": "single_line_text_field"}


@pytest.fixture
def owners(shop):
    product = shop.product(title="Coat", variants=[{"price": "1.00"}])
    return {
        "customer": f"customers/{shop.customer(email='a@example.com')['id']}",
        "product": f"products/{product['id']}",
        "variant": f"variants/{product['variants'][0]['id']}",
        "order": f"orders/{shop.order()['id']}",
        "shop": "",
    }


@pytest.mark.parametrize("owner", ["customer", "product", "variant", "order", "shop"])
def test_a_metafield_lives_below_its_owner(shop, owners, owner):
    place = f"{owners[owner]}/metafields".lstrip("/")
    made = shop.ok("POST", place, {"metafield": VIP})

    owner_id = int(owners[owner].split("/")[1]) if owners[owner] else shop.ok("GET", "shop")["id"]
    assert (made["owner_resource"], made["owner_id"]) == (owner, owner_id)
    assert {name: made[name] for name in VIP} == VIP
    assert (shop.ok("GET", place), shop.ok("GET", f"{place}/count")) == ([made], 1)
    assert shop.ok("GET", f"{place}/{made['id']}") == made
    shop.clock.move_to(shop.clock.now() + 1_000)
    changed = shop.ok("PUT", f"{place}/{made['id']}", {"metafield": {"value": "silver", "key": "other"}})
    assert (changed["value"], changed["key"], changed["updated_at"]) == ("silver", "tier", "2026-11-02T07:00:01-05:00")
    shop.ok("DELETE", f"{place}/{made['id']}")
    assert shop.ok("GET", place) == []


def test_lists_are_filtered_by_name(shop, owners):
    place = f"{owners['order']}/metafields"
    first = shop.ok("POST", place, {"metafield": VIP})
    other = shop.ok("POST", place, {"metafield": VIP | {"namespace": "notes"}})

    assert [one["id"] for one in shop.ok("GET", place, params={"namespace": "notes"})] == [other["id"]]
    assert [one["id"] for one in shop.ok("GET", place, params={"since_id": first["id"]})] == [other["id"]]


@pytest.mark.parametrize(
    ("kind", "sent", "shown"),
    [
        ("number_integer", 25, 25),
        ("number_integer", "25", 25),
        ("boolean", True, True),
        ("json", '{"a":[1]}', '{"a":[1]}'),
        ("list.single_line_text_field", '["a"]', '["a"]'),
        ("number_decimal", "1.5", "1.5"),
    ],
)
def test_whole_numbers_and_truth_are_json_and_the_rest_is_text(shop, kind, sent, shown):
    wanted = {"namespace": "mine", "key": "value", "value": sent, "type": kind}

    assert shop.ok("POST", "metafields", {"metafield": wanted})["value"] == shown


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"namespace": None}, "namespace"),
        ({"value": ""}, "value"),
        ({"type": "string"}, "type"),
        ({"type": "number_integer"}, "value"),
        ({"type": "json", "value": "{"}, "value"),
        ({"type": "list.number_integer", "value": "5"}, "value"),
        ({"key": "k" * 65}, "key"),
    ],
)
def test_a_metafield_that_breaks_a_rule_is_refused(shop, change, field):
    response = shop.call("POST", "metafields", {"metafield": VIP | change})

    assert (response.status_code, list(response.json()["errors"])) == (422, [field])
    assert shop.ok("GET", "metafields/count") == 0


def test_a_name_stands_once_on_a_record(shop, owners):
    for place in ("metafields", f"{owners['order']}/metafields"):
        shop.ok("POST", place, {"metafield": VIP})
    again = shop.call("POST", "metafields", {"metafield": VIP})

    assert again.json() == {"errors": {"key": ["must be unique within this namespace on this resource"]}}


def test_metafields_come_and_change_with_their_owner(shop):
    made = shop.customer(email="a@example.com", metafields=[VIP])
    place = f"customers/{made['id']}"
    shop.ok("PUT", place, {"customer": {"metafields": [VIP | {"value": "silver"}, VIP | {"key": "since"}]}})
    found = shop.ok("GET", f"{place}/metafields")

    assert [(one["key"], one["value"]) for one in found] == [("tier", "silver"), ("since", "gold")]
    shop.ok("DELETE", place)
    assert shop.site.count(kinds.METAFIELDS.resource) == 0


def test_an_owner_with_a_broken_metafield_is_not_made(shop):
    response = shop.call("POST", "customers", {"customer": {"first_name": "A", "metafields": [{"key": "x"}]}})

    assert response.status_code == 422
    assert shop.ok("GET", "customers/count") == 0


def test_a_metafield_is_found_below_its_own_owner_alone(shop, owners):
    made = shop.ok("POST", f"{owners['order']}/metafields", {"metafield": VIP})

    for place in ("metafields", f"{owners['customer']}/metafields"):
        assert shop.call("GET", f"{place}/{made['id']}").status_code == 404
    assert shop.call("GET", "orders/1/metafields").status_code == 404

"""Search: filters, sorts, pages, and an index that lags."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hubspot_world import Client, World


def find(hub: Client, object_type: str = "contacts", **body: object) -> list[str]:
    answer = hub.post(f"/crm/v3/objects/{object_type}/search", body)
    assert 200 == answer.status_code, answer.text
    return [row["id"] for row in answer.json()["results"]]


def where(name: str, operator: str, *values: object, high: object = None) -> dict[str, object]:
    row: dict[str, object] = {"propertyName": name, "operator": operator}
    if operator in ("IN", "NOT_IN"):
        return row | {"values": list(values)}
    return row | ({"value": values[0]} if values else {}) | ({"highValue": high} if high is not None else {})


@pytest.fixture
def people(hub: Client) -> dict[str, str]:
    """Three contacts by name."""
    rows = {
        "ann": {"email": "ann@hubspot.com", "firstname": "Ann", "closedate": "2026-01-01", "associatedcompanyid": "5"},
        "bob": {"email": "bob@example.com", "firstname": "bob", "closedate": "2026-02-01", "associatedcompanyid": "50"},
        "cee": {"email": "cee@example.com", "lastname": "Long Name"},
    }
    return {name: hub.make("contacts", **values)["id"] for name, values in rows.items()}


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (where("firstname", "EQ", "ANN"), "ann"),
        (where("firstname", "NEQ", "ann"), "bob cee"),
        (where("firstname", "IN", "ann", "bob"), "ann bob"),
        (where("firstname", "IN", "Ann"), ""),  # values for text must be in lower case [D24]
        (where("firstname", "NOT_IN", "ann"), "bob cee"),
        (where("associatedcompanyid", "EQ", "5.0"), "ann"),
        (where("associatedcompanyid", "GT", 5), "bob"),
        (where("associatedcompanyid", "GTE", 5), "ann bob"),
        (where("associatedcompanyid", "LT", 50), "ann"),
        (where("associatedcompanyid", "LTE", 50), "ann bob"),
        (where("associatedcompanyid", "BETWEEN", 5, high=50), "ann bob"),
        (where("closedate", "LT", "1767312000000"), "ann"),
        (where("closedate", "GTE", "2026-02-01T00:00:00Z"), "bob"),
        (where("firstname", "HAS_PROPERTY"), "ann bob"),
        (where("firstname", "NOT_HAS_PROPERTY"), "cee"),
        (where("lastname", "CONTAINS_TOKEN", "name"), "cee"),
        (where("lastname", "CONTAINS_TOKEN", "nam"), ""),
        (where("email", "CONTAINS_TOKEN", "*@hubspot.com"), "ann"),
        (where("lastname", "NOT_CONTAINS_TOKEN", "name"), "ann bob"),
        (where("email", "EQ", "BOB@example.com"), "bob"),
        (where("num_associated_deals", "GT", "0"), ""),
    ],
)
def test_each_operator_finds_what_it_says(hub: Client, people, row, found) -> None:
    expected = [people[name] for name in found.split()]

    assert expected == find(hub, filters=[row])
    assert expected == find(hub, filterGroups=[{"filters": [row]}])


def test_groups_are_joined_by_or_and_filters_by_and(hub: Client, people) -> None:
    ann, bob = where("firstname", "EQ", "ann"), where("hs_object_id", "EQ", people["bob"])

    assert [people["ann"], people["bob"]] == find(hub, filterGroups=[{"filters": [ann]}, {"filters": [bob]}])
    assert [] == find(hub, filterGroups=[{"filters": [ann, bob]}])
    assert list(people.values()) == find(hub)


def test_the_query_looks_into_the_fields_of_its_object_type(hub: Client, people) -> None:
    assert [people["cee"]] == find(hub, query="long")
    assert [people["ann"]] == find(hub, query="ann@hubspot.com")
    assert [] == find(hub, query="nobody")


def test_only_the_first_sort_applies_and_pages_go_by_offset(hub: Client, people) -> None:
    sorts = [{"propertyName": "associatedcompanyid", "direction": "DESCENDING"}, "firstname"]

    assert [people["bob"], people["ann"], people["cee"]] == find(hub, sorts=sorts)
    assert [people["ann"], people["bob"], people["cee"]] == find(hub, sorts=["associatedcompanyid"])
    first = hub.post("/crm/v3/objects/contacts/search", {"limit": 2}).json()
    assert (3, "2") == (first["total"], first["paging"]["next"]["after"])
    last = hub.post("/crm/v3/objects/contacts/search", {"limit": 2, "after": "2"}).json()
    assert ([people["cee"]], False) == ([row["id"] for row in last["results"]], "paging" in last)


def test_results_show_the_asked_properties_and_three_of_the_system(hub: Client, people) -> None:
    row = hub.post("/crm/v3/objects/contacts/search", {"properties": ["city", "email", "nonsense"]}).json()["results"][
        0
    ]

    assert ["city", "createdate", "email", "hs_object_id", "lastmodifieddate"] == list(row["properties"])


def test_an_association_is_a_filter(hub: Client, people) -> None:
    deal = hub.make("deals", dealname="d")
    hub.call("PUT", f"/crm/v4/objects/contacts/{people['bob']}/associations/default/deals/{deal['id']}")

    assert [people["bob"]] == find(hub, filters=[where("associations.deal", "EQ", deal["id"])])
    assert [people["bob"]] == find(hub, filters=[where("num_associated_deals", "EQ", 1)])


@pytest.mark.parametrize(
    "body",
    [
        {"limit": 201},
        {"limit": -1},
        {"after": "x"},
        {"after": "9999", "limit": 2},
        {"filterGroups": [{"filters": [where("email", "HAS_PROPERTY")]}] * 6},
        {"filterGroups": [{"filters": [where("email", "HAS_PROPERTY")] * 7}]},
        {"filterGroups": [{"filters": [where("email", "HAS_PROPERTY")] * 5}] * 4},
        {"filters": [where("nonsense", "EQ", "1")]},
        {"filters": [where("email", "SOUNDS_LIKE", "1")]},
        {"filters": [where("closedate", "GT", "soon")]},
        {"filters": [where("email", "EQ")]},
        {"filters": ["email"]},
        {"sorts": ["nonsense"]},
        {"query": "x" * 3_000},
    ],
)
def test_a_search_beyond_its_limits_is_a_400(hub: Client, body) -> None:
    assert 400 == hub.post("/crm/v3/objects/contacts/search", body).status_code


def test_a_new_record_is_found_after_two_to_six_seconds(open_world: Callable[..., World]) -> None:
    hub = open_world(calm=False).client()
    made = [hub.make("contacts", email=f"{number}@example.com")["id"] for number in range(40)]
    seen = []
    for _ in range(7):
        answer = hub.post(
            "/crm/v3/objects/contacts/search", {"limit": 100, "filters": [where("email", "HAS_PROPERTY")]}
        )
        seen.append(answer.json()["total"])
        hub.wait(1_000)

    assert [0, 0] == seen[:2]
    assert 0 < seen[4] < 40
    assert len(made) == seen[6]


def test_a_changed_value_is_matched_late_but_returned_fresh_and_archived_ones_are_gone(
    open_world: Callable[..., World],
) -> None:
    hub = open_world(calm=False).client()
    ids = [hub.make("contacts", email=f"{n}@example.com", city="Old")["id"] for n in range(40)]
    hub.wait(10_000)
    for id in ids:
        hub.call("PATCH", f"/crm/v3/objects/contacts/{id}", {"properties": {"city": "New"}})

    def cities(value: str) -> list[str]:
        body = {"limit": 100, "properties": ["city"], "filters": [where("city", "EQ", value)]}
        rows = hub.post("/crm/v3/objects/contacts/search", body).json()["results"]
        return [row["properties"]["city"] for row in rows]

    stale, fresh = cities("old"), cities("new")
    assert {"New"} == set(stale)
    assert 40 == len(stale) + len(fresh)
    assert 5 < len(stale) < 30
    hub.wait(3_000)
    assert (0, 40) == (len(cities("old")), len(cities("new")))
    hub.call("DELETE", f"/crm/v3/objects/contacts/{ids[0]}")
    assert 39 == len(cities("new"))


def test_no_search_reaches_beyond_ten_thousand_results(hub: Client) -> None:
    hub.make("products", name="one")
    path = "/crm/v3/objects/products/search"

    last, beyond = (hub.post(path, {"limit": 200, "after": after}) for after in ("9800", "9801"))

    assert (200, 1, []) == (last.status_code, last.json()["total"], last.json()["results"])
    assert (400, "There was a problem with the request.") == (beyond.status_code, beyond.json()["message"])
    assert "VALIDATION_ERROR" == beyond.json()["category"]

"""Lists: filters over records and what they are associated with, memberships by hand, names and deletion."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest
from hubspot_world import PORTAL, Client

from simulator.hubspot.instants import iso
from simulator.hubspot.objects import by_spelling
from simulator.hubspot.portal import ASSOCIATIONS
from simulator.kernel.clock import DAY

LISTS = "/crm/v3/lists"


def prop(name: str, kind: str, operator: str, **more: Any) -> dict[str, Any]:
    operation = {"operationType": kind, "operator": operator, **more}
    return {"filterType": "PROPERTY", "property": name, "operation": operation}


def over(type_id: int, object_id: str, filters: list[Any], *branches: Any) -> dict[str, Any]:
    return {
        "filterBranchType": "ASSOCIATION",
        "filterBranchOperator": "AND",
        "objectTypeId": object_id,
        "operator": "IN_LIST",
        "associationTypeId": type_id,
        "associationCategory": "HUBSPOT_DEFINED",
        "filters": filters,
        "filterBranches": list(branches),
    }


def either(*groups: tuple[list[Any], list[Any]]) -> dict[str, Any]:
    """An OR of ANDs, each with its filters and branches."""
    ands = [
        {"filterBranchType": "AND", "filterBranchOperator": "AND", "filters": filters, "filterBranches": branches}
        for filters, branches in groups
    ]
    return {"filterBranchType": "OR", "filterBranchOperator": "OR", "filters": [], "filterBranches": ands}


def make(hub: Client, filters: Any, name: str = "A list", object_id: str = "0-1", kind: str = "DYNAMIC") -> str:
    body = {"name": name, "objectTypeId": object_id, "processingType": kind, "filterBranch": filters}
    answer = hub.post(LISTS, body)
    assert 200 == answer.status_code, answer.text
    id: str = answer.json()["list"]["listId"]
    return id


def members(hub: Client, id: str) -> list[str]:
    return [row["recordId"] for row in hub.get(f"{LISTS}/{id}/memberships").json()["results"]]


def fitting(hub: Client, row: dict[str, Any], object_id: str = "0-1") -> list[str]:
    """Whom one filter finds, in a list that is thrown away again."""
    id = make(hub, either(([row], [])), "one filter", object_id)
    found = members(hub, id)
    assert 204 == hub.call("DELETE", f"{LISTS}/{id}").status_code
    return found


def link(hub: Client, source: str, id: str, target: str, other: str) -> None:
    path = f"/crm/v4/objects/{source}/{id}/associations/default/{target}/{other}"
    assert 200 == hub.call("PUT", path).status_code


def test_a_dynamic_list_holds_whoever_fits_now(hub: Client) -> None:
    ann, bob = (hub.make("contacts", email=f"{name}@x.com", firstname=name)["id"] for name in ("ann", "bob"))
    id = make(hub, either(([prop("firstname", "STRING", "IS_EQUAL_TO", value="Ann")], [])))
    since = iso(hub.clock.now())
    assert [ann] == members(hub, id)
    hub.wait(60_000)
    hub.call("PATCH", f"/crm/v3/objects/contacts/{bob}", {"properties": {"firstname": "ANN"}})

    page = hub.get(f"{LISTS}/{id}/memberships").json()
    late = iso(hub.clock.now())

    assert [(ann, since), (bob, late)] == [(row["recordId"], row["membershipTimestamp"]) for row in page["results"]]
    hub.call("PATCH", f"/crm/v3/objects/contacts/{ann}", {"properties": {"firstname": "Eve"}})
    hub.call("DELETE", f"/crm/v3/objects/contacts/{bob}")
    assert [] == members(hub, id)


OPERATIONS = [
    (prop("company", "STRING", "CONTAINS", value="CUP"), "b"),
    (prop("company", "STRING", "DOES_NOT_CONTAIN", value="cup"), "c"),
    (prop("company", "STRING", "DOES_NOT_CONTAIN", value="cup", includeObjectsWithNoValueSet=True), "ac"),
    (prop("company", "STRING", "STARTS_WITH", value="teac"), "b"),
    (prop("company", "STRING", "ENDS_WITH", value="house"), "c"),
    (prop("company", "STRING", "HAS_EVER_BEEN_EQUAL_TO", value="old name"), "c"),
    (prop("company", "STRING", "HAS_NEVER_BEEN_EQUAL_TO", value="old name"), "ab"),
    (prop("company", "MULTISTRING", "IS_EQUAL_TO", values=["teacup", "x"]), "b"),
    (prop("company", "MULTISTRING", "IS_NOT_EQUAL_TO", values=["teacup", "x"]), "c"),
    (prop("score", "NUMBER", "IS_GREATER_THAN", value=9.5), "bc"),
    (prop("score", "NUMBER", "IS_LESS_THAN_OR_EQUAL_TO", value=10), "ab"),
    (prop("score", "NUMBER", "IS_EQUAL_TO", value=10), "b"),
    (prop("score", "NUMBER_RANGED", "IS_BETWEEN", lowerBound=10, upperBound=200), "bc"),
    (prop("score", "NUMBER_RANGED", "IS_NOT_BETWEEN", lowerBound=10, upperBound=20), "ac"),
    (prop("vip", "BOOL", "IS_EQUAL_TO", value=True), "a"),
    (prop("vip", "BOOL", "IS_NOT_EQUAL_TO", value=True, includeObjectsWithNoValueSet=True), "bc"),
    (prop("colours", "ENUMERATION", "IS_ANY_OF", values=["red", "blue"]), "ab"),
    (prop("colours", "ENUMERATION", "IS_NONE_OF", values=["green"]), "b"),
    (prop("colours", "ENUMERATION", "IS_EXACTLY", values=["green", "red"]), "a"),
    (prop("colours", "ENUMERATION", "CONTAINS_ALL", values=["red"]), "a"),
    (prop("company", "ALL_PROPERTY", "IS_KNOWN"), "bc"),
    (prop("company", "ALL_PROPERTY", "IS_UNKNOWN"), "a"),
    (prop("seen", "ROLLING_DATE_RANGE", "IS_LESS_THAN_X_DAYS_AGO", numberOfDays=30), "b"),
    (prop("seen", "ROLLING_DATE_RANGE", "IS_MORE_THAN_X_DAYS_AGO", numberOfDays=30), "a"),
    (prop("seen", "ROLLING_DATE_RANGE", "IS_LESS_THAN_X_DAYS_FROM_NOW", numberOfDays=9), "c"),
    (prop("company", "ROLLING_PROPERTY_UPDATED", "UPDATED_IN_LAST_X_DAYS", numberOfDays=1), "bc"),
    (prop("seen", "CALENDAR_DATE", "IN_THIS_TIME_UNIT", timeUnit="MONTH"), "b"),
    (prop("seen", "CALENDAR_DATE", "IN_LAST_TIME_UNIT", timeUnit="MONTH", timeUnitCount=1), "a"),
    (prop("seen", "CALENDAR_DATE", "IN_NEXT_TIME_UNIT", timeUnit="MONTH"), "c"),
    (prop("seen", "DATE", "IS_EQUAL_TO", year=2026, month="MAY", day=27), "b"),
    (prop("seen", "DATETIME", "IS_AFTER", timestamp=1_780_000_000_500), "c"),
    (prop("seen", "RANGED_DATE", "IS_BETWEEN", lowerBound=0, upperBound=1_780_000_000_500), "ab"),
    (prop("seen", "COMPARATIVE_DATE", "IS_AFTER", comparisonPropertyName="createdate"), "c"),
    (
        prop("seen", "TIME_POINT", "IS_BEFORE", timePoint={"timeType": "DATE", "year": 2026, "month": 5, "day": 1}),
        "a",
    ),
    (
        prop(
            "seen",
            "TIME_RANGED",
            "IS_BETWEEN",
            lowerBoundTimePoint={
                "timeType": "INDEXED",
                "zoneId": "US/Eastern",
                "indexReference": {"referenceType": "TODAY"},
                "offset": {"days": -30},
            },
            upperBoundTimePoint={"timeType": "INDEXED", "indexReference": {"referenceType": "NOW"}},
        ),
        "b",
    ),
]


def test_every_operation_finds_whom_it_says(hub: Client) -> None:
    """Three contacts; `seen` is 20 April, 27 May and 3 June of 2026, today is 28 May."""
    own = [
        {"name": "score", "type": "number", "fieldType": "number"},
        {"name": "vip", "type": "bool", "fieldType": "booleancheckbox"},
        {"name": "seen", "type": "datetime", "fieldType": "date"},
        {"name": "colours", "type": "enumeration", "fieldType": "checkbox"},
    ]
    options = [{"label": word, "value": word, "displayOrder": 0, "hidden": False} for word in ("red", "green", "blue")]
    for row in own:
        row |= {"label": row["name"], "groupName": "contactinformation"}
        row |= {"options": options} if row["name"] == "colours" else {}
        assert 201 == hub.post("/crm/v3/properties/contacts", row).status_code
    a = hub.make("contacts", score="9", vip="true", colours="red;green", seen="2026-04-20T12:00:00Z")["id"]
    b = hub.make("contacts", company="Teacup", score="10", colours="blue", seen="2026-05-27T12:00:00Z")["id"]
    c = hub.make("contacts", company="Old name", score="100", seen="2026-06-03T12:00:00Z")["id"]
    hub.wait(1)
    hub.call("PATCH", f"/crm/v3/objects/contacts/{c}", {"properties": {"company": "Tea house"}})
    named = {a: "a", b: "b", c: "c"}

    wrong = [
        (row["operation"], wanted, found)
        for row, wanted in OPERATIONS
        if (found := "".join(named[id] for id in fitting(hub, row))) != wanted
    ]

    assert [] == wrong


def test_a_branch_over_associations_wants_one_record_that_fits_all_of_it(hub: Client) -> None:
    """The same deal must hold both the stage and the line item."""
    ann, bob = (hub.make("contacts", email=f"{name}@x.com")["id"] for name in ("ann", "bob"))
    product = hub.make("products", name="Cup", price="9")["id"]
    for owner, deals in ((ann, [("closedwon", True)]), (bob, [("closedwon", False), ("closedlost", True)])):
        for stage, bought in deals:
            deal = hub.make("deals", dealname="d", pipeline="default", dealstage=stage)["id"]
            line = hub.make("line_items", quantity="1", **({"hs_product_id": product} if bought else {}))["id"]
            link(hub, "contacts", owner, "deals", deal)
            link(hub, "deals", deal, "line_items", line)
    bought_it = over(19, "0-8", [prop("hs_product_id", "NUMBER", "IS_EQUAL_TO", value=int(product))])
    won = prop("dealstage", "ENUMERATION", "IS_ANY_OF", values=["closedwon"])

    id = make(hub, either(([], [over(4, "0-3", [won], bought_it)])))

    assert [ann] == members(hub, id)
    assert [ann, bob] == members(hub, make(hub, either(([], [over(4, "0-3", [], bought_it)])), "whoever"))
    assert [] == members(hub, make(hub, either(([], [over(508, "0-123", [])])), "with an order"))


def test_a_list_of_carts_or_deals_is_one_too(hub: Client) -> None:
    small, large = (hub.make("carts", hs_total_price=price)["id"] for price in ("10", "200"))

    big = prop("hs_total_price", "NUMBER", "IS_GREATER_THAN", value=100)
    assert [large] == fitting(hub, big, "0-142")
    assert [small, large] == members(hub, make(hub, either(([], [])), "all carts", "0-142"))


def grown_store(hub: Client, contacts: int) -> tuple[int, set[str]]:
    """Contacts with deals and line items, written straight into the store; the product X, and who bought it lately."""
    rng, site, now = random.Random(5), hub.grant.site, hub.clock.now()
    product, buyers = 77, set()

    def put(kind: str, properties: dict[str, str]) -> int:
        resource = by_spelling()[kind].resource
        id = site.next_id(resource)
        times = {"createdAt": now, "updatedAt": now, "searchableAt": now, "indexedAt": now}
        document = {"id": str(id), "properties": properties, "archived": False, "source": "1"} | times
        site.put(resource, id, document)
        return id

    def join(one: str, other: str, type_id: int) -> None:
        id = site.next_id(ASSOCIATIONS)
        site.put(ASSOCIATIONS, id, {"id": id, "source": one, "target": other, "types": [type_id]})

    with site.transaction():
        for number in range(contacts):
            contact = put("contacts", {"email": f"c{number}@example.com"})
            for _ in range(rng.choice((0, 1, 2))):
                age_days = rng.randrange(60)
                deal = put("deals", {"dealname": "d", "closedate": iso(now - age_days * DAY - 1)})
                join(f"contacts/{contact}", f"deals/{deal}", 4)
                for bought in rng.sample(range(70, 90), rng.choice((1, 2))):
                    line = put("line_items", {"hs_product_id": str(bought), "quantity": "1"})
                    join(f"deals/{deal}", f"line_items/{line}", 19)
                    if bought == product and age_days < 30:
                        buyers.add(str(contact))
    return product, buyers


def bought_lately(hub: Client, contacts: int) -> tuple[float, str, set[str]]:
    """The processor time that the list took, its id, and who bought it by hand."""
    product, buyers = grown_store(hub, contacts)
    line = over(19, "0-8", [prop("hs_product_id", "NUMBER", "IS_EQUAL_TO", value=product)])
    recent = prop("closedate", "ROLLING_DATE_RANGE", "IS_LESS_THAN_X_DAYS_AGO", numberOfDays=30)
    began = time.process_time()
    id = make(hub, either(([], [over(4, "0-3", [recent], line)])), "Bought X in the last 30 days")
    return time.process_time() - began, id, buyers


def test_who_bought_x_in_the_last_30_days_is_counted_as_by_hand(hub: Client) -> None:
    _, id, buyers = bought_lately(hub, 300)

    assert 5 < len(buyers)
    assert sorted(buyers) == sorted(members(hub, id))
    assert len(buyers) == hub.get(f"{LISTS}/{id}").json()["list"]["size"]


@pytest.mark.slow
def test_among_ten_thousand_contacts_too_and_quickly(hub: Client) -> None:
    seconds, id, buyers = bought_lately(hub, 10_000)

    assert len(buyers) == hub.get(f"{LISTS}/{id}").json()["list"]["size"]
    assert 2 > seconds


def test_records_are_put_into_a_manual_list_and_taken_out(hub: Client) -> None:
    ids = [hub.make("contacts", email=f"c{n}@x.com")["id"] for n in range(4)]
    id = make(hub, None, kind="MANUAL")

    added = hub.call("PUT", f"{LISTS}/{id}/memberships/add", [ids[0], ids[1], "999"]).json()
    hub.wait(1_000)
    both = {"recordIdsToAdd": [ids[3]], "recordIdsToRemove": [ids[0], ids[2]]}
    changed = hub.call("PUT", f"{LISTS}/{id}/memberships/add-and-remove", both).json()

    assert {"recordsIdsAdded": ids[:2], "recordIdsRemoved": [], "recordIdsMissing": ["999"]} == added
    assert {"recordsIdsAdded": [ids[3]], "recordIdsRemoved": [ids[0]], "recordIdsMissing": []} == changed
    assert [ids[1], ids[3]] == members(hub, id)
    first = hub.get(f"{LISTS}/{id}/memberships/join-order", limit=1).json()
    assert ([ids[1]], ids[1], 2) == (
        [row["recordId"] for row in first["results"]],
        first["paging"]["next"]["after"],
        first["total"],
    )
    of_record = hub.get(f"{LISTS}/records/0-1/{ids[3]}/memberships").json()
    assert [(id, iso(hub.clock.now()))] == [(row["listId"], row["lastAddedTimestamp"]) for row in of_record["results"]]
    assert 204 == hub.call("DELETE", f"{LISTS}/{id}/memberships").status_code
    assert [] == members(hub, id)


def test_a_snapshot_stays_as_it_was(hub: Client) -> None:
    ann = hub.make("contacts", firstname="Ann")["id"]
    anns = either(([prop("firstname", "STRING", "IS_EQUAL_TO", value="Ann")], []))
    frozen = make(hub, anns, kind="SNAPSHOT")
    other = hub.make("contacts", firstname="Ann")["id"]

    assert [ann] == members(hub, frozen)
    copy = make(hub, None, "copy", kind="MANUAL")
    everyone = make(hub, anns, "all Anns")
    assert 204 == hub.call("PUT", f"{LISTS}/{copy}/memberships/add-from/{everyone}").status_code
    assert [ann, other] == members(hub, copy)


def test_a_list_is_found_renamed_refiltered_deleted_and_restored(hub: Client) -> None:
    ann = hub.make("contacts", firstname="Ann")["id"]
    filters = either(([prop("firstname", "STRING", "IS_EQUAL_TO", value="Ann")], []))
    id = make(hub, filters, "First")
    taken = {"name": "FIRST", "objectTypeId": "0-1", "processingType": "MANUAL"}

    refused = hub.post(LISTS, taken)
    assert (400, "ILS.DUPLICATE_LIST_NAMES") == (refused.status_code, refused.json()["subCategory"])
    renamed = hub.call("PUT", f"{LISTS}/{id}/update-list-name?listName=Second&includeFilters=true").json()
    assert ("Second", filters) == (renamed["updatedList"]["name"], renamed["updatedList"]["filterBranch"])
    assert id == hub.get(f"{LISTS}/object-type-id/0-1/name/second").json()["list"]["listId"]
    nobody = either(([prop("firstname", "STRING", "IS_EQUAL_TO", value="Nobody")], []))
    updated = hub.call("PUT", f"{LISTS}/{id}/update-list-filters", {"filterBranch": nobody}).json()["updatedList"]
    assert (0, 3) == (updated["size"], updated["listVersion"])
    found = hub.post(f"{LISTS}/search", {"query": "sec", "additionalProperties": ["hs_list_size"]}).json()
    assert ([id], "0", False, 1) == (
        [row["listId"] for row in found["lists"]],
        found["lists"][0]["additionalProperties"]["hs_list_size"],
        found["hasMore"],
        found["total"],
    )
    assert 204 == hub.call("DELETE", f"{LISTS}/{id}").status_code
    gone = hub.get(f"{LISTS}/{id}")
    assert (404, f"List does not exist with ID {id}.", {"listId": [id]}) == (
        gone.status_code,
        gone.json()["message"],
        gone.json()["context"],
    )
    assert 204 == hub.call("PUT", f"{LISTS}/{id}/restore").status_code
    assert [id] == [row["listId"] for row in hub.get(f"{LISTS}/?listIds={id}&listIds=999").json()["lists"]]
    assert ann not in members(hub, id)


@pytest.mark.parametrize(
    ("filters", "status"),
    [
        ({"filterBranchType": "AND", "filters": []}, 400),
        (either(([prop("no_such", "STRING", "CONTAINS", value="x")], [])), 400),
        (either(([prop("email", "STRING", "CONTAINS")], [])), 400),
        (either(([prop("email", "STRING", "SOUNDS_LIKE", value="x")], [])), 501),
        (either(([{"filterType": "FORM_SUBMISSION"}], [])), 501),
        (either(([], [over(19, "0-8", [])])), 400),
        (either(([], [over(4, "0-8", [])])), 400),
        (either((["email"], [])), 400),
        (either(([prop("createdate", "DATE", "IS_BEFORE", year=2026, month="MAY", day=77)], [])), 400),
        (
            either(
                (
                    [
                        prop(
                            "createdate",
                            "TIME_POINT",
                            "IS_AFTER",
                            timePoint={
                                "timeType": "INDEXED",
                                "indexReference": {"referenceType": "NOW"},
                                "offset": {"weeks": -100_000, "days": -100_000},
                            },
                        )
                    ],
                    [],
                )
            ),
            400,
        ),
    ],
)
def test_filters_that_make_no_sense_make_no_list(hub: Client, filters: Any, status: int) -> None:
    body = {"name": "x", "objectTypeId": "0-1", "processingType": "DYNAMIC", "filterBranch": filters}

    assert status == hub.post(LISTS, body).status_code
    assert 0 == hub.post(f"{LISTS}/search", {}).json()["total"]


def test_the_last_day_of_the_calendar_is_a_bound_too(hub: Client) -> None:
    id = hub.make("contacts", firstname="Ann")["id"]
    last = {"timeType": "DATE", "year": 9999, "month": 12, "day": 31, "hour": 23}

    assert [id] == fitting(hub, prop("createdate", "TIME_POINT", "IS_BEFORE", timePoint=last))
    assert [id] == fitting(hub, prop("createdate", "DATE", "IS_AFTER", year=1, month="JANUARY", day=1))


def test_members_of_a_dynamic_list_are_not_changed_by_hand(hub: Client) -> None:
    id = make(hub, either(([], [])))

    assert 400 == hub.call("PUT", f"{LISTS}/{id}/memberships/add", []).status_code
    assert 400 == hub.post(LISTS, {"name": "y", "objectTypeId": "0-1", "processingType": "DYNAMIC"}).status_code


def test_lists_need_their_scope(world) -> None:
    reader = world.client("reader", scopes=["crm.lists.read"])

    refused = reader.post(LISTS, {})

    assert (403, ["crm.lists.write"]) == (
        refused.status_code,
        refused.json()["errors"][0]["context"]["requiredGranularScopes"],
    )
    assert 200 == reader.post(f"{LISTS}/search", {}).status_code
    assert PORTAL == reader.grant.tenant

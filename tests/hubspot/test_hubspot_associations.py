"""Associations: numeric types in both directions, v4 and v3."""

from __future__ import annotations

import pytest
from hubspot_world import Client

from simulator.hubspot import association_types


def spec(type_id: int) -> dict[str, object]:
    return {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}


@pytest.mark.parametrize(
    ("source", "target", "there", "back"),
    [  # reference 5.1
        ("contacts", "companies", 279, 280),
        ("contacts", "deals", 4, 3),
        ("deals", "companies", 341, 342),
        ("deals", "line_items", 19, 20),
        ("contacts", "contacts", 449, 449),
        ("orders", "contacts", 507, 508),
        ("orders", "companies", 509, 510),
        ("orders", "deals", 512, 511),
        ("orders", "line_items", 513, 514),
        ("orders", "carts", 593, 592),
        ("carts", "contacts", 586, 587),
        ("carts", "line_items", 590, 591),
    ],
)
def test_a_default_association_is_seen_from_both_sides(hub: Client, source, target, there, back) -> None:
    one, other = hub.make(source)["id"], hub.make(target)["id"]

    answer = hub.call("PUT", f"/crm/v4/objects/{source}/{one}/associations/default/{target}/{other}")

    ends = ({"id": one}, {"id": other})
    assert 200 == answer.status_code
    assert [
        {"from": ends[0], "to": ends[1], "associationSpec": spec(there)},
        {"from": ends[1], "to": ends[0], "associationSpec": spec(back)},
    ] == answer.json()["results"]
    for start, id, end, found, type_id in ((source, one, target, other, there), (target, other, source, one, back)):
        row = {"category": "HUBSPOT_DEFINED", "typeId": type_id, "label": None}
        read = hub.get(f"/crm/v4/objects/{start}/{id}/associations/{end}").json()
        assert [{"toObjectId": int(found), "associationTypes": [row]}] == read["results"]


def test_no_pair_of_types_that_hubspot_does_not_have_is_taken(hub: Client) -> None:
    cart, company = hub.make("carts")["id"], hub.make("companies", name="c")["id"]

    answer = hub.call("PUT", f"/crm/v4/objects/carts/{cart}/associations/default/companies/{company}")

    assert (400, ()) == (answer.status_code, association_types.between(hub.grant.site, "carts", "companies"))


def test_the_primary_company_is_also_an_unlabelled_one(hub: Client) -> None:
    contact, company = hub.make("contacts", email="a@example.com")["id"], hub.make("companies", name="c")["id"]

    answer = hub.call("PUT", f"/crm/v4/objects/contacts/{contact}/associations/companies/{company}", [spec(1)])

    assert (201, ["Primary"]) == (answer.status_code, answer.json()["labels"])
    read = hub.get(f"/crm/v4/objects/company/{company}/associations/contact").json()["results"][0]
    assert [(2, "Primary"), (280, None)] == [(row["typeId"], row["label"]) for row in read["associationTypes"]]
    v3 = hub.get(f"/crm/v3/objects/contacts/{contact}/associations/companies").json()["results"]
    assert {"contact_to_company", "contact_to_company_unlabeled"} == {row["type"] for row in v3}


def test_a_batch_by_the_default_type_answers_200_and_names_the_rest_in_its_body(hub: Client) -> None:
    contact, deal = hub.make("contacts", email="a@example.com")["id"], hub.make("deals", dealname="d")["id"]
    rows = [{"from": {"id": contact}, "to": {"id": id}} for id in (deal, "999")]

    answer = hub.post("/crm/v4/associations/contacts/deals/batch/associate/default", {"inputs": rows})

    told = answer.json()
    assert (200, 1, ["999"]) == (answer.status_code, told["numErrors"], told["errors"][0]["context"]["objectId"])
    assert {deal} == {pair["to"]["id"] for pair in told["results"]} - {contact}


def test_a_batch_creates_what_it_can_and_names_the_rest(hub: Client) -> None:
    contact, deal = hub.make("contacts", email="a@example.com")["id"], hub.make("deals", dealname="d")["id"]
    rows = [{"from": {"id": contact}, "to": {"id": id}, "types": [spec(4)]} for id in (deal, "999")]

    good = hub.post("/crm/v4/associations/contacts/deals/batch/create", {"inputs": rows[:1]})
    mixed = hub.post("/crm/v4/associations/contacts/deals/batch/create", {"inputs": rows})

    pair = {"fromObjectTypeId": "0-1", "fromObjectId": int(contact), "toObjectTypeId": "0-3", "toObjectId": int(deal)}
    assert (201, [pair | {"labels": []}]) == (good.status_code, good.json()["results"])
    error = mixed.json()["errors"][0]
    assert (207, 1, ["999"]) == (mixed.status_code, mixed.json()["numErrors"], error["context"]["objectId"])
    assert "One or more associations are invalid" == error["message"]
    log = [row for row in hub.simulation.store.changes() if row.resource == "associations"]
    assert 1 == len(log)  # what stands already is not written again


def test_a_type_that_begins_elsewhere_is_refused(hub: Client) -> None:
    contact, deal = hub.make("contacts", email="a@example.com")["id"], hub.make("deals", dealname="d")["id"]

    answer = hub.call("PUT", f"/crm/v4/objects/contacts/{contact}/associations/deals/{deal}", [spec(3)])
    custom = [{"associationCategory": "USER_DEFINED", "associationTypeId": 3}]
    labelled = hub.call("PUT", f"/crm/v4/objects/contacts/{contact}/associations/deals/{deal}", custom)
    foreign = [{"associationCategory": "INTEGRATOR_DEFINED", "associationTypeId": 3}]
    app_s = hub.call("PUT", f"/crm/v4/objects/contacts/{contact}/associations/deals/{deal}", foreign)

    message = "invalid from object type 0-1 for associations to be created. expected: 0-3"
    assert (400, message) == (answer.status_code, answer.json()["message"])
    assert (400, 501) == (labelled.status_code, app_s.status_code)


def test_a_batch_read_lists_records_without_links_as_errors(hub: Client) -> None:
    linked, alone = (hub.make("contacts", email=f"{n}@example.com")["id"] for n in range(2))
    deals = [hub.make("deals", dealname=str(n))["id"] for n in range(2)]
    rows = [{"from": {"id": linked}, "to": {"id": deal}} for deal in deals]
    hub.post("/crm/v4/associations/contacts/deals/batch/associate/default", {"inputs": rows})

    answer = hub.post("/crm/v4/associations/contacts/deals/batch/read", {"inputs": [{"id": linked}, {"id": alone}]})

    told = answer.json()
    found = [(row["from"], [to["toObjectId"] for to in row["to"]]) for row in told["results"]]
    assert (207, [({"id": linked}, [int(deal) for deal in deals])]) == (answer.status_code, found)
    assert "crm.associations.NO_ASSOCIATIONS_FOUND" == told["errors"][0]["subCategory"]
    assert [alone] == told["errors"][0]["context"]["fromObjectId"]


def test_associations_are_removed_one_by_one_and_in_batches(hub: Client) -> None:
    contact = hub.make("contacts", email="a@example.com")["id"]
    deals = [hub.make("deals", dealname=str(n))["id"] for n in range(3)]
    for deal in deals:
        hub.call("PUT", f"/crm/v4/objects/deals/{deal}/associations/default/contacts/{contact}")
    path = f"/crm/v4/objects/contacts/{contact}/associations/deals"

    one = hub.call("DELETE", f"{path}/{deals[0]}")
    v4 = hub.post(
        "/crm/v4/associations/contacts/deals/batch/archive",
        {"inputs": [{"from": {"id": contact}, "to": [{"id": deals[1]}]}]},
    )
    dated = hub.post(
        "/crm/associations/2026-03/contacts/deals/batch/archive",
        {"inputs": [{"from": {"id": contact}, "to": [{"id": "1"}]}]},
    )

    assert (204, 204, 200) == (one.status_code, v4.status_code, dated.status_code)
    assert [int(deals[2])] == [row["toObjectId"] for row in hub.get(path).json()["results"]]


def test_a_long_list_comes_in_pages(hub: Client) -> None:
    contact = hub.make("contacts", email="a@example.com")["id"]
    deals = sorted(int(hub.make("deals", dealname=str(n))["id"]) for n in range(3))
    for deal in deals:
        hub.call("PUT", f"/crm/v4/objects/deals/{deal}/associations/default/contacts/{contact}")
    path = f"/crm/v4/objects/contacts/{contact}/associations/deals"

    first = hub.get(path, limit=2).json()
    second = hub.get(path, limit=2, after=first["paging"]["next"]["after"]).json()

    assert (deals[:2], deals[2:]) == tuple([row["toObjectId"] for row in page["results"]] for page in (first, second))
    assert "paging" not in second
    assert 400 == hub.get(path, limit=501).status_code


def test_the_v3_sub_resources_work_by_name_or_number(hub: Client) -> None:
    order, contact = hub.make("orders", hs_order_name="#1")["id"], hub.make("contacts", email="a@example.com")["id"]
    path = f"/crm/v3/objects/orders/{order}/associations/contacts"

    put = hub.call("PUT", f"{path}/{contact}/order_to_contact")
    listed = hub.get(path).json()
    gone = hub.call("DELETE", f"{path}/{contact}/507")

    rows = [{"id": contact, "type": "order_to_contact"}]
    assert (200, {"contacts": {"results": rows}}) == (put.status_code, put.json()["associations"])
    assert {"results": rows} == listed
    assert (204, []) == (gone.status_code, hub.get(path).json()["results"])


def test_the_labels_of_a_pair_are_its_types(hub: Client) -> None:
    rows = hub.get("/crm/v4/associations/contacts/companies/labels").json()["results"]

    assert [(279, None), (1, "Primary")] == [(row["typeId"], row["label"]) for row in rows]


V4_PAIR, V3_PAIR = "/crm/v4/associations/contacts/companies", "/crm/v3/associations/contacts/companies"


@pytest.fixture
def pair(hub: Client) -> tuple[str, str]:
    return hub.make("contacts", email="a@example.com")["id"], hub.make("companies", name="c")["id"]


def test_a_label_of_the_portals_own_is_made_used_renamed_and_removed(hub: Client, pair) -> None:
    contact, company = pair
    body = {"name": "buyer", "label": "Buyer", "inverseLabel": "Shop"}

    made = hub.post(f"{V4_PAIR}/labels", body)
    there, back = made.json()["results"]
    own = [{"associationCategory": "USER_DEFINED", "associationTypeId": there["typeId"]}]
    put = hub.call("PUT", f"/crm/v4/objects/contacts/{contact}/associations/companies/{company}", own)

    assert (200, "Buyer", "Shop") == (made.status_code, there["label"], back["label"])
    assert {"USER_DEFINED"} == {there["category"], back["category"]}
    assert (201, ["Buyer"]) == (put.status_code, put.json()["labels"])
    path = f"/crm/v4/objects/companies/{company}/associations/contacts"
    seen = hub.get(path).json()["results"][0]["associationTypes"]
    assert [("HUBSPOT_DEFINED", None), ("USER_DEFINED", "Shop")] == [(row["category"], row["label"]) for row in seen]

    change = {"associationTypeId": there["typeId"], "label": "Client"}
    assert 204 == hub.call("PUT", f"{V4_PAIR}/labels", change).status_code
    rows = hub.get(f"{V4_PAIR}/labels").json()["results"]
    assert [None, "Primary", "Client"] == [row["label"] for row in rows]
    assert 204 == hub.call("DELETE", f"{V4_PAIR}/labels/{there['typeId']}").status_code
    assert [280] == [row["typeId"] for row in hub.get(path).json()["results"][0]["associationTypes"]]
    assert 404 == hub.call("DELETE", f"{V4_PAIR}/labels/{there['typeId']}").status_code


@pytest.mark.parametrize(
    "body", [{"name": "x"}, {"label": "X"}, {"name": "p", "label": "primary"}, {"name": "x", "label": "x" * 51}]
)
def test_a_label_that_does_not_fit_is_refused(hub: Client, body) -> None:
    assert 400 == hub.post(f"{V4_PAIR}/labels", body).status_code


def test_hubspots_own_types_cannot_be_edited_and_a_pair_without_types_takes_no_label(hub: Client) -> None:
    assert 404 == hub.call("DELETE", f"{V4_PAIR}/labels/279").status_code
    assert 400 == hub.post("/crm/v4/associations/carts/companies/labels", {"name": "x", "label": "X"}).status_code


def test_a_label_between_records_of_one_type_has_one_number_or_two(hub: Client) -> None:
    path = "/crm/v4/associations/contacts/contacts/labels"
    friends = hub.post(path, {"name": "friend", "label": "Friend"}).json()["results"]
    family = hub.post(path, {"name": "parent", "label": "Parent", "inverseLabel": "Child"}).json()["results"]
    one, other = (hub.make("contacts", email=f"{n}@example.com")["id"] for n in range(2))

    child = [{"associationCategory": "USER_DEFINED", "associationTypeId": family[1]["typeId"]}]
    hub.call("PUT", f"/crm/v4/objects/contacts/{one}/associations/contacts/{other}", child)

    def seen(id: str) -> list[str | None]:
        rows = hub.get(f"/crm/v4/objects/contacts/{id}/associations/contacts").json()["results"]
        return [row["label"] for row in rows[0]["associationTypes"]]

    assert (1, 2) == (len(friends), len(family))
    assert ([None, "Child"], [None, "Parent"]) == (seen(one), seen(other))


def test_single_labels_are_taken_away_in_a_batch(hub: Client, pair) -> None:
    contact, company = pair
    path = f"/crm/v4/objects/contacts/{contact}/associations/companies"
    hub.call("PUT", f"{path}/{company}", [spec(1)])
    row = {"from": {"id": contact}, "to": {"id": company}, "types": [spec(1)]}

    answer = hub.post(f"{V4_PAIR}/batch/labels/archive", {"inputs": [row]})

    assert 204 == answer.status_code
    assert [279] == [one["typeId"] for one in hub.get(path).json()["results"][0]["associationTypes"]]


def test_the_v3_batches_speak_in_names(hub: Client, pair) -> None:
    contact, company = pair
    row = {"from": {"id": contact}, "to": {"id": company}, "type": "contact_to_company"}

    made = hub.post(f"{V3_PAIR}/batch/create", {"inputs": [row]})
    read = hub.post(f"{V3_PAIR}/batch/read", {"inputs": [{"id": contact}, {"id": "77"}]})
    types = hub.get(f"{V3_PAIR}/types").json()["results"]
    gone = hub.post(f"{V3_PAIR}/batch/archive", {"inputs": [row]})

    assert (201, [row]) == (made.status_code, made.json()["results"])
    names = ["contact_to_company", "contact_to_company_unlabeled"]
    assert [{"from": {"id": contact}, "to": [{"id": company, "type": name} for name in names]}] == read.json()[
        "results"
    ]
    assert (207, ["77"]) == (read.status_code, read.json()["errors"][0]["context"]["fromObjectId"])
    assert [{"id": "279", "name": names[1]}, {"id": "1", "name": names[0]}] == types
    left = hub.get(f"/crm/v3/objects/contacts/{contact}/associations/companies").json()["results"]
    assert (204, [{"id": company, "type": names[1]}]) == (gone.status_code, left)
    unknown = hub.post(f"{V3_PAIR}/batch/create", {"inputs": [row | {"type": "friend"}]})
    assert (207, 1) == (unknown.status_code, unknown.json()["numErrors"])

"""Records that are merged, restored and erased, and a recycle bin that forgets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
from hubspot_world import PORTAL, Client, World, control

DAY_MS = 86_400_000
CONTACTS = "/crm/v3/objects/contacts"


def merge(hub: Client, path: str, primary: str, other: str) -> requests.Response:
    return hub.post(f"{path}/merge", {"primaryObjectId": primary, "objectIdToMerge": other})


def link(hub: Client, source: str, id: str, target: str, to_id: str) -> None:
    hub.call("PUT", f"/crm/v4/objects/{source}/{id}/associations/default/{target}/{to_id}")


@pytest.fixture
def restore(world: World) -> Callable[..., requests.Response]:
    def post(**body: str) -> requests.Response:
        return control(world.simulation, "restore", body)

    return post


def test_two_contacts_become_one_that_answers_to_both_ids_and_both_addresses(hub: Client) -> None:
    first = hub.make("contacts", email="a@example.com", firstname="A")
    hub.wait(1_000)
    second = hub.make("contacts", email="b@example.com", firstname="B", city="Oslo", lifecyclestage="customer")
    deals = [hub.make("deals", dealname=name)["id"] for name in ("one", "two")]
    for contact, deal in ((first, deals[0]), (second, deals[0]), (second, deals[1])):
        link(hub, "contacts", contact["id"], "deals", deal)

    merged = merge(hub, CONTACTS, first["id"], second["id"])

    wanted = "firstname,city,lifecyclestage,hs_additional_emails,hs_merged_object_ids,hs_all_contact_vids"
    assert (200, first["id"]) == (merged.status_code, merged.json()["id"])
    for path, more in (
        (first["id"], {}),
        (second["id"], {}),
        ("b%40example.com", {"idProperty": "email"}),
        ("a%40example.com", {"idProperty": "email"}),
    ):
        read = hub.get(f"{CONTACTS}/{path}", properties=wanted, **more).json()
        told = [read["properties"][name] for name in wanted.split(",")]
        ids = f"{first['id']};{second['id']}"
        assert [first["id"], "A", "Oslo", "customer", "b@example.com", second["id"], ids] == [read["id"], *told]
    linked = hub.get(f"/crm/v4/objects/contacts/{first['id']}/associations/deals").json()["results"]
    assert [int(id) for id in deals] == [row["toObjectId"] for row in linked]
    assert [first["id"]] == [row["id"] for row in hub.get(CONTACTS).json()["results"]]
    assert [] == hub.get(CONTACTS, archived="true").json()["results"]
    clash = hub.post(CONTACTS, {"properties": {"email": "b@example.com"}})
    assert (409, f"Contact already exists. Existing ID: {first['id']}") == (clash.status_code, clash.json()["message"])


def test_a_merged_record_is_merged_again_with_all_its_former_ids(hub: Client) -> None:
    ids = [hub.make("companies", name=name)["id"] for name in "abc"]
    path = "/crm/objects/2026-03/companies"
    merge(hub, path, ids[1], ids[0])

    merge(hub, path, ids[2], ids[1])

    reads = [hub.get(f"{path}/{id}", properties="hs_merged_object_ids,name").json() for id in ids]
    assert [(ids[2], f"{ids[1]};{ids[0]}", "c")] * 3 == [
        (read["id"], read["properties"]["hs_merged_object_ids"], read["properties"]["name"]) for read in reads
    ]


def test_what_cannot_be_merged_is_refused(hub: Client) -> None:
    contact, product = hub.make("contacts", email="a@example.com")["id"], hub.make("products", name="p")["id"]

    assert 400 == merge(hub, CONTACTS, contact, contact).status_code
    assert 404 == merge(hub, CONTACTS, contact, "12345").status_code
    assert 400 == merge(hub, "/crm/v3/objects/products", product, product).status_code
    assert 400 == hub.post(f"{CONTACTS}/merge", {"primaryObjectId": contact}).status_code


def test_a_record_has_at_most_250_identities(hub: Client) -> None:
    first, second = (hub.make("companies", name=name)["id"] for name in "ab")
    found = hub.simulation.store.find(hubspot_companies(hub), PORTAL, "id = ?", (int(first),))[0]
    found["properties"]["hs_merged_object_ids"] = ";".join(map(str, range(1, 250)))
    hub.grant.site.put(hubspot_companies(hub), int(first), found)

    answer = merge(hub, "/crm/v3/objects/companies", first, second)

    assert (414, "error") == (answer.status_code, answer.json()["status"])


def hubspot_companies(hub: Client) -> Any:
    return hub.simulation.store.resources["hubspot_companies"]


def test_an_erased_contact_leaves_no_trace_but_its_deletion(hub: Client) -> None:
    gone, kept = (hub.make("contacts", email=f"{name}@example.com")["id"] for name in "ab")
    merged = hub.make("contacts", email="c@example.com")["id"]
    deal = hub.make("deals", dealname="d")["id"]
    link(hub, "contacts", gone, "deals", deal)
    merge(hub, CONTACTS, gone, merged)

    by_id = hub.post(f"{CONTACTS}/gdpr-delete", {"objectId": gone})
    by_email = hub.post(f"{CONTACTS}/gdpr-delete", {"objectId": "b@example.com", "idProperty": "email"})

    assert (204, 204) == (by_id.status_code, by_email.status_code)
    for id in (gone, kept, merged):
        assert 404 == hub.get(f"{CONTACTS}/{id}").status_code
        assert 404 == hub.get(f"{CONTACTS}/{id}", archived="true").status_code
    assert [] == hub.get(f"/crm/v4/objects/deals/{deal}/associations/contacts").json()["results"]
    assert 201 == hub.post(CONTACTS, {"properties": {"email": "b@example.com"}}).status_code
    assert "contacts" not in [row.resource for row in hub.simulation.store.changes() if row.document and row.id == kept]


def test_an_address_that_nobody_has_is_barred_by_its_deletion(hub: Client) -> None:
    answer = hub.post(f"{CONTACTS}/gdpr-delete", {"objectId": "No@Example.com", "idProperty": "email"})

    made = hub.post(CONTACTS, {"properties": {"email": "no@example.com"}})
    assert (204, 400) == (answer.status_code, made.status_code)
    assert [("BLOCKED_EMAIL", ["email"])] == [
        (row["code"], row["context"]["propertyName"]) for row in made.json()["errors"]
    ]


def test_gdpr_deletion_is_for_contacts_alone(hub: Client) -> None:
    assert 501 == hub.post("/crm/v3/objects/deals/gdpr-delete", {"objectId": "1"}).status_code


def test_an_archived_record_comes_back_by_a_users_hand(hub: Client, restore) -> None:
    made = hub.make("contacts", email="a@example.com")
    path = f"{CONTACTS}/{made['id']}"
    hub.call("DELETE", path)

    back = restore(object="contacts", id=made["id"])

    assert ({"id": made["id"], "archived": False}, 404) == (
        back.json(),
        restore(object="contacts", id=made["id"]).status_code,
    )
    assert ("a@example.com", False) == (
        hub.get(path).json()["properties"]["email"],
        "archivedAt" in hub.get(path).json(),
    )
    hub.call("DELETE", path)
    hub.make("contacts", email="a@example.com")
    assert (409, 400) == (restore(object="contacts", id=made["id"]).status_code, restore(object="x").status_code)


def test_the_recycle_bin_forgets_after_ninety_days(hub: Client, restore) -> None:
    made = hub.make("deals", dealname="d")
    path = f"/crm/v3/objects/deals/{made['id']}"
    hub.call("DELETE", path)

    hub.wait(90 * DAY_MS - 1)
    assert 200 == hub.get(path, archived="true").status_code
    assert [made["id"]] == [row["id"] for row in hub.get("/crm/v3/objects/deals", archived="true").json()["results"]]
    hub.wait(1)
    assert 404 == hub.get(path, archived="true").status_code
    assert [] == hub.get("/crm/v3/objects/deals", archived="true").json()["results"]
    assert 404 == restore(object="deals", id=made["id"]).status_code


@pytest.mark.parametrize("name", ["contacts", "companies"])
def test_a_lifecycle_stage_moves_forward_only_unless_it_was_cleared(hub: Client, name) -> None:
    made = hub.make(name, lifecyclestage="customer")
    path = f"/crm/v3/objects/{name}/{made['id']}"

    def stage(value: str) -> str | None:
        assert 200 == hub.call("PATCH", path, {"properties": {"lifecyclestage": value}}).status_code
        told: str | None = hub.get(path, properties="lifecyclestage").json()["properties"]["lifecyclestage"]
        return told

    assert ["customer", "evangelist", None, "lead"] == [stage(value) for value in ("lead", "evangelist", "", "lead")]


def test_a_phone_number_is_searched_by_its_digits_without_the_country_code(hub: Client) -> None:
    made = hub.make("contacts", email="a@example.com", phone="+1 (555) 010-2030")
    row = {"propertyName": "hs_searchable_calculated_phone_number", "operator": "EQ", "value": "5550102030"}

    for body in ({"filters": [row]}, {"query": "5550102030"}):
        answer = hub.post(f"{CONTACTS}/search", body).json()
        assert [made["id"]] == [found["id"] for found in answer["results"]]

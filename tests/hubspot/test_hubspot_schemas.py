"""Custom objects: schemas, their records, and what ties them to other objects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hubspot_world import PORTAL, START_MS, Client, World

from simulator import hubspot
from simulator.hubspot import custom_objects
from simulator.kernel.clock import Clock
from simulator.kernel.simulation import Simulation, Site

SCHEMAS = "/crm-object-schemas/v3/schemas"
CAR = {
    "name": "car",
    "labels": {"singular": "Car", "plural": "Cars"},
    "primaryDisplayProperty": "model",
    "requiredProperties": ["vin"],
    "searchableProperties": ["vin", "model"],
    "properties": [
        {"name": "vin", "label": "VIN", "type": "string", "fieldType": "text", "hasUniqueValue": True},
        {"name": "model", "label": "Model", "type": "string", "fieldType": "text"},
        {"name": "mileage", "label": "Mileage", "type": "number", "fieldType": "number"},
    ],
    "associatedObjects": ["CONTACT", "0-123"],
}
FQN = f"p{PORTAL}_car"


@pytest.fixture
def car(hub: Client) -> dict[str, Any]:
    answer = hub.post(SCHEMAS, CAR)
    assert 201 == answer.status_code, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_a_schema_is_made_with_its_properties_and_associations(hub: Client, car) -> None:
    assert ("car", FQN, "model", ["vin"], ["vin", "model"]) == (
        car["name"],
        car["fullyQualifiedName"],
        car["primaryDisplayProperty"],
        car["requiredProperties"],
        car["searchableProperties"],
    )
    assert car["objectTypeId"] == f"2-{car['id']}"
    names = {row["name"] for row in car["properties"]}
    assert {"vin", "model", "mileage", "hs_object_id", "hs_createdate", "hs_pipeline"} <= names
    ends = [(row["fromObjectTypeId"], row["toObjectTypeId"], row["name"]) for row in car["associations"]]
    assert [(car["objectTypeId"], "0-1", "car_to_contact"), (car["objectTypeId"], "0-123", "car_to_order")] == ends
    for base in (SCHEMAS, "/crm/v3/schemas", "/crm-object-schemas/2026-09/schemas"):
        assert [car] == hub.get(base).json()["results"]
        assert car == hub.get(f"{base}/{FQN}").json()


def test_hubspots_own_types_have_a_schema_too(hub: Client) -> None:
    told = hub.get("/crm/v3/schemas/CONTACT").json()

    assert ("CONTACT", "0-1", "HUBSPOT") == (told["fullyQualifiedName"], told["objectTypeId"], told["metaType"])
    assert "email" in {row["name"] for row in told["properties"]}
    assert 400 == hub.call("DELETE", "/crm/v3/schemas/CONTACT").status_code


def test_every_spelling_reaches_its_records(hub: Client, car) -> None:
    made = hub.make("car", vin="V1", model="T", mileage=12)

    for word in ("car", "p_car", FQN, car["objectTypeId"]):
        for path in (f"/crm/v3/objects/{word}/{made['id']}", f"/crm/objects/2026-03/{word}/{made['id']}/"):
            assert made["id"] == hub.get(path).json()["id"]
    assert [
        ("hs_createdate", True),
        ("hs_lastmodifieddate", True),
        ("hs_object_id", True),
        ("hs_object_source", True),
    ] == [(name, bool(value)) for name, value in hub_values(hub, made["id"])]


def hub_values(hub: Client, id: str) -> list[tuple[str, str]]:
    read = hub.get(f"/crm/v3/objects/car/{id}", properties="hs_object_source").json()
    return list(read["properties"].items())


def test_a_record_of_its_own_type_behaves_like_all_others(hub: Client, car) -> None:
    first = hub.make("car", vin="V1", model="Tin Lizzie")
    missing = hub.post("/crm/v3/objects/car", {"properties": {"model": "x"}})
    twice = hub.post("/crm/v3/objects/car", {"properties": {"vin": "V1"}})
    wrong = hub.post("/crm/v3/objects/car", {"properties": {"vin": "V2", "mileage": "far"}})

    codes = [answer.json()["errors"][0]["code"] for answer in (missing, twice, wrong)]
    assert ["MISSING_REQUIRED_PROPERTY", "CONFLICTING_UNIQUE_VALUE", "INVALID_LONG"] == codes
    row = {"id": "V1", "idProperty": "vin", "properties": {"mileage": "7"}}
    upsert = hub.post("/crm/v3/objects/car/batch/upsert", {"inputs": [row]}).json()["results"]
    assert [(first["id"], False)] == [(one["id"], one["new"]) for one in upsert]
    found = hub.post(f"/crm/v3/objects/{FQN}/search", {"query": "lizzie"}).json()
    assert [first["id"]] == [one["id"] for one in found["results"]]
    assert 204 == hub.call("DELETE", f"/crm/v3/objects/car/{first['id']}").status_code
    assert [first["id"]] == [one["id"] for one in hub.get("/crm/v3/objects/car", archived="true").json()["results"]]


def test_it_is_associated_with_the_objects_that_its_schema_names(hub: Client, car) -> None:
    contact, made = hub.make("contacts", email="a@example.com")["id"], hub.make("car", vin="V1")["id"]
    there = hub.get("/crm/v4/associations/car/contacts/labels").json()["results"][0]
    types = [{"associationCategory": "USER_DEFINED", "associationTypeId": there["typeId"]}]
    body = {"properties": {"vin": "V2"}, "associations": [{"to": {"id": contact}, "types": types}]}

    hub.call("PUT", f"/crm/v4/objects/contacts/{contact}/associations/default/{FQN}/{made}")
    second = hub.post("/crm/v3/objects/car", body).json()["id"]
    refused = hub.call("PUT", f"/crm/v4/objects/car/{made}/associations/default/deals/1")

    assert ("USER_DEFINED", None) == (there["category"], there["label"])
    linked = hub.get(f"/crm/v4/objects/contacts/{contact}/associations/{FQN}").json()["results"]
    assert sorted([int(made), int(second)]) == [row["toObjectId"] for row in linked]
    read = hub.get(f"/crm/v3/objects/car/{made}", associations="contacts").json()
    assert [{"id": contact, "type": "car_to_contact"}] == read["associations"]["contacts"]["results"]
    assert 400 == refused.status_code


def test_a_schema_gains_an_association_and_loses_it_again(hub: Client, car) -> None:
    path = f"{SCHEMAS}/{FQN}/associations"
    body = {"fromObjectTypeId": car["objectTypeId"], "toObjectTypeId": "0-3", "name": "car_deal"}

    made, again = hub.post(path, body), hub.post(path, body)
    gone = hub.call("DELETE", f"{path}/{made.json()['id']}")

    assert (201, "car_deal", 400) == (made.status_code, made.json()["name"], again.status_code)
    assert (204, 404) == (gone.status_code, hub.call("DELETE", f"{path}/{made.json()['id']}").status_code)
    assert 2 == len(hub.get(f"{SCHEMAS}/{FQN}").json()["associations"])


def test_a_schema_changes_its_labels_and_lists(hub: Client, car) -> None:
    answer = hub.call("PATCH", f"{SCHEMAS}/{FQN}", {"requiredProperties": ["vin", "model"], "description": "Cars"})

    assert (200, ["vin", "model"], "Cars") == (
        answer.status_code,
        answer.json()["requiredProperties"],
        answer.json()["description"],
    )
    assert "properties" not in answer.json()
    assert 400 == hub.call("PATCH", f"{SCHEMAS}/{FQN}", {"requiredProperties": ["wheels"]}).status_code
    in_use = hub.call("DELETE", "/crm/v3/properties/car/vin")
    assert "PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE" == in_use.json()["subCategory"]


def test_a_schema_goes_when_it_has_no_records_and_frees_its_name_when_it_is_purged(hub: Client, car) -> None:
    made = hub.make("car", vin="V1")["id"]
    assert 400 == hub.call("DELETE", f"{SCHEMAS}/car").status_code
    hub.call("DELETE", f"/crm/v3/objects/car/{made}")

    assert 204 == hub.call("DELETE", f"{SCHEMAS}/car").status_code
    assert 400 == hub.get("/crm/v3/objects/car").status_code
    assert [FQN] == [row["fullyQualifiedName"] for row in hub.get(SCHEMAS, archived="true").json()["results"]]
    assert 409 == hub.post(SCHEMAS, CAR).status_code
    assert 204 == hub.call("DELETE", f"{SCHEMAS}/{car['objectTypeId']}?archived=true").status_code
    assert 201 == hub.post(SCHEMAS, CAR).status_code


@pytest.mark.parametrize(
    "change",
    [
        {"name": "contacts"},
        {"name": "9 lives"},
        {"labels": {"singular": "Car"}},
        {"requiredProperties": ["wheels"]},
        {"properties": []},
        {"properties": ["vin"]},
        {"properties": [{"name": "vin", "label": "VIN", "type": "colour", "fieldType": "text"}]},
        {"associatedObjects": ["BOAT"]},
    ],
)
def test_a_schema_that_does_not_fit_leaves_nothing_behind(hub: Client, change) -> None:
    answer = hub.post(SCHEMAS, CAR | change)

    assert answer.status_code in (400, 409)
    assert [] == hub.get(SCHEMAS).json()["results"]
    assert 201 == hub.post(SCHEMAS, CAR).status_code


def test_custom_objects_need_their_own_scopes(world: World) -> None:
    world.client().post(SCHEMAS, CAR)
    poor = world.client("poor", scopes=["crm.objects.contacts.read"])

    needed = [
        answer.json()["errors"][0]["context"]["requiredGranularScopes"]
        for answer in (poor.get("/crm/v3/objects/car"), poor.post(SCHEMAS, CAR))
    ]
    assert [["crm.objects.custom.read"], ["crm.schemas.custom.write"]] == needed


def test_the_records_of_custom_objects_survive_a_restart(tmp_path) -> None:
    schema = {"id": 7, "name": "car", "searchableProperties": [], "requiredProperties": [], "archived": False}
    first, site = opened(tmp_path)
    site.put(custom_objects.SCHEMAS, 7, schema)
    custom_objects.prepare(site)
    site.put(custom_objects.find(site, "car").resource, 1, {"id": "1", "archived": False})
    first.close()

    second, site = opened(tmp_path)

    assert [{"id": "1", "archived": False}] == site.store.dump("hubspot", PORTAL)["custom_2_7"]
    second.close()


def opened(folder: Path) -> tuple[Simulation, Site]:
    simulation = Simulation("w", Clock(START_MS), 7, hubspot.RESOURCES, True, str(folder / "world.db"))
    return simulation, hubspot.open_portal(simulation, PORTAL)

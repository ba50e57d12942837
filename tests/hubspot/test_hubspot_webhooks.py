"""Webhooks: subscriptions of an app, the events of writes, batches, signatures, and what follows a failure."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from hubspot_world import HOST, PORTAL, Client, World

from simulator import hubspot
from simulator.hubspot import apps, auth, lifecycle, records, webhooks
from simulator.hubspot.objects import by_spelling
from simulator.kernel.clock import DAY, HOUR
from simulator.kernel.wire import InProcess

RECEIVER = "127.0.0.1:7000"
URL = f"http://{RECEIVER}/hook"

# HubSpot's published example (v1, v2) and the same computed by the rule of v3.
SECRET = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy"
BODY = (
    b'[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,"subscriptionType":'
    b'"contact.creation","attemptNumber":0,"objectId":123,"changeSource":"CRM","changeFlag":"NEW","appId":54321}]'
)
EXAMPLE_URL = "https://www.example.com/webhook_uri"


def test_signatures_are_those_that_hubspot_publishes() -> None:
    assert "232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de" == webhooks.signature_v1(SECRET, BODY)
    assert "eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e" == webhooks.signature_v2(
        SECRET, "GET", EXAMPLE_URL, b""
    )
    assert "DxmVAjFNa2xfF3YgQjdZP6TNcok9k1oaH7UXombPtvw=" == webhooks.signature_v3(
        SECRET, "POST", EXAMPLE_URL, BODY, 1_564_113_600_000
    )


@dataclass
class Office:
    """A world whose outbox is emptied by hand, a receiver, and the app "mine" that is told there."""

    world: World
    status: str = "200 OK"
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def app(self) -> dict[str, Any]:
        found = apps.registered(self.world.simulation, "mine")
        assert found
        return found

    def api(self, method: str, path: str, body: Any = None, key: str | None = None) -> requests.Response:
        key = apps.developer_key(self.world.simulation) if key is None else key
        url = f"http://{HOST}/webhooks/v3/{self.app['id']}{path}"
        return self.world.session.request(method, url, json=body, params={"hapikey": key})

    def subscribe(self, kind: str, **more: Any) -> str:
        answer = self.api("POST", "/subscriptions", {"eventType": kind, "active": True, **more})
        assert 201 == answer.status_code, answer.text
        id: str = answer.json()["id"]
        return id

    def deliver(self) -> list[dict[str, Any]]:
        """Send what is due; the events that arrived now."""
        before, simulation = len(self.requests), self.world.simulation
        simulation.outbox.step(simulation.clock.now(), lambda errand: errand())
        return [event for _, body in self.requests[before:] for event in json.loads(body)]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        headers = {name[5:]: value for name, value in environ.items() if name.startswith("HTTP_X_HUBSPOT")}
        self.requests.append((headers, environ["wsgi.input"].read()))
        start_response(self.status, [("Content-Length", "0")])
        return [b""]


@pytest.fixture
def office(open_world: Callable[..., World]) -> Office:
    return opened(open_world())


def opened(world: World) -> Office:
    office, simulation = Office(world), world.simulation
    session = requests.Session()
    session.mount("http://", InProcess({RECEIVER: office}))
    simulation.connect_outbox({"hubspot": hubspot.courier(simulation)}, session, lambda _: None)
    world.client("mine", kind="public")
    answer = office.api("PUT", "/settings", {"targetUrl": URL, "throttling": {"maxConcurrentRequests": 10}})
    assert 200 == answer.status_code, answer.text
    return office


def told(event: dict[str, Any]) -> dict[str, Any]:
    """An event without what differs from run to run."""
    return {name: value for name, value in event.items() if name not in ("eventId", "occurredAt", "appId", "portalId")}


def test_a_new_contact_and_its_changes_are_told_of(office: Office) -> None:
    created, changed = (
        office.subscribe("contact.creation"),
        office.subscribe("contact.propertyChange", propertyName="city"),
    )
    hub = office.world.client()
    id = int(hub.make("contacts", email="ann@x.com", city="Rome")["id"])

    first, second = office.deliver()

    writer = str(apps.app_id(hub.simulation, "sync"))
    common = {"objectId": id, "attemptNumber": 0, "changeSource": "INTEGRATION", "sourceId": writer}
    assert common | {
        "subscriptionId": int(created),
        "subscriptionType": "contact.creation",
        "changeFlag": "NEW",
    } == told(first)
    assert common | {
        "subscriptionId": int(changed),
        "subscriptionType": "contact.propertyChange",
        "propertyName": "city",
        "propertyValue": "Rome",
    } == told(second)
    assert (hub.clock.now(), office.app["id"], int(PORTAL)) == (first["occurredAt"], first["appId"], first["portalId"])
    hub.wait(1_000)
    hub.call("PATCH", f"/crm/v3/objects/contacts/{id}", {"properties": {"city": "", "firstname": "Ann"}})
    assert [("city", "")] == [(event["propertyName"], event["propertyValue"]) for event in office.deliver()]


def test_archiving_and_associations_are_told_of_in_both_directions(office: Office) -> None:
    for kind in ("deal.deletion", "deal.associationChange", "company.associationChange"):
        office.subscribe(kind)
    hub = office.world.client()
    deal, company = (hub.make(kind)["id"] for kind in ("deals", "companies"))
    primary = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 5}]
    hub.call("PUT", f"/crm/v4/objects/deals/{deal}/associations/companies/{company}", primary)

    names = ["associationType", "fromObjectId", "toObjectId", "associationRemoved", "isPrimaryAssociation"]
    made = {tuple(event[name] for name in names) for event in office.deliver()}
    hub.call("DELETE", f"/crm/v3/objects/deals/{deal}")
    gone = office.deliver()

    one, other = int(deal), int(company)
    assert {
        ("DEAL_TO_COMPANY", one, other, False, True),
        ("DEAL_TO_COMPANY_UNLABELED", one, other, False, False),
        ("COMPANY_TO_DEAL", other, one, False, True),
        ("COMPANY_TO_DEAL_UNLABELED", other, one, False, False),
    } == made
    assert [(one, "DELETED")] == [(e["objectId"], e["changeFlag"]) for e in gone if "objectId" in e]
    assert [True] * 4 == [event["associationRemoved"] for event in gone if "associationRemoved" in event]


def test_orders_are_told_of_through_the_generic_object(office: Office) -> None:
    office.subscribe("object.creation", objectTypeId="0-123")
    hub = office.world.client()
    hub.make("carts")
    id = hub.make("orders")["id"]

    (event,) = office.deliver()

    assert ("object.creation", "0-123", int(id)) == (
        event["subscriptionType"],
        event["objectTypeId"],
        event["objectId"],
    )


def test_batches_hold_up_to_a_hundred_events_in_any_order(open_world: Callable[..., World]) -> None:
    office = opened(open_world(calm=False))
    office.subscribe("contact.creation")
    hub = office.world.client()
    for start in (0, 100):
        inputs = [{"properties": {"email": f"c{start + n}@x.com"}} for n in range(75)]
        assert 201 == hub.post("/crm/v3/objects/contacts/batch/create", {"inputs": inputs}).status_code

    assert [] == office.deliver()
    hub.wait(3_000)
    ids = [event["objectId"] for event in office.deliver()]

    assert [50, 100] == sorted(len(json.loads(body)) for _, body in office.requests)
    assert 150 == len(set(ids))
    assert ids != sorted(ids)


def test_a_delivery_is_signed_with_the_secret_of_the_app(office: Office) -> None:
    office.subscribe("contact.creation")
    secret, hub = office.app["client_secret"], office.world.client()
    for version in ("v1", "v2"):
        apps.change(hub.simulation, office.app, {"signature": version})
        hub.make("contacts")
        office.deliver()
    (first, body), (second, other) = office.requests

    assert ("v1", webhooks.signature_v1(secret, body)) == (
        first["X_HUBSPOT_SIGNATURE_VERSION"],
        first["X_HUBSPOT_SIGNATURE"],
    )
    assert ("v2", webhooks.signature_v2(secret, "POST", URL, other)) == (
        second["X_HUBSPOT_SIGNATURE_VERSION"],
        second["X_HUBSPOT_SIGNATURE"],
    )
    at_ms = hub.clock.now()
    assert (str(at_ms), webhooks.signature_v3(secret, "POST", URL, body, at_ms)) == (
        first["X_HUBSPOT_REQUEST_TIMESTAMP"],
        first["X_HUBSPOT_SIGNATURE_V3"],
    )


def test_a_failure_is_tried_again_ten_times_within_a_day(office: Office) -> None:
    office.subscribe("contact.creation")
    office.world.client().make("contacts")
    office.status, clock, outbox = "404 Not Found", office.world.simulation.clock, office.world.simulation.outbox
    began = clock.now()
    office.deliver()
    while outbox.waiting():
        clock.move_to(outbox.waiting()[0]["due_ms"])
        office.deliver()

    assert list(range(11)) == [json.loads(body)[0]["attemptNumber"] for _, body in office.requests]
    assert 12 * HOUR - 1_000 < clock.now() - began <= DAY


def test_nobody_is_told_without_a_scope_or_after_a_pause(office: Office) -> None:
    id = office.subscribe("contact.creation")
    hub = office.world.client()
    office.world.client("mine", kind="public", scopes=["crm.objects.deals.read"])
    hub.make("contacts")
    assert [] == office.deliver()
    office.world.client("mine", kind="public", scopes=auth.all_scopes())
    assert {"active": False} == {
        name: value
        for name, value in office.api("PATCH", f"/subscriptions/{id}", {"active": False}).json().items()
        if name == "active"
    }
    hub.make("contacts")
    assert [] == office.deliver()
    done = office.api("POST", "/subscriptions/batch/update", {"inputs": [{"id": int(id), "active": True}]})
    assert (200, [True]) == (done.status_code, [row["active"] for row in done.json()["results"]])
    hub.make("contacts")
    assert 1 == len(office.deliver())
    assert 204 == office.api("DELETE", f"/subscriptions/{id}").status_code
    assert [] == office.api("GET", "/subscriptions").json()["results"]


def test_what_is_rolled_back_is_not_told_of(office: Office) -> None:
    office.subscribe("contact.creation")
    hub = office.world.client()
    hub.make("contacts", email="taken@x.com")
    office.deliver()
    inputs = [{"properties": {"email": email}} for email in ("new@x.com", "taken@x.com")]
    assert 409 == hub.post("/crm/v3/objects/contacts/batch/create", {"inputs": inputs}).status_code

    assert [] == office.deliver()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"eventType": "contact.creation", "propertyName": "email"}, 400),
        ({"eventType": "contact.propertyChange"}, 400),
        ({"eventType": "contact.propertyChange", "propertyName": "hs_lastmodifieddate"}, 400),
        ({"eventType": "contact.celebration"}, 400),
        ({"eventType": "product.associationChange"}, 400),
        ({"eventType": "object.creation"}, 400),
        ({"eventType": "contact.creation", "objectTypeId": "0-1"}, 400),
        ({"eventType": "conversation.newMessage"}, 501),
        ({}, 400),
    ],
)
def test_a_subscription_that_makes_no_sense_is_refused(office: Office, body: Any, status: int) -> None:
    assert status == office.api("POST", "/subscriptions", body).status_code
    assert [] == office.api("GET", "/subscriptions").json()["results"]


@pytest.mark.parametrize("url", ["http://example.com/x", "https://example.com/x", "ftp://127.0.0.1/x", "nonsense"])
def test_deliveries_stay_on_this_machine(office: Office, url: str) -> None:
    body = {"targetUrl": url, "throttling": {"maxConcurrentRequests": 5}}

    assert 400 == office.api("PUT", "/settings", body).status_code
    assert URL == office.api("GET", "/settings").json()["targetUrl"]


def test_a_host_is_allowed_by_name(office: Office) -> None:
    apps.change(office.world.simulation, office.app, {"webhook_hosts": ["example.com"]})
    body = {"targetUrl": "https://example.com/x", "throttling": {"maxConcurrentRequests": 5}}

    assert 200 == office.api("PUT", "/settings", body).status_code


def test_the_developer_key_opens_webhooks_and_nothing_else(office: Office) -> None:
    key = apps.developer_key(office.world.simulation)
    wrong = office.api("GET", "/subscriptions", key="drill-wrong")
    as_token = requests.Request(
        "GET", f"http://{HOST}/crm/v3/objects/contacts", headers={"Authorization": f"Bearer {key}"}
    )

    assert 401 == wrong.status_code
    assert 401 == office.world.session.send(as_token.prepare()).status_code
    token = office.world.client().grant.token
    assert 401 == office.api("GET", "/subscriptions", key=token).status_code
    assert key not in str(office.world.simulation.journal.tail(100))


def test_a_second_subscription_to_the_same_is_a_conflict(hub: Client, office: Office) -> None:
    office.subscribe("deal.propertyChange", propertyName="amount")

    again = office.api("POST", "/subscriptions", {"eventType": "deal.propertyChange", "propertyName": "amount"})

    assert 409 == again.status_code
    assert office.subscribe("deal.propertyChange", propertyName="dealname")


def test_merges_restores_and_erasures_are_told_of(office: Office) -> None:
    for kind in ("contact.merge", "contact.restore", "contact.deletion", "contact.privacyDeletion"):
        office.subscribe(kind)
    hub = office.world.client()
    one, other, third = (hub.make("contacts", email=f"{name}@x.com")["id"] for name in ("one", "other", "third"))
    hub.post("/crm/v3/objects/contacts/merge", {"primaryObjectId": one, "objectIdToMerge": other})
    (merged,) = office.deliver()
    hub.post("/crm/v3/objects/contacts/gdpr-delete", {"objectId": third})

    assert ("contact.merge", int(one), [int(other)]) == (
        merged["subscriptionType"],
        merged["primaryObjectId"],
        merged["mergedObjectIds"],
    )
    assert [("contact.deletion", int(third)), ("contact.privacyDeletion", int(third))] == sorted(
        (event["subscriptionType"], event["objectId"]) for event in office.deliver()
    )
    desk = records.desk(hub.grant, by_spelling()["contacts"])
    hub.call("DELETE", f"/crm/v3/objects/contacts/{one}")
    assert lifecycle.restore(hub.grant.site, desk.schema, one)
    assert ["contact.deletion", "contact.restore"] == sorted(event["subscriptionType"] for event in office.deliver())


def test_custom_objects_are_told_of_by_their_type_id(office: Office) -> None:
    hub = office.world.client()
    fields = {"name": "model", "label": "Model", "type": "string", "fieldType": "text"}
    labels = {"singular": "Car", "plural": "Cars"}
    schema = {"name": "car", "labels": labels, "properties": [fields], "primaryDisplayProperty": "model"}
    type_id = hub.post("/crm/v3/schemas", schema).json()["objectTypeId"]
    office.subscribe("object.creation", objectTypeId=type_id)

    made = hub.make("car", model="T")

    (told,) = office.deliver()
    assert (int(made["id"]), type_id) == (told["objectId"], told["objectTypeId"])

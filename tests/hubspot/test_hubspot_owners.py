"""Owners of a portal, the calls of today, and what a bought limit changes."""

from __future__ import annotations

from collections.abc import Callable

from hubspot_world import Client, World

from simulator import hubspot
from simulator.hubspot import owners, portal
from simulator.hubspot.instants import iso
from simulator.kernel.clock import HOUR


def test_a_portal_begins_with_the_owner_who_opened_it(hub: Client) -> None:
    (owner,) = hub.get("/crm/v3/owners/").json()["results"]

    assert {
        "id": owner["id"],
        "email": "owner@drill.example",
        "type": "PERSON",
        "firstName": "Drill",
        "lastName": "Owner",
        "userId": owner["userId"],
        "userIdIncludingInactive": owner["userId"],
        "createdAt": iso(hub.clock.now()),
        "updatedAt": iso(hub.clock.now()),
        "archived": False,
    } == owner
    assert owner == hub.get(f"/crm/owners/2026-03/{owner['id']}").json()
    assert owner == hub.get(f"/crm/v3/owners/{owner['userId']}?idProperty=userId").json()


def test_owners_are_paged_found_by_email_and_archived(hub: Client) -> None:
    site = hub.grant.site
    ann = owners.create(site, "ann@x.com", "Ann", "Lee", ["Sales", "Support"])
    bob = owners.create(site, "bob@x.com", "Bob", "May")
    owners.archive(site, bob["id"])

    first = hub.get("/crm/v3/owners", limit=1).json()
    second = hub.get("/crm/v3/owners", limit=1, after=first["paging"]["next"]["after"]).json()
    assert [str(ann["id"])] == [row["id"] for row in second["results"]]
    assert "paging" not in second
    assert [("Sales", True), ("Support", False)] == [
        (team["name"], team["primary"]) for team in second["results"][0]["teams"]
    ]
    found = hub.get("/crm/v3/owners", email="Ann@x.com").json()["results"]
    assert ["Ann"] == [row["firstName"] for row in found]
    (gone,) = hub.get("/crm/v3/owners", archived="true").json()["results"]
    assert (str(bob["id"]), True, bob["userId"]) == (gone["id"], gone["archived"], gone["userIdIncludingInactive"])
    assert "userId" not in gone
    assert 404 == hub.get(f"/crm/v3/owners/{bob['id']}").status_code
    assert 200 == hub.get(f"/crm/v3/owners/{bob['id']}?archived=true").status_code


def test_a_portal_that_is_opened_again_keeps_its_owner(world: World) -> None:
    hubspot.open_portal(world.simulation, world.client().grant.tenant)

    assert 1 == len(world.client().get("/crm/v3/owners").json()["results"])


def test_the_calls_of_today_are_told_with_the_end_of_the_day(open_world: Callable[..., World]) -> None:
    hub = open_world(timezone="America/New_York").client()  # 16:26 there
    hub.get("/integrations/v1/me")

    (usage,) = hub.get("/account-info/v3/api-usage/daily/private-apps").json()["results"]

    midnight_ms = hub.clock.now() // HOUR * HOUR + 8 * HOUR
    assert {
        "name": "private-apps-api-calls-daily",
        "usageLimit": 625_000,
        "currentUsage": 2,
        "collectedAt": iso(hub.clock.now()),
        "fetchStatus": "SUCCESS",
        "resetsAt": iso(midnight_ms),
    } == usage


def test_a_limit_increase_raises_burst_and_day_of_private_apps_and_service_keys(world: World) -> None:
    clients = {kind: world.client(kind, kind=kind) for kind in ("private", "service", "public")}
    portal.change(clients["private"].grant.site, api_packs=2)

    answers = {kind: client.get("/integrations/v1/me").headers for kind, client in clients.items()}

    assert {"private": ("250", "2625000"), "service": ("250", "2625000"), "public": ("110", None)} == {
        kind: (told["X-HubSpot-RateLimit-Max"], told.get("X-HubSpot-RateLimit-Daily")) for kind, told in answers.items()
    }


def test_retry_after_is_sent_only_where_the_portal_is_set_so(open_world: Callable[..., World]) -> None:
    hub = open_world(calm=False).client()
    told = []
    for wanted in (False, True):
        portal.change(hub.grant.site, retry_after=wanted)
        answers = [hub.post("/crm/v3/objects/contacts/search", {}) for _ in range(6)]
        told.append((answers[-1].status_code, answers[-1].headers.get("Retry-After")))

    assert [(429, None), (429, "1")] == told

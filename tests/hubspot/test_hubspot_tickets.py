"""Tickets: their pipeline, their scope, and how they hang on contacts, companies and deals."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hubspot_world import Client, World


def test_a_new_portal_has_the_support_pipeline(hub: Client) -> None:
    (pipeline,) = hub.get("/crm/v3/pipelines/tickets").json()["results"]

    assert ("0", "Support Pipeline") == (pipeline["id"], pipeline["label"])
    assert [("1", "OPEN"), ("2", "OPEN"), ("3", "OPEN"), ("4", "CLOSED")] == [
        (stage["id"], stage["metadata"]["ticketState"]) for stage in pipeline["stages"]
    ]


def test_a_ticket_that_names_no_pipeline_is_in_the_default_one(hub: Client) -> None:
    made = hub.make("tickets", subject="Where is it?", hs_pipeline_stage="1")

    shown = hub.get(f"/crm/v3/objects/tickets/{made['id']}").json()["properties"]
    assert ("0", "1", "Where is it?") == (shown["hs_pipeline"], shown["hs_pipeline_stage"], shown["subject"])
    assert {"content", "hs_ticket_category", "hs_ticket_priority"} < set(shown)


def test_a_ticket_is_closed_by_its_stage_and_open_again(hub: Client) -> None:
    made = hub.make("tickets", hs_pipeline_stage="1")
    path = f"/crm/v3/objects/tickets/{made['id']}"
    shown = []
    for stage in ("4", "3"):
        hub.wait(60_000)
        hub.call("PATCH", path, {"properties": {"hs_pipeline_stage": stage}})
        found = hub.get(f"{path}?properties=closed_date,time_to_close").json()["properties"]
        shown.append((bool(found["closed_date"]), found["time_to_close"]))

    assert [(True, "60000"), (False, None)] == [(closed, time or None) for closed, time in shown]


@pytest.mark.parametrize(
    ("other", "type_ids"), [("contacts", [16]), ("companies", [26, 339]), ("deals", [28]), ("orders", [526])]
)
def test_a_ticket_hangs_on_records_by_hubspots_own_numbers(hub: Client, other: str, type_ids: list[int]) -> None:
    ticket, record = hub.make("tickets", hs_pipeline_stage="1"), hub.make(other)
    body = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_ids[0]}]
    path = f"/crm/v4/objects/tickets/{ticket['id']}/associations/{other}"
    assert hub.call("PUT", f"{path}/{record['id']}", body).status_code == 201

    (linked,) = hub.get(path).json()["results"]
    assert type_ids == sorted(one["typeId"] for one in linked["associationTypes"])


def test_an_app_needs_the_scope_tickets(open_world: Callable[..., World]) -> None:
    refused = open_world().client("limited", scopes=("crm.objects.contacts.read",)).get("/crm/v3/properties/tickets")

    assert (403, "MISSING_SCOPES") == (refused.status_code, refused.json()["category"])
    assert ["crm.schemas.tickets.read", "tickets"] == refused.json()["errors"][0]["context"]["requiredGranularScopes"]

"""tap-hubspot: it discovers its streams and reads those of the CRM; what it found is recounted by other means."""

import json
import os
import ssl
import urllib.request

from drill import equal, flow, passes, run_all
from singer_tap import Tap

TOKEN = os.environ["HUBSPOT_TOKEN"]
CONFIG = dict.fromkeys(("redirect_uri", "client_id", "client_secret", "refresh_token"), "drill")
STREAMS = (
    *("contacts", "companies", "deals", "tickets", "owners", "deal_pipelines", "contact_lists", "list_memberships"),
    *("contacts_by_company", "engagements", "forms", "form_submissions", "workflows", "campaigns"),
    *("subscription_changes", "email_events", "car"),
)
PARENTS = {"list_memberships": "contact_lists", "contacts_by_company": "companies", "form_submissions": "forms"}
# Streams of what the fake has not: the tap must meet its refusal.
REFUSED = (
    *("engagements", "forms", "form_submissions", "workflows", "campaigns", "subscription_changes", "email_events"),
)

tap = Tap(
    "tap-hubspot",
    CONFIG | {"api_key": TOKEN, "start_date": "2024-01-01T00:00:00Z", "disable_collection": True},
    "--properties",
)


def asked(method, path, body=None):
    sent = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"https://api.hubapi.com{path}", sent, headers, method=method)
    context = ssl.create_default_context(cafile=os.environ["CA_BUNDLE"])
    with urllib.request.urlopen(request, timeout=60, context=context) as answer:
        return json.loads(answer.read())


def of_crm(path):
    """The ids of everything in a list of the CRM."""
    return {row["id"] for row in asked("GET", f"/crm/v3/{path}?limit=100")["results"]}


def members(list_id):
    return {row["recordId"] for row in asked("GET", f"/crm/v3/lists/{list_id}/memberships")["results"]}


def of_companies():
    """Each pair of a company and a contact, as v4 tells of it."""
    companies = of_crm("objects/companies")
    body = {"inputs": [{"id": id} for id in companies]}
    told = asked("POST", "/crm/v4/associations/companies/contacts/batch/read", body)["results"]
    return {(row["from"]["id"], str(to["toObjectId"])) for row in told for to in row["to"]}


# What must be there: for each stream the keys by other calls, and those of a record of the tap.
RECOUNTED = {
    "contacts": (lambda: of_crm("objects/contacts"), lambda one: one["id"]),
    "companies": (lambda: of_crm("objects/companies"), lambda one: str(one["companyId"])),
    "deals": (lambda: of_crm("objects/deals"), lambda one: str(one["dealId"])),
    "tickets": (lambda: of_crm("objects/tickets"), lambda one: one["id"]),
    "owners": (lambda: of_crm("owners"), lambda one: one["id"]),
    "deal_pipelines": (lambda: of_crm("pipelines/deals"), lambda one: one["pipelineId"]),
    "contact_lists": (lambda: set(lists), lambda one: str(one["listId"])),
    "list_memberships": (
        lambda: {(id, record) for id in lists for record in members(id)},
        lambda one: (str(one["listId"]), str(one["recordId"])),
    ),
    "contacts_by_company": (of_companies, lambda one: (str(one["company-id"]), str(one["contact-id"]))),
    "car": (lambda: of_crm("objects/p_car"), lambda one: one["id"]),
}
lists = []


@flow
def the_streams_are_discovered():
    contacts = [made("contacts", email=f"t{number}@example.com") for number in range(3)]
    companies = [made("companies", name=f"Company {number}") for number in range(3)]
    for number in range(3):
        made("deals", dealname=f"Deal {number}")
        made("tickets", subject=f"Ticket {number}", hs_pipeline_stage=str(number + 1))
    for contact in contacts[:2]:
        asked("PUT", f"/crm/v4/objects/contacts/{contact}/associations/default/companies/{companies[0]}")
    for name in ("Everybody", "Nobody"):
        body = {"name": name, "objectTypeId": "0-1", "processingType": "MANUAL"}
        lists.append(asked("POST", "/crm/v3/lists", body)["list"]["listId"])
    asked("PUT", f"/crm/v3/lists/{lists[0]}/memberships/add", contacts)
    plate = {"name": "plate", "label": "Plate", "type": "string", "fieldType": "text"}
    car = {"name": "car", "labels": {"singular": "Car", "plural": "Cars"}, "primaryDisplayProperty": "plate"}
    asked("POST", "/crm/v3/schemas", car | {"requiredProperties": ["plate"], "properties": [plate]})
    made("p_car", plate="B 17")
    passes(30)
    equal(set(STREAMS), set(tap.discovers()))


def made(object_type, **properties):
    return asked("POST", f"/crm/v3/objects/{object_type}", {"properties": properties})["id"]


def syncs(stream):
    def run():
        _, records = tap.syncs(stream, *([PARENTS[stream]] if stream in PARENTS else []))
        if stream in REFUSED:
            raise AssertionError("this had to be refused")
        told, key = RECOUNTED[stream]
        equal(told(), {key(one["record"]) for one in records if one["stream"] == stream})

    run.__name__ = f"the_stream_{stream}_is_synced" + ("_and_recounted" if stream in RECOUNTED else "")
    return flow(run)


for name in STREAMS:
    syncs(name)

run_all()

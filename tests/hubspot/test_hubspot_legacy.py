"""The v1 and v2 reads that connectors still make."""

from __future__ import annotations

from hubspot_world import PORTAL, START_MS, Client

from simulator.hubspot.portal import app_id


def test_companies_come_in_pages_with_the_time_of_each_value(hub: Client) -> None:
    ids = [int(hub.make("companies", name=name)["id"]) for name in "abc"]
    path = "/companies/v2/companies/paged"

    first = hub.get(path, limit=2, properties=["name", "createdate"]).json()
    second = hub.get(path, limit=2, offset=first["offset"]).json()

    assert [(ids[:2], True), (ids[2:], False)] == [
        ([row["companyId"] for row in page["companies"]], page["has-more"]) for page in (first, second)
    ]
    source = {"source": "INTEGRATION", "sourceId": app_id(hub.grant)}
    told = {"value": "a", "timestamp": START_MS} | source
    row = first["companies"][0]
    assert told | {"versions": [{"name": "name"} | told]} == row["properties"]["name"]
    assert (str(START_MS), int(PORTAL), False) == (
        row["properties"]["createdate"]["value"],
        row["portalId"],
        row["isDeleted"],
    )
    assert {} == second["companies"][0]["properties"]


def test_deals_show_their_associations_and_all_their_properties(hub: Client) -> None:
    contact, deal = hub.make("contacts", email="a@example.com")["id"], hub.make("deals", dealname="d", amount=5)["id"]
    hub.call("PUT", f"/crm/v4/objects/deals/{deal}/associations/default/contacts/{contact}")

    page = hub.get("/deals/v1/deal/paged", includeAssociations="true", allPropertiesFetchMode="latest_version").json()
    one = hub.get(f"/deals/v1/deal/{deal}").json()

    assert (one, False) == (page["deals"][0], page["hasMore"])
    assert [int(contact)] == one["associations"]["associatedVids"]
    assert ("d", "5") == tuple(one["properties"][name]["value"] for name in ("dealname", "amount"))
    assert 404 == hub.get("/deals/v1/deal/77").status_code


def test_recent_changes_come_newest_first(hub: Client) -> None:
    ids = []
    for name in "abc":
        ids.append(int(hub.make("deals", dealname=name)["id"]))
        hub.wait(1_000)

    found = hub.get("/deals/v1/deal/recent/modified", since=START_MS + 1_000, count=1).json()

    assert ([ids[2]], True, 1, 2) == (
        [row["dealId"] for row in found["results"]],
        found["hasMore"],
        found["offset"],
        found["total"],
    )


def test_definitions_and_pipelines_are_bare_lists(hub: Client) -> None:
    for path in ("/companies/v2/properties", "/properties/v1/deals/properties"):
        rows = {row["name"]: row for row in hub.get(path).json()}
        assert ("datetime", True) == (rows["createdate"]["type"], rows["createdate"]["readOnlyValue"])
    (sales,) = hub.get("/deals/v1/pipelines").json()
    assert ("default", "Sales Pipeline") == (sales["pipelineId"], sales["label"])
    assert [("closedwon", 1.0, True)] == [
        (stage["stageId"], stage["probability"], stage["closedWon"]) for stage in sales["stages"] if stage["closedWon"]
    ]


def test_old_reads_need_the_scopes_of_today(world) -> None:
    poor = world.client("poor", scopes=["crm.objects.contacts.read"])

    assert 403 == poor.get("/deals/v1/deal/paged").status_code
    assert 501 == poor.get("/deals/v1/deal/associated/contact/7/paged").status_code

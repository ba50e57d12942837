"""Limits: burst for an app, day and searches for the portal; account details."""

from __future__ import annotations

from collections.abc import Callable

from hubspot_world import PORTAL, Client, World

from simulator.hubspot import limits
from simulator.kernel.clock import HOUR

PREFIX = "X-HubSpot-RateLimit-"


def told(answer) -> dict[str, str]:
    return {name.removeprefix(PREFIX): value for name, value in answer.headers.items() if name.startswith(PREFIX)}


def test_an_app_has_its_burst_and_others_have_their_own(open_world: Callable[..., World]) -> None:
    world = open_world(calm=False)
    one, other = world.client("one"), world.client("other")
    first = one.get("/crm/v3/objects/contacts")
    assert {
        "Daily": "625000",
        "Daily-Remaining": "624999",
        "Interval-Milliseconds": "10000",
        "Max": "190",
        "Remaining": "189",
        "Secondly": "19",
        "Secondly-Remaining": "18",
    } == told(first)
    for _ in range(189):
        one.get("/integrations/v1/me")

    refused = one.get("/crm/v3/objects/contacts")

    body = refused.json()
    assert 429 == refused.status_code
    assert ["status", "message", "errorType", "correlationId", "policyName", "groupName"] == list(body)
    assert ("You have reached your ten_secondly_rolling limit.", "RATE_LIMIT", "TEN_SECONDLY_ROLLING") == (
        body["message"],
        body["errorType"],
        body["policyName"],
    )
    assert ("0", None) == (told(refused)["Remaining"], refused.headers.get("Retry-After"))
    assert 200 == other.get("/crm/v3/objects/contacts").status_code
    one.wait(10_000)
    assert 200 == one.get("/crm/v3/objects/contacts").status_code


def test_the_tier_and_the_kind_decide_the_burst(open_world: Callable[..., World]) -> None:
    world = open_world(tier="starter")
    bursts = [told(world.client(kind, kind=kind).get("/integrations/v1/me")) for kind in ("private", "native")]

    assert [("100", "250000"), ("110", None)] == [(row["Max"], row.get("Daily")) for row in bursts]


def test_searches_share_five_a_second_in_the_portal_and_show_no_burst(open_world: Callable[..., World]) -> None:
    world = open_world(calm=False)
    clients = [world.client("one"), world.client("other")]
    answers = [clients[n % 2].post("/crm/v3/objects/contacts/search", {}) for n in range(6)]

    assert [200] * 5 + [429] == [answer.status_code for answer in answers]
    assert {"status", "message", "correlationId", "category"} == set(answers[5].json())
    assert ("You have reached your secondly limit.", "RATE_LIMITS") == (
        answers[5].json()["message"],
        answers[5].json()["category"],
    )
    for answer in (answers[0], answers[5]):
        assert {"Daily", "Daily-Remaining"} == set(told(answer))
    clients[0].wait(1_000)
    assert 200 == clients[0].post("/crm/v3/objects/contacts/search", {}).status_code


def test_the_day_ends_at_midnight_of_the_portal(open_world: Callable[..., World]) -> None:
    hub = open_world(calm=False, timezone="America/New_York").client()  # 16:26 there at the start
    hub.get("/integrations/v1/me")
    hub.simulation.limits[("hubspot", PORTAL, "day")].calls = limits.PRIVATE["professional"].daily

    refused = hub.get("/integrations/v1/me")
    hub.wait(7 * HOUR)
    late = hub.get("/integrations/v1/me")
    hub.wait(HOUR)

    body = refused.json()
    assert ["status", "message", "errorType", "correlationId", "policyName", "requestId"] == list(body)
    assert ("You have reached your daily limit.", "DAILY") == (body["message"], body["policyName"])
    assert (429, 429, 200) == (
        refused.status_code,
        late.status_code,
        hub.get("/integrations/v1/me").status_code,
    )


def test_a_calm_world_counts_but_never_refuses(hub: Client) -> None:
    answers = [hub.post("/crm/v3/objects/contacts/search", {}).status_code for _ in range(20)]
    answers += [hub.get("/integrations/v1/me").status_code for _ in range(200)]

    assert {200} == set(answers)
    assert "0" == told(hub.get("/integrations/v1/me"))["Remaining"]


def test_the_account_tells_its_zone_and_currency(open_world: Callable[..., World]) -> None:
    hub = open_world(timezone="Asia/Kolkata", currency="INR").client()

    details, me = hub.get("/account-info/v3/details").json(), hub.get("/integrations/v1/me").json()

    assert (int(PORTAL), "Asia/Kolkata", "INR", [], "+05:30", 19_800_000) == (
        details["portalId"],
        details["timeZone"],
        details["companyCurrency"],
        details["additionalCurrencies"],
        details["utcOffset"],
        details["utcOffsetMilliseconds"],
    )
    assert (int(PORTAL), "INR") == (me["portalId"], me["currency"])

"""What HubSpot has and the fake does not: each answers 501 and says what it is."""

from __future__ import annotations

from simulator.hubspot.ask import Ask
from simulator.hubspot.errors import Answer
from simulator.hubspot.routes import VERSIONS, Route
from simulator.kernel.errors import NotSimulated

EVERY_METHOD = "GET POST PUT PATCH DELETE"

# Path beginnings, with the name that the answer gives, and the source that knows them (sources.py).
AREAS: tuple[tuple[str, str, str], ...] = (
    ("/crm/v3/lists/folders", "folders of lists", "S"),
    (f"/crm/lists/{VERSIONS}/folders", "folders of lists", "S"),
    ("/crm/v3/lists/idmapping", "ids of the lists of v1", "S"),
    (f"/crm/lists/{VERSIONS}/idmapping", "ids of the lists of v1", "S"),
    ("/crm/v3/property-validations", "property validations", "S"),
    ("/crm/v3/imports", "imports", "S"),
    ("/crm/v3/exports", "exports", "S"),
    ("/crm/v3/limits", "limits tracking", "S"),
    (f"/crm/limits/{VERSIONS}", "limits tracking", "S"),
    ("/webhooks-journal", "the webhooks journal", "S"),
    ("/automation/v4", "workflows", "S"),
    ("/automation/v3", "workflows", "S"),
    ("/marketing/v3", "marketing", "S"),
    ("/events/v3", "custom events", "S"),
    ("/companies/v2", "the rest of the v2 companies API", "TAP"),
    ("/deals/v1", "the rest of the v1 deals API", "TAP"),
    ("/contacts/v1", "the v1 contacts API", "REC"),
    ("/engagements/v1", "the v1 engagements API", "TAP"),
    ("/forms/v2", "forms", "TAP"),
    ("/email/public/v1", "the v1 email API", "TAP"),
    ("/properties/v1", "the rest of the v1 properties API", "TAP"),
)
# Single calls: methods, path, name, source.
CALLS: tuple[tuple[str, str, str, str], ...] = (
    ("POST", "/crm/v3/lists/records/memberships/batch/read", "memberships of many records", "S"),
    ("POST", f"/crm/lists/{VERSIONS}/records/memberships/batch/read", "memberships of many records", "S"),
    ("GET", "/crm/v4/objects/<type>", "the v4 list of records", "TAP"),
)


def _row(methods: str, paths: tuple[str, ...], what: str) -> Route:
    def refuse(_: Ask, **__: str) -> Answer:
        raise NotSimulated(what)

    return Route(methods, paths, refuse, "")


ROUTES = (
    *(_row(method, (path,), what) for method, path, what, _ in CALLS),
    *(_row(EVERY_METHOD, (path, f"{path}/<path:rest>"), what) for path, what, _ in AREAS),
)

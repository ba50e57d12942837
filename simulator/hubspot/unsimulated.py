"""What HubSpot has and the fake does not: each answers 501 and says what it is."""

from __future__ import annotations

from simulator.hubspot.ask import Ask
from simulator.hubspot.errors import Answer
from simulator.hubspot.routes import VERSIONS, Route
from simulator.kernel.errors import NotSimulated

EVERY_METHOD = "GET POST PUT PATCH DELETE"

# Path beginnings (reference 0 and 8 to 14) with the name that the answer gives.
AREAS: tuple[tuple[str, str], ...] = (
    ("/crm/v3/lists/folders", "folders of lists"),
    (f"/crm/lists/{VERSIONS}/folders", "folders of lists"),
    ("/crm/v3/lists/idmapping", "ids of the lists of v1"),
    (f"/crm/lists/{VERSIONS}/idmapping", "ids of the lists of v1"),
    ("/crm/v3/property-validations", "property validations"),
    ("/crm/v3/imports", "imports"),
    ("/crm/v3/exports", "exports"),
    ("/crm/v3/limits", "limits tracking"),
    (f"/crm/limits/{VERSIONS}", "limits tracking"),
    ("/webhooks-journal", "the webhooks journal"),
    ("/automation/v4", "workflows"),
    ("/automation/v3", "workflows"),
    ("/marketing/v3", "marketing"),
    ("/events/v3", "custom events"),
    ("/companies/v2", "the rest of the v2 companies API"),
    ("/deals/v1", "the rest of the v1 deals API"),
    ("/contacts/v1", "the v1 contacts API"),
    ("/engagements/v1", "the v1 engagements API"),
    ("/forms/v2", "forms"),
)
CALLS: tuple[tuple[str, str, str], ...] = (
    ("POST", "/crm/v3/lists/records/memberships/batch/read", "memberships of many records"),
    ("POST", f"/crm/lists/{VERSIONS}/records/memberships/batch/read", "memberships of many records"),
)


def _row(methods: str, paths: tuple[str, ...], what: str) -> Route:
    def refuse(_: Ask, **__: str) -> Answer:
        raise NotSimulated(what)

    return Route(methods, paths, refuse, "")


ROUTES = (
    *(_row(method, (path,), what) for method, path, what in CALLS),
    *(_row(EVERY_METHOD, (path, f"{path}/<path:rest>"), what) for path, what in AREAS),
)

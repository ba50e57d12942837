"""The webhooks API v3: where an app is told, and of what; opened by the developer key [S]."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from simulator.hubspot import apps, ask, errors, events, wire_form
from simulator.hubspot.apps import SUBSCRIPTIONS
from simulator.hubspot.ask import Ask
from simulator.hubspot.errors import Answer
from simulator.hubspot.instants import iso
from simulator.hubspot.objects import by_spelling
from simulator.hubspot.routes import DEVELOPER, Route
from simulator.kernel.control import is_loopback
from simulator.kernel.errors import NotSimulated
from simulator.kernel.resource import Document

MOST_SUBSCRIPTIONS = 1_000  # [D24]
MOST_AT_ONCE = 1_000  # our bound
LONGEST_URL = 2_048  # likewise
_CUSTOM = re.compile(r"2-\d{1,18}")


def settings(question: Ask, app_id: str) -> Answer:
    """Where the app is told."""
    app = _app(question, app_id)
    if app["webhooks"] is None:
        raise errors.Rejected(404, "resource not found")  # our reading
    return Answer(200, _shown_settings(app["webhooks"]))


def change_settings(question: Ask, app_id: str) -> Answer:
    """The address, and how many requests may be on their way at once."""
    app, body, now = _app(question, app_id), question.object_body(), question.site.now()
    throttling = ask.required(body, "throttling", dict)
    most = ask.whole(throttling.get("maxConcurrentRequests"), "maxConcurrentRequests", 1, MOST_AT_ONCE)
    known = app["webhooks"] or {"createdAt": now}
    address = _address(app, ask.required(body, "targetUrl", str))
    made = known | {"targetUrl": address, "maxConcurrentRequests": most, "updatedAt": now}
    apps.save(question.site.simulation, app | {"webhooks": made})
    return Answer(200, _shown_settings(made))


def drop_settings(question: Ask, app_id: str) -> Answer:
    """From now on nobody is told; subscriptions stay."""
    apps.save(question.site.simulation, _app(question, app_id) | {"webhooks": None})
    return Answer(204)


def index(question: Ask, app_id: str) -> Answer:
    """All subscriptions of the app."""
    return Answer(200, {"results": [_shown(one) for one in _subscriptions(question, _app(question, app_id))]})


def create(question: Ask, app_id: str) -> Answer:
    """A subscription to one event type; it is paused unless `active` says otherwise [D24]."""
    app, body = _app(question, app_id), question.object_body()
    existing = _subscriptions(question, app)
    if len(existing) >= MOST_SUBSCRIPTIONS:
        raise errors.bad_request(  # [D24]
            "Couldn't create another subscription. You've reached the maximum number allowed per application "
            f"({MOST_SUBSCRIPTIONS})."
        )
    wanted = _wanted(body)
    if any(all(one[name] == value for name, value in wanted.items()) for one in existing):
        raise errors.Rejected(409, "This subscription exists already", "CONFLICT")  # our reading
    now, id = question.site.now(), question.site.next_id(SUBSCRIPTIONS)
    made = {"id": id, "app": app["id"], "createdAt": now, "updatedAt": now} | wanted
    made["active"] = ask.optional(body, "active", bool)
    question.site.put(SUBSCRIPTIONS, id, made)
    return Answer(201, _shown(made))


def read(question: Ask, app_id: str, id: str) -> Answer:
    """One subscription."""
    return Answer(200, _shown(_subscription(question, _app(question, app_id), id)))


def change(question: Ask, app_id: str, id: str) -> Answer:
    """Pause it, or go on."""
    found = _subscription(question, _app(question, app_id), id)
    return Answer(200, _shown(_activated(question, found, question.object_body())))


def delete(question: Ask, app_id: str, id: str) -> Answer:
    """End it; 204 also where there is none. Our reading."""
    found = question.site.get(SUBSCRIPTIONS, int(id)) if ask.is_id(id) else None
    if found is not None and found["app"] == _app(question, app_id)["id"]:
        question.site.remove(SUBSCRIPTIONS, found["id"])
    return Answer(204)


def change_many(question: Ask, app_id: str) -> Answer:
    """Pause several, or go on with them; those that are not there are errors of a 207."""
    app, results, failed = _app(question, app_id), [], []
    for item in question.inputs(MOST_SUBSCRIPTIONS):
        id = ask.id_text(item)
        try:
            results.append(_shown(_activated(question, _subscription(question, app, id), item)))
        except errors.Rejected as reason:
            failed.append(errors.in_batch(reason, 0, {"id": [id]}))
    return Answer(207 if failed else 200, wire_form.batch_envelope(question.site.now(), results, failed))


def _wanted(body: Mapping[str, Any]) -> Document:
    """What a subscription is about. The sentences are our reading."""
    kind = ask.required(body, "eventType", str)
    if kind.startswith(events.NOT_SIMULATED):
        raise NotSimulated(f"webhooks of the type {kind}")
    if kind not in events.event_types():
        raise errors.bad_request(f"{kind} is not an event type")
    name, type_id = ask.optional(body, "propertyName", str), ask.optional(body, "objectTypeId", str)
    if kind.endswith(".propertyChange") != bool(name):
        raise errors.bad_request("Subscriptions to propertyChange, and they alone, name a property")
    if name in events.UNTOLD:
        raise errors.bad_request(f"The property {name} cannot be subscribed to")
    if kind.startswith(f"{events.GENERIC}."):
        type_id = _type_id(type_id)
    elif type_id:
        raise errors.bad_request("objectTypeId belongs to subscriptions of the type object alone")
    return {"eventType": kind, "propertyName": name or None, "objectTypeId": type_id or None}


def _type_id(sent: str) -> str:
    """The type of an `object` subscription; one of a portal's own is not known here, and taken by its number."""
    if not sent:
        raise errors.bad_request("Some required fields were not set: [objectTypeId]")
    found = by_spelling().get(sent)
    if found is None and not _CUSTOM.fullmatch(sent):
        raise errors.bad_request(f"Unable to infer object type from: {sent}")  # [GK]
    return found.type_id if found else sent


def _address(app: Document, url: str) -> str:
    """Deliveries stay on this machine: loopback hosts, and those that the app's record allows by name.

    HubSpot itself wants https everywhere; on loopback the fake takes http, as a receiver under test has no TLS.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        _ = parts.port  # raises where it is no number
    except ValueError:
        parts, host = urlsplit(""), ""
    schemes = ("http", "https") if is_loopback(host) else ("https",)
    allowed = host and (is_loopback(host) or host in app["webhook_hosts"])
    if parts.scheme not in schemes or not allowed or len(url) > LONGEST_URL:
        raise errors.bad_request(f"{url[:200]} is not a valid target URL")  # our sentence
    return url


def _app(question: Ask, app_id: str) -> Document:
    found = question.site.get(apps.APPS, int(app_id)) if ask.is_id(app_id) else None
    if found is None:
        raise errors.Rejected(404, "resource not found")  # our reading
    return found


def _subscriptions(question: Ask, app: Document) -> list[Document]:
    return question.site.find(SUBSCRIPTIONS, "app = ?", (app["id"],))


def _subscription(question: Ask, app: Document, id: str) -> Document:
    found = question.site.get(SUBSCRIPTIONS, int(id)) if ask.is_id(id) else None
    if found is None or found["app"] != app["id"]:
        raise errors.Rejected(404, "resource not found", "OBJECT_NOT_FOUND")  # our reading
    return found


def _activated(question: Ask, found: Document, sent: Mapping[str, Any]) -> Document:
    after = found | {"active": ask.required(sent, "active", bool), "updatedAt": question.site.now()}
    question.site.put(SUBSCRIPTIONS, after["id"], after)
    return after


def _shown(document: Document) -> dict[str, Any]:
    told = {
        "id": str(document["id"]),
        "eventType": document["eventType"],
        "propertyName": document["propertyName"],
        "objectTypeId": document["objectTypeId"],
        "active": document["active"],
        "createdAt": iso(document["createdAt"]),
        "updatedAt": iso(document["updatedAt"]),
    }
    return {name: value for name, value in told.items() if value is not None}


def _shown_settings(found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "targetUrl": found["targetUrl"],
        "throttling": {"maxConcurrentRequests": found["maxConcurrentRequests"]},
        "createdAt": iso(found["createdAt"]),
        "updatedAt": iso(found["updatedAt"]),
    }


def _paths(rest: str) -> tuple[str, ...]:
    """The dated family is called otherwise in each of its versions [S]."""
    roots = ("/webhooks/v3", "/webhooks/2026-03", "/app-webhooks/2026-09")
    return tuple(f"{root}/<app_id>{rest}" for root in roots)


_PARTLY = "Without the event types of conversations and `event.completed`."

ROUTES = (
    Route("GET", _paths("/settings"), settings, DEVELOPER),
    Route("PUT", _paths("/settings"), change_settings, DEVELOPER),
    Route("DELETE", _paths("/settings"), drop_settings, DEVELOPER),
    Route("GET", _paths("/subscriptions"), index, DEVELOPER),
    Route(
        "POST",
        _paths("/subscriptions"),
        create,
        DEVELOPER,
        partly=_PARTLY,
    ),
    Route("POST", _paths("/subscriptions/batch/update"), change_many, DEVELOPER),
    Route("GET", _paths("/subscriptions/<id>"), read, DEVELOPER),
    Route("PATCH", _paths("/subscriptions/<id>"), change, DEVELOPER),
    Route("DELETE", _paths("/subscriptions/<id>"), delete, DEVELOPER),
)

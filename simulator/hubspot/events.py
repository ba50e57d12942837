"""What webhooks tell of: events, read off the writes of records and associations.

Nobody reports an event: each follows from how a row was before a write and how it is after. So whatever changes a
record (a call, a batch, a merge, the control plane) is told of in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.hubspot import association_types, custom_objects
from simulator.hubspot.association_types import AssociationType
from simulator.hubspot.objects import ObjectType, by_spelling
from simulator.hubspot.portal import ASSOCIATIONS
from simulator.kernel.resource import Change, Document
from simulator.kernel.simulation import Site

# First halves of event types with the object type that each stands for; orders, carts and custom objects are told of
# through `object` alone [S].
SUBJECTS: Mapping[str, str] = {
    "contact": "contacts",
    "company": "companies",
    "deal": "deals",
    "ticket": "tickets",
    "product": "products",
    "line_item": "line_items",
}
GENERIC = "object"
VERBS = ("creation", "deletion", "merge", "restore", "propertyChange", "associationChange")
NOT_SIMULATED = ("conversation.", "event.")  # real beginnings of event types [S]
UNTOLD = ("hs_lastmodifieddate", "lastmodifieddate", "num_unique_conversion_events")  # not subscribable [D24]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that befell a record.

    Args:
        verb: the second half of its type.
        fields: what the body says of it beside what every event says.
        name: of a propertyChange, the property.
    """

    object_type: ObjectType
    verb: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""


def event_types() -> list[str]:
    """Every event type that can be subscribed to; products have no associationChange [S]."""
    found = [f"{subject}.{verb}" for subject in (*SUBJECTS, GENERIC) for verb in VERBS]
    return [*(one for one in found if one != "product.associationChange"), "contact.privacyDeletion"]


def told_by(site: Site, change: Change, before: Document | None) -> Iterator[Event]:
    """The events of one write in a portal."""
    if change.resource == ASSOCIATIONS.name:
        yield from _of_a_link(site, change, before)
        return
    object_type = by_spelling().get(change.resource) or custom_objects.kept_in(site, change.resource)
    if object_type is not None:
        yield from _of_a_record(object_type, change, before)


def _of_a_record(object_type: ObjectType, change: Change, before: Document | None) -> Iterator[Event]:
    after = change.document
    about = {"objectId": change.id}
    if after is None:
        if before is not None and not before["archived"]:
            yield Event(object_type, "deletion", about | {"changeFlag": "DELETED"})
        yield Event(object_type, "privacyDeletion", about | {"changeFlag": "DELETED"})  # only gdpr-delete erases
    elif before is None:
        yield Event(object_type, "creation", about | {"changeFlag": "NEW"} | _by(after["source"]))
        yield from _of_properties(object_type, {}, after, about)  # a new record tells of its values too [GK]
    elif after["archived"] and not before["archived"]:
        yield _merge(object_type, before, after) if "mergedInto" in after else _deletion(object_type, about)
    elif before["archived"] and not after["archived"]:
        yield Event(object_type, "restore", about)
    elif not after["archived"]:
        yield from _of_properties(object_type, before["properties"], after, about)


def _of_properties(
    object_type: ObjectType, before: Mapping[str, str], after: Mapping[str, Any], about: Mapping[str, Any]
) -> Iterator[Event]:
    values, history = after["properties"], after.get("history", {})
    for name in sorted(before.keys() | values.keys()):
        if before.get(name, "") != values.get(name, "") and name not in UNTOLD:
            source = history[name][0][2] if name in history else after["source"]
            told = {"propertyName": name, "propertyValue": values.get(name, "")}
            yield Event(object_type, "propertyChange", {**about, **told, **_by(source)}, name)


def _deletion(object_type: ObjectType, about: Mapping[str, Any]) -> Event:
    return Event(object_type, "deletion", {**about, "changeFlag": "DELETED"})


def _merge(object_type: ObjectType, before: Document, after: Mapping[str, Any]) -> Event:
    """The primary record keeps its id; how many properties moved is told as all that the other one had: our reading."""
    told = {
        "objectId": after["mergedInto"],
        "primaryObjectId": after["mergedInto"],
        "mergedObjectIds": [int(before["id"])],
        "newObjectId": after["mergedInto"],
        "numberOfPropertiesMoved": len(before["properties"]),
    }
    return Event(object_type, "merge", told)


def _by(source: str) -> dict[str, str]:
    """Who wrote: an app by its id; HubSpot itself by none."""
    return {"changeSource": "INTEGRATION", "sourceId": source} if source.isdecimal() else {}


def _of_a_link(site: Site, change: Change, before: Document | None) -> Iterator[Event]:
    """Both directions of every type that was added or taken away [D24 webhooks note]."""
    row = change.document or before
    assert row is not None
    were, are = (set(one["types"]) if one else set() for one in (before, change.document))
    source, target = (int(row[end].rpartition("/")[2]) for end in ("source", "target"))
    types = association_types.by_id(site)
    for type_id in sorted(were ^ are):
        if type_id in types:  # a label that is dropped takes its links' events with it
            there, back = types[type_id], types[types[type_id].inverse]
            yield _associated(site, there, source, target, type_id in were)
            yield _associated(site, back, target, source, type_id in were)


def _associated(site: Site, way: AssociationType, source: int, target: int, removed: bool) -> Event:
    told = {
        "associationType": way.name.upper(),
        "fromObjectId": source,
        "toObjectId": target,
        "associationRemoved": removed,
        "isPrimaryAssociation": way.label == "Primary",
    }
    return Event(custom_objects.named(site, way.source), "associationChange", told)

"""What befalls a record beside being written: it is merged into another, comes back from the recycle bin, is erased.

A merged record stays as an archived document that points to its survivor, so its id and its e-mail still lead there.
"""

from __future__ import annotations

from simulator.hubspot import errors, links, records, values
from simulator.hubspot.portal import BLOCKED_EMAILS
from simulator.hubspot.records import Desk
from simulator.hubspot.schema import Schema
from simulator.kernel.errors import Problem
from simulator.kernel.resource import Document
from simulator.kernel.simulation import Site

MOST_IDENTITIES = 250  # of one record; beyond it a merge is refused with 414 [D error page]


def merge(desk: Desk, primary_id: str, other_id: str) -> Document:
    """One record of two. The primary one keeps its id and its values, and takes what it lacks. Our reading: the
    webhooks speak of a new id "in some cases" [D24], and no source says in which."""
    if not desk.object_type.mergeable:
        raise errors.bad_request(f"{desk.object_type.fqn} records cannot be merged")  # our sentence
    primary, other = (_existing(desk, id) for id in (primary_id, other_id))
    if primary["id"] == other["id"]:
        raise errors.bad_request(f"Cannot merge {primary['id']} with itself")  # our sentence
    merged = [*_merged(primary), other["id"], *_merged(other)]
    if len(merged) >= MOST_IDENTITIES:
        raise errors.Rejected(414, f"A record has at most {MOST_IDENTITIES} identities")  # our sentence
    _archive_into(desk, other, primary)
    links.move_all(desk.site, desk.object_type, other["id"], primary["id"])
    survivor = records.update(desk, primary, _lacking(desk, primary, other)).document
    marks = {"hs_merged_object_ids": ";".join(merged)}
    marks |= desk.object_type.blended(survivor["properties"], other["properties"])
    return records.note(desk, survivor, marks, created_ms=min(primary["createdAt"], other["createdAt"]))


def restore(site: Site, shape: Schema, id: str) -> Document | None:
    """Back from the recycle bin, as it was but for its associations; None where it is not there. Our reading."""
    found = records.find(site, shape.object_type, id, archived=True)
    if found is None:
        return None
    now = site.now()
    back: Document = {name: value for name, value in found.items() if name != "archivedAt"}
    back |= {"archived": False, "updatedAt": now, "indexedAt": now}
    records.refuse_taken(site, shape, back["properties"], int(id))
    site.put(shape.object_type.resource, int(id), back)
    return back


def erase(desk: Desk, document: Document) -> None:
    """For good, with the records that were merged into it and all associations."""
    resource, id = desk.object_type.resource, int(document["id"])
    links.disconnect_all(desk.site, desk.object_type, document["id"])
    for gone in desk.site.find(resource, "mergedInto = ?", (id,)):
        desk.site.remove(resource, int(gone["id"]))
    desk.site.remove(resource, id)


def block(desk: Desk, email: str) -> None:
    """An address that no contact has must never be used [S description of gdpr-delete]."""
    address = email.strip().lower()
    if not desk.site.find(BLOCKED_EMAILS, "email = ?", (address,)):
        id = desk.site.next_id(BLOCKED_EMAILS)
        desk.site.put(BLOCKED_EMAILS, id, {"id": id, "email": address})


def _existing(desk: Desk, id: str) -> Document:
    found = records.find(desk.site, desk.object_type, id)
    if found is None:
        raise errors.missing("Object", id)
    return found


def _merged(document: Document) -> list[str]:
    return [id for id in document["properties"].get("hs_merged_object_ids", "").split(";") if id]


def _archive_into(desk: Desk, other: Document, primary: Document) -> None:
    """The other record, and those that were merged into it, point to the survivor from now on."""
    resource, now = desk.object_type.resource, desk.site.now()
    mark = {"archived": True, "archivedAt": now, "updatedAt": now, "indexedAt": now, "mergedInto": int(primary["id"])}
    for document in [other, *desk.site.find(resource, "mergedInto = ?", (int(other["id"]),))]:
        desk.site.put(resource, int(document["id"]), document | mark)


def _lacking(desk: Desk, primary: Document, other: Document) -> dict[str, str]:
    """The other record's values that an app could write and the primary one has not."""
    found = {}
    for name, value in other["properties"].items():
        definition = desk.schema.definitions.get(name)
        if definition is None or definition.read_only or primary["properties"].get(name):
            continue
        if not isinstance(values.check(definition, value), Problem):
            found[name] = value
    return found

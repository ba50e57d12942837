"""Rules of CRM records: make, change, archive, find. They know values and documents, nothing of HTTP.

A document is {"id", "properties" (only those that are set), "createdAt", "updatedAt", "archived", "source", ...}, times
in milliseconds. `history` keeps, newest first, the versions of each property that was written after the creation;
for all others the creation is the only version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from simulator.hubspot import errors, portal, schema, values
from simulator.hubspot.derived import Situation
from simulator.hubspot.instants import iso
from simulator.hubspot.objects import ObjectType, by_spelling
from simulator.hubspot.schema import Schema
from simulator.kernel.errors import Conflict, Invalid, Problem
from simulator.kernel.resource import Document
from simulator.kernel.simulation import Grant, Site

RECYCLE_BIN_MS = 90 * 86_400_000  # an archived record is to be seen for 90 days: our reading
VERSIONS_KEPT = 20  # of one property; HubSpot keeps 45 of contacts and 20 of other objects [GK]
CALCULATED = "CALCULATED"  # the source type of derived values in a history [GK]

USER = "CRM_UI"  # what a history says of a value that a user has typed [D24]

# Measured on recorded traffic (reference 3.4): a new record shows up in search after 2 to 6 s; a changed value is
# matched at once in most cases, after 3 s in all.
NEW_RECORD_LAG_MS = (2_000, 6_000)
CHANGE_LAGS_MS = (0, 0, 0, 0, 0, 0, 1_000, 1_500, 2_000, 3_000)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where records of one type are written: the portal, the app that writes, the schema in force."""

    site: Site
    grant: Grant
    schema: Schema
    app: str

    @property
    def object_type(self) -> ObjectType:
        return self.schema.object_type


def desk(grant: Grant, object_type: ObjectType) -> Desk:
    return Desk(grant.site, grant, schema.load(grant.site, object_type), portal.app_id(grant))


def users_desk(site: Site, object_type: ObjectType) -> Desk:
    """Where a user writes, on a record's page."""
    nobody = Grant(site.simulation, "hubspot", site.tenant, USER, token="", secret="", scopes=frozenset())
    return Desk(site, nobody, schema.load(site, object_type), USER)


@dataclass(frozen=True, slots=True)
class Written:
    """A record after a write, and the properties that the answer names."""

    document: Document
    shown: frozenset[str]
    new: bool


def create(desk: Desk, sent: Mapping[str, Any]) -> Written:
    """A new record. Raises Invalid or Conflict before anything is written."""
    object_type, now, id = desk.object_type, desk.site.now(), desk.site.next_id(desk.object_type.resource)
    checked = _checked(desk, sent, creating=True)
    checked = _copied(desk, checked) | checked
    situation = _situation(desk, id, now)
    properties = {name: value for name, value in checked.items() if value}
    for name, value in object_type.defaults(properties, situation).items():
        properties.setdefault(name, value)
    _into_pipeline(desk.schema, {}, properties, sent)
    _required_or_raise(object_type, properties)
    refuse_taken(desk.site, desk.schema, properties, id)
    properties |= _consequences(object_type, {}, properties, properties.keys(), situation)
    document: Document = {
        "id": str(id),
        "properties": {name: value for name, value in sorted(properties.items()) if value},
        "createdAt": now,
        "updatedAt": now,
        "archived": False,
        "source": situation.app,
        "searchableAt": now + _lag(desk.site, NEW_RECORD_LAG_MS),
        "indexedAt": now,
    }
    desk.site.put(object_type.resource, id, document)
    return Written(document, frozenset(document["properties"]) | set(checked), True)


def update(desk: Desk, document: Document, sent: Mapping[str, Any]) -> Written:
    """Change a record. One whose values all stand already is left alone, its time too. Our reading."""
    object_type, now, id = desk.object_type, desk.site.now(), int(document["id"])
    before: dict[str, str] = document["properties"]
    checked = object_type.settle(before, _checked(desk, sent, creating=False))
    after = before | checked
    _into_pipeline(desk.schema, before, after, checked)
    moved = {name: after[name] for name in after if after[name] != before.get(name, "")}
    refuse_taken(desk.site, desk.schema, moved, id)
    situation = _situation(desk, id, document["createdAt"])
    follows = _consequences(object_type, before, after, {*checked, *moved}, situation)
    changed = {name: value for name, value in sorted((moved | follows).items()) if value != before.get(name, "")}
    if changed:
        document = _changed(desk, document, changed, moved, now)
        desk.site.put(object_type.resource, id, document)
    system = {object_type.modified} if object_type.key else set(object_type.system)  # [REC]: contacts show one only
    return Written(document, frozenset({*checked, *moved, *follows, *system}), False)


def note(desk: Desk, document: Document, marks: Mapping[str, str], created_ms: int) -> Document:
    """Values that no app wrote, and an age."""
    changed = {name: value for name, value in marks.items() if value != document["properties"].get(name, "")}
    noted = _changed(desk, document, changed, {}, desk.site.now()) | {"createdAt": created_ms}
    desk.site.put(desk.object_type.resource, int(document["id"]), noted)
    return noted


def archive(desk: Desk, document: Document) -> None:
    """Into the recycle bin: out of search and plain reads, its unique values are free again. Our reading."""
    now = desk.site.now()
    gone: Document = document | {"archived": True, "archivedAt": now, "updatedAt": now, "indexedAt": now}
    desk.site.put(desk.object_type.resource, int(document["id"]), gone)


def find(site: Site, object_type: ObjectType, id: str, archived: bool = False) -> Document | None:
    """A record by its id, among the live ones or in the recycle bin. The id of a merged one leads to its survivor."""
    found = site.get(object_type.resource, int(id)) if id.isdecimal() and len(id) < 19 else None
    if found is not None and "mergedInto" in found:
        found = None if archived else site.get(object_type.resource, found["mergedInto"])
    if found is None or found["archived"] != archived:
        return None
    return None if archived and found["archivedAt"] <= site.now() - RECYCLE_BIN_MS else found


def listed(site: Site, object_type: ObjectType, after: int, limit: int, archived: bool = False) -> list[Document]:
    """Records by ascending id; of archived ones those that the recycle bin still holds."""
    if not archived:
        return site.find(object_type.resource, "archived = 0 AND id > ?", (after,), limit=limit)
    where = "archived = 1 AND id > ? AND +mergedInto = 0 AND +updatedAt > ?"
    return site.find(object_type.resource, where, (after, site.now() - RECYCLE_BIN_MS), limit=limit)


def find_by(site: Site, shape: Schema, id_property: str, value: str) -> Document | None:
    """A live record by a unique property. Raises where the property is none."""
    object_type = shape.object_type
    if id_property == "hs_object_id":
        return find(site, object_type, value)
    if id_property not in shape.unique:
        # The sentence is our reading; that only unique properties identify is documented [K].
        raise errors.bad_request(f"The property {id_property} is not a unique property of {object_type.fqn}")
    where = f"archived = 0 AND {portal.column_of(id_property)} = lower(?)"
    found = site.find(object_type.resource, where, (value.strip(),))
    if id_property == object_type.key and not found:
        return _by_former_key(site, object_type, value.strip())
    if id_property != object_type.key:  # the e-mail of contacts alone is compared without regard to case [GK]
        found = [document for document in found if document["properties"][id_property] == value.strip()]
    return found[0] if found else None


def _by_former_key(site: Site, object_type: ObjectType, value: str) -> Document | None:
    """The live record into which one with this e-mail was merged: it is an additional one there (A7)."""
    where = f"mergedInto > 0 AND {portal.column_of(object_type.key)} = lower(?)"
    merged = site.find(object_type.resource, where, (value,))
    return find(site, object_type, merged[0]["id"]) if merged else None


def system_values(object_type: ObjectType, document: Document) -> dict[str, str]:
    """The properties that are not stored, because the document itself says them."""
    return {
        object_type.created: iso(document["createdAt"]),
        object_type.modified: iso(document["updatedAt"]),
        "hs_object_id": document["id"],
        "hs_object_source": "INTEGRATION",
        "hs_object_source_id": document["source"],
        "hs_object_source_label": "INTEGRATION",
    }


def versions(document: Document, name: str) -> list[list[Any]]:
    """[value, at_ms, source] of a property, newest first."""
    kept = document.get("history", {}).get(name)
    if kept is not None:
        return list(kept)
    value = document["properties"].get(name)
    return [] if value is None else [[value, document["createdAt"], document["source"]]]


def value_before(document: Document, name: str, at_ms: int) -> str:
    """The value that a property had just before `at_ms`."""
    return next((value for value, since_ms, _ in versions(document, name) if since_ms < at_ms), "")


def _checked(desk: Desk, sent: Mapping[str, Any], creating: bool) -> dict[str, str]:
    """What was sent as HubSpot keeps it, or all that is wrong with it at once."""
    taken: dict[str, str] = {}
    problems: list[Problem] = []
    for name, raw in sent.items():
        text = values.text_of(name, raw)
        if text is None or name in desk.object_type.discarded:
            continue
        outcome = _check_one(desk, name, text, creating)
        if isinstance(outcome, Problem):
            problems.append(outcome)
        else:
            taken[name] = outcome
    if problems:
        raise Invalid(tuple(problems))
    return taken


def _check_one(desk: Desk, name: str, text: str, creating: bool) -> str | Problem:
    definition = desk.schema.definitions.get(name)
    if definition is None:
        return values.does_not_exist(name)
    if definition.read_only and not _may_write(desk, name, creating):
        return values.read_only(definition)
    if name == desk.object_type.key and text:
        return values.email(definition, text)
    return values.check(definition, text)


def _may_write(desk: Desk, name: str, creating: bool) -> bool:
    """Whether this app is HubSpot's own Shopify app and the property one of those that are left to it."""
    object_type = desk.object_type
    open_to_it = name in object_type.native_writes and (creating or name not in object_type.native_creates)
    return desk.grant.kind == "native" and open_to_it


def _copied(desk: Desk, checked: Mapping[str, str]) -> dict[str, str]:
    """What a new record takes over from the record that it points to: a line item from its product."""
    copies = desk.object_type.copies
    target = by_spelling()[copies.target] if copies else None
    found = find(desk.site, target, checked.get(copies.pointer, "")) if copies and target else None
    return {name: found["properties"].get(name, "") for name in copies.names} if copies and found else {}


def _into_pipeline(shape: Schema, before: Mapping[str, str], after: dict[str, str], sent: Mapping[str, Any]) -> None:
    """Settle pipeline and stage of `after`; they must exist and fit, or both be blank where that is allowed.

    A stage alone belongs to the record's pipeline, else to the first one; a pipeline alone, on a new record, begins at
    its first stage. Our reading.
    """
    names = shape.object_type.stages
    if names is None:
        return
    line, stage = after.get(names.pipeline, ""), after.get(names.stage, "")
    if not before:
        line = line or names.default or (shape.pipelines[0]["key"] if stage and shape.pipelines else "")
        stage = stage or _first_stage(shape, line)
    if (line, stage) == (before.get(names.pipeline, ""), before.get(names.stage, "")):
        return
    if (line, stage) not in shape.stages and not (names.clearable and not line and not stage):
        lines = {document["key"] for document in shape.pipelines}
        wrong, value = (names.stage, stage) if line in lines else (names.pipeline, line)
        raise Invalid((values.not_an_option(_narrowed(shape, wrong, line), value),))
    if line or names.pipeline in sent:
        after[names.pipeline], after[names.stage] = line, stage


def _first_stage(shape: Schema, line: str) -> str:
    stages = next((document["stages"] for document in shape.pipelines if document["key"] == line), [])
    return stages[0]["id"] if stages else ""


def _narrowed(shape: Schema, name: str, line: str) -> Any:
    """The definition of the pipeline or stage property; stages of other pipelines are not options."""
    definition, names = shape.definitions[name], shape.object_type.stages
    if names is None or name != names.stage:
        return definition
    mine = {stage for pipeline, stage in shape.stages if pipeline == line}
    return replace(definition, options=tuple(option for option in definition.options if option.value in mine))


def _required_or_raise(object_type: ObjectType, properties: Mapping[str, str]) -> None:
    """The sentence is our reading, the code is documented [K]."""
    missing = [name for name in object_type.required if not properties.get(name)]
    if missing:
        problems = (Problem(name, f'Property "{name}" is required', "MISSING_REQUIRED_PROPERTY") for name in missing)
        raise Invalid(tuple(problems))


def refuse_taken(site: Site, shape: Schema, properties: Mapping[str, str], id: int) -> None:
    """No other live record may have the same value of a unique property, and none a blocked e-mail."""
    object_type, key = shape.object_type, shape.object_type.key
    if key and properties.get(key) and site.find(portal.BLOCKED_EMAILS, "email = ?", (properties[key],)):
        # The sentence and the code are our reading.
        raise errors.invalid(key, f"{properties[key]} was deleted for good and cannot be used again", "BLOCKED_EMAIL")
    for name in shape.unique:
        value = properties.get(name)
        other = find_by(site, shape, name, value) if value else None
        if other is None or int(other["id"]) == id:
            continue
        if name == key:
            label = object_type.singular.capitalize()
            raise Conflict(f"{label} already exists. Existing ID: {other['id']}", int(other["id"]))
        where = f"portalId={shape.portal.id}, objectTypeId={object_type.type_id}, propertyName={name}"
        message = (
            f"Cannot set PropertyValueCoordinates{{{where}, value={value}}} on {id}. "
            f"{other['id']} already has that value."
        )
        raise errors.invalid(name, message, "CONFLICTING_UNIQUE_VALUE")


def _consequences(
    object_type: ObjectType, before: Mapping[str, str], after: Mapping[str, str], touched: Any, situation: Situation
) -> dict[str, str]:
    """The derived values of the touched properties; a new record gets all of them."""
    found: dict[str, str] = {}
    current = dict(after)
    for row in object_type.computed:
        if not before or not touched.isdisjoint(row.of):
            found[row.name] = current[row.name] = row.rule(current, situation)
    return found | object_type.follow(before, after, situation)


def _situation(desk: Desk, id: int, created_ms: int) -> Situation:
    account = desk.schema.portal
    return Situation(
        now_ms=desk.site.now(),
        created_ms=created_ms,
        id=str(id),
        app=desk.app,
        home_currency=account.currency,
        rates=account.rates,
        stages=desk.schema.stages,
    )


def _changed(desk: Desk, document: Document, changed: dict[str, str], moved: Mapping[str, str], now: int) -> Document:
    """The document with new values, and with the old ones in its history."""
    source = desk.app
    history = dict(document.get("history", {}))
    for name, value in changed.items():
        newest = [value, now, source if name in moved else CALCULATED]
        history[name] = [newest, *versions(document, name)][:VERSIONS_KEPT]
    properties = {name: value for name, value in sorted((document["properties"] | changed).items()) if value}
    lag_ms = 0 if desk.site.simulation.calm else desk.site.chance.stream("hubspot/index").choice(CHANGE_LAGS_MS)
    times = {
        "updatedAt": now,
        "previousAt": document["updatedAt"],
        "indexedAt": max(now + lag_ms, document["indexedAt"]),
    }
    return document | {"properties": properties, "history": history} | times


def _lag(site: Site, bounds_ms: tuple[int, int]) -> int:
    return 0 if site.simulation.calm else site.chance.stream("hubspot/index").randint(*bounds_ms)

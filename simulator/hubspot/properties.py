"""The properties API: definitions and their groups [S]."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from simulator.hubspot import ask, definitions, errors, portal, schema, wire_form
from simulator.hubspot.ask import Ask
from simulator.hubspot.definitions import Definition, Option
from simulator.hubspot.errors import Answer, Rejected
from simulator.hubspot.instants import iso
from simulator.hubspot.objects import ObjectType
from simulator.hubspot.portal import PROPERTIES, PROPERTY_GROUPS
from simulator.hubspot.routes import Route, family
from simulator.kernel.errors import NotSimulated
from simulator.kernel.resource import Document
from simulator.kernel.simulation import Site

MOST_INPUTS = 100
MOST_UNIQUE = 10  # of one object type [K quoting D]
LONGEST_NAME = 100
_NAME = re.compile(r"[a-z][a-z0-9_]*")

# Which field types a type takes [S]; the pairs themselves are our reading.
FIELD_TYPES: Mapping[str, tuple[str, ...]] = {
    "string": ("text", "textarea", "phonenumber", "html", "file"),
    "number": ("number",),
    "bool": ("booleancheckbox",),
    "enumeration": ("select", "radio", "checkbox", "booleancheckbox"),
    "date": ("date",),
    "datetime": ("date",),
    "phone_number": ("phonenumber",),
}
# Fields of a definition that are kept as they were sent: name -> type.
KEPT: Mapping[str, type] = {
    "label": str,
    "type": str,
    "fieldType": str,
    "groupName": str,
    "description": str,
    "displayOrder": int,
    "hidden": bool,
    "formField": bool,
    "hasUniqueValue": bool,
    "externalOptions": bool,
    "referencedObjectType": str,
    "numberDisplayHint": str,
    "textDisplayHint": str,
    "showCurrencySymbol": bool,
    "dataSensitivity": str,
}
HINTS = ("referencedObjectType", "numberDisplayHint", "textDisplayHint", "showCurrencySymbol", "dataSensitivity")
_MORE_OF_OPTIONS = (("description", str), ("displayOrder", int), ("hidden", bool))
FIXED = ("name", "hasUniqueValue")  # not to be changed after the creation [K]
UNSIMULATED = ("calculationFormula",)


def index(question: Ask) -> Answer:
    if question.flag("archived"):
        rows = question.site.find(PROPERTIES, "object = ?", (question.object_type.name,))
        gone = [schema.from_document(row) for row in rows if row["archived"]]
        return Answer(200, {"results": [shown(definition) for definition in gone]})
    found = schema.load(question.site, question.object_type).definitions
    return Answer(200, {"results": [shown(found[name]) for name in sorted(found)]})


def read(question: Ask, name: str) -> Answer:
    return Answer(200, shown(_existing(question.site, question.object_type, name)))


def create(question: Ask) -> Answer:
    definition = create_one(question.site, question.object_type, question.object_body())
    location = f"{ask.base_url()}/crm/v3/properties/{question.object_type.name}/{definition.name}"
    return Answer(201, shown(definition), {"Location": location})


def update(question: Ask, name: str) -> Answer:
    """Options are replaced as a whole list [K observed live]."""
    site, object_type, sent = question.site, question.object_type, question.object_body()
    definition = _existing(site, object_type, name)
    if definition.fixed and set(sent) - {"options"}:
        raise errors.bad_request(f'The definition of property "{name}" cannot be changed')  # our sentence
    body = {key: value for key, value in shown(definition).items() if key in KEPT or key == "options"}
    body |= {key: value for key, value in sent.items() if key not in FIXED}
    _store(site, object_type, name, _read_body(site, object_type, body), definition)
    return Answer(200, shown(_existing(site, object_type, name)))


def archive(question: Ask, name: str) -> Answer:
    """A property that its object type needs stays [K observed live]."""
    definition = _existing(question.site, question.object_type, name)
    _archive_one(question, definition)
    return Answer(204)


def batch_create(question: Ask) -> Answer:
    """Good definitions are made, bad ones listed in a 207 [S]."""
    results, failed = [], []
    for item in question.inputs(MOST_INPUTS):
        try:
            results.append(shown(create_one(question.site, question.object_type, item)))
        except Rejected as error:
            failed.append(errors.in_batch(error, int(question.grant.tenant), {"name": [str(item.get("name", ""))]}))
    return Answer(207 if failed else 201, wire_form.batch_envelope(question.site.now(), results, failed))


def batch_read(question: Ask) -> Answer:
    found = schema.load(question.site, question.object_type).definitions
    wanted = [str(ask.required(item, "name", str)) for item in question.inputs(MOST_INPUTS)]
    failed = [errors.in_batch(_unknown(name), 0, {"name": [name]}) for name in wanted if name not in found]
    results = [shown(found[name]) for name in wanted if name in found]
    return Answer(207 if failed else 200, wire_form.batch_envelope(question.site.now(), results, failed))


def batch_archive(question: Ask) -> Answer:
    for item in question.inputs(MOST_INPUTS):
        found = schema.load(question.site, question.object_type).definitions.get(str(ask.required(item, "name", str)))
        if found is not None:
            _archive_one(question, found)
    return Answer(204)


# --- groups ---


def groups(question: Ask) -> Answer:
    found = _groups(question.site, question.object_type)
    return Answer(200, {"results": [found[name] for name in sorted(found)]})


def read_group(question: Ask, name: str) -> Answer:
    return Answer(200, _group(question, name))


def create_group(question: Ask) -> Answer:
    body = question.object_body()
    name, label = ask.required(body, "name", str), ask.required(body, "label", str)
    if name in _groups(question.site, question.object_type):
        message = f"A property group named '{name}' already exists."
        raise Rejected(409, message, "OBJECT_ALREADY_EXISTS", "Properties.GROUP_WITH_NAME_EXISTS")  # after properties
    order = ask.optional(body, "displayOrder", int) or -1
    _put_group(question.site, question.object_type, {"name": name, "label": label, "displayOrder": order})
    return Answer(201, _group(question, name))


def update_group(question: Ask, name: str) -> Answer:
    body, group = question.object_body(), _group(question, name)
    label = ask.optional(body, "label", str) or group["label"]
    order = body.get("displayOrder", group["displayOrder"])
    _put_group(question.site, question.object_type, {"name": name, "label": label, "displayOrder": order})
    return Answer(200, _group(question, name))


def archive_group(question: Ask, name: str) -> Answer:
    """A group that holds properties stays [K observed live]."""
    _group(question, name)
    used = schema.load(question.site, question.object_type).definitions.values()
    if any(definition.group == name for definition in used):
        kind = {"category": "VALIDATION_ERROR", "subCategory": "PropertyGroupError.GROUP_WITH_ACTIVE_PROPERTIES"}
        told = {"status": "error", "message": f"The group {name} still has properties"} | kind  # our sentence
        # The whole body stands once more as JSON text in its message [K].
        raise Rejected(400, orjson.dumps(told).decode(), kind["category"], kind["subCategory"])
    for row in question.site.find(PROPERTY_GROUPS, "object = ? AND name = ?", (question.object_type.name, name)):
        question.site.remove(PROPERTY_GROUPS, row["id"])
    return Answer(204)


# --- parts ---


def shown(definition: Definition) -> dict[str, Any]:
    """A definition on the wire; `hubspotDefined` is absent on an app's own [X live][REC]."""
    stored = definition.custom or {}
    kept = {option["value"]: option for option in stored.get("options", ())}
    options = [_shown_option(option, at, kept.get(option.value, {})) for at, option in enumerate(definition.options)]
    answer: dict[str, Any] = {}
    if stored:
        answer |= {"updatedAt": iso(stored["updatedAt"]), "createdAt": iso(stored["createdAt"])}
    answer |= {
        "name": definition.name,
        "label": definition.label,
        "type": definition.type,
        "fieldType": definition.field_type,
        "description": stored.get("description", ""),
        "groupName": definition.group,
        "options": options,
        "displayOrder": stored.get("displayOrder", -1),
        "calculated": definition.calculated,
        "externalOptions": definition.external_options,
        "archived": bool(stored.get("archived")),
        "hasUniqueValue": definition.unique,
        "hidden": definition.hidden,
    } | {name: stored[name] for name in HINTS if name in stored}
    if stored.get("archived"):
        answer["archivedAt"] = iso(stored["archivedAt"])
    if definition.hubspot_defined:
        answer["hubspotDefined"] = True
    own = not definition.hubspot_defined
    changeable = {"archivable": own, "readOnlyDefinition": definition.fixed, "readOnlyValue": definition.read_only}
    return answer | {"modificationMetadata": changeable, "formField": definition.form_field}


def _shown_option(option: Option, at: int, stored: Mapping[str, Any]) -> dict[str, Any]:
    told = {"label": option.label, "value": option.value}
    if stored.get("description"):
        told["description"] = stored["description"]
    return told | {"displayOrder": stored.get("displayOrder", at), "hidden": stored.get("hidden", False)}


def create_one(site: Site, object_type: ObjectType, sent: Mapping[str, Any]) -> Definition:
    name = ask.required(sent, "name", str)
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        raise errors.bad_request(  # our reading
            f"Property name {name} is invalid: it must begin with a letter, hold lower case letters, digits and "
            f"underscores alone, and have at most {LONGEST_NAME} characters"
        )
    body = _read_body(site, object_type, sent)
    if name in schema.load(site, object_type).definitions:
        message = f"A property named '{name}' already exists."  # [K observed live]
        raise Rejected(409, message, "OBJECT_ALREADY_EXISTS", "Properties.PROPERTY_WITH_NAME_EXISTS")
    if body.get("hasUniqueValue"):
        _make_unique(site, object_type, name)
    _store(site, object_type, name, body, None)
    return _existing(site, object_type, name)


def _make_unique(site: Site, object_type: ObjectType, name: str) -> None:
    rows = site.find(PROPERTIES, "object = ?", (object_type.name,))
    if sum(1 for row in rows if row.get("hasUniqueValue") and not row["archived"]) >= MOST_UNIQUE:
        raise errors.bad_request(f"{object_type.fqn} already has {MOST_UNIQUE} unique properties")  # our sentence
    portal.index(site, object_type, name)


def _read_body(site: Site, object_type: ObjectType, sent: Mapping[str, Any]) -> Document:
    """The fields of a definition, each checked."""
    for name in UNSIMULATED:
        if sent.get(name):
            raise NotSimulated(f"{name} of a property")
    for name in ("label", "type", "fieldType", "groupName"):
        ask.required(sent, name, str)
    body = {name: ask.optional(sent, name, kind) for name, kind in KEPT.items() if sent.get(name) is not None}
    if body["fieldType"] not in FIELD_TYPES.get(body["type"], ()):
        raise errors.bad_request(f"{body['fieldType']} is not a valid fieldType for the type {body['type']}")  # ours
    if body["groupName"] not in _groups(site, object_type):
        raise errors.bad_request(f"The property group {body['groupName']} does not exist")  # our sentence
    options = _options(sent)
    if body["type"] == "enumeration" and not options and not body.get("externalOptions"):
        raise errors.bad_request("An enumeration property needs options")  # our sentence
    if body["type"] == "bool":
        options = options or [{"label": "Yes", "value": "true"}, {"label": "No", "value": "false"}]
    return body | {"options": options}


def _options(sent: Mapping[str, Any]) -> list[dict[str, Any]]:
    options: list[dict[str, Any]] = []
    for item in ask.optional(sent, "options", list):
        if not isinstance(item, dict):
            raise errors.bad_request("Some required fields were not set: [label, value]")
        option = {name: ask.required(item, name, str) for name in ("label", "value")}
        option |= {
            name: ask.optional(item, name, kind) for name, kind in _MORE_OF_OPTIONS if item.get(name) is not None
        }
        options.append(option)
    values = [option["value"] for option in options]
    if len(set(values)) < len(values):
        raise errors.bad_request("Property option values must be unique")  # our sentence
    return options


def _store(site: Site, object_type: ObjectType, name: str, body: Document, known: Definition | None) -> None:
    """A new definition; that of an archived one with this name comes back with its old age [K observed live]."""
    now = site.now()
    rows = site.find(PROPERTIES, "object = ? AND name = ?", (object_type.name, name))
    old = rows[0] if rows else {"id": site.next_id(PROPERTIES), "createdAt": now}
    fixed = {"hasUniqueValue": known.unique} if known else {}
    document = {"object": object_type.name, "name": name, "archived": False} | body | fixed
    document |= {"id": old["id"], "createdAt": old["createdAt"], "updatedAt": now}
    site.put(PROPERTIES, old["id"], document)


def _archive_one(question: Ask, definition: Definition) -> None:
    site, name = question.site, definition.name
    if definition.hubspot_defined or definition.custom is None:
        raise errors.bad_request(f'Property "{name}" is defined by HubSpot and cannot be archived')  # our sentence
    if name in (*question.object_type.required, *question.object_type.searched):
        message = f"Property {name} is in use by its object type"  # our sentence
        raise Rejected(400, message, "VALIDATION_ERROR", "PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE")
    gone = {"archived": True, "archivedAt": site.now(), "updatedAt": site.now()}
    site.put(PROPERTIES, definition.custom["id"], dict(definition.custom) | gone)


def _existing(site: Site, object_type: ObjectType, name: str) -> Definition:
    found = schema.load(site, object_type).definitions.get(name)
    if found is None:
        raise _unknown(name)
    return found


def _unknown(name: str) -> Rejected:
    return Rejected(404, f"Property {name} does not exist", "OBJECT_NOT_FOUND")  # the sentence is our reading


def _groups(site: Site, object_type: ObjectType) -> dict[str, dict[str, Any]]:
    found = {
        name: {"name": name, "label": label, "displayOrder": -1, "archived": False}
        for name, label in definitions.groups(object_type.name).items()
    }
    for row in site.find(PROPERTY_GROUPS, "object = ?", (object_type.name,)):
        told = {key: row[key] for key in ("name", "label", "displayOrder")}
        found[row["name"]] = told | {"archived": False}
    return found


def _group(question: Ask, name: str) -> dict[str, Any]:
    found = _groups(question.site, question.object_type).get(name)
    if found is None:
        raise Rejected(404, f"Property group {name} does not exist", "OBJECT_NOT_FOUND")  # our sentence
    return found


def _put_group(site: Site, object_type: ObjectType, group: Document) -> None:
    rows = site.find(PROPERTY_GROUPS, "object = ? AND name = ?", (object_type.name, group["name"]))
    id = rows[0]["id"] if rows else site.next_id(PROPERTY_GROUPS)
    site.put(PROPERTY_GROUPS, id, {"id": id, "object": object_type.name} | group)


_PARTLY = f"A definition with {UNSIMULATED[0]} answers 501."
ROUTES = (
    Route("GET", family("properties", ""), index, "schemas.read"),
    Route("POST", family("properties", ""), create, "schemas.write", partly=_PARTLY),
    Route("GET", family("properties", "/groups"), groups, "schemas.read"),
    Route("POST", family("properties", "/groups"), create_group, "schemas.write"),
    Route("GET", family("properties", "/groups/<name>"), read_group, "schemas.read"),
    Route("PATCH", family("properties", "/groups/<name>"), update_group, "schemas.write"),
    Route("DELETE", family("properties", "/groups/<name>"), archive_group, "schemas.write"),
    Route("POST", family("properties", "/batch/create"), batch_create, "schemas.write", partly=_PARTLY),
    Route("POST", family("properties", "/batch/read"), batch_read, "schemas.read"),
    Route("POST", family("properties", "/batch/archive"), batch_archive, "schemas.write"),
    Route("GET", family("properties", "/<name>"), read, "schemas.read"),
    Route("PATCH", family("properties", "/<name>"), update, "schemas.write"),
    Route("DELETE", family("properties", "/<name>"), archive, "schemas.write"),
)

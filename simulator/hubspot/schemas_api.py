"""The schemas API [S]: object types of the portal's own, and how HubSpot's own look there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from simulator.hubspot import (
    ask,
    association_types,
    custom_objects,
    definitions,
    errors,
    links,
    portal,
    properties,
    schema,
)
from simulator.hubspot.ask import Ask
from simulator.hubspot.association_types import AssociationType
from simulator.hubspot.errors import Answer, Rejected
from simulator.hubspot.instants import iso
from simulator.hubspot.objects import OBJECT_TYPES, ObjectType
from simulator.hubspot.routes import VERSIONS, Route
from simulator.kernel.resource import Document
from simulator.kernel.simulation import Site

MOST_SCHEMAS = 10  # of one portal: our reading
MOST_PROPERTIES = 100  # that a new schema brings: our reading
LONGEST_LABEL = 100  # our reading
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,49}")
NAMES = ("requiredProperties", "searchableProperties", "secondaryDisplayProperties")


def index(question: Ask) -> Answer:
    """The portal's own schemas."""
    site = question.site
    rows = site.find(custom_objects.SCHEMAS, "archived = ?", (int(question.flag("archived")),))
    return Answer(200, {"results": [_shown(site, document) for document in rows]})


def read(question: Ask) -> Answer:
    """A schema; HubSpot's own types have one too [REC]."""
    if not question.object_type.custom:
        return Answer(200, _standard(question.site, question.object_type))
    return Answer(200, _shown(question.site, _document(question.site, question.object_type)))


def create(question: Ask) -> Answer:
    """A new object type with its properties and the plain association types to the objects that it goes with."""
    site, body = question.site, question.object_body()
    name, targets = _new_name(site, body), _targets(question, body)
    number = site.next_id(custom_objects.SCHEMAS)
    times = {"createdAt": site.now(), "updatedAt": site.now()}
    document = {"id": number, "name": name, "archived": False} | _fields(body, {}) | times
    site.put(custom_objects.SCHEMAS, number, document)
    made = custom_objects.type_from(site, document)
    site.store.add(made.resource)
    _make_properties(site, made, ask.required(body, "properties", list))
    _refuse_unknown_names(site, made, document)
    for target in targets:
        association_types.add(site, made.name, target.name, f"{name}_to_{target.singular}")
    location = f"{ask.base_url()}/crm-object-schemas/v3/schemas/{made.name}"
    return Answer(201, _shown(site, document), {"Location": location})


def update(question: Ask) -> Answer:
    """Labels and the lists of properties; the answer leaves out properties and associations [S]."""
    document = _document(question.site, question.object_type)
    changed = document | _fields(document | dict(question.object_body()), document) | {"updatedAt": question.site.now()}
    _refuse_unknown_names(question.site, question.object_type, changed)
    question.site.put(custom_objects.SCHEMAS, document["id"], changed)
    return Answer(200, _definition(question.site, changed) | {"portalId": int(question.site.tenant)})


def delete(question: Ask, schema_type: str) -> Answer:
    """A type that still has records stays. Its name is free again after a deletion with `archived=true` [D]."""
    site = question.site
    gone = custom_objects.find(site, schema_type, archived=True) if question.flag("archived") else None
    made = gone or question.other_type(schema_type)
    document = _document(site, made)
    if site.count(made.resource, "archived = 0"):
        raise errors.bad_request(f"{made.fqn} still has records and cannot be deleted")  # our sentence
    if not question.flag("archived"):
        site.put(custom_objects.SCHEMAS, document["id"], document | {"archived": True, "updatedAt": site.now()})
        return Answer(204)
    for row in site.find(portal.PROPERTIES, "object = ?", (made.name,)):
        site.remove(portal.PROPERTIES, row["id"])
    for row in site.find(association_types.ASSOCIATION_TYPES, "source = ? OR target = ?", (made.name, made.name)):
        site.remove(association_types.ASSOCIATION_TYPES, row["id"])
    site.remove(custom_objects.SCHEMAS, document["id"])
    return Answer(204)


def create_association(question: Ask) -> Answer:
    """The plain association type to one more object type."""
    site, body = question.site, question.object_body()
    source, target = (question.other_type(ask.required(body, f"{end}ObjectTypeId", str)) for end in ("from", "to"))
    if question.object_type.name not in (source.name, target.name):
        raise errors.bad_request(f"The association does not concern {question.object_type.fqn}")  # our sentence
    if association_types.between(site, source.name, target.name):
        raise errors.bad_request(f"{source.fqn} and {target.fqn} can be associated already")  # our sentence
    word = ask.optional(body, "name", str) or f"{source.singular}_to_{target.singular}"
    return Answer(201, _association(site, association_types.add(site, source.name, target.name, word)))


def delete_association(question: Ask, id: str) -> Answer:
    """An association type of the schema, with the links that bear it."""
    _document(question.site, question.object_type)
    for row in _associations(question.site, question.object_type):
        if str(row.id) == id:
            links.drop_type(question.site, row)
            stored = association_types.stored(question.site, row.id) or {}
            question.site.remove(association_types.ASSOCIATION_TYPES, stored["id"])
            return Answer(204)
    raise Rejected(404, f"Association {id} does not exist", "OBJECT_NOT_FOUND")  # our sentence


# --- what is shown ---


def _shown(site: Site, document: Document) -> dict[str, Any]:
    made = custom_objects.type_from(site, document)
    return _definition(site, document) | _parts(site, made) | {"metaType": "PORTAL_SPECIFIC"}


def _standard(site: Site, object_type: ObjectType) -> dict[str, Any]:
    """HubSpot's own type. Its labels and lists are our reading."""
    plural = object_type.name.replace("_", " ").capitalize()
    return {
        "labels": {"singular": object_type.singular.replace("_", " ").capitalize(), "plural": plural},
        "requiredProperties": [],
        "searchableProperties": list(object_type.searched),
        "secondaryDisplayProperties": [],
        "archived": False,
        "id": object_type.type_id,
        "fullyQualifiedName": object_type.fqn,
        "objectTypeId": object_type.type_id,
        "name": object_type.fqn,
        **_parts(site, object_type),
        "metaType": "HUBSPOT",
    }


def _definition(site: Site, document: Document) -> dict[str, Any]:
    made = custom_objects.type_from(site, document)
    told = {"labels": document["labels"]} | {name: document[name] for name in NAMES}
    if document.get("description"):
        told["description"] = document["description"]
    return told | {
        "primaryDisplayProperty": document["primaryDisplayProperty"],
        "archived": document["archived"],
        "id": str(document["id"]),
        "fullyQualifiedName": made.fqn,
        "createdAt": iso(document["createdAt"]),
        "updatedAt": iso(document["updatedAt"]),
        "objectTypeId": made.type_id,
        "name": document["name"],
    }


def _parts(site: Site, object_type: ObjectType) -> dict[str, Any]:
    found = schema.load(site, object_type).definitions
    return {
        "properties": [properties.shown(found[name]) for name in sorted(found)],
        "associations": [_association(site, row) for row in _associations(site, object_type)],
    }


def _associations(site: Site, object_type: ObjectType) -> list[AssociationType]:
    rows = association_types.by_id(site).values()
    return sorted((row for row in rows if row.source == object_type.name), key=lambda row: row.id)


def _association(site: Site, row: AssociationType) -> dict[str, Any]:
    ends = [custom_objects.named(site, name).type_id for name in (row.source, row.target)]
    stored = association_types.stored(site, row.id) or {}
    times = {name: iso(stored[name]) for name in ("createdAt", "updatedAt") if name in stored}
    return {"fromObjectTypeId": ends[0], "toObjectTypeId": ends[1], "name": row.name, "id": str(row.id)} | times


# --- what is read ---


def _document(site: Site, object_type: ObjectType) -> Document:
    if not object_type.custom:
        raise errors.bad_request(f"{object_type.fqn} is defined by HubSpot and cannot be changed")  # our sentence
    found = site.get(custom_objects.SCHEMAS, int(object_type.type_id.partition("-")[2]))
    assert found is not None
    return found


def _new_name(site: Site, body: Mapping[str, Any]) -> str:
    name = str(ask.required(body, "name", str))
    if not _NAME.fullmatch(name):
        raise errors.bad_request(  # our reading
            f"The name {name[:60]} is not valid: letters, digits and underscores, beginning with a letter, up to 50"
        )
    known = site.find(custom_objects.SCHEMAS)
    taken = {document["name"].lower() for document in known}
    taken |= {word.lower() for row in OBJECT_TYPES for word in (row.name, row.singular)}
    if name.lower() in taken:
        raise Rejected(409, f"An object type named {name} already exists", "OBJECT_ALREADY_EXISTS")  # our sentence
    if len(known) >= MOST_SCHEMAS:
        raise errors.bad_request(f"A portal has at most {MOST_SCHEMAS} custom object types")  # our sentence
    return name


def _fields(body: Mapping[str, Any], old: Mapping[str, Any]) -> Document:
    labels = ask.required(body, "labels", dict)
    told = {word: ask.required(labels, word, str)[:LONGEST_LABEL] for word in ("singular", "plural")}
    lists = {name: ask.words(body, name) for name in NAMES}
    primary = ask.optional(body, "primaryDisplayProperty", str) or old.get("primaryDisplayProperty")
    primary = primary or next(iter(lists["requiredProperties"]), "")
    return lists | {
        "labels": told,
        "primaryDisplayProperty": primary,
        "description": ask.optional(body, "description", str),
    }


def _targets(question: Ask, body: Mapping[str, Any]) -> list[ObjectType]:
    return [question.other_type(word) for word in dict.fromkeys(ask.words(body, "associatedObjects"))]


def _make_properties(site: Site, object_type: ObjectType, sent: list[Any]) -> None:
    if not 1 <= len(sent) <= MOST_PROPERTIES:
        raise errors.bad_request(f"A schema brings 1 to {MOST_PROPERTIES} properties")  # our sentence
    group = definitions.main_group(object_type.name)
    for item in sent:
        if not isinstance(item, dict):
            raise errors.bad_request("Some required fields were not set: [name, label, type, fieldType]")
        properties.create_one(site, object_type, {"groupName": group} | item)


def _refuse_unknown_names(site: Site, object_type: ObjectType, document: Document) -> None:
    known = schema.load(site, object_type).definitions
    for name in (document["primaryDisplayProperty"], *(word for key in NAMES for word in document[key])):
        if name not in known:
            raise errors.bad_request(f"Property {name} does not exist on {object_type.fqn}")  # our sentence


def _both(rest: str) -> tuple[str, ...]:
    """Clients, dated clients, and the older path that connectors call [PY][SDK][TAP]."""
    bases = ("/crm-object-schemas/v3/schemas", f"/crm-object-schemas/{VERSIONS}/schemas", "/crm/v3/schemas")
    return tuple(f"{base}{rest}" for base in bases)


ROUTES = (
    Route("GET", _both(""), index, "crm.schemas.custom.read"),
    Route("POST", _both(""), create, "crm.schemas.custom.write"),
    Route("GET", _both("/<type>"), read, "schemas.read"),
    Route("PATCH", _both("/<type>"), update, "schemas.write"),
    Route("DELETE", _both("/<schema_type>"), delete, "crm.schemas.custom.write"),
    Route("POST", _both("/<type>/associations"), create_association, "schemas.write"),
    Route("DELETE", _both("/<type>/associations/<id>"), delete_association, "schemas.write"),
)

"""Associations as v3 speaks of them: by names, as sub-resources of a record [D24] and in batches [S]."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.hubspot import ask, association_types, associations, crm, errors, links, records, wire_form
from simulator.hubspot.ask import Ask
from simulator.hubspot.association_types import AssociationType
from simulator.hubspot.errors import Answer
from simulator.hubspot.objects import ObjectType
from simulator.hubspot.routes import Route
from simulator.kernel.simulation import Site


def index(question: Ask, id: str, to: str) -> Answer:
    """One record's links to one type, as v3 shows them."""
    target = question.other_type(to)
    associations.require(question, question.object_type, id)
    return Answer(200, {"results": _linked(question, id, target)})


def put(question: Ask, id: str, to: str, to_id: str, named: str) -> Answer:
    """Link two records by one type, named or by number."""
    source, target = question.object_type, question.other_type(to)
    row = _named(question.site, source, target, named)
    links.require_both(question.site, source, id, target, to_id)
    links.connect(question.site, id, to_id, [row])
    desk = records.desk(question.grant, source)
    document = records.find(question.site, source, id)
    assert document is not None
    associations = {"associations": crm.associations_of(desk, document, [target])}
    return Answer(200, wire_form.read(desk, document) | associations)


def delete(question: Ask, id: str, to: str, to_id: str, named: str) -> Answer:
    """Take one type away from two records."""
    source, target = question.object_type, question.other_type(to)
    row = _named(question.site, source, target, named)
    if ask.is_id(id) and ask.is_id(to_id):
        links.disconnect(question.site, source.name, id, target.name, to_id, row.id)
    return Answer(204)


# --- batches ---


def types(question: Ask, to: str) -> Answer:
    """The types between two object types, by number and name."""
    rows = association_types.between(question.site, question.object_type.name, question.other_type(to).name)
    return Answer(200, {"results": [{"id": str(row.id), "name": row.name} for row in rows]})


def batch_create(question: Ask, to: str) -> Answer:
    """Link pairs of records, each by the type that it names."""
    source, target = question.object_type, question.other_type(to)

    def one(item: Mapping[str, Any]) -> list[dict[str, Any]]:
        named = ask.required(item, "type", str)
        row = _named(question.site, source, target, named)
        id, to_id = associations.ends(item)
        links.require_both(question.site, source, id, target, to_id)
        links.connect(question.site, id, to_id, [row])
        return [{"from": {"id": id}, "to": {"id": to_id}, "type": row.name}]

    return associations.batch(question, 201, one)


def batch_read(question: Ask, to: str) -> Answer:
    """Records without links are listed as errors, as in v4 [GK, unverified]."""
    source, target = question.object_type, question.other_type(to)
    results, failed = [], []
    for item in question.inputs(associations.MOST_READ):
        id = ask.id_text(item)
        found = _linked(question, id, target)
        if found:
            results.append({"from": {"id": id}, "to": found})
        else:
            failed.append(associations.nothing_linked(source, id, target))
    return Answer(207 if failed else 200, wire_form.batch_envelope(question.site.now(), results, failed))


def batch_archive(question: Ask, to: str) -> Answer:
    """Unlink pairs of records, each by the type that it names."""
    source, target = question.object_type, question.other_type(to)
    for item in question.inputs(associations.MOST_WRITTEN):
        row = _named(question.site, source, target, ask.required(item, "type", str))
        id, to_id = associations.ends(item)
        if ask.is_id(id) and ask.is_id(to_id):
            links.disconnect(question.site, source.name, id, target.name, to_id, row.id)
    return Answer(204)


def _linked(question: Ask, id: str, target: ObjectType) -> list[dict[str, str]]:
    linked = links.linked(question.site, question.object_type, id, target)
    return [{"id": str(other), "type": row.name} for other, types in linked for row in types]


def _named(site: Site, source: ObjectType, target: ObjectType, named: str) -> AssociationType:
    """A type by its number or its v3 name."""
    for row in association_types.between(site, source.name, target.name):
        if named in (str(row.id), row.name):
            return row
    raise errors.bad_request(f"{named} is no association type from {source.type_id} to {target.type_id}")  # ours


_RECORD, _PAIR = "/crm/v3/objects/<type>/<id>/associations/<to>", "/crm/v3/associations/<type>/<to>"
ROUTES = (
    Route("GET", (_RECORD,), index, "objects.read"),
    Route("PUT", (f"{_RECORD}/<to_id>/<named>",), put, "objects.write"),
    Route("DELETE", (f"{_RECORD}/<to_id>/<named>",), delete, "objects.write"),
    Route("GET", (f"{_PAIR}/types",), types, "objects.read"),
    Route("POST", (f"{_PAIR}/batch/create",), batch_create, "objects.write"),
    Route("POST", (f"{_PAIR}/batch/read",), batch_read, "objects.read"),
    Route("POST", (f"{_PAIR}/batch/archive",), batch_archive, "objects.write"),
)

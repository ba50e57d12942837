"""The associations API: v4 with its dated twin, and the v3 sub-resources of a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.hubspot import ask, crm, errors, links, records, wire_form
from simulator.hubspot.ask import Ask
from simulator.hubspot.errors import Answer
from simulator.hubspot.links import AssociationType
from simulator.hubspot.objects import ObjectType
from simulator.hubspot.routes import VERSIONS, Route
from simulator.kernel.errors import Refusal

MOST_WRITTEN = 2_000  # inputs of a batch create or archive; unverified [GK]
MOST_READ = 1_000
MOST_IN_A_PAGE = 500
UNLABELLED = "HUBSPOT_DEFINED"


def index(question: Ask, id: str, to: str) -> Answer:
    """One record's links to one type; `toObjectId` is a number on the wire [X]."""
    source, target = question.object_type, ask.object_type_of(to)
    _require(question, source, id)
    limit, after = question.limit(MOST_IN_A_PAGE, MOST_IN_A_PAGE), question.after()
    found = [pair for pair in links.linked(question.site, source, id, target) if pair[0] > after]
    answer: dict[str, Any] = {"results": [_shown(*pair) for pair in found[:limit]]}
    if len(found) > limit:
        last = str(found[limit - 1][0])
        answer["paging"] = {"next": {"after": last, "link": f"{ask.base_url()}{ask.path_with(after=last)}"}}
    return Answer(200, answer)


def put_default(question: Ask, id: str, to: str, to_id: str) -> Answer:
    """Link two records by the default type of their pair."""
    source, target = question.object_type, ask.object_type_of(to)
    links.require_both(question.site, source, id, target, to_id)
    row = _default(source, target)
    links.connect(question.site, id, to_id, [row])
    return Answer(200, wire_form.batch_envelope(question.site.now(), _both_directions(row, id, to_id)))


def put_labelled(question: Ask, id: str, to: str, to_id: str) -> Answer:
    """Link two records by the types that are sent."""
    source, target = question.object_type, ask.object_type_of(to)
    types = _types(source, target, question.list_body())
    links.require_both(question.site, source, id, target, to_id)
    links.connect(question.site, id, to_id, types)
    return Answer(201, _pair(source, id, target, to_id, types))


def delete(question: Ask, id: str, to: str, to_id: str) -> Answer:
    """All links between two records go."""
    target = ask.object_type_of(to)
    if ask.is_id(id) and ask.is_id(to_id):
        links.disconnect(question.site, question.object_type.name, id, target.name, to_id)
    return Answer(204)


def batch_create(question: Ask, to: str) -> Answer:
    """Link pairs of records, each by the types that are sent."""
    source, target = question.object_type, ask.object_type_of(to)

    def one(item: Mapping[str, Any]) -> list[dict[str, Any]]:
        types = _types(source, target, ask.required(item, "types", list))
        id, to_id = _ends(item)
        links.require_both(question.site, source, id, target, to_id)
        links.connect(question.site, id, to_id, types)
        return [_pair(source, id, target, to_id, types)]

    return _batch(question, 201, one)


def batch_default(question: Ask, to: str) -> Answer:
    """Link pairs of records by the default type."""
    source, target = question.object_type, ask.object_type_of(to)
    row = _default(source, target)

    def one(item: Mapping[str, Any]) -> list[dict[str, Any]]:
        id, to_id = _ends(item)
        links.require_both(question.site, source, id, target, to_id)
        links.connect(question.site, id, to_id, [row])
        return _both_directions(row, id, to_id)

    return _batch(question, 200, one)


def batch_read(question: Ask, to: str) -> Answer:
    """Records without links are missing from the results and listed as errors [GK, unverified]."""
    source, target = question.object_type, ask.object_type_of(to)
    results, failed = [], []
    for item in question.inputs(MOST_READ):
        id = ask.id_text(item)
        found = links.linked(question.site, source, id, target)
        after = ask.whole(item.get("after") or 0, "after", 0, 2**62)
        page = [_shown(*pair) for pair in found if pair[0] > after][:MOST_IN_A_PAGE]
        if not found:
            failed.append(_nothing_linked(source, id, target))
        else:
            rest = len([pair for pair in found if pair[0] > after]) > len(page)
            more = {"paging": {"next": {"after": str(page[-1]["toObjectId"])}}} if rest else {}
            results.append({"from": {"id": id}, "to": page} | more)
    return Answer(207 if failed else 200, wire_form.batch_envelope(question.site.now(), results, failed))


def batch_archive(question: Ask, to: str) -> Answer:
    """Unlink pairs of records."""
    target = ask.object_type_of(to)
    for item in question.inputs(MOST_WRITTEN):
        id = ask.id_text(ask.required(item, "from", dict))
        for other in ask.required(item, "to", list):
            to_id = ask.id_text(other if isinstance(other, dict) else {})
            if ask.is_id(id) and ask.is_id(to_id):
                links.disconnect(question.site, question.object_type.name, id, target.name, to_id)
    return Answer(204)


def batch_archive_dated(question: Ask, to: str) -> Answer:
    """The dated family answers with an envelope where v4 has no body [S]."""
    batch_archive(question, to)
    return Answer(200, wire_form.batch_envelope(question.site.now(), []))


def labels(question: Ask, to: str) -> Answer:
    """The types between two object types."""
    rows = links.between(question.object_type.name, ask.object_type_of(to).name)
    return Answer(200, {"results": [_type(row) for row in rows]})


# --- the v3 sub-resources [D24] ---


def v3_index(question: Ask, id: str, to: str) -> Answer:
    """One record's links to one type, as v3 shows them."""
    target = ask.object_type_of(to)
    _require(question, question.object_type, id)
    linked = links.linked(question.site, question.object_type, id, target)
    return Answer(200, {"results": [{"id": str(other), "type": row.name} for other, types in linked for row in types]})


def v3_put(question: Ask, id: str, to: str, to_id: str, named: str) -> Answer:
    """Link two records by one type, named or by number."""
    source, target = question.object_type, ask.object_type_of(to)
    row = _named(source, target, named)
    links.require_both(question.site, source, id, target, to_id)
    links.connect(question.site, id, to_id, [row])
    desk = records.desk(question.grant, source)
    document = records.find(question.site, source, id)
    assert document is not None
    associations = {"associations": crm.associations_of(desk, document, [target])}
    return Answer(200, wire_form.read(desk, document) | associations)


def v3_delete(question: Ask, id: str, to: str, to_id: str, named: str) -> Answer:
    """Take one type away from two records."""
    source, target = question.object_type, ask.object_type_of(to)
    row = _named(source, target, named)
    if ask.is_id(id) and ask.is_id(to_id):
        links.disconnect(question.site, source.name, id, target.name, to_id, row.id)
    return Answer(204)


# --- parts ---


def _batch(question: Ask, status: int, one: Any) -> Answer:
    """Good inputs are carried out, bad ones listed in a 207. Our reading."""
    results: list[dict[str, Any]] = []
    failed = []
    for item in question.inputs(MOST_WRITTEN):
        try:
            results += one(item)
        except errors.Rejected as error:
            failed.append(errors.in_batch(error, int(question.grant.tenant), {}))
    return Answer(207 if failed else status, wire_form.batch_envelope(question.site.now(), results, failed))


def _ends(item: Mapping[str, Any]) -> tuple[str, str]:
    return ask.id_text(ask.required(item, "from", dict)), ask.id_text(ask.required(item, "to", dict))


def _types(source: ObjectType, target: ObjectType, sent: list[Any]) -> list[AssociationType]:
    types = crm.association_types(source, sent)
    for row in types:
        if row.target != target.name:
            expected = ask.object_type_of(row.target).type_id
            raise errors.bad_request(
                f"invalid to object type {target.type_id} for associations to be created. expected: {expected}"
            )
    return types


def _default(source: ObjectType, target: ObjectType) -> AssociationType:
    rows = links.between(source.name, target.name)
    if not rows:
        raise errors.bad_request(f"No association type is defined from {source.type_id} to {target.type_id}")  # ours
    return rows[0]


def _named(source: ObjectType, target: ObjectType, named: str) -> AssociationType:
    """A type by its number or its v3 name."""
    for row in links.between(source.name, target.name):
        if named in (str(row.id), row.name):
            return row
    raise errors.bad_request(f"{named} is no association type from {source.type_id} to {target.type_id}")  # ours


def _require(question: Ask, object_type: ObjectType, id: str) -> None:
    if records.find(question.site, object_type, id) is None:
        raise errors.missing("Object", id)


def _shown(id: int, types: list[AssociationType]) -> dict[str, Any]:
    return {"toObjectId": id, "associationTypes": [_type(row) for row in types]}


def _type(row: AssociationType) -> dict[str, Any]:
    return {"category": UNLABELLED, "typeId": row.id, "label": row.label}


def _pair(source: ObjectType, id: str, target: ObjectType, to_id: str, types: list[AssociationType]) -> dict[str, Any]:
    ends = {"fromObjectTypeId": source.type_id, "fromObjectId": int(id)}
    others = {"toObjectTypeId": target.type_id, "toObjectId": int(to_id)}
    return ends | others | {"labels": [row.label for row in types if row.label]}


def _both_directions(row: AssociationType, id: str, to_id: str) -> list[dict[str, Any]]:
    return [_spec(row.id, id, to_id), _spec(row.inverse, to_id, id)]


def _spec(type_id: int, id: str, to_id: str) -> dict[str, Any]:
    spec = {"associationCategory": UNLABELLED, "associationTypeId": type_id}
    return {"from": {"id": id}, "to": {"id": to_id}, "associationSpec": spec}


def _nothing_linked(source: ObjectType, id: str, target: ObjectType) -> dict[str, Any]:
    """[GK, unverified]"""
    error: Refusal = errors.Rejected(
        404,
        f"No {target.singular} is associated with {source.singular} {id}.",
        "OBJECT_NOT_FOUND",
        "crm.associations.NO_ASSOCIATIONS_FOUND",
    )
    context = {"fromObjectId": [id], "fromObjectType": [source.singular], "toObjectType": [target.singular]}
    return errors.in_batch(error, 0, context)


def _record(rest: str) -> tuple[str, ...]:
    return (
        f"/crm/v4/objects/<type>/<id>/associations{rest}",
        f"/crm/objects/{VERSIONS}/<type>/<id>/associations{rest}",
    )


_V4, _DATED = "/crm/v4/associations/<type>/<to>", f"/crm/associations/{VERSIONS}/<type>/<to>"
_V3 = "/crm/v3/objects/<type>/<id>/associations/<to>"

ROUTES = (
    Route("GET", _record("/<to>"), index, "objects.read"),
    Route("PUT", _record("/default/<to>/<to_id>"), put_default, "objects.write"),
    Route("PUT", _record("/<to>/<to_id>"), put_labelled, "objects.write", partly=crm.OUR_CATEGORY),
    Route("DELETE", _record("/<to>/<to_id>"), delete, "objects.write"),
    Route(
        "POST",
        (f"{_V4}/batch/create", f"{_DATED}/batch/create"),
        batch_create,
        "objects.write",
        partly=crm.OUR_CATEGORY,
    ),
    Route(
        "POST", (f"{_V4}/batch/associate/default", f"{_DATED}/batch/associate/default"), batch_default, "objects.write"
    ),
    Route("POST", (f"{_V4}/batch/read", f"{_DATED}/batch/read"), batch_read, "objects.read"),
    Route("POST", (f"{_V4}/batch/archive",), batch_archive, "objects.write"),
    Route("POST", (f"{_DATED}/batch/archive",), batch_archive_dated, "objects.write"),
    Route("GET", (f"{_V4}/labels", f"{_DATED}/labels"), labels, "objects.read"),
    Route("GET", (_V3,), v3_index, "objects.read"),
    Route("PUT", (f"{_V3}/<to_id>/<named>",), v3_put, "objects.write"),
    Route("DELETE", (f"{_V3}/<to_id>/<named>",), v3_delete, "objects.write"),
)

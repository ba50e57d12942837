"""The associations API: v4 with its dated twin [S]."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.hubspot import ask, association_types, crm, custom_objects, errors, links, records, wire_form
from simulator.hubspot.ask import Ask
from simulator.hubspot.association_types import USER_DEFINED, AssociationType
from simulator.hubspot.errors import Answer
from simulator.hubspot.objects import ObjectType
from simulator.hubspot.routes import VERSIONS, Route
from simulator.kernel.errors import Refusal
from simulator.kernel.simulation import Site

MOST_WRITTEN = 2_000  # inputs of a batch create or archive; unverified [GK]
MOST_READ = 1_000
MOST_IN_A_PAGE = 500
MOST_LABELS = 50  # of one pair of object types; our reading
LONGEST_LABEL = 50  # our reading


def index(question: Ask, id: str, to: str) -> Answer:
    """One record's links to one type; `toObjectId` is a number on the wire [X]."""
    source, target = question.object_type, question.other_type(to)
    require(question, source, id)
    limit, after = question.limit(MOST_IN_A_PAGE, MOST_IN_A_PAGE), question.after()
    found = [pair for pair in links.linked(question.site, source, id, target) if pair[0] > after]
    answer: dict[str, Any] = {"results": [_shown(*pair) for pair in found[:limit]]}
    if len(found) > limit:
        last = str(found[limit - 1][0])
        answer["paging"] = {"next": {"after": last, "link": f"{ask.base_url()}{ask.path_with(after=last)}"}}
    return Answer(200, answer)


def put_default(question: Ask, id: str, to: str, to_id: str) -> Answer:
    """Link two records by the default type of their pair."""
    source, target = question.object_type, question.other_type(to)
    links.require_both(question.site, source, id, target, to_id)
    row = _default(question, source, target)
    links.connect(question.site, id, to_id, [row])
    return Answer(200, wire_form.batch_envelope(question.site.now(), _both_directions(row, id, to_id)))


def put_labelled(question: Ask, id: str, to: str, to_id: str) -> Answer:
    """Link two records by the types that are sent."""
    source, target = question.object_type, question.other_type(to)
    types = _types(question.site, source, target, question.list_body())
    links.require_both(question.site, source, id, target, to_id)
    links.connect(question.site, id, to_id, types)
    return Answer(201, _pair(source, id, target, to_id, types))


def delete(question: Ask, id: str, to: str, to_id: str) -> Answer:
    """All links between two records go."""
    target = question.other_type(to)
    if ask.is_id(id) and ask.is_id(to_id):
        links.disconnect(question.site, question.object_type.name, id, target.name, to_id)
    return Answer(204)


def batch_create(question: Ask, to: str) -> Answer:
    """Link pairs of records, each by the types that are sent."""
    source, target = question.object_type, question.other_type(to)

    def one(item: Mapping[str, Any]) -> list[dict[str, Any]]:
        types = _types(question.site, source, target, ask.required(item, "types", list))
        id, to_id = ends(item)
        links.require_both(question.site, source, id, target, to_id)
        links.connect(question.site, id, to_id, types)
        return [_pair(source, id, target, to_id, types)]

    return batch(question, 201, one)


def batch_default(question: Ask, to: str) -> Answer:
    """Link pairs of records by the default type."""
    source, target = question.object_type, question.other_type(to)
    row = _default(question, source, target)

    def one(item: Mapping[str, Any]) -> list[dict[str, Any]]:
        id, to_id = ends(item)
        links.require_both(question.site, source, id, target, to_id)
        links.connect(question.site, id, to_id, [row])
        return _both_directions(row, id, to_id)

    return batch(question, 200, one, partial=200)  # [S] names no other status here; the body tells of errors


def batch_read(question: Ask, to: str) -> Answer:
    """Records without links are missing from the results and listed as errors [GK, unverified]."""
    source, target = question.object_type, question.other_type(to)
    results, failed = [], []
    for item in question.inputs(MOST_READ):
        id = ask.id_text(item)
        found = links.linked(question.site, source, id, target)
        after = ask.whole(item.get("after") or 0, "after", 0, 2**62)
        page = [_shown(*pair) for pair in found if pair[0] > after][:MOST_IN_A_PAGE]
        if not found:
            failed.append(nothing_linked(source, id, target))
        else:
            rest = len([pair for pair in found if pair[0] > after]) > len(page)
            more = {"paging": {"next": {"after": str(page[-1]["toObjectId"])}}} if rest else {}
            results.append({"from": {"id": id}, "to": page} | more)
    return Answer(207 if failed else 200, wire_form.batch_envelope(question.site.now(), results, failed))


def batch_archive(question: Ask, to: str) -> Answer:
    """Unlink pairs of records."""
    target = question.other_type(to)
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


def batch_labels_archive(question: Ask, to: str) -> Answer:
    """Take single types away from pairs of records."""
    source, target = question.object_type, question.other_type(to)
    for item in question.inputs(MOST_WRITTEN):
        types = _types(question.site, source, target, ask.required(item, "types", list))
        id, to_id = ends(item)
        for row in types if ask.is_id(id) and ask.is_id(to_id) else ():
            links.disconnect(question.site, source.name, id, target.name, to_id, row.id)
    return Answer(204)


# --- labels ---


def labels(question: Ask, to: str) -> Answer:
    """The types between two object types."""
    rows = association_types.between(question.site, question.object_type.name, question.other_type(to).name)
    return Answer(200, {"results": [_type(row) for row in rows]})


def create_label(question: Ask, to: str) -> Answer:
    """A label of the portal's own; the answer shows it from both sides [S]."""
    source, target, body = question.object_type, question.other_type(to), question.object_body()
    _default(question, source, target)  # a pair without any type takes no label
    word, label = ask.required(body, "name", str), _label(body, "label")
    inverse = _label(body, "inverseLabel") if body.get("inverseLabel") else None
    known = association_types.between(question.site, source.name, target.name)
    if any(label.lower() == (row.label or "").lower() or word == row.word for row in known):
        raise errors.bad_request(f"An association label {label} or one named {word} exists already")  # our sentence
    if sum(1 for row in known if row.category == USER_DEFINED) >= MOST_LABELS:
        raise errors.bad_request(f"At most {MOST_LABELS} labels stand between two object types")  # our sentence
    made = association_types.add(question.site, source.name, target.name, word, label, inverse)
    shown = [_type(made)] if made.id == made.inverse else [_type(made), _type(made.turned(None))]
    return Answer(200, {"results": shown})


def update_label(question: Ask, to: str) -> Answer:
    """Other words for a label of the portal's own."""
    body = question.object_body()
    row = _own_type(question, to, ask.required(body, "associationTypeId", int))
    document = association_types.stored(question.site, row.id) or {}
    turned = row.id != document["id"]
    names = ("inverse_label", "label") if turned else ("label", "inverse_label")
    changed: dict[str, Any] = {names[0]: _label(body, "label"), "updatedAt": question.site.now()}
    if body.get("inverseLabel"):
        changed[names[1]] = _label(body, "inverseLabel")
    question.site.put(association_types.ASSOCIATION_TYPES, document["id"], document | changed)
    return Answer(204)


def delete_label(question: Ask, to: str, type_id: str) -> Answer:
    """The label goes, also from the records that bear it."""
    row = _own_type(question, to, ask.whole(type_id, "associationTypeId", 1, 2**31))
    links.drop_type(question.site, row)
    document = association_types.stored(question.site, row.id) or {}
    question.site.remove(association_types.ASSOCIATION_TYPES, document["id"])
    return Answer(204)


# --- parts ---


def batch(question: Ask, status: int, one: Any, partial: int = 207) -> Answer:
    """Good inputs are carried out, bad ones listed in a 207, or in what else is `partial`. Our reading."""
    results: list[dict[str, Any]] = []
    failed = []
    for item in question.inputs(MOST_WRITTEN):
        try:
            results += one(item)
        except errors.Rejected as error:
            failed.append(errors.in_batch(error, int(question.grant.tenant), {}))
    return Answer(partial if failed else status, wire_form.batch_envelope(question.site.now(), results, failed))


def ends(item: Mapping[str, Any]) -> tuple[str, str]:
    return ask.id_text(ask.required(item, "from", dict)), ask.id_text(ask.required(item, "to", dict))


def _types(site: Site, source: ObjectType, target: ObjectType, sent: list[Any]) -> list[AssociationType]:
    types = crm.types_of(site, source, sent)
    for row in types:
        if row.target != target.name:
            expected = custom_objects.named(site, row.target).type_id
            raise errors.bad_request(
                f"invalid to object type {target.type_id} for associations to be created. expected: {expected}"
            )
    return types


def _default(question: Ask, source: ObjectType, target: ObjectType) -> AssociationType:
    rows = association_types.between(question.site, source.name, target.name)
    if not rows:
        raise errors.bad_request(f"No association type is defined from {source.type_id} to {target.type_id}")  # ours
    return rows[0]


def _label(body: Mapping[str, Any], name: str) -> str:
    text = str(ask.required(body, name, str)).strip()
    if not 1 <= len(text) <= LONGEST_LABEL:
        raise errors.bad_request(f"{name} must have 1 to {LONGEST_LABEL} characters")  # our sentence
    return text


def _own_type(question: Ask, to: str, type_id: int) -> AssociationType:
    """A label of the portal's own between the two object types of the path."""
    for row in association_types.between(question.site, question.object_type.name, question.other_type(to).name):
        if row.id == type_id and row.category == USER_DEFINED and row.label:
            return row
    raise errors.Rejected(404, f"Association label {type_id} does not exist", "OBJECT_NOT_FOUND")  # our sentence


def require(question: Ask, object_type: ObjectType, id: str) -> None:
    if records.find(question.site, object_type, id) is None:
        raise errors.missing("Object", id)


def _shown(id: int, types: list[AssociationType]) -> dict[str, Any]:
    return {"toObjectId": id, "associationTypes": [_type(row) for row in types]}


def _type(row: AssociationType) -> dict[str, Any]:
    return {"category": row.category, "typeId": row.id, "label": row.label}


def _pair(source: ObjectType, id: str, target: ObjectType, to_id: str, types: list[AssociationType]) -> dict[str, Any]:
    ends = {"fromObjectTypeId": source.type_id, "fromObjectId": int(id)}
    others = {"toObjectTypeId": target.type_id, "toObjectId": int(to_id)}
    return ends | others | {"labels": [row.label for row in types if row.label]}


def _both_directions(row: AssociationType, id: str, to_id: str) -> list[dict[str, Any]]:
    return [_spec(row.category, row.id, id, to_id), _spec(row.category, row.inverse, to_id, id)]


def _spec(category: str, type_id: int, id: str, to_id: str) -> dict[str, Any]:
    spec = {"associationCategory": category, "associationTypeId": type_id}
    return {"from": {"id": id}, "to": {"id": to_id}, "associationSpec": spec}


def nothing_linked(source: ObjectType, id: str, target: ObjectType) -> dict[str, Any]:
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

ROUTES = (
    Route("GET", _record("/<to>"), index, "objects.read"),
    Route("PUT", _record("/default/<to>/<to_id>"), put_default, "objects.write"),
    Route("PUT", _record("/<to>/<to_id>"), put_labelled, "objects.write", partly=crm.OUR_CATEGORIES),
    Route("DELETE", _record("/<to>/<to_id>"), delete, "objects.write"),
    Route(
        "POST",
        (f"{_V4}/batch/create", f"{_DATED}/batch/create"),
        batch_create,
        "objects.write",
        partly=crm.OUR_CATEGORIES,
    ),
    Route(
        "POST", (f"{_V4}/batch/associate/default", f"{_DATED}/batch/associate/default"), batch_default, "objects.write"
    ),
    Route("POST", (f"{_V4}/batch/read", f"{_DATED}/batch/read"), batch_read, "objects.read"),
    Route("POST", (f"{_V4}/batch/archive",), batch_archive, "objects.write"),
    Route("POST", (f"{_DATED}/batch/archive",), batch_archive_dated, "objects.write"),
    Route(
        "POST",
        (f"{_V4}/batch/labels/archive", f"{_DATED}/batch/labels/archive"),
        batch_labels_archive,
        "objects.write",
    ),
    Route("GET", (f"{_V4}/labels", f"{_DATED}/labels"), labels, "objects.read"),
    Route("POST", (f"{_V4}/labels", f"{_DATED}/labels"), create_label, "schemas.write"),
    Route("PUT", (f"{_V4}/labels", f"{_DATED}/labels"), update_label, "schemas.write"),
    Route("DELETE", (f"{_V4}/labels/<type_id>", f"{_DATED}/labels/<type_id>"), delete_label, "schemas.write"),
)

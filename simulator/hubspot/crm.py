"""Single records of the object API [S]: list, create, read, update, archive, merge, erase."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.hubspot import ask, custom_objects, errors, lifecycle, links, records, wire_form
from simulator.hubspot.ask import Ask
from simulator.hubspot.association_types import CATEGORIES, AssociationType
from simulator.hubspot.errors import Answer
from simulator.hubspot.objects import ObjectType, other_spellings
from simulator.hubspot.records import Desk, Written
from simulator.hubspot.routes import Route, objects
from simulator.kernel.errors import NotSimulated
from simulator.kernel.resource import Document
from simulator.kernel.simulation import Site

MOST_IN_A_PAGE = 100
MOST_WITH_HISTORY = 50
OUR_CATEGORIES = "Associations of the category INTEGRATOR_DEFINED answer 501."  # a word for the documentation


def index(question: Ask) -> Answer:
    """A page of records by ascending id; `after` is the last id seen [X][GK]."""
    history = question.names("propertiesWithHistory")
    limit = question.limit(10, MOST_WITH_HISTORY if history else MOST_IN_A_PAGE)
    desk, after = records.desk(question.grant, question.object_type), question.after()
    found = records.listed(desk.site, desk.object_type, after, limit + 1, question.flag("archived"))
    page = found[:limit]
    answer: dict[str, Any] = {"results": [_full(question, desk, document) for document in page]}
    if len(found) > limit:
        answer["paging"] = {"next": _next(page[-1]["id"])}
    return Answer(200, answer)


def create(question: Ask) -> Answer:
    desk = records.desk(question.grant, question.object_type)
    write = create_one(desk, question.object_body())
    location = f"{ask.base_url()}/crm/v3/objects/{desk.object_type.name}/{write.document['id']}"
    return Answer(201, wire_form.written(desk, write), {"Location": location})


def read(question: Ask, id: str) -> Answer:
    desk = records.desk(question.grant, question.object_type)
    document = _find(question, desk, id, question.flag("archived"))
    return Answer(200, _full(question, desk, document))


def update(question: Ask, id: str) -> Answer:
    desk = records.desk(question.grant, question.object_type)
    document = _find(question, desk, id)
    sent = ask.required(question.object_body(), "properties", dict)
    return Answer(200, wire_form.written(desk, records.update(desk, document, sent)))


def archive(question: Ask, id: str) -> Answer:
    """204 also where there is nothing (left) to archive [GK]."""
    archive_one(records.desk(question.grant, question.object_type), id)
    return Answer(204)


def merge(question: Ask) -> Answer:
    """Two records become one; the id of the other leads to it from now on."""
    desk, body = records.desk(question.grant, question.object_type), question.object_body()
    survivor = lifecycle.merge(desk, ask.id_text(body, "primaryObjectId"), ask.id_text(body, "objectIdToMerge"))
    return Answer(200, wire_form.read(desk, survivor))


def gdpr_delete(question: Ask) -> Answer:
    """A contact goes for good. An e-mail that no contact has is barred from use [S]."""
    desk, body = records.desk(question.grant, question.object_type), question.object_body()
    if not desk.object_type.key:
        raise NotSimulated(f"GDPR deletion of {desk.object_type.name}")
    id, id_property = ask.id_text(body, "objectId"), ask.optional(body, "idProperty", str)
    if id_property:
        document = records.find_by(desk.site, desk.schema, id_property, id)
    else:
        document = records.find(desk.site, desk.object_type, id)
        document = document or records.find(desk.site, desk.object_type, id, archived=True)
    if document is not None:
        lifecycle.erase(desk, document)
    elif id_property == desk.object_type.key:
        lifecycle.block(desk, id)
    return Answer(204)


def create_one(desk: Desk, item: Mapping[str, Any]) -> Written:
    """A record with its associations, all checked before anything is written."""
    wanted = [_association(desk, row) for row in ask.optional(item, "associations", list)]
    write = records.create(desk, ask.optional(item, "properties", dict))
    for target_id, types in wanted:
        for row in types:
            links.connect(desk.site, write.document["id"], target_id, [row])
    return write


def archive_one(desk: Desk, id: str) -> None:
    document = records.find(desk.site, desk.object_type, id)
    if document is not None:
        records.archive(desk, document)
        links.disconnect_all(desk.site, desk.object_type, document["id"])


def associations_of(desk: Desk, document: Document, targets: list[ObjectType]) -> dict[str, Any]:
    """The v3 view of a record's links; a type without any is left out."""
    found = {}
    for target in targets:
        linked = links.linked(desk.site, desk.object_type, document["id"], target)
        results = [{"id": str(id), "type": row.name} for id, types in linked for row in types]
        if results:
            found[target.label] = {"results": results}
    return found


def types_of(site: Site, source: ObjectType, types: list[Any]) -> list[AssociationType]:
    """The association types that a request names by category and number."""
    found = []
    for item in types:
        if not isinstance(item, dict):
            raise errors.bad_request("An association type needs associationCategory and associationTypeId")
        category = ask.required(item, "associationCategory", str)
        if category not in CATEGORIES:
            raise NotSimulated(f"associations of the category {category}")
        found.append(links.type_of(site, source, ask.required(item, "associationTypeId", int), category))
    if not found:
        raise errors.bad_request("Some required fields were not set: [types]")
    return found


def _association(desk: Desk, item: Any) -> tuple[str, list[AssociationType]]:
    """One of the associations that a new record brings; the type tells what it points to."""
    if not isinstance(item, dict):
        raise errors.bad_request("Some required fields were not set: [to, types]")
    target_id = ask.id_text(ask.required(item, "to", dict))
    types = types_of(desk.site, desk.object_type, ask.required(item, "types", list))
    for row in types:
        target = custom_objects.named(desk.site, row.target)
        if records.find(desk.site, target, target_id) is None:
            context = {"objectId": [target_id], "objectType": [target.type_id]}
            raise errors.Rejected(400, "One or more associations are invalid", "VALIDATION_ERROR", context=context)
    return target_id, types


def _find(question: Ask, desk: Desk, id: str, archived: bool = False) -> Document:
    id_property = question.text("idProperty")
    if id_property:
        document = records.find_by(desk.site, desk.schema, id_property, id)
    else:
        document = records.find(desk.site, desk.object_type, id, archived)
    if document is None:
        raise errors.Rejected(404, "resource not found") if id_property else errors.missing("Object", id)
    return document


def _full(question: Ask, desk: Desk, document: Document) -> dict[str, Any]:
    """A record with what the query asks for."""
    names, history = question.names("properties"), question.names("propertiesWithHistory")
    answer = wire_form.read(desk, document, names, history)
    # Of a type that is not simulated there are no records, so nothing is linked to one.
    targets = [question.other_type(word) for word in question.names("associations") if word not in other_spellings()]
    linked = associations_of(desk, document, targets)
    return answer | ({"associations": linked} if linked else {})


def _next(last_id: str) -> dict[str, str]:
    return {"after": last_id, "link": f"{ask.base_url()}{ask.path_with(after=last_id)}"}


ROUTES = (
    Route("GET", (*objects(""), "/crm/v4/objects/<type>"), index, "objects.read"),  # v4: what a tap asks for [TAP]
    Route("POST", objects(""), create, "objects.write", partly=OUR_CATEGORIES),
    Route("GET", objects("/<id>"), read, "objects.read"),
    Route("PATCH", objects("/<id>"), update, "objects.write"),
    Route("DELETE", objects("/<id>"), archive, "objects.write"),
    Route("POST", objects("/merge"), merge, "objects.write", partly="The primary record's id always survives."),
    Route("POST", objects("/gdpr-delete"), gdpr_delete, "objects.write", partly="Contacts alone."),
)

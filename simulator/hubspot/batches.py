"""Batches of records [S].

A batch is all or nothing: the first bad input fails it with its own status [D error page, hubspot-api-python#51]. Only
where every input carries an `objectWriteTraceId` of its own are good ones kept and bad ones listed, in a 207. Ids that
do not exist are listed in a 207 in any case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from simulator.hubspot import ask, crm, errors, records, wire_form
from simulator.hubspot.ask import Ask
from simulator.hubspot.errors import Answer, Rejected
from simulator.hubspot.records import Desk, Written
from simulator.hubspot.routes import Route, objects
from simulator.kernel.errors import NotFound, Refusal

MOST_INPUTS = 100
MOST_WITH_HISTORY = 50
TRACE = "objectWriteTraceId"

Item = Mapping[str, Any]


def read(question: Ask) -> Answer:
    body, desk = question.object_body(), records.desk(question.grant, question.object_type)
    names, history = ask.words(body, "properties"), ask.words(body, "propertiesWithHistory")
    ids = [ask.id_text(item) for item in question.inputs(MOST_INPUTS)]
    if history and len(ids) > MOST_WITH_HISTORY:
        message = "The maximum number of inputs supported in a batch request for property histories is 50"  # [X live]
        raise errors.bad_request(message)
    id_property, archived = ask.optional(body, "idProperty", str), question.flag("archived")
    found: dict[str, dict[str, Any]] = {}
    missing = []
    for id in ids:
        if id_property:
            document = records.find_by(desk.site, desk.schema, id_property, id)
        else:
            document = records.find(desk.site, desk.object_type, id, archived)
        if document is None:
            missing.append(id)
        else:
            found[document["id"]] = wire_form.read(desk, document, names, history)
    return _answer(question, desk, 200, list(found.values()), _gone(desk, missing))


def create(question: Ask) -> Answer:
    return _write(question, 201, crm.create_one)


def update(question: Ask) -> Answer:
    _unique_keys(question, "idProperty")
    return _write(question, 200, _update_one)


def upsert(question: Ask) -> Answer:
    _unique_keys(question, "idProperty")
    return _write(question, 200, _upsert_one)


def archive(question: Ask) -> Answer:
    """Unknown ids are passed over."""
    desk = records.desk(question.grant, question.object_type)
    for item in question.inputs(MOST_INPUTS):
        crm.archive_one(desk, ask.id_text(item))
    return Answer(204)


def _update_one(desk: Desk, item: Item) -> Written:
    sent, id = ask.required(item, "properties", dict), ask.id_text(item)
    id_property = ask.optional(item, "idProperty", str) or "hs_object_id"
    document = records.find_by(desk.site, desk.schema, id_property, id)
    if document is None:
        raise NotFound(id)
    return records.update(desk, document, sent)


def _upsert_one(desk: Desk, item: Item) -> Written:
    """Found by the unique property, or made with it."""
    sent, id = ask.required(item, "properties", dict), ask.id_text(item)
    id_property = ask.required(item, "idProperty", str)
    document = records.find_by(desk.site, desk.schema, id_property, id)
    if document is not None:
        return records.update(desk, document, sent)
    if id_property == "hs_object_id":
        raise NotFound(id)  # HubSpot gives the ids
    return records.create(desk, {id_property: id} | sent)


def _write(question: Ask, status: int, write_one: Callable[[Desk, Item], Written]) -> Answer:
    desk, inputs = records.desk(question.grant, question.object_type), question.inputs(MOST_INPUTS)
    traced = _each_has_a_trace(inputs)
    upserting = write_one is _upsert_one
    results, missing, failed = [], [], []
    for item in inputs:
        try:
            write = write_one(desk, item)
        except NotFound as error:
            missing.append(error.what)
        except Refusal as error:
            if not traced:
                raise
            failed.append(errors.in_batch(error, desk.schema.portal.id, {TRACE: [item[TRACE]]}))
        else:
            shown = wire_form.written(desk, write)
            shown |= {"new": write.new} if upserting else {}
            results.append(shown | ({TRACE: item[TRACE]} if TRACE in item else {}))
    return _answer(question, desk, status, results, failed + _gone(desk, missing))


def _answer(
    question: Ask, desk: Desk, status: int, results: list[dict[str, Any]], failed: list[dict[str, Any]]
) -> Answer:
    partly = bool(failed) and not question.folds_errors
    return Answer(207 if partly else status, wire_form.batch(desk, results, failed))


def _gone(desk: Desk, missing: Sequence[str]) -> list[dict[str, Any]]:
    """One error for all ids that are not there. The wording is unverified [X/GK], the shape is not [S]."""
    if not missing:
        return []
    message = (
        f"Could not get {desk.object_type.fqn} objects, it's possible they are deleted or don't exist. Check the ids"
    )
    error = Rejected(404, message, "OBJECT_NOT_FOUND")
    return [errors.in_batch(error, desk.schema.portal.id, {"ids": list(missing)})]


def _each_has_a_trace(inputs: Sequence[Item]) -> bool:
    traces = [item.get(TRACE) for item in inputs]
    return all(isinstance(trace, str) and trace for trace in traces) and len(set(traces)) == len(traces)


def _unique_keys(question: Ask, id_property: str) -> None:
    """One record must not stand twice in a batch [GK, unverified]."""
    keys = [(item.get(id_property) or "", str(item.get("id", "")).lower()) for item in question.inputs(MOST_INPUTS)]
    twice = sorted({id for name, id in keys if keys.count((name, id)) > 1})
    if twice:
        raise errors.bad_request(f"Duplicate IDs found in batch input: [{', '.join(twice)}]. IDs must be unique")


ROUTES = (
    Route("POST", objects("/batch/read"), read, "objects.read"),
    Route("POST", objects("/batch/create"), create, "objects.write", partly=crm.OUR_CATEGORIES),
    Route("POST", objects("/batch/update"), update, "objects.write"),
    Route("POST", objects("/batch/upsert"), upsert, "objects.write"),
    Route("POST", objects("/batch/archive"), archive, "objects.write"),
)

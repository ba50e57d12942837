"""The pipelines API [S]: pipelines of deals, tickets, orders and custom objects, and their stages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.hubspot import ask, errors, pipelines
from simulator.hubspot.ask import Ask
from simulator.hubspot.errors import Answer, Rejected
from simulator.hubspot.instants import iso
from simulator.hubspot.portal import column_of
from simulator.hubspot.routes import Route, family
from simulator.kernel.resource import Document

# What the metadata of a stage may say [D24 orders][GK]: key -> values; None is a number from 0 to 1.
METADATA: Mapping[str, Mapping[str, tuple[str, ...] | None]] = {
    "deals": {"isClosed": ("true", "false"), "probability": None},
    "orders": {"state": ("OPEN", "CLOSED")},
    "tickets": {"ticketState": ("OPEN", "CLOSED")},
}

_ACTIONS = {"create": "CREATE", "update": "UPDATE", "delete": "DELETE"}


def index(question: Ask) -> Answer:
    return Answer(200, {"results": [shown(document) for document in _all(question)]})


def read(question: Ask, key: str) -> Answer:
    return Answer(200, shown(_one(question, key)))


def create(question: Ask) -> Answer:
    """A caller may bring the ids of the pipeline and of its stages (A21)."""
    site, body = question.site, question.object_body()
    known = _all(question)
    key = ask.optional(body, "pipelineId", str) or site.chance.uuid("hubspot/pipelines")
    label, order = ask.required(body, "label", str), ask.required(body, "displayOrder", int)
    if any(document["key"] == key or document["label"] == label for document in known):
        raise Rejected(409, f"A pipeline with the id {key} or the label {label} already exists", "CONFLICT")  # ours
    document = pipelines.pipeline(site, question.object_type.name, key, label, order, _stages(question, body))
    pipelines.save(site, document)
    return Answer(201, shown(_one(question, key)))


def update(question: Ask, key: str) -> Answer:
    """PATCH: label and order; the stages have calls of their own."""
    body, document = question.object_body(), _one(question, key)
    _keep(question, document | _label_and_order(body, document))
    return Answer(200, shown(_one(question, key)))


def replace(question: Ask, key: str) -> Answer:
    """PUT: label, order and the whole list of stages. One that goes must hold no records."""
    body, document = question.object_body(), _one(question, key)
    stages = _stages(question, body)
    kept = {stage["id"] for stage in stages}
    for stage in document["stages"]:
        if stage["id"] not in kept:
            _refuse_if_used(question, key, stage["id"])
    _keep(question, document | _label_and_order(body, document) | {"stages": stages})
    return Answer(200, shown(_one(question, key)))


def delete(question: Ask, key: str) -> Answer:
    """The query says whether a pipeline that holds records stays [S]."""
    document = _one(question, key)
    if question.flag("validateReferencesBeforeDelete") or question.flag("validateDealStageUsagesBeforeDelete"):
        _refuse_if_used(question, key)
    question.site.remove(pipelines.PIPELINES, document["id"])
    return Answer(204)


def audit(question: Ask, key: str) -> Answer:
    """What happened to a pipeline, newest first; the change log knows [S]."""
    log = question.site.store.changes_of(pipelines.PIPELINES, question.site.tenant, _one(question, key)["id"])
    rows = [(change.at_ms, _ACTIONS[change.verb], key, shown(dict(change.document or {}))) for change in log]
    return Answer(200, {"results": [_audited(question, *row) for row in reversed(rows)]})


def audit_stage(question: Ask, key: str, stage: str) -> Answer:
    """What happened to a stage: those changes of its pipeline in which it differs."""
    log = question.site.store.changes_of(pipelines.PIPELINES, question.site.tenant, _one(question, key)["id"])
    rows: list[tuple[int, str, str, dict[str, Any]]] = []
    old: Document = {}
    for change in log:
        new: Document = next((row for row in (change.document or {}).get("stages", ()) if row["id"] == stage), {})
        if new != old:
            action = "UPDATE" if old and new else "CREATE" if new else "DELETE"
            rows.append((change.at_ms, action, stage, shown_stage(new or old)))
        old = new
    return Answer(200, {"results": [_audited(question, *row) for row in reversed(rows)]})


def stages(question: Ask, key: str) -> Answer:
    return Answer(200, {"results": [shown_stage(stage) for stage in _one(question, key)["stages"]]})


def read_stage(question: Ask, key: str, stage: str) -> Answer:
    return Answer(200, shown_stage(_stage(_one(question, key), stage)))


def create_stage(question: Ask, key: str) -> Answer:
    document = _one(question, key)
    made = _read_stage(question, question.object_body())
    if any(made["id"] == stage["id"] for line in _all(question) for stage in line["stages"]):
        raise Rejected(409, f"A stage with the id {made['id']} already exists", "CONFLICT")  # our sentence
    _keep(question, document | {"stages": [*document["stages"], made]})
    return Answer(201, shown_stage(made))


def update_stage(question: Ask, key: str, stage: str) -> Answer:
    """The id of a stage never changes (B30)."""
    body, document = question.object_body(), _one(question, key)
    old = _stage(document, stage)
    if ask.optional(body, "stageId", str) not in ("", stage):
        raise errors.bad_request("The id of a stage cannot be changed")  # our sentence
    made = old | _label_and_order(body, old) | {"updatedAt": question.site.now()}
    if body.get("metadata") is not None:
        made["metadata"] = _metadata(question, ask.optional(body, "metadata", dict), old["metadata"])
    _keep(question, document | {"stages": [made if row["id"] == stage else row for row in document["stages"]]})
    return Answer(200, shown_stage(made))


def delete_stage(question: Ask, key: str, stage: str) -> Answer:
    """A stage that holds records stays (B28)."""
    document = _one(question, key)
    _stage(document, stage)
    _refuse_if_used(question, key, stage)
    _keep(question, document | {"stages": [row for row in document["stages"] if row["id"] != stage]})
    return Answer(204)


# --- parts ---


def shown(document: Document) -> dict[str, Any]:
    return {
        "label": document["label"],
        "displayOrder": document["displayOrder"],
        "id": document["key"],
        "stages": [shown_stage(stage) for stage in document["stages"]],
        "createdAt": iso(document["createdAt"]),
        "updatedAt": iso(document["updatedAt"]),
        "archived": False,
    }


def shown_stage(stage: Document) -> dict[str, Any]:
    return {
        "label": stage["label"],
        "displayOrder": stage["displayOrder"],
        "metadata": stage["metadata"],
        "id": stage["id"],
        "createdAt": iso(stage["createdAt"]),
        "updatedAt": iso(stage["updatedAt"]),
        "archived": False,
    }


def _audited(question: Ask, at_ms: int, action: str, identifier: str, told: dict[str, Any]) -> dict[str, Any]:
    return {
        "portalId": int(question.site.tenant),
        "identifier": identifier,
        "action": action,
        "timestamp": iso(at_ms),
        "rawObject": told,
    }


def _all(question: Ask) -> list[Document]:
    if question.object_type.stages is None:
        raise errors.bad_request(f"{question.object_type.fqn} has no pipelines")  # our sentence
    return pipelines.of(question.site, question.object_type)


def _one(question: Ask, key: str) -> Document:
    for document in _all(question):
        if document["key"] == key:
            return document
    raise Rejected(404, f"Pipeline {key} does not exist", "OBJECT_NOT_FOUND")  # our sentence


def _stage(document: Document, stage: str) -> Document:
    for row in document["stages"]:
        if row["id"] == stage:
            found: Document = row
            return found
    raise Rejected(404, f"Stage {stage} does not exist in pipeline {document['key']}", "OBJECT_NOT_FOUND")  # ours


def _keep(question: Ask, document: Document) -> None:
    pipelines.save(question.site, document | {"updatedAt": question.site.now()})


def _label_and_order(body: Mapping[str, Any], old: Document) -> dict[str, Any]:
    label = ask.optional(body, "label", str) or old["label"]
    order = old["displayOrder"] if body.get("displayOrder") is None else ask.optional(body, "displayOrder", int)
    return {"label": label, "displayOrder": order}


def _stages(question: Ask, body: Mapping[str, Any]) -> list[Document]:
    rows = ask.required(body, "stages", list)
    found = [_read_stage(question, row if isinstance(row, dict) else {}) for row in rows]
    ids = [stage["id"] for stage in found]
    if len(set(ids)) < len(ids):
        raise errors.bad_request("Stage ids must be unique")  # our sentence
    return found


def _read_stage(question: Ask, body: Mapping[str, Any]) -> Document:
    id = ask.optional(body, "stageId", str) or ask.optional(body, "id", str)
    id = id or question.site.chance.uuid("hubspot/stages")
    label, order = ask.required(body, "label", str), ask.required(body, "displayOrder", int)
    metadata = _metadata(question, ask.optional(body, "metadata", dict), {})
    return pipelines.stage(question.site.now(), id, label, order, metadata)


def _metadata(question: Ask, sent: Mapping[str, Any], old: Mapping[str, str]) -> dict[str, str]:
    """Text on the wire, numbers and booleans taken too; deals need a probability [D24]."""
    allowed = METADATA.get(question.object_type.name, {})  # custom objects: none. Our reading
    found = dict(old) | {name: _text(value) for name, value in sent.items()}
    for name, value in found.items():
        if name not in allowed or not _fits(value, allowed[name]):
            raise errors.bad_request(
                f"Stage metadata {name}={value} is not valid for {question.object_type.fqn}"
            )  # ours
    if "probability" in allowed:
        probability = ask.required(found, "probability", str)
        found.setdefault("isClosed", "true" if float(probability) in (0.0, 1.0) else "false")
    for name in allowed:
        if name in ("state", "ticketState"):
            found.setdefault(name, "OPEN")
    return found


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _fits(value: str, options: tuple[str, ...] | None) -> bool:
    if options is not None:
        return value in options
    return value.replace(".", "", 1).isdecimal() and 0 <= float(value) <= 1


def _refuse_if_used(question: Ask, key: str, stage: str = "") -> None:
    names = question.object_type.stages
    assert names is not None
    where, params = f"archived = 0 AND {column_of(names.pipeline)} = lower(?)", (key,)
    if stage:
        where, params = f"{where} AND {column_of(names.stage)} = lower(?)", (key, stage)  # type: ignore[assignment]
    used = question.site.count(question.object_type.resource, where, params)
    if used:
        what = f"Stage {stage}" if stage else f"Pipeline {key}"
        raise Rejected(400, f"{what} is in use by {used} records and cannot be deleted", "VALIDATION_ERROR")  # ours


ROUTES = (
    Route("GET", family("pipelines", ""), index, "schemas.read"),
    Route("POST", family("pipelines", ""), create, "schemas.write"),
    Route("GET", family("pipelines", "/<key>"), read, "schemas.read"),
    Route("PATCH", family("pipelines", "/<key>"), update, "schemas.write"),
    Route("PUT", family("pipelines", "/<key>"), replace, "schemas.write"),
    Route("DELETE", family("pipelines", "/<key>"), delete, "schemas.write"),
    Route("GET", family("pipelines", "/<key>/audit"), audit, "schemas.read"),
    Route("GET", family("pipelines", "/<key>/stages/<stage>/audit"), audit_stage, "schemas.read"),
    Route("GET", family("pipelines", "/<key>/stages"), stages, "schemas.read"),
    Route("POST", family("pipelines", "/<key>/stages"), create_stage, "schemas.write"),
    Route("GET", family("pipelines", "/<key>/stages/<stage>"), read_stage, "schemas.read"),
    Route("PATCH", family("pipelines", "/<key>/stages/<stage>"), update_stage, "schemas.write"),
    Route("PUT", family("pipelines", "/<key>/stages/<stage>"), update_stage, "schemas.write"),
    Route("DELETE", family("pipelines", "/<key>/stages/<stage>"), delete_stage, "schemas.write"),
)

"""The v1 and v2 reads that connectors still make: companies, deals, their properties and the pipelines [TAP].

They show the records of today in the shape of then: each property with its time and source, times as milliseconds.
Fields that the connectors do not read are our reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from simulator.hubspot import ask, errors, instants, links, pipelines, records, schema, wire_form
from simulator.hubspot.ask import Ask
from simulator.hubspot.definitions import Definition
from simulator.hubspot.errors import Answer
from simulator.hubspot.objects import ObjectType, by_spelling
from simulator.hubspot.records import Desk
from simulator.hubspot.routes import Route
from simulator.kernel.resource import Document

MOST_IN_A_PAGE = 250
MOST_RECENT = 100


@dataclass(frozen=True, slots=True)
class Old:
    """How an object type looks in the old calls.

    Args:
        id: the field of its id.
        rows, more: the fields of a page that hold the records and whether others follow.
        beside: the fields that a record has beside its properties.
    """

    name: str
    id: str
    rows: str
    more: str
    properties_path: str
    records_path: str
    beside: Callable[[Desk, Document], dict[str, Any]]

    @property
    def object_type(self) -> ObjectType:
        return by_spelling()[self.name]


def properties(question: Ask, old: Old) -> Answer:
    """The definitions of an object type, as a bare list."""
    found = schema.load(question.site, old.object_type).definitions
    return Answer(200, [_definition(found[name]) for name in sorted(found)])


def paged(question: Ask, old: Old) -> Answer:
    """All records by id; `offset` is where the next page begins."""
    desk = records.desk(question.grant, old.object_type)
    limit = ask.whole(question.text("limit") or 100, "limit", 1, MOST_IN_A_PAGE)
    after = ask.whole(question.text("offset") or 0, "offset", 0, 2**62)
    found = records.listed(desk.site, desk.object_type, after, limit + 1)
    page = found[:limit]
    every = bool(question.text("allPropertiesFetchMode"))
    names = None if every else question.names("properties") + question.names("propertiesWithHistory")
    rows = [_record(desk, old, document, names) for document in page]
    return Answer(200, {old.rows: rows, old.more: len(found) > limit, "offset": int(page[-1]["id"]) if page else 0})


def recent(question: Ask, old: Old) -> Answer:
    """The records that changed since a time, the newest change first."""
    desk = records.desk(question.grant, old.object_type)
    count = ask.whole(question.text("count") or 20, "count", 1, MOST_RECENT)
    offset = ask.whole(question.text("offset") or 0, "offset", 0, 10_000)
    since = ask.whole(question.text("since") or 0, "since", 0, 2**62)
    where = "+archived = 0 AND updatedAt >= ?"
    resource = desk.object_type.resource
    total = desk.site.count(resource, where, (since,))
    page = desk.site.find(resource, where, (since,), order="updatedAt DESC, id DESC", limit=count, offset=offset)
    rows = [_record(desk, old, document, None) for document in page]
    after = offset + len(page)
    return Answer(200, {"results": rows, "hasMore": after < total, "offset": after, "total": total})


def detail(question: Ask, id: str, old: Old) -> Answer:
    """One record with all its properties."""
    desk = records.desk(question.grant, old.object_type)
    document = records.find(desk.site, desk.object_type, id)
    if document is None:
        raise errors.missing("Object", id)
    return Answer(200, _record(desk, old, document, None))


def deal_pipelines(question: Ask) -> Answer:
    """The pipelines of deals, as a bare list."""
    lines = pipelines.of(question.site, by_spelling()["deals"])
    return Answer(200, [_pipeline(line) for line in lines])


def _record(desk: Desk, old: Old, document: Document, names: Iterable[str] | None) -> dict[str, Any]:
    """A record with the properties that are set: all, or those of these names."""
    held = wire_form.values(desk, document, desk.schema.definitions if names is None else set(names))
    shown = {name: _value(desk, document, name, value) for name, value in held.items() if value}
    told = {"portalId": desk.schema.portal.id, old.id: int(document["id"]), "isDeleted": document["archived"]}
    return told | {"properties": shown} | old.beside(desk, document)


def _value(desk: Desk, document: Document, name: str, value: str) -> dict[str, Any]:
    """A value with its newest version."""
    versions = records.versions(document, name) or [[value, document["updatedAt"], records.CALCULATED]]
    _, at_ms, source = versions[0]
    text = _old_text(desk.schema.definitions[name], value)
    origin = {"source": "CALCULATED"} if source == records.CALCULATED else {"source": "INTEGRATION", "sourceId": source}
    told = {"value": text, "timestamp": at_ms} | origin
    return told | {"versions": [{"name": name} | told]}


def _old_text(definition: Definition, value: str) -> str:
    return str(instants.read(value)) if definition.type in ("date", "datetime") else value


def _definition(definition: Definition) -> dict[str, Any]:
    options = [
        {"label": option.label, "value": option.value, "displayOrder": at, "hidden": False}
        for at, option in enumerate(definition.options)
    ]
    return {
        "name": definition.name,
        "label": definition.label,
        "description": (definition.custom or {}).get("description", ""),
        "groupName": definition.group,
        "type": definition.type,
        "fieldType": definition.field_type,
        "options": options,
        "readOnlyValue": definition.read_only,
        "readOnlyDefinition": definition.fixed,
        "hidden": definition.hidden,
        "calculated": definition.calculated,
        "externalOptions": definition.external_options,
        "formField": definition.form_field,
    }


def _pipeline(line: Mapping[str, Any]) -> dict[str, Any]:
    stages = [
        {
            "stageId": stage["id"],
            "label": stage["label"],
            "displayOrder": stage["displayOrder"],
            "probability": float(stage["metadata"]["probability"]),
            "active": True,
            "closedWon": stage["metadata"]["probability"] == "1.0",
        }
        for stage in line["stages"]
    ]
    told = {"pipelineId": line["key"], "label": line["label"], "displayOrder": line["displayOrder"]}
    return told | {"active": True, "stages": stages}


def _company(_: Desk, __: Document) -> dict[str, Any]:
    return {"additionalDomains": [], "stateChanges": [], "mergeAudits": []}


def _deal(desk: Desk, document: Document) -> dict[str, Any]:
    fields = {"associatedVids": "contacts", "associatedCompanyIds": "companies", "associatedDealIds": "deals"}
    linked = {
        field: [id for id, _ in links.linked(desk.site, desk.object_type, document["id"], by_spelling()[name])]
        for field, name in fields.items()
    }
    return {"associations": linked, "imports": [], "stateChanges": []}


OLD = (
    Old(
        "companies",
        "companyId",
        "companies",
        "has-more",
        "/companies/v2/properties",
        "/companies/v2/companies",
        _company,
    ),
    Old("deals", "dealId", "deals", "hasMore", "/properties/v1/deals/properties", "/deals/v1/deal", _deal),
)


def _routes(old: Old) -> Iterable[Route]:
    needs = f"crm.objects.{old.name}.read"
    for path, view in (
        (old.properties_path, properties),
        (f"{old.records_path}/paged", paged),
        (f"{old.records_path}/recent/modified", recent),
        (f"{old.records_path}/<id>", detail),
    ):
        yield Route("GET", (path,), _bound(view, old), needs)


def _bound(view: Callable[..., Answer], old: Old) -> Callable[..., Answer]:
    """The view for one object type; it keeps the name and the words of the view."""
    bound = partial(view, old=old)
    bound.__name__, bound.__module__, bound.__doc__ = view.__name__, view.__module__, view.__doc__  # type: ignore[attr-defined]
    return bound


ROUTES = (
    *(route for old in OLD for route in _routes(old)),
    Route("GET", ("/deals/v1/pipelines",), deal_pipelines, "crm.objects.deals.read"),
)

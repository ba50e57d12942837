"""One object type as a portal has it at this moment: properties with their options, pipelines, rates.

Loaded once for each request; everything that checks or computes a value reads it from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from simulator.hubspot import definitions, derived, pipelines, portal
from simulator.hubspot.definitions import Definition, Option
from simulator.hubspot.objects import ObjectType
from simulator.hubspot.portal import Portal
from simulator.kernel.resource import Document
from simulator.kernel.simulation import Site

# Enumerations whose options are the portal's enabled currencies.
CURRENCY_PROPERTIES = ("deal_currency_code", "hs_currency_code", "hs_line_item_currency_code")


@dataclass(frozen=True, slots=True)
class Schema:
    """
    Args:
        stages: metadata of each (pipeline id, stage id).
        unique: the names whose values stand on one live record only.
    """

    object_type: ObjectType
    portal: Portal
    definitions: Mapping[str, Definition]
    pipelines: tuple[Document, ...]
    stages: Mapping[tuple[str, str], Mapping[str, str]]
    unique: tuple[str, ...]


def load(site: Site, object_type: ObjectType) -> Schema:
    lines = tuple(pipelines.of(site, object_type))
    account = portal.settings(site)
    found = dict(definitions.defaults(object_type.name))
    for document in site.find(portal.PROPERTIES, "object = ?", (object_type.name,)):
        if not document["archived"]:
            found[document["name"]] = from_document(document, found.get(document["name"]))
    found |= _stage_definitions(object_type, lines)
    for name in CURRENCY_PROPERTIES:
        if name in found:
            options = tuple(Option(code, code) for code in account.currencies)
            found[name] = replace(found[name], options=options, unchecked=False)
    stages = {(line["key"], stage["id"]): stage["metadata"] for line in lines for stage in line["stages"]}
    return Schema(object_type, account, found, lines, stages, _unique(object_type, account, found))


def from_document(document: Document, default: Definition | None = None) -> Definition:
    """A stored definition: an app's own property, or an edited one of HubSpot's."""
    options = tuple(Option(option["value"], option["label"]) for option in document.get("options", ()))
    if default is not None:
        edited = {"label": document["label"], "group": document["groupName"], "options": options or default.options}
        return replace(default, custom=document, **edited)
    return Definition(
        name=document["name"],
        label=document["label"],
        type=document["type"],
        field_type=document["fieldType"],
        group=document["groupName"],
        options=options,
        fixed=False,
        hubspot_defined=False,
        hidden=document.get("hidden", False),
        form_field=document.get("formField", False),
        external_options=document.get("externalOptions", False),
        unchecked=document.get("externalOptions", False),
        unique=document.get("hasUniqueValue", False),
        custom=document,
    )


def _unique(object_type: ObjectType, account: Portal, found: Mapping[str, Definition]) -> tuple[str, ...]:
    names = {name for name, definition in found.items() if definition.unique}
    names.update(account.unique.get(object_type.name, ()))
    return tuple(sorted(names | ({object_type.key} if object_type.key else set())))


def _stage_definitions(object_type: ObjectType, lines: tuple[Document, ...]) -> dict[str, Definition]:
    """Options of the two pipeline properties, and the dates at which a stage was entered and left."""
    if object_type.stages is None:
        return {}
    names, defaults = object_type.stages, definitions.defaults(object_type.name)
    stages = [stage for line in lines for stage in line["stages"]]
    found = {
        names.pipeline: replace(
            defaults[names.pipeline], options=tuple(Option(line["key"], line["label"]) for line in lines)
        ),
        names.stage: replace(
            defaults[names.stage], options=tuple(Option(stage["id"], stage["label"]) for stage in stages)
        ),
    }
    group = definitions.main_group(object_type.name)
    for stage in stages:
        for way in ("entered", "exited"):
            name = derived.stage_property(way, stage["id"])
            label = f'Date {way} "{stage["label"]}"'
            found[name] = Definition(name, label, "datetime", "calculation_read_time", group, read_only=True)
    return found

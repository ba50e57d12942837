"""The mappings' page: every row of the mapping tables of both integrations, and what is made in a portal for them."""

from __future__ import annotations

from collections.abc import Iterable

from scenarios.reference.library import SPEC
from scenarios.reference.markdown import code, codes, document, said, section, table
from sync_core.mappings import GROUP, PIPELINES, TABLES, Table, definitions
from sync_core.pure import convert
from sync_core.pure.model import Integration

KINDS = {"guest": "guest (the contact of an abandoned checkout without a customer)", "line": "line of either"}
CONVERSIONS = convert.OF_ONE_VALUE | convert.OF_ALL_VALUES


def page() -> str:
    return document(
        "Mappings",
        "Which Shopify record becomes which HubSpot record, field by field, in both integrations.",
        "A source is a path in Shopify's record. `variants.first` is that of the lowest position, `*` all of a list, "
        "`@shop` and the like are facts that stand beside the record, `=true` is a constant. Of several sources the "
        f"first that is not blank counts, unless the conversion takes all. {SPEC}",
        *(part for integration in TABLES for part in _integration(integration)),
        section(
            "Conversions",
            table(
                ("name", "of", "what it does"),
                (
                    (code(name), "all values" if name in convert.OF_ALL_VALUES else "one value", said(function))
                    for name, function in sorted(CONVERSIONS.items())
                ),
            ),
        ),
    )


def _integration(integration: Integration) -> Iterable[str]:
    yield section(f"Integration `{integration}`")
    done: dict[int, list[str]] = {}
    for kind, rows in TABLES[integration].items():
        done.setdefault(id(rows), []).append(kind)  # orders and checkouts share the deal's
    for kind, rows in TABLES[integration].items():
        kinds = done[id(rows)]
        if kinds[0] == kind:
            yield _table(" and ".join(KINDS.get(one, one) for one in kinds), rows)
    yield section("Properties that are created", _created(integration), level=3)
    yield section("Pipeline", _pipeline(integration), level=3)


def _table(kinds: str, rows: Table) -> str:
    blank = "overwrites HubSpot's" if rows.blank_erases else "keeps HubSpot's"
    blank += f", but in {codes(sorted(rows.erasing))}" if rows.erasing else ""
    return section(
        f"{kinds.capitalize()} -> {rows.object_type}",
        f"A blank value {blank}.",
        table(
            ("Shopify", "HubSpot property", "conversion", "asked for by"),
            ((codes(row.sources), code(row.target), code(row.convert), row.spec) for row in rows.fields),
        ),
        level=3,
    )


def _created(integration: Integration) -> str:
    rows = (
        (object_type, code(one.name), one.label, f"{one.type}, {one.field_type}", "yes" if one.has_unique_value else "")
        for object_type, made in definitions(integration).items()
        for one in made
    )
    return f"In the group `{GROUP}`, on connecting.\n\n" + table(
        ("object type", "property", "label", "type", "unique"), rows
    )


def _pipeline(integration: Integration) -> str:
    pipeline = PIPELINES[integration]
    rows = (
        (stage.label, code(stage.id), codes(f"{name}: {value}" for name, value in sorted(stage.metadata.items())))
        for stage in pipeline.stages
    )
    return f"{pipeline.label} of {pipeline.object_type}, `{pipeline.id}`.\n\n" + table(
        ("stage", "id", "metadata"), rows
    )

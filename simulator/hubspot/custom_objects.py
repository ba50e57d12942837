"""Object types of a portal's own: the schemas that apps define, and the rows of the object table that follow.

A schema is a document; `type_from` makes an `ObjectType` of it, and from then on a custom object is like any other.
"""

from __future__ import annotations

from functools import partial

from simulator.hubspot.objects import ObjectType, StageProperties, by_spelling
from simulator.kernel.resource import Column, Document, Resource
from simulator.kernel.simulation import Site


def _gone(document: Document) -> int:
    return int(document["archived"])


FIRST_NUMBER = 3_604_285  # of "2-<number>"
SCHEMAS = Resource(
    "hubspot",
    "schemas",
    (Column("name"), Column("archived", int, _gone)),
    unique=(("name",),),
    first_id=FIRST_NUMBER,
)


def find(site: Site, word: str, archived: bool = False) -> ObjectType | None:
    """The type that any of its spellings names: `p123_car`, `p_car`, `2-45`, `car` [TAP]."""
    for document in site.find(SCHEMAS, "archived = ?", (int(archived),)):
        found = type_from(site, document)
        if word in (found.name, f"p_{found.singular}", found.type_id, found.singular):
            return found
    return None


def kept_in(site: Site, table: str) -> ObjectType | None:
    """The type whose records are in this table; None where it is none of the portal's own."""
    return next((row for row in map(partial(type_from, site), site.find(SCHEMAS)) if row.resource.name == table), None)


def named(site: Site, name: str) -> ObjectType:
    """The object type, of HubSpot's or of the portal's own, that is kept under this name."""
    return by_spelling().get(name) or type_from(site, _by_name(site, name))


def type_from(site: Site, document: Document) -> ObjectType:
    """The row of the object table."""
    return ObjectType(
        name=f"p{site.tenant}_{document['name']}",
        singular=document["name"],
        type_id=f"2-{document['id']}",
        label=f"p{site.tenant}_{document['name']}",  # the fully qualified name stands in v3 answers: our reading
        created="hs_createdate",
        modified="hs_lastmodifieddate",
        shown=("hs_createdate", "hs_lastmodifieddate", "hs_object_id"),
        scopes=("crm.objects.custom",),
        first_id=1,
        searched=tuple(document["searchableProperties"]),
        stages=StageProperties("hs_pipeline", "hs_pipeline_stage", clearable=True),
        required=tuple(document["requiredProperties"]),
        mergeable=True,
        custom=True,
    )


def prepare(site: Site) -> None:
    """Tables for the custom objects that a database holds: it may have been opened anew."""
    for document in site.find(SCHEMAS):
        site.store.add(type_from(site, document).resource)


def _by_name(site: Site, name: str) -> Document:
    (found,) = site.find(SCHEMAS, "name = ?", (name.partition("_")[2],))
    return found

"""THE TABLES: which Shopify record becomes which HubSpot record, field by field.

What must be created in a portal on connecting follows from the same rows (`definitions`).
"""

from __future__ import annotations

from collections.abc import Mapping

from sync_core.mappings import data_sync, deals
from sync_core.mappings.pipelines import E_COMMERCE, ORDERS, PIPELINES, Pipeline, Stage, portal_pipeline, stage_ids
from sync_core.mappings.rows import GROUP, GROUP_LABEL, Field, PropertyDefinition, Table, definition_of
from sync_core.pure.model import Integration, ObjectType

__all__ = [
    "E_COMMERCE",
    "GROUP",
    "GROUP_LABEL",
    "ORDERS",
    "PIPELINES",
    "TABLES",
    "Field",
    "Pipeline",
    "PropertyDefinition",
    "Stage",
    "Table",
    "definitions",
    "portal_pipeline",
    "stage_ids",
]

# "guest" is the contact of an abandoned checkout without a customer (A6), "line" a line of an order or a checkout.
TABLES: Mapping[Integration, Mapping[str, Table]] = {
    "deals": {
        "customer": deals.CONTACT,
        "product": deals.PRODUCT,
        "order": deals.DEAL,
        "checkout": deals.DEAL,
        "guest": deals.GUEST,
        "line": deals.LINE,
    },
    "data-sync": {
        "customer": data_sync.CONTACT,
        "product": data_sync.PRODUCT,
        "order": data_sync.ORDER,
        "checkout": data_sync.CART,
        "guest": data_sync.GUEST,
        "line": deals.LINE,
    },
}


def definitions(integration: Integration) -> dict[ObjectType, tuple[PropertyDefinition, ...]]:
    """The properties that must exist in the portal before the first write, by object type and in the tables' order."""
    wanted: dict[ObjectType, dict[str, PropertyDefinition]] = {}
    for table in TABLES[integration].values():
        for row in table.fields:
            if row.label:
                wanted.setdefault(table.object_type, {}).setdefault(row.target, definition_of(row))
    return {object_type: tuple(by_name.values()) for object_type, by_name in wanted.items()}

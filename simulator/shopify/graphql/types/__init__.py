"""THE TABLES of GraphQL's side: type -> field -> how it is read. The schema declares what stands in them, no more."""

from __future__ import annotations

from typing import Any

from simulator.shopify.graphql.types import (
    absent,
    bulk,
    catalog,
    checkouts,
    drafts,
    edits,
    lines,
    metafields,
    orders,
    payloads,
    people,
    settlements,
    shipping,
    stock,
    store,
)

TYPES: dict[str, dict[str, Any]] = {
    name: fields
    for module in (
        people,
        orders,
        lines,
        settlements,
        shipping,
        checkouts,
        drafts,
        edits,
        catalog,
        stock,
        metafields,
        store,
        bulk,
        payloads,
        absent,
    )
    for name, fields in module.TYPES.items()
}

# Interfaces of the schema that a type implements here where it does so there, with the fields that are declared.
INTERFACES: dict[str, str] = {
    "CommentEventSubject": "hasTimelineComment id",
    "DiscountApplication": "allocationMethod index targetSelection targetType value",
    "DisplayableError": "field message",
    "Event": "action appTitle attributeToApp attributeToUser createdAt criticalAlert id message",
    "HasEvents": "events",
    "HasMetafields": "metafield metafields",
    "LegacyInteroperability": "legacyResourceId",
    "Media": "alt id mediaContentType mediaErrors mediaWarnings preview status",
    "Navigable": "defaultCursor",
    "Node": "id",
}

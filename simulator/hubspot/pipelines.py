"""Pipelines of deals, tickets and orders, and those that every portal begins with [X many portals]."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.hubspot.objects import ORDER_PIPELINE, SUPPORT_PIPELINE, ObjectType
from simulator.kernel.resource import Column, Document, Resource
from simulator.kernel.simulation import Site

PIPELINES = Resource("hubspot", "pipelines", (Column("object"), Column("key")), unique=(("object", "key"),))

_DEAL_STAGES = (  # probabilities: our reading [GK]
    ("appointmentscheduled", "Appointment Scheduled", {"isClosed": "false", "probability": "0.2"}),
    ("qualifiedtobuy", "Qualified To Buy", {"isClosed": "false", "probability": "0.4"}),
    ("presentationscheduled", "Presentation Scheduled", {"isClosed": "false", "probability": "0.6"}),
    ("decisionmakerboughtin", "Decision Maker Bought-In", {"isClosed": "false", "probability": "0.8"}),
    ("contractsent", "Contract Sent", {"isClosed": "false", "probability": "0.9"}),
    ("closedwon", "Closed Won", {"isClosed": "true", "probability": "1.0"}),
    ("closedlost", "Closed Lost", {"isClosed": "true", "probability": "0.0"}),
)
DELIVERED = "3725360f-519b-4b18-a593-494d60a29c9f"
_ORDER_STAGES = (  # Processed, Shipped and Delivered are closed [X live]; that Cancelled is so too is our reading
    ("4b27b500-f031-4927-9811-68a0b525cbae", "Open", {"state": "OPEN"}),
    ("937ea84d-0a4f-4dcf-9028-3f9c2aafbf03", "Processed", {"state": "CLOSED"}),
    ("aa99e8d0-c1d5-4071-b915-d240bbb1aed9", "Shipped", {"state": "CLOSED"}),
    (DELIVERED, "Delivered", {"state": "CLOSED"}),
    ("3c85a297-e9ce-400b-b42e-9f16853d69d6", "Cancelled", {"state": "CLOSED"}),
)
_TICKET_STAGES = (  # ids and labels [X]
    ("1", "New", {"ticketState": "OPEN"}),
    ("2", "Waiting on contact", {"ticketState": "OPEN"}),
    ("3", "Waiting on us", {"ticketState": "OPEN"}),
    ("4", "Closed", {"ticketState": "CLOSED"}),
)

# What every portal begins with: object type, id, label, stages.
BEGIN_WITH = (
    ("deals", "default", "Sales Pipeline", _DEAL_STAGES),
    ("tickets", SUPPORT_PIPELINE, "Support Pipeline", _TICKET_STAGES),
    ("orders", ORDER_PIPELINE, "Order Pipeline", _ORDER_STAGES),
)


def lay_out(site: Site, delivered_stage: bool) -> None:
    """The pipelines of a new portal."""
    for object_name, key, label, every in BEGIN_WITH:
        rows = [row for row in every if delivered_stage or row[0] != DELIVERED]
        stages = [stage(site.now(), id, label, at, metadata) for at, (id, label, metadata) in enumerate(rows)]
        save(site, pipeline(site, object_name, key, label, 0, stages))


def pipeline(site: Site, object_name: str, key: str, label: str, order: int, stages: list[Document]) -> Document:
    """The document of a new pipeline."""
    now = site.now()
    return {
        "id": site.next_id(PIPELINES),
        "object": object_name,
        "key": key,
        "label": label,
        "displayOrder": order,
        "stages": stages,
        "createdAt": now,
        "updatedAt": now,
    }


def stage(now_ms: int, id: str, label: str, order: int, metadata: Mapping[str, str]) -> Document:
    times = {"createdAt": now_ms, "updatedAt": now_ms}
    return {"id": id, "label": label, "displayOrder": order, "metadata": dict(metadata)} | times


def save(site: Site, document: Document) -> None:
    site.put(PIPELINES, document["id"], document)


def of(site: Site, object_type: ObjectType) -> list[Document]:
    """The pipelines of an object type in display order, their stages too."""
    if object_type.stages is None:
        return []
    found = site.find(PIPELINES, "object = ?", (object_type.name,))
    for document in found:
        document["stages"].sort(key=_place)
    return sorted(found, key=_place)


def _place(document: Mapping[str, Any]) -> tuple[int, int, str]:
    return (document["displayOrder"], document["createdAt"], str(document["id"]))

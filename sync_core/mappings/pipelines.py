"""The pipelines: our names of the stages, and the ids and labels that they have in HubSpot.

The rules speak of our names; `stage_ids` turns them into the ids of one portal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sync_core.pure.model import Integration, ObjectType


@dataclass(frozen=True, slots=True)
class Stage:
    name: str
    id: str
    label: str
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Pipeline:
    object_type: ObjectType
    id: str
    label: str
    stages: tuple[Stage, ...]


# A21: made on connecting. Ids and labels [X, K: hubspot-api.md section 7]; that sold stages are won, Cancelled is
# lost and the two checkout stages are open, and their chances, are our reading: the reports count by them.
E_COMMERCE = Pipeline(
    "deals",
    "75e28846-ad0d-4be2-a027-5e1da6590b98",
    "Ecommerce Pipeline",
    (
        Stage(
            "checkout_abandoned",
            "checkout_abandoned",
            "Checkout Abandoned",
            {"isClosed": "false", "probability": "0.1"},
        ),
        Stage("checkout_pending", "checkout_pending", "Checkout Pending", {"isClosed": "false", "probability": "0.2"}),
        Stage(
            "checkout_completed", "checkout_completed", "Checkout Completed", {"isClosed": "true", "probability": "1.0"}
        ),
        Stage("processed", "processed", "Processed", {"isClosed": "true", "probability": "1.0"}),
        Stage("shipped", "shipped", "Shipped", {"isClosed": "true", "probability": "1.0"}),
        Stage("cancelled", "cancelled", "Cancelled", {"isClosed": "true", "probability": "0.0"}),
    ),
)

# B23, B24: every portal has it [X]. Delivered is not among the seed's four; portals seen in 2026 have it.
ORDERS = Pipeline(
    "orders",
    "14a2e10e-5471-408a-906e-c51f3b04369e",
    "Order Pipeline",
    (
        Stage("open", "4b27b500-f031-4927-9811-68a0b525cbae", "Open", {"state": "OPEN"}),
        Stage("processed", "937ea84d-0a4f-4dcf-9028-3f9c2aafbf03", "Processed", {"state": "CLOSED"}),
        Stage("shipped", "aa99e8d0-c1d5-4071-b915-d240bbb1aed9", "Shipped", {"state": "CLOSED"}),
        Stage("delivered", "3725360f-519b-4b18-a593-494d60a29c9f", "Delivered", {"state": "CLOSED"}),
        Stage("cancelled", "3c85a297-e9ce-400b-b42e-9f16853d69d6", "Cancelled", {"state": "CLOSED"}),
    ),
)

PIPELINES: Mapping[Integration, Pipeline] = {"deals": E_COMMERCE, "data-sync": ORDERS}


def portal_pipeline(pipeline: Pipeline, portal: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The portal's pipeline that is ours: by id, else by label; None where there is none."""
    return _found(pipeline.id, pipeline.label, list(portal))


def stage_ids(pipeline: Pipeline, portal_stages: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Our stage name -> the portal's stage id: by id, else by label, as an id never changes but a label may (B30).

    A stage that the portal lacks is left out, so that its orders are excluded (B35).
    """
    stages = list(portal_stages)
    found = ((stage.name, _found(stage.id, stage.label, stages)) for stage in pipeline.stages)
    return {name: str(stage["id"]) for name, stage in found if stage is not None}


def _found(id_: str, label: str, candidates: list[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    by_id = [each for each in candidates if each["id"] == id_]
    by_label = [each for each in candidates if str(each["label"]).strip().casefold() == label.casefold()]
    return next(iter(by_id + by_label), None)

"""Which stage a Shopify record stands in: the derived stage rules and the clock of abandoned checkouts.

Stages go by our names; `mappings.stage_ids` gives the portal's ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sync_core.pure.convert import epoch_ms
from sync_core.pure.model import Settings, Surroundings

PAID = {"paid", "partially_refunded", "refunded"}
NOT_SENT = {"cancelled", "error", "failure"}  # fulfilments that are no shipment: our reading


def order_stage(order: Mapping[str, Any], settings: Settings) -> str:
    """Derived stage rules A and B of the requirements, first match wins."""
    if order.get("cancelled_at"):
        return "cancelled"
    if settings.integration == "deals":
        return _deal_stage(order, settings)
    if order.get("fulfillment_status") == "fulfilled":
        return "delivered" if _all_delivered(order) else "shipped"
    return "processed" if order.get("financial_status") in PAID else "open"


def mapped(stage: str, stages: Mapping[str, str]) -> str | None:
    """The status under which an order stands in the portal: delivered counts as shipped where no stage is mapped to
    it; None where none is (B35)."""
    found = "shipped" if stage == "delivered" and stage not in stages else stage
    return found if found in stages else None


def _deal_stage(order: Mapping[str, Any], settings: Settings) -> str:
    if order.get("financial_status") == "refunded" and settings.refunded_is_cancelled:
        return "cancelled"
    if order.get("fulfillment_status") == "fulfilled":
        return "shipped"
    return "processed" if order.get("financial_status") in PAID | {"partially_paid"} else "checkout_completed"


def _all_delivered(order: Mapping[str, Any]) -> bool:
    shipments = [each for each in order.get("fulfillments") or () if each.get("status") not in NOT_SENT]
    return bool(shipments) and all(each.get("shipment_status") == "delivered" for each in shipments)


@dataclass(frozen=True, slots=True)
class Phase:
    """Where an open checkout stands, and when passing time alone will move it on."""

    name: str  # "pending", "expired" or "abandoned"
    next_change_ms: int | None = None


def checkout_phase(checkout: Mapping[str, Any], around: Surroundings, settings: Settings) -> Phase:
    """A23, A25, A26: pending, until Shopify lists it as abandoned; cleared after 48 hours of pending.

    Shopify lists a checkout once it has contact information (F9) and it counts as abandoned after ten untouched
    minutes; one without contact information is never listed. What was abandoned is never pending again.
    """
    abandoned_at_ms = _abandoned_at_ms(checkout, settings)
    if around.stage in WAS_ABANDONED or (abandoned_at_ms is not None and around.now_ms >= abandoned_at_ms):
        return Phase("abandoned")
    if settings.integration == "data-sync":  # a pending checkout is no cart (B16): no deal that could expire
        return Phase("pending", abandoned_at_ms)
    since_ms = around.now_ms if around.pending_since_ms is None else around.pending_since_ms
    expires_at_ms = since_ms + settings.pending_expires_ms
    if around.now_ms >= expires_at_ms:
        return Phase("expired", abandoned_at_ms)
    return Phase("pending", min(expires_at_ms, abandoned_at_ms or expires_at_ms))


WAS_ABANDONED = {"checkout_abandoned", "abandoned", "recovered"}


def _abandoned_at_ms(checkout: Mapping[str, Any], settings: Settings) -> int | None:
    """When it has been untouched for the grace time; None where Shopify never lists it."""
    touched_ms = epoch_ms(checkout.get("updated_at") or checkout.get("created_at"))
    listed = checkout.get("email") or checkout.get("phone")
    return touched_ms + settings.abandoned_after_ms if listed and touched_ms is not None else None

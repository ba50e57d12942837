"""Contacts and products that both sides may change (I4): field by field, against the value last agreed on.

Only what both sides have changed is a conflict; then the winner app's value stands. A blank erases on neither side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sync_core.mappings import TABLES
from sync_core.pure.drift import alike
from sync_core.pure.model import Integration, Kind, ObjectType, Properties, Winner

SHARED: Mapping[Integration, Mapping[ObjectType, Kind]] = {
    "deals": {},  # every rule of A is inbound (section 3 of the requirements)
    "data-sync": {"contacts": "customer", "products": "product"},
}


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that both sides have changed; `lost` is the value that did not stand."""

    name: str
    kept: str
    lost: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What follows from one record.

    Args:
        to_shopify: HubSpot's values that Shopify is to have.
        seen: what HubSpot holds of the fields that were changed there, so that a plan writes what differs.
    """

    to_shopify: Properties = field(default_factory=dict)
    seen: Properties = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()


def shared_fields(kind: Kind, integration: Integration) -> dict[str, str]:
    """HubSpot's properties that flow back, with the place in Shopify's record."""
    return {row.target: row.back for row in TABLES[integration][kind].fields if row.back}


def changed_in_hubspot(agreed: Properties, held: Mapping[str, str | None], fields: Mapping[str, str]) -> dict[str, str]:
    """The shared fields that HubSpot holds otherwise than agreed."""
    found = {name: held[name] or "" for name in fields if name in held}
    return {name: value for name, value in found.items() if not alike(value, agreed.get(name, ""))}


def merge(
    agreed: Properties,
    held: Mapping[str, str | None],
    wanted: Properties,
    fields: Mapping[str, str],
    winner: Winner,
    aliases: frozenset[str] = frozenset(),
) -> Merged:
    """Three values of each field make one.

    Args:
        agreed: what we last wrote or saw in HubSpot; {} at the first match, where every field that differs counts.
        held: what HubSpot holds now.
        wanted: what Shopify says now.
        aliases: a contact's secondary addresses: its customer may have one of them.
    """
    to_shopify: dict[str, str] = {}
    seen: dict[str, str] = {}
    conflicts: list[Conflict] = []
    for name, theirs in changed_in_hubspot(agreed, held, fields).items():
        ours = wanted.get(name, "")
        if name == "email" and ours in aliases:
            continue
        seen[name] = ours if alike(theirs, ours) else theirs
        if alike(theirs, ours) or not theirs:
            continue  # the same on both sides, or a blank, which Shopify's value fills again
        if ours and not alike(ours, agreed.get(name, "")):
            conflicts.append(_decided(name, ours, theirs, winner))
            if winner == "shopify":
                continue
        to_shopify[name] = theirs
    return Merged(to_shopify, seen, tuple(conflicts))


def _decided(name: str, ours: str, theirs: str, winner: Winner) -> Conflict:
    return Conflict(name, *((ours, theirs) if winner == "shopify" else (theirs, ours)))

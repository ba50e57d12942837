"""Which product of HubSpot a Shopify product is, before there is a link: by SKU, else by name (F5, scenario 37).

In "deals" a product is found by its link alone (A30). A product that is linked already is never taken from another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sync_core.pure.model import KEY_PROPERTY, Desired, Properties

By = Literal["sku", "name"]
Verdict = Literal["approved", "rejected"]  # a person's, on a weak match
LOOKED_AT: Mapping[By, str] = {"sku": "hs_sku", "name": "name"}  # the better one first


@dataclass(frozen=True, slots=True)
class Match:
    """A product that was in HubSpot before, and by what it was found; by its name alone is weak."""

    id: str
    by: By


def match(wanted: Desired, candidates: Mapping[str, Properties], taken: frozenset[str] = frozenset()) -> Match | None:
    """The one that fits; None where there is none, several would do, or the link of `wanted` stands in HubSpot.

    Args:
        candidates: HubSpot's products by id.
        taken: ids that others have got meanwhile, or that it is known not to be.
    """
    if any(held.get(KEY_PROPERTY) == wanted.ref.key for held in candidates.values()):
        return None
    free = {id_: held for id_, held in candidates.items() if id_ not in taken and not held.get(KEY_PROPERTY)}
    for by, name in LOOKED_AT.items():
        value = wanted.properties.get(name, "").strip()
        found = [id_ for id_, held in free.items() if value and (held.get(name) or "").strip() == value]
        if by == "name" and wanted.properties.get("hs_sku"):  # one with another SKU is another product
            found = [id_ for id_ in found if not free[id_].get("hs_sku")]
        if found:
            return Match(found[0], by) if len(found) == 1 else None
    return None

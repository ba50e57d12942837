"""One contact for several customers (I5): of one store with one e-mail, of several stores, or merged in HubSpot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sync_core.mappings import TABLES
from sync_core.mappings.deals import SOURCE_STORE
from sync_core.pure.convert import epoch_ms
from sync_core.pure.image import image
from sync_core.pure.model import Desired, Properties, Settings, Surroundings

STORES = SOURCE_STORE.target
COUNT = "shopify_orders_count"
NAMES = ("firstname", "lastname")


def united(own: Desired, document: Mapping[str, Any], around: Surroundings, settings: Settings, table: str) -> Desired:
    """The contact as all its customers say, the one that was changed last first; its blanks leave the word to others.

    What a checkout without a customer says of a known customer's name does not count: a customer's word is better.
    """
    stores = {settings.shop, *around.stores, *(one.shop for one in around.siblings)}
    own = replace(own, properties={**own.properties, STORES: ";".join(sorted(stores))})
    if not around.siblings:
        return own
    if table == "guest":
        return replace(own, properties={name: value for name, value in own.properties.items() if name not in NAMES})
    rows = TABLES[settings.integration][table]
    said = [(_age(document, settings.shop), own.properties)] + [
        (_age(one.document or {}, one.shop), image(rows, one.document or {}, {})[0]) for one in around.siblings
    ]
    in_order = [properties for _, properties in sorted(said, key=lambda pair: pair[0])]
    spoken = {name: value for properties in in_order for name, value in properties.items() if value}
    return replace(own, properties={**own.properties, **spoken, **_summed(in_order), STORES: ";".join(sorted(stores))})


def _age(document: Mapping[str, Any], shop: str) -> tuple[int, str, str]:
    """The oldest first; of one second the store and the id decide, so that all of them say the same."""
    return epoch_ms(document.get("updated_at")) or 0, shop, str(document.get("id"))


def _summed(said: list[Properties]) -> dict[str, str]:
    """Orders count is the sum over the customers."""
    counts = [properties[COUNT] for properties in said if properties.get(COUNT)]
    return {COUNT: format(sum(map(Decimal, counts), Decimal(0)), "f")} if counts else {}

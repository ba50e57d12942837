"""The irregular part of the REST API: what is no list, get, create, update or delete of a resource."""

from __future__ import annotations

from simulator.kernel.errors import NotFound
from simulator.kernel.resource import Document
from simulator.shopify import apps, grants, views
from simulator.shopify.rest import Answer, Ask, Row, chosen, list_all, record, wrapped
from simulator.shopify.rules import metafields, products
from simulator.shopify.shop import Shop


def shop_itself(ask: Ask) -> Answer:
    """The shop's own record."""
    return Answer({"shop": chosen(ask, views.shop_itself(ask.shop, ask.shop.record))})


def access_scopes(ask: Ask) -> Answer:
    """What the app was granted; the path has no version."""
    return Answer({"access_scopes": [{"handle": scope} for scope in sorted(apps.granted(ask.grant))]})


def uninstall(ask: Ask) -> Answer:
    """The app turns itself out [PY]."""
    grants.uninstall(ask.shop, ask.grant.app)
    return Answer({})


# --- variants by their id alone ---


def get_variant(ask: Ask, id: int) -> Answer:
    """A variant by its id alone."""
    product, variant = _variant(ask.shop, id)
    return Answer({"variant": chosen(ask, views.variant(ask.shop, product, variant))})


def update_variant(ask: Ask, id: int) -> Answer:
    """Change a variant by its id alone."""
    wanted = wrapped(ask, "variant")
    product, variant = products.update_variant(ask.shop, *_variant(ask.shop, id), wanted)
    metafields.write(ask.shop, "variant", id, wanted.get("metafields"))
    return Answer({"variant": views.variant(ask.shop, product, variant)})


def _variant(shop: Shop, id: int) -> tuple[Document, Document]:
    found = products.with_variant(shop, min(id, 2**63 - 1))
    if found is None:
        raise NotFound(f"variant {id}")
    return found


# --- events ---


def events_of(row: Row, event_row: Row, subject: str, ask: Ask, id: int) -> Answer:
    """The events of one product or order."""
    where = ("subject_type = ? AND subject_id = ?", (subject, record(row, ask.shop, id)["id"]))
    return list_all(event_row, ask, where)

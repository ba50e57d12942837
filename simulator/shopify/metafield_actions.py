"""Metafields over REST: the same six paths below each kind of owner, and the shop's own without one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from simulator.kernel.errors import NotFound
from simulator.kernel.resource import Document
from simulator.shopify import views
from simulator.shopify.parameters import LARGEST_ID
from simulator.shopify.rest import Action, Answer, Ask, Clause, Row, chosen, count, list_all, record, wrapped
from simulator.shopify.rules import metafields, products
from simulator.shopify.shop import Shop


@dataclass(frozen=True, slots=True)
class Owner:
    """One kind of record that has metafields.

    Args:
        path: what its paths begin with; "" for the shop.
        name: `owner_resource`.
        scope: "customers" asks for read_customers and write_customers; "" for none.
        id_of: the id of the owner that a path names, or NotFound.
    """

    path: str
    name: str
    scope: str
    id_of: Callable[[Shop, int], int]


def owned_by(row: Row) -> Owner:
    """The metafields of a row's records."""
    return Owner(f"{row.path}/<int:id>/", row.one, row.scope, lambda shop, own: int(record(row, shop, own)["id"]))


def _variant(shop: Shop, id: int) -> int:
    if products.with_variant(shop, min(id, LARGEST_ID)) is None:
        raise NotFound(f"variant {id}")
    return id


def _image(shop: Shop, id: int) -> int:
    if products.with_image(shop, min(id, LARGEST_ID)) is None:
        raise NotFound(f"image {id}")
    return id


IMAGES = Owner("product_images/<int:id>/", "product_image", "products", _image)
VARIANTS = Owner("variants/<int:id>/", "variant", "products", _variant)
SHOP = Owner("", "shop", "", lambda shop, _: int(shop.record["id"]))


def actions(row: Row, owner: Owner) -> Iterator[Action]:
    """Every path of one kind of owner."""
    every, one = f"{owner.path}metafields", f"{owner.path}metafields/<int:{'part_id' if owner.path else 'id'}>"
    for method, path, run in (
        ("GET", every, _list),
        ("POST", every, _create),
        ("GET", f"{every}/count", _count),
        ("GET", one, _get),
        ("PUT", one, _update),
        ("DELETE", one, _delete),
    ):
        verb = "read" if method == "GET" else "write"
        yield Action(method, path, f"{verb}_{owner.scope}" if owner.scope else "", partial(run, row, owner))


def _list(row: Row, owner: Owner, ask: Ask, id: int = 0) -> Answer:
    """List."""
    return list_all(row, ask, _within(owner, ask.shop, id))


def _count(row: Row, owner: Owner, ask: Ask, id: int = 0) -> Answer:
    """Count."""
    return count(row, ask, _within(owner, ask.shop, id))


def _create(row: Row, owner: Owner, ask: Ask, id: int = 0) -> Answer:
    """Create."""
    made = metafields.create(ask.shop, owner.name, owner.id_of(ask.shop, id), wrapped(ask, row.one))
    return Answer({row.one: views.metafield(ask.shop, made)}, 201)


def _get(row: Row, owner: Owner, ask: Ask, **ids: int) -> Answer:
    """Get."""
    return Answer({row.one: chosen(ask, views.metafield(ask.shop, _one(row, owner, ask.shop, **ids)))})


def _update(row: Row, owner: Owner, ask: Ask, **ids: int) -> Answer:
    """Update."""
    found = _one(row, owner, ask.shop, **ids)
    return Answer({row.one: views.metafield(ask.shop, metafields.update(ask.shop, found, wrapped(ask, row.one)))})


def _delete(row: Row, owner: Owner, ask: Ask, **ids: int) -> Answer:
    """Delete."""
    ask.shop.delete(row.kind, _one(row, owner, ask.shop, **ids))
    return Answer({})


def _within(owner: Owner, shop: Shop, id: int) -> Clause:
    return "owner_resource = ? AND owner_id = ?", (owner.name, owner.id_of(shop, id))


def _one(row: Row, owner: Owner, shop: Shop, id: int, part_id: int | None = None) -> Document:
    """Of the owner that the path names; of the shop where it names none."""
    owner_id, own_id = owner.id_of(shop, id), id if part_id is None else part_id
    found = record(row, shop, own_id)
    if (found["owner_resource"], found["owner_id"]) != (owner.name, owner_id):
        raise NotFound(f"metafield {own_id}")
    return found

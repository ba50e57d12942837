"""Tags of customers, orders and products alike."""

from __future__ import annotations

from collections.abc import Callable

from simulator.shopify.graphql import access
from simulator.shopify.graphql.mutations.performing import Args, Payload, refuse
from simulator.shopify.graphql.things import by_id, thing
from simulator.shopify.rules import customers, orders, products
from simulator.shopify.shop import Shop

UPDATES = {"Customer": customers.update, "Order": orders.update, "Product": products.update}


def tags_add(shop: Shop, args: Args) -> Payload:
    return _tagged(shop, args, "tagsAdd", lambda before, sent: [*before, *sent])


def tags_remove(shop: Shop, args: Args) -> Payload:
    def without(before: list[str], sent: list[str]) -> list[str]:
        gone = {tag.strip().lower() for tag in sent}
        return [tag for tag in before if tag.lower() not in gone]

    return _tagged(shop, args, "tagsRemove", without)


def _tagged(shop: Shop, args: Args, name: str, joined: Callable[[list[str], list[str]], list[str]]) -> Payload:
    """Tags of customers, orders and products; a tag that is sent may hold several, parted by commas [S]."""
    found = by_id(shop, args["id"], *UPDATES)
    if found is None:
        raise refuse(("id",), f"{args['id'].split('/')[3]} does not exist")
    scope = f"write_{found.type.lower()}s"
    access.check_scope(shop, name, scope)
    before = [tag for tag in found.document["tags"].split(", ") if tag]
    sent = [part.strip() for tag in args["tags"] for part in tag.split(",") if part.strip()]
    changed = UPDATES[found.type](shop, found.document, {"tags": joined(before, sent)})
    return {"node": thing(shop, found.type, changed)}

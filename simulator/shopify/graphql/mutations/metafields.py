"""Mutations of metafields: many at once, of any owners, all or none."""

from __future__ import annotations

from typing import Any

from simulator.kernel.errors import Invalid
from simulator.kernel.resource import Document
from simulator.shopify.graphql import access
from simulator.shopify.graphql.mutations.performing import Args, Payload, refuse
from simulator.shopify.graphql.things import Thing, by_id, camel, thing
from simulator.shopify.graphql.types.metafields import OWNERS, digest, namespace_of
from simulator.shopify.kinds import METAFIELDS
from simulator.shopify.rules import metafields
from simulator.shopify.shop import Shop

MOST = 25  # of one call [S]
SCOPES = {
    "Customer": "write_customers",
    "DraftOrder": "write_draft_orders",
    "Order": "write_orders",
    "Product": "write_products",
    "ProductVariant": "write_products",
}  # a shop's metafields ask for none
# The documentation's own sentence of a value that somebody else has changed meanwhile.
STALE = "The resource has been updated since it was loaded. Try again with an updated `compareDigest` value."


def metafields_set(shop: Shop, args: Args) -> Payload:
    sent = args["metafields"]
    if len(sent) > MOST:
        text = f"Exceeded the maximum metafields input limit of {MOST}."  # Our reading of the text
        raise refuse(("metafields",), text, "LESS_THAN_OR_EQUAL_TO")
    made = [_set(shop, one, ("metafields", str(place))) for place, one in enumerate(sent)]
    return {"metafields": [thing(shop, "Metafield", one) for one in made]}


def metafields_delete(shop: Shop, args: Args) -> Payload:
    """Of one that is not there null is told [S]."""
    deleted: list[Any] = []
    for place, one in enumerate(args["metafields"]):
        owner = _owner(shop, one["ownerId"], "metafieldsDelete", ("metafields", str(place)))
        namespace = namespace_of(shop, one["namespace"])
        found = metafields.find(shop, OWNERS[owner.type][0], owner.id, namespace, one["key"])
        if found:
            shop.delete(METAFIELDS, found)
        deleted.append({"key": one["key"], "namespace": namespace, "owner_id": one["ownerId"]} if found else None)
    return {"deleted_metafields": deleted}


def sent_along(shop: Shop, owner: Thing, sent: list[Document] | None, path: tuple[str, ...] = ()) -> None:
    """Those of an input object, such as a new customer's. Our reading: no namespace means the app's own here too."""
    for place, one in enumerate(sent or ()):
        named = {name: value for name, value in one.items() if value is not None}
        if "id" in named:
            named["id"] = int(named["id"].rsplit("/", 1)[-1])
        else:
            named["namespace"] = namespace_of(shop, named.get("namespace"))
        try:
            metafields.write(shop, OWNERS[owner.type][0], owner.id, [named])
        except Invalid as refusal:
            raise _told(refusal, (*path, "metafields", str(place))) from None


def forget(shop: Shop, owner: Thing) -> None:
    metafields.forget(shop, OWNERS[owner.type][0], owner.id)


def _set(shop: Shop, sent: Document, path: tuple[str, ...]) -> Document:
    owner = _owner(shop, sent["ownerId"], "metafieldsSet", path)
    resource, namespace = OWNERS[owner.type][0], namespace_of(shop, sent.get("namespace"))
    known = metafields.find(shop, resource, owner.id, namespace, sent["key"])
    if "compareDigest" in sent and sent["compareDigest"] != (
        digest(thing(shop, "Metafield", known)) if known else None
    ):
        raise refuse(path, STALE, "STALE_OBJECT")
    wanted = {"namespace": namespace, "key": sent["key"], "value": sent["value"]}
    if sent.get("type"):
        wanted["type"] = sent["type"]
    try:
        return metafields.update(shop, known, wanted) if known else metafields.create(shop, resource, owner.id, wanted)
    except Invalid as refusal:
        raise _told(refusal, path) from None


def _owner(shop: Shop, id: str, name: str, path: tuple[str, ...]) -> Thing:
    """The same scope as for changing the owner itself [S]."""
    found = by_id(shop, id, *OWNERS)
    if found is None:
        raise refuse((*path, "ownerId"), "Owner does not exist.", "INVALID")  # Our reading of the text
    scope = SCOPES.get(found.type)
    if scope:
        access.check_scope(shop, name, scope)
    return found


CODES = {"value": "INVALID_VALUE", "type": "INCLUSION"}


def _told(refusal: Invalid, path: tuple[str, ...]) -> Exception:
    problem = refusal.problems[0]
    whole = problem.message[:1].isupper()
    text = problem.message if whole else f"{problem.field.capitalize()} {problem.message}"
    return refuse((*path, camel(problem.field)), text, problem.code or CODES.get(problem.field, "INVALID"))

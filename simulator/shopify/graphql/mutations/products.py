"""Mutations of products and their variants."""

from __future__ import annotations

from simulator.kernel.errors import Invalid, NotSimulated
from simulator.kernel.resource import Document
from simulator.shopify.graphql import translating as t
from simulator.shopify.graphql.mutations.performing import Args, Payload, refuse
from simulator.shopify.graphql.things import GraphQLRefusal, by_id, thing, variant_thing
from simulator.shopify.rules import products
from simulator.shopify.shop import Shop


def _product(shop: Shop, id: str, *path: str) -> Document:
    found = by_id(shop, id, "Product")
    if found is None:
        raise refuse(path or ("id",), "Product does not exist", "PRODUCT_DOES_NOT_EXIST")  # [DP]
    return found.document


def _product_input(args: Args) -> Args:
    if args.get("product") is None and args.get("input") is None:
        raise GraphQLRefusal("productInput or product must be present", "BAD_REQUEST")  # Our reading of the text
    return dict(args.get("product") or args["input"])


def _product_wanted(sent: Args, media: list[Args] | None) -> Document:
    wanted = t.translated(sent, t.PRODUCT, "a product")
    if media:
        images = t.every(t.MEDIA, "a medium")(media)
        if any(one.pop("kind") != "IMAGE" for one in images):
            raise NotSimulated("media other than images")
        wanted["images"] = images
    return wanted


def _handle_taken(refusal: Invalid, wanted: Document) -> Exception:
    """The one sentence that GraphQL has for itself [DP]."""
    if any((one.field, one.code) == ("handle", "TAKEN") for one in refusal.problems):
        text = f"Handle '{wanted['handle']}' already in use. Please provide a new handle."
        return refuse(("input", "handle"), text)
    return refusal


def product_create(shop: Shop, args: Args) -> Payload:
    wanted = _product_wanted(_product_input(args), args.get("media"))
    try:
        return {"product": thing(shop, "Product", products.create(shop, wanted))}
    except Invalid as refusal:
        raise _handle_taken(refusal, wanted) from None


def product_update(shop: Shop, args: Args) -> Payload:
    if args.get("identifier"):
        raise NotSimulated("productUpdate with identifier")
    sent = _product_input(args)
    found = _product(shop, sent.pop("id", None) or "gid://shopify/Product/0")
    wanted = _product_wanted(sent, args.get("media"))
    if "images" in wanted:  # media that are sent are added [S]
        wanted["images"] = [{"id": one["id"]} for one in found["images"]] + wanted["images"]
    try:
        return {"product": thing(shop, "Product", products.update(shop, found, wanted))}
    except Invalid as refusal:
        raise _handle_taken(refusal, wanted) from None


def product_delete(shop: Shop, args: Args) -> Payload:
    id = args["input"]["id"]
    products.delete(shop, _product(shop, id))
    return {"deleted_product_id": id}


def variants_create(shop: Shop, args: Args) -> Payload:
    """New variants behind the old ones; by default a lone default variant gives way [S]."""
    product = _product(shop, args["product_id"], "productId")
    if args.get("media"):
        raise NotSimulated("productVariantsBulkCreate with media")
    kept = [{"id": one["id"]} for one in product["variants"]]
    lone = len(kept) == 1 and product["variants"][0]["title"] == products.DEFAULT_TITLE
    if args["strategy"] == "REMOVE_STANDALONE_VARIANT" or (args["strategy"] == "DEFAULT" and lone):
        kept = kept[1:] if len(kept) == 1 else kept
    wanted = [t.variant(one, product["options"]) for one in args["variants"]]
    before = {one["id"] for one in product["variants"]}
    changed = products.update(shop, product, {"variants": kept + wanted})
    made = [variant_thing(shop, changed, one) for one in changed["variants"] if one["id"] not in before]
    return {"product": thing(shop, "Product", changed), "product_variants": made}


def variants_update(shop: Shop, args: Args) -> Payload:
    """All or none; a list of some of them leaves the others as they are."""
    product = _product(shop, args["product_id"], "productId")
    if args.get("media") or args.get("allow_partial_updates"):
        raise NotSimulated("productVariantsBulkUpdate with media or allowPartialUpdates")
    wanted = {
        one["id"]: one for one in (t.variant(each, product["options"]) for each in args["variants"]) if "id" in one
    }
    known = {one["id"] for one in product["variants"]}
    if len(wanted) < len(args["variants"]) or not known.issuperset(wanted):
        # Our reading of the text
        raise refuse(("variants", "0", "id"), "Product variant does not exist", "PRODUCT_VARIANT_DOES_NOT_EXIST")
    listed = [wanted.get(one["id"], {"id": one["id"]}) for one in product["variants"]]
    changed = products.update(shop, product, {"variants": listed})
    made = [variant_thing(shop, changed, one) for one in changed["variants"] if one["id"] in wanted]
    return {"product": thing(shop, "Product", changed), "product_variants": made}

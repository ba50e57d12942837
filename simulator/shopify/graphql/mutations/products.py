"""Mutations of products and their variants."""

from __future__ import annotations

from simulator.kernel.errors import Invalid, NotSimulated
from simulator.kernel.resource import Document
from simulator.shopify.graphql import translating as t
from simulator.shopify.graphql.mutations import metafields
from simulator.shopify.graphql.mutations.performing import Args, Payload, refuse
from simulator.shopify.graphql.roots import product_by
from simulator.shopify.graphql.things import GraphQLRefusal, Thing, by_id, number, thing, variant_thing
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
    sent = _product_input(args)
    along = sent.pop("metafields", None)
    wanted = _product_wanted(sent, args.get("media"))
    try:
        made = thing(shop, "Product", products.create(shop, wanted))
    except Invalid as refusal:
        raise _handle_taken(refusal, wanted) from None
    metafields.sent_along(shop, made, along)
    return {"product": made}


def product_update(shop: Shop, args: Args) -> Payload:
    sent = _product_input(args)
    along = sent.pop("metafields", None)
    found = _identified(shop, args.get("identifier"), sent)
    wanted = _product_wanted(sent, args.get("media"))
    if "images" in wanted:  # media that are sent are added [S]
        wanted["images"] = [{"id": one["id"]} for one in found["images"]] + wanted["images"]
    try:
        changed = thing(shop, "Product", products.update(shop, found, wanted))
    except Invalid as refusal:
        raise _handle_taken(refusal, wanted) from None
    metafields.sent_along(shop, changed, along)
    return {"product": changed}


def _identified(shop: Shop, identifier: Args | None, sent: Args) -> Document:
    """Which product: by `identifier`, else by the id among its fields."""
    own_id = sent.pop("id", None)
    if not identifier:
        return _product(shop, own_id or "gid://shopify/Product/0")
    found = product_by(shop, identifier)
    if found is None:
        raise refuse(("identifier",), "Product does not exist", "PRODUCT_DOES_NOT_EXIST")  # Our reading of the path
    return found.document


def product_delete(shop: Shop, args: Args) -> Payload:
    id = args["input"]["id"]
    found = _product(shop, id)
    metafields.forget(shop, thing(shop, "Product", found))
    products.delete(shop, found)
    return {"deleted_product_id": id}


def product_set(shop: Shop, args: Args) -> Payload:
    """Create or change, whichever it takes; lists that are sent are the whole lists [S]."""
    if not args.get("synchronous", True):
        raise NotSimulated("productSet with synchronous: false")
    sent, identifier = dict(args["input"]), args.get("identifier")
    along, variants, own_id = (sent.pop(name, None) for name in ("metafields", "variants", "id"))
    identifier = identifier or ({"id": own_id} if own_id else None)
    found = product_by(shop, identifier) if identifier else None
    if identifier and found is None and not identifier.get("handle"):
        raise refuse(("input",), "Product does not exist", "PRODUCT_DOES_NOT_EXIST")  # Our reading of the path
    wanted = _product_wanted(sent, None)
    if identifier and identifier.get("handle"):
        wanted = {"handle": identifier["handle"]} | wanted
    if variants is not None:
        options = _positions(wanted.get("options") or (found.document["options"] if found else []))
        wanted["variants"] = [t.variant(one, options, "a variant of productSet") for one in variants]
    try:
        made = _saved(shop, found.document if found else None, wanted)
    except Invalid as refusal:
        raise _handle_taken(refusal, wanted) from None
    metafields.sent_along(shop, thing(shop, "Product", made), along, ("input",))
    return {"product": thing(shop, "Product", made)}


def _saved(shop: Shop, found: Document | None, wanted: Document) -> Document:
    if found is None:
        return products.create(shop, wanted, products.MOST_IN_GRAPHQL)
    return products.update(shop, found, wanted, products.MOST_IN_GRAPHQL)


def _positions(options: list[Document]) -> list[Document]:
    """Options that are only sent yet have neither ids nor positions."""
    return [{"id": None} | one | {"position": place} for place, one in enumerate(options, 1)]


def product_change_status(shop: Shop, args: Args) -> Payload:
    found = _product(shop, args["product_id"], "productId")
    changed = products.update(shop, found, t.translated({"status": args["status"]}, t.PRODUCT, "a product"))
    return {"product": thing(shop, "Product", changed)}


def variants_delete(shop: Shop, args: Args) -> Payload:
    product = _product(shop, args["product_id"], "productId")
    gone = {number(id, "ProductVariant") for id in args["variants_ids"]}
    known = {one["id"] for one in product["variants"]}
    if not known.issuperset(gone):
        text = "At least one variant does not belong to the product"  # Our reading of the text
        raise refuse(("variantsIds", "0"), text, "AT_LEAST_ONE_VARIANT_DOES_NOT_BELONG_TO_THE_PRODUCT")
    if known == gone:
        raise refuse(("variantsIds",), "Cannot delete the last variant", "CANNOT_DELETE_LAST_VARIANT")  # Our reading
    for one in product["variants"]:
        if one["id"] in gone:
            metafields.forget(shop, variant_thing(shop, product, one))
    kept = [{"id": one["id"]} for one in product["variants"] if one["id"] not in gone]
    return {"product": thing(shop, "Product", products.update(shop, product, {"variants": kept}))}


def variants_create(shop: Shop, args: Args) -> Payload:
    """New variants behind the old ones; by default a lone default variant gives way [S]."""
    product = _product(shop, args["product_id"], "productId")
    if args.get("media"):
        raise NotSimulated("productVariantsBulkCreate with media")
    kept = [{"id": one["id"]} for one in product["variants"]]
    lone = len(kept) == 1 and product["variants"][0]["title"] == products.DEFAULT_TITLE
    if args["strategy"] == "REMOVE_STANDALONE_VARIANT" or (args["strategy"] == "DEFAULT" and lone):
        kept = kept[1:] if len(kept) == 1 else kept
    wanted, along = _variants_wanted(args, product)
    before = {one["id"] for one in product["variants"]}
    changed = _saved(shop, product, {"variants": kept + wanted})
    made = [variant_thing(shop, changed, one) for one in changed["variants"] if one["id"] not in before]
    _written_along(shop, made, along)
    return {"product": thing(shop, "Product", changed), "product_variants": made}


def variants_update(shop: Shop, args: Args) -> Payload:
    """All or none; a list of some of them leaves the others as they are."""
    product = _product(shop, args["product_id"], "productId")
    if args.get("media") or args.get("allow_partial_updates"):
        raise NotSimulated("productVariantsBulkUpdate with media or allowPartialUpdates")
    sent, along = _variants_wanted(args, product)
    wanted = {one["id"]: one for one in sent if "id" in one}
    known = {one["id"] for one in product["variants"]}
    if len(wanted) < len(args["variants"]) or not known.issuperset(wanted):
        # Our reading of the text
        raise refuse(("variants", "0", "id"), "Product variant does not exist", "PRODUCT_VARIANT_DOES_NOT_EXIST")
    listed = [wanted.get(one["id"], {"id": one["id"]}) for one in product["variants"]]
    changed = products.update(shop, product, {"variants": listed})
    by_id = {one["id"]: variant_thing(shop, changed, one) for one in changed["variants"]}
    made = [by_id[id] for id in wanted]
    _written_along(shop, made, along)
    return {"product": thing(shop, "Product", changed), "product_variants": made}


def _variants_wanted(args: Args, product: Document) -> tuple[list[Document], list[list[Document] | None]]:
    """The variants as the rules take them, and the metafields that are sent along with each."""
    sent = [dict(one) for one in args["variants"]]
    along = [one.pop("metafields", None) for one in sent]
    return [t.variant(one, product["options"]) for one in sent], along


def _written_along(shop: Shop, variants: list[Thing], along: list[list[Document] | None]) -> None:
    for place, (one, sent) in enumerate(zip(variants, along, strict=True)):
        metafields.sent_along(shop, one, sent, ("variants", str(place)))

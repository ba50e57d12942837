"""Products, variants and images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.kernel.resource import Document
from simulator.shopify.kinds import PRODUCTS
from simulator.shopify.views.shape import Json, gid, shaped

if TYPE_CHECKING:
    from simulator.shopify.shop import Shop

PRODUCT = (
    "id", "title", "body_html", "vendor", "product_type", "created_at", "handle", "updated_at", "published_at",
    "template_suffix", "published_scope", "tags", "status", "admin_graphql_api_id", "variants", "options", "images",
    "image",
)  # fmt: skip
VARIANT = (
    "id", "product_id", "title", "price", "position", "inventory_policy", "compare_at_price", "option1", "option2",
    "option3", "created_at", "updated_at", "taxable", "barcode", "fulfillment_service", "grams",
    "inventory_management", "requires_shipping", "sku", "weight", "weight_unit", "inventory_item_id",
    "inventory_quantity", "old_inventory_quantity", "presentment_prices", "admin_graphql_api_id", "image_id",
)  # fmt: skip
NOT_IN_VARIANT_WEBHOOKS = (
    "grams", "weight", "weight_unit", "requires_shipping", "inventory_management", "fulfillment_service",
    "presentment_prices",
)  # fmt: skip
VARIANT_WEBHOOK = tuple(name for name in VARIANT if name not in NOT_IN_VARIANT_WEBHOOKS)
VARIANTS_IN_WEBHOOK = 100  # in full; of further ones the gids alone [WHM]
IMAGE = (
    "id", "alt", "position", "product_id", "created_at", "updated_at", "admin_graphql_api_id", "width", "height",
    "src", "variant_ids",
)  # fmt: skip


def product(shop: Shop, document: Document, variant_shape: tuple[str, ...] = VARIANT) -> Json:
    images = [image(shop, document, one) for one in document["images"]]
    worked_out = {
        "admin_graphql_api_id": gid(PRODUCTS.gid, document["id"]),
        "variants": [variant(shop, document, one, variant_shape) for one in document["variants"]],
        "images": images,
        "image": images[0] if images else None,
    }
    return shaped(PRODUCT, shop, document, worked_out)


def product_webhook(shop: Shop, document: Document) -> Json:
    """Like the answer, with narrower variants and some keys of GraphQL's world [WH]; the newest gids first [WHM]."""
    found = product(shop, document, VARIANT_WEBHOOK)
    newest = sorted(found["variants"], key=lambda one: one["updated_at"], reverse=True)
    gids = [{"admin_graphql_api_id": one["admin_graphql_api_id"], "updated_at": one["updated_at"]} for one in newest]
    media = [_media(one) for one in found["images"]]
    more = {"media": media, "variant_gids": gids, "has_variants_that_requires_components": False, "category": None}
    return found | more | {"variants": found["variants"][:VARIANTS_IN_WEBHOOK]}


def variant(shop: Shop, owner: Document, document: Document, shape: tuple[str, ...] = VARIANT) -> Json:  # noqa: ARG001
    prices = [
        {
            "price": {"amount": document["price"], "currency_code": shop.currency},
            "compare_at_price": document["compare_at_price"]
            and {"amount": document["compare_at_price"], "currency_code": shop.currency},
        }
    ]
    worked_out = {"presentment_prices": prices, "admin_graphql_api_id": gid("ProductVariant", document["id"])}
    return shaped(shape, shop, document, worked_out)


def image(shop: Shop, owner: Document, document: Document) -> Json:
    worked_out = {
        "admin_graphql_api_id": gid("MediaImage", document["media_id"]),
        "variant_ids": [one["id"] for one in owner["variants"] if one["image_id"] == document["id"]],
    }
    return shaped(IMAGE, shop, document, worked_out)


def _media(shown: Json) -> Json:
    """An image as a medium. Our reading of its keys: the sample in [WH] is known by its name alone."""
    preview = {"width": shown["width"], "height": shown["height"], "src": shown["src"], "status": "READY"}
    return {
        "id": int(shown["admin_graphql_api_id"].rsplit("/", 1)[-1]),
        "product_id": shown["product_id"],
        "position": shown["position"],
        "created_at": shown["created_at"],
        "updated_at": shown["updated_at"],
        "alt": shown["alt"],
        "status": "READY",
        "media_content_type": "IMAGE",
        "preview_image": preview,
        "variant_ids": shown["variant_ids"],
        "admin_graphql_api_id": shown["admin_graphql_api_id"],
    }

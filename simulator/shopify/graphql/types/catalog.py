"""Products, their options, variants and images."""

from __future__ import annotations

import html
import re
from typing import Any

from simulator.shopify import money
from simulator.shopify.graphql.pages import Page, cursor, listed
from simulator.shopify.graphql.things import (
    Thing,
    count_of,
    first_of,
    gid,
    inventory_item,
    legacy_id,
    of,
    own_id,
    row,
    tags,
    variant_thing,
)
from simulator.shopify.graphql.types.connect import none, own_events
from simulator.shopify.graphql.types.metafields import OWNED
from simulator.shopify.rules.products import DEFAULT_TITLE

SUMMARY_LENGTH = 60  # of descriptionPlainSummary [S]


# --- products ---


def variants(it: Thing) -> list[Thing]:
    return [variant_thing(it.shop, it.document, one) for one in it.document["variants"]]


def _variants_page(it: Thing, sort_key: str = "POSITION", **args: Any) -> Page:
    found = variants(it)
    keys: dict[str, Any] = {
        "ID": lambda one: one.id,
        "TITLE": lambda one: (one["title"].lower(), one.id),
        "NAME": lambda one: (one["title"].lower(), one.id),
        "SKU": lambda one: ((one["sku"] or "").lower(), one.id),
        "INVENTORY_QUANTITY": lambda one: (one["inventory_quantity"], one.id),
    }
    return listed(args, sorted(found, key=keys[sort_key]) if sort_key in keys else found)


def _text(it: Any) -> str:
    """The description in one line, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", it["body_html"] or "")).split())


def _description(it: Thing, truncate_at: int | None = None) -> str:
    found = _text(it)
    if truncate_at is None or len(found) <= truncate_at:
        return found
    return found[: max(truncate_at - 3, 0)] + "..."  # as Rails shortens: the dots are within


def _range(it: Thing, key: str, *names: str) -> dict[str, Any] | None:
    """The least and the largest price of the variants; of prices that nobody set there is no range."""
    amounts = [money.cents(one[key]) for one in it["variants"] if one[key] is not None]
    if not amounts:
        return None
    ends = (min(amounts), max(amounts))
    return {
        name: {"amount": money.text(end, it.shop.currency), "currency_code": it.shop.currency}
        for name, end in zip(names, ends, strict=True)
    }


def _online_url(it: Thing) -> str | None:
    return f"https://{it.shop.domain}/products/{it['handle']}" if it["published_at"] else None


def _tracks(it: Any) -> bool:
    return it["inventory_management"] == "shopify"


def _is_default(it: Thing) -> bool:
    return len(it["variants"]) == 1 and it["variants"][0]["title"] == DEFAULT_TITLE


def _out_of_stock(variant: Any) -> bool:
    return _tracks(variant) and variant["inventory_policy"] == "deny" and variant["inventory_quantity"] <= 0


def _options(it: Thing) -> list[Thing]:
    return [it.part("ProductOption", one) for one in it["options"]]


def _values(it: Thing) -> list[Thing]:
    """Values have no ids in REST; our reading: one made of the option's and the place."""
    return [
        it.part("ProductOptionValue", {"id": it.id * 1000 + place, "name": name})
        for place, name in enumerate(it["values"], 1)
    ]


# --- images ---


def _image(owner: Thing, shown: dict[str, Any]) -> Thing:
    media_id = int(shown["admin_graphql_api_id"].rsplit("/", 1)[-1])
    return owner.part("MediaImage", shown | {"id": media_id, "image_id": shown["id"]})


def _media(it: Thing) -> list[Thing]:
    return [_image(it, one) for one in it["images"]]


def _media_page(it: Thing, query: str | None = None, sort_key: str = "POSITION", **args: Any) -> Page:  # noqa: ARG001
    return listed(args, _media(it))


def _featured(it: Thing) -> Thing | None:
    return next(iter(_media(it)), None)


def _picture(it: Thing | None) -> dict[str, Any] | None:
    """An image as such: without the medium around it."""
    return it and {
        "id": gid("ProductImage", it["image_id"]),
        "alt_text": it["alt"],
        "url": it["src"],
        "width": it["width"],
        "height": it["height"],
    }


def _variant_picture(it: Thing, **_: Any) -> dict[str, Any] | None:
    assert it.owner is not None
    shown = next((one for one in it.owner["images"] if one["id"] == it["image_id"]), None)
    return _picture(_image(it.owner, shown)) if shown else None


def _picture_url(it: Any, **_: Any) -> str:
    """Our reading: transformations are Shopify's image server's affair, the address stays."""
    return str(it["url"])


# --- variants ---


def _selected(it: Thing) -> list[dict[str, Any]]:
    assert it.owner is not None
    return [{"name": one["name"], "value": it[f"option{one['position']}"]} for one in it.owner["options"]]


def _full_name(it: Thing) -> str:
    assert it.owner is not None
    return f"{it.owner['title']} - {it['title']}"


def _available(it: Thing) -> bool:
    assert it.owner is not None
    return it.owner["status"] == "active" and not _out_of_stock(it)


def default_cursor(it: Thing) -> str:
    return cursor((str(it.id), it.id))


TYPES = {
    "Product": row(
        "title vendor handle productType status templateSuffix createdAt updatedAt publishedAt",
        id=own_id,
        legacyResourceId=legacy_id,
        storefrontId=own_id,
        defaultCursor=default_cursor,
        tags=tags,
        descriptionHtml=lambda it: it["body_html"] or "",
        bodyHtml=of("body_html"),
        description=_description,
        descriptionPlainSummary=lambda it: _description(it, SUMMARY_LENGTH),
        customProductType=of("product_type"),
        options=first_of(_options),
        variants=_variants_page,
        variantsCount=count_of("variants"),
        totalVariants=lambda it: len(it["variants"]),
        hasOnlyDefaultVariant=_is_default,
        hasOutOfStockVariants=lambda it: any(_out_of_stock(one) for one in it["variants"]),
        hasVariantsThatRequiresComponents=False,
        totalInventory=lambda it: sum(one["inventory_quantity"] for one in it["variants"]),
        tracksInventory=lambda it: any(_tracks(one) for one in it["variants"]),
        priceRangeV2=lambda it: _range(it, "price", "min_variant_price", "max_variant_price"),
        compareAtPriceRange=lambda it: _range(
            it, "compare_at_price", "min_variant_compare_at_price", "max_variant_compare_at_price"
        ),
        media=_media_page,
        mediaCount=count_of("images"),
        featuredMedia=_featured,
        featuredImage=lambda it: _picture(_featured(it)),
        onlineStoreUrl=_online_url,
        events=own_events,
        **OWNED,
        seo=lambda _: {"title": None, "description": None},
        category=None,
        collections=none,
        combinedListingRole=None,
        giftCardTemplateSuffix=None,
        isGiftCard=False,
        requiresSellingPlan=False,
    ),
    "SEO": row("title description"),
    "ProductOption": row("name position values", id=own_id, optionValues=_values),
    "ProductOptionValue": row("name", id=own_id, hasVariants=True, linkedMetafieldValue=None),
    "ProductPriceRangeV2": row("minVariantPrice maxVariantPrice"),
    "ProductCompareAtPriceRange": row("minVariantCompareAtPrice maxVariantCompareAtPrice"),
    "MediaImage": row(
        "alt createdAt updatedAt",
        id=own_id,
        image=_picture,
        mediaContentType="IMAGE",
        status="READY",
        fileStatus="READY",
        mediaErrors=[],
        mediaWarnings=[],
        mimeType=lambda it: "image/png" if it["src"].split("?")[0].endswith(".png") else "image/jpeg",
        preview=lambda it: {"image": _picture(it), "status": "READY"},
    ),
    "MediaPreviewImage": row("image status"),
    "Image": row(
        "altText width height id",
        url=_picture_url,
        src=_picture_url,
        originalSrc=_picture_url,
        transformedSrc=_picture_url,
        thumbhash=None,
    ),
    "ProductVariant": row(
        "title price compareAtPrice position sku barcode taxable inventoryPolicy inventoryQuantity createdAt updatedAt",
        id=own_id,
        legacyResourceId=legacy_id,
        storefrontId=own_id,
        defaultCursor=default_cursor,
        product=lambda it: it.owner,
        displayName=_full_name,
        selectedOptions=_selected,
        image=_variant_picture,
        inventoryItem=inventory_item,
        availableForSale=_available,
        sellableOnlineQuantity=lambda it: max(it["inventory_quantity"], 0) if _tracks(it) else 0,
        events=own_events,
        **OWNED,
        requiresComponents=False,
        showUnitPrice=False,
        taxCode=lambda _: "",
        unitPrice=None,
    ),
    "SelectedOption": row("name value"),
}

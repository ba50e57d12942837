"""A product's images: where they lie at Shopify, their order, their size as far as it is known.

Shopify fetches the `src` that it is given and keeps a copy. The fake fetches nothing: it names the copy as Shopify
would, and knows the size of an image only where its bytes were sent along.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
from typing import Any
from urllib.parse import urlsplit

from simulator.kernel.errors import Invalid, Problem
from simulator.kernel.resource import Document
from simulator.shopify.rules import inputs
from simulator.shopify.rules.inputs import Field
from simulator.shopify.shop import Shop

MOST_IMAGES = 250  # of one product (help.shopify.com: media of a product)
LONGEST_URL = 4096
FIELDS = (Field("alt", inputs.text(512)), Field("position", inputs.whole), Field("filename", inputs.text()))


def read_all(
    shop: Shop, product: Document, wanted: list[Document]
) -> tuple[list[Document], dict[int, list[int] | None]]:
    """The whole list as it is sent: known ids keep their image, positions sort; and the variants that show each."""
    if len(wanted) > MOST_IMAGES:
        raise Invalid((Problem("images", f"cannot be more than {MOST_IMAGES}"),))  # Our reading of the text
    for one in wanted:
        inputs.not_simulated(one, ("metafields",), "a product with images")
    found = [read_one(shop, product, one, inputs.by_id(product["images"], one)) for one in wanted]
    places = [inputs.read(one, FIELDS).get("position") or place for place, one in enumerate(wanted, 1)]
    order = sorted(range(len(found)), key=lambda index: (places[index], index))
    shown = {image["id"]: variant_ids(one) for image, one in zip(found, wanted, strict=True)}
    return numbered([found[index] for index in order]), shown


def read_one(shop: Shop, product: Document, wanted: Document, before: Document | None = None) -> Document:
    """One image: a known one with what is sent, or a new one from an address or from bytes."""
    given = inputs.read(wanted, FIELDS, "images.")
    image = before or _new(shop, product, wanted, given)
    return image | ({"alt": given["alt"]} if "alt" in given else {})


def numbered(images: list[Document]) -> list[Document]:
    return [image | {"position": place} for place, image in enumerate(images, 1)]


def moved(images: list[Document], image_id: int, wanted: Document) -> list[Document]:
    """The list with one image at the position that is sent."""
    place = inputs.read(wanted, FIELDS).get("position")
    if place:
        one = next(image for image in images if image["id"] == image_id)
        images = [image for image in images if image["id"] != image_id]
        images.insert(min(place, len(images) + 1) - 1, one)
    return numbered(images)


def variant_ids(wanted: Document) -> list[int] | None:
    """The variants that shall show an image; None where nothing is said."""
    if "variant_ids" not in wanted:
        return None
    ids = wanted["variant_ids"]
    if not isinstance(ids, list) or not all(isinstance(id, int) for id in ids):
        raise Invalid((Problem("variant_ids", "is invalid"),))
    return ids


def _new(shop: Shop, product: Document, wanted: Document, given: Document) -> Document:
    if wanted.get("attachment") is not None:
        name, (width, height) = given.get("filename") or "image.png", _size(_bytes(wanted["attachment"]))
    else:
        name, (width, height) = _file_name(wanted.get("src")), (None, None)
    now = shop.now()
    return {
        "id": shop.next_part_id("images"),
        "product_id": product["id"],
        "media_id": shop.next_part_id("media"),
        "alt": None,
        "position": 0,
        "created_at_ms": now,
        "updated_at_ms": now,
        "width": width,
        "height": height,
        "src": f"https://cdn.shopify.com/s/files/1/{_folder(shop)}/files/{name}?v={now // 1000}",
    }


def _folder(shop: Shop) -> str:
    digits = f"{shop.record['id']:012d}"
    return "/".join(digits[place : place + 4] for place in (0, 4, 8))


def _file_name(src: Any) -> str:
    parts = urlsplit(src) if isinstance(src, str) and len(src) <= LONGEST_URL else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.netloc:
        raise Invalid((Problem("image", "Image URL is invalid"),))  # Our reading of the text
    name = re.sub(r"[^A-Za-z0-9._-]", "_", parts.path.rsplit("/", 1)[-1])
    return name or "image"


def _bytes(attachment: Any) -> bytes:
    try:
        return base64.b64decode(attachment, validate=False)
    except (binascii.Error, TypeError, ValueError):
        raise Invalid((Problem("image", "is invalid"),)) from None  # Our reading of the text


def _size(data: bytes) -> tuple[int | None, int | None]:
    """Width and height from the head of a GIF or PNG."""
    if data[:3] == b"GIF" and len(data) >= 10:
        width, height = struct.unpack("<HH", data[6:10])
        return width, height
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    return None, None

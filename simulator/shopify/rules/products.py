"""Products, with their variants, options and images, which live inside the product's document."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from simulator.kernel.errors import Invalid, NotFound, Problem
from simulator.kernel.resource import Document
from simulator.shopify import money
from simulator.shopify.kinds import PRODUCTS, VARIANTS
from simulator.shopify.rules import events, images, inputs, metafields
from simulator.shopify.rules.inputs import Field
from simulator.shopify.shop import Shop

MOST_VARIANTS, MOST_IN_GRAPHQL = 100, 2048  # REST's cap since 2024-04, and the other dialect's (changelog)
MOST_OPTIONS = 3
DEFAULT_TITLE = "Default Title"
# The names of options that only variants imply. "Title" is recorded [AJS]; the others are our reading.
IMPLIED_OPTIONS = ("Title", "Size", "Color")
GRAMS = {"g": 1.0, "kg": 1000.0, "lb": 453.59237, "oz": 28.349523125}


def handle(value: Any) -> str | None:
    """ "Burton Custom Freestyle 151" -> "burton-custom-freestyle-151" [AJS]."""
    ascii_only = unicodedata.normalize("NFKD", inputs.text()(value) or "").encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-") or None


FIELDS = (
    Field("title", inputs.text()),
    Field("body_html", inputs.text(inputs.LONGEST_HTML)),
    Field("vendor", inputs.text()),
    Field("product_type", inputs.text(), ""),
    Field("handle", handle),
    Field("tags", inputs.tags, ""),
    Field("status", inputs.choice("active", "archived", "draft"), "active"),
    Field("template_suffix", inputs.text()),
    Field("published_scope", inputs.choice("web", "global")),
)
# What search engines show of a product: fields of a body that are kept as metafields [AJS]. Our reading of their types.
SEARCH_TAGS = {
    "metafields_global_title_tag": ("title_tag", "single_line_text_field"),
    "metafields_global_description_tag": ("description_tag", "multi_line_text_field"),
}

VARIANT_FIELDS = (
    Field("option1", inputs.text()),
    Field("option2", inputs.text()),
    Field("option3", inputs.text()),
    inputs.price("price"),
    inputs.price("compare_at_price"),
    Field("sku", inputs.text()),
    Field("barcode", inputs.text()),
    Field("taxable", inputs.flag, True),
    Field("requires_shipping", inputs.flag, True),
    Field("inventory_policy", inputs.choice("deny", "continue"), "deny"),
    Field("inventory_management", inputs.choice("shopify", None)),
    Field("fulfillment_service", inputs.choice("manual"), "manual"),
    Field("weight", inputs.number, 0.0),
    Field("weight_unit", inputs.choice(*GRAMS), "lb"),
    Field("grams", inputs.whole),
    Field("image_id", inputs.identifier),
)


def create(shop: Shop, wanted: Document, most: int = MOST_VARIANTS) -> Document:
    """A new product of at most so many variants; without any it gets the one called "Default Title" [AJS]."""
    given = inputs.read(wanted, FIELDS)
    inputs.refuse((*_title_problems(given.get("title")), *_handle_problems(shop, given.get("handle"))))
    product = _blank(shop) | given
    product["published_scope"] = given.get("published_scope") or _first_scope(product)
    product["vendor"] = product["vendor"] or shop.record["name"]
    product["product_type"] = product["product_type"] or ""
    product["handle"] = given.get("handle") or _free_handle(shop, product["title"])
    product["published_at_ms"] = _published(shop, product, wanted)
    names = _option_names(wanted)
    listed = inputs.mappings(wanted.get("variants"), "variants") or [_first_values(wanted)]
    product["variants"] = [_new_variant(shop, product, {"sku": ""} | one, len(names) or 1) for one in listed]  # [AJS]
    _set_options(shop, product, names)
    _set_images(shop, product, wanted.get("images"))
    _check_variants(product, most)
    _index(shop, product)
    shop.create(PRODUCTS, product)
    events.note(shop, "Product", product, "create")
    _tag_for_search(shop, product, wanted)
    return product


def update(shop: Shop, product: Document, wanted: Document, most: int = MOST_VARIANTS) -> Document:
    """Change what is sent; a list of variants or images replaces the whole list, known ids keep their values."""
    given = inputs.read(wanted, FIELDS)
    if "title" in given:
        inputs.refuse(_title_problems(given["title"]))
    if given.get("handle") != product["handle"]:
        inputs.refuse(_handle_problems(shop, given.get("handle")))
    changed = product | {name: value for name, value in given.items() if name != "handle" or value}
    activated = product["status"] == "draft" and changed["status"] == "active"
    changed["published_at_ms"] = _published(shop, changed, wanted, activated)
    names = _option_names(wanted) or [option["name"] for option in product["options"]]
    if "variants" in wanted:
        listed = inputs.mappings(wanted["variants"], "variants")
        changed["variants"] = [_variant_like(shop, changed, one, len(names)) for one in listed or [{}]]
    _set_options(shop, changed, names)
    if "images" in wanted:
        _set_images(shop, changed, wanted["images"])
    _tag_for_search(shop, product, wanted)
    return _save(shop, product, changed, most)


def delete(shop: Shop, product: Document) -> None:
    _unindex(shop, product["variants"])
    shop.delete(PRODUCTS, product)
    events.note(shop, "Product", product, "destroy")


# --- variants ---


def create_variant(shop: Shop, product: Document, wanted: Document) -> tuple[Document, Document]:
    variant = _new_variant(shop, product, wanted, len(product["options"]))
    variants = list(product["variants"])
    if len(variants) == 1 and variants[0]["option1"] == DEFAULT_TITLE:
        variants = []  # the first real variant takes the place of the default one; Our reading
    at = inputs.read(wanted, (Field("position", inputs.whole),)).get("position") or len(variants) + 1
    variants.insert(min(at, len(variants) + 1) - 1, variant)
    changed = product | {"variants": variants}
    _set_options(shop, changed, [option["name"] for option in product["options"]])
    return _save(shop, product, changed), find_part(changed, "variants", variant["id"])


def update_variant(shop: Shop, product: Document, variant: Document, wanted: Document) -> tuple[Document, Document]:
    others = [one for one in product["variants"] if one["id"] != variant["id"]]
    new = _changed_variant(shop, product, variant, wanted)
    at = inputs.read(wanted, (Field("position", inputs.whole),)).get("position") or variant["position"]
    others.insert(min(at, len(others) + 1) - 1, new)
    changed = product | {"variants": others}
    _set_options(shop, changed, [option["name"] for option in product["options"]])
    saved = _save(shop, product, changed)
    return saved, find_part(saved, "variants", variant["id"])


def delete_variant(shop: Shop, product: Document, variant: Document) -> None:
    left = [one for one in product["variants"] if one["id"] != variant["id"]]
    if not left:
        # Our reading of the text; the rule is Shopify's: a product has one variant at least.
        raise Invalid((Problem("base", "Product must have at least one variant"),))
    changed = product | {"variants": left}
    _set_options(shop, changed, [option["name"] for option in product["options"]])
    _save(shop, product, changed)


def with_variant(shop: Shop, variant_id: int) -> tuple[Document, Document] | None:
    """The product that has this variant, and the variant."""
    entry = shop.get(VARIANTS, variant_id)
    product = shop.get(PRODUCTS, entry["product_id"]) if entry else None
    return (product, find_part(product, "variants", variant_id)) if product else None


def with_image(shop: Shop, image_id: int) -> Document | None:
    """The product that has this image; nothing but its metafields is found by its id alone."""
    return shop.first(PRODUCTS, "EXISTS (SELECT 1 FROM json_each(doc, '$.images') WHERE value ->> 'id' = ?)", image_id)


def find_part(product: Document, part: str, id: int) -> Document:
    for one in product[part]:
        if one["id"] == id:
            found: Document = one
            return found
    raise NotFound(part)


# --- images ---


def create_image(shop: Shop, product: Document, wanted: Document) -> tuple[Document, Document]:
    changed = product | {"images": [*product["images"], image := images.read_one(shop, product, wanted)]}
    return _with_images(shop, product, changed, image["id"], wanted)


def update_image(shop: Shop, product: Document, image: Document, wanted: Document) -> tuple[Document, Document]:
    new = images.read_one(shop, product, wanted, image)
    changed = product | {"images": [new if one["id"] == image["id"] else one for one in product["images"]]}
    return _with_images(shop, product, changed, image["id"], wanted)


def delete_image(shop: Shop, product: Document, image: Document) -> None:
    left = [one for one in product["images"] if one["id"] != image["id"]]
    _save(shop, product, product | {"images": images.numbered(left)})


def _with_images(
    shop: Shop, product: Document, changed: Document, image_id: int, wanted: Document
) -> tuple[Document, Document]:
    _show(changed, image_id, images.variant_ids(wanted))
    changed["images"] = images.moved(changed["images"], image_id, wanted)
    saved = _save(shop, product, changed)
    return saved, find_part(saved, "images", image_id)


def _set_images(shop: Shop, product: Document, value: Any) -> None:
    """The whole list of images, and which variants show them."""
    product["images"], shown = images.read_all(shop, product, inputs.mappings(value, "images"))
    for image_id, ids in shown.items():
        _show(product, image_id, ids)


def _show(product: Document, image_id: int, ids: list[int] | None) -> None:
    if ids is None:
        return
    if not {variant["id"] for variant in product["variants"]}.issuperset(ids):
        raise Invalid((Problem("variant_ids", "is invalid"),))  # Our reading of the text
    product["variants"] = [_showing(one, image_id, ids) for one in product["variants"]]


def _showing(variant: Document, image_id: int, ids: list[int]) -> Document:
    if variant["id"] in ids:
        return variant | {"image_id": image_id}
    return variant | {"image_id": None} if variant["image_id"] == image_id else variant


# --- helpers ---


def _save(shop: Shop, before: Document, changed: Document, most: int = MOST_VARIANTS) -> Document:
    """Write a product whose parts may have changed. Our reading: a change that changes nothing is none.

    More variants than `most` are kept where there were as many before: REST does not add to what GraphQL made.
    """
    _check_variants(changed, max(most, len(before["variants"])))
    shown = {image["id"] for image in changed["images"]}
    changed["variants"] = [one if one["image_id"] in shown else one | {"image_id": None} for one in changed["variants"]]
    changed["variants"] = _stamped(shop, before["variants"], changed["variants"])
    changed["images"] = _stamped(shop, before["images"], changed["images"])
    if changed == before:
        return before
    kept = {variant["id"] for variant in changed["variants"]}
    _unindex(shop, [variant for variant in before["variants"] if variant["id"] not in kept])
    _index(shop, changed, {variant["id"] for variant in before["variants"]})
    return shop.update(PRODUCTS, changed)


def _stamped(shop: Shop, before: list[Document], after: list[Document]) -> list[Document]:
    known = {one["id"]: one for one in before}
    return [one if known.get(one["id"]) == one else one | {"updated_at_ms": shop.now()} for one in after]


def _blank(shop: Shop) -> Document:
    now = shop.now()
    blank = {"id": shop.next_id(PRODUCTS), "created_at_ms": now, "updated_at_ms": now, "options": [], "images": []}
    return inputs.defaults(FIELDS) | blank


def _tag_for_search(shop: Shop, product: Document, wanted: Document) -> None:
    tags = [
        {"namespace": "global", "key": key, "type": type_name, "value": wanted[name]}
        for name, (key, type_name) in SEARCH_TAGS.items()
        if wanted.get(name)
    ]
    metafields.write(shop, "product", product["id"], tags)


def _first_scope(product: Document) -> str:
    return "web" if product["status"] == "draft" else "global"  # [AJS]


def _published(shop: Shop, product: Document, wanted: Document, activated: bool = False) -> int | None:
    """When a product was published: not while a draft, nor after `published: false` [AJS]."""
    if product["status"] == "draft" or wanted.get("published") is False:
        return None
    if wanted.get("published_at"):
        return inputs.read(wanted, (Field("published_at", inputs.instant),))["published_at"]  # type: ignore[no-any-return]
    if product.get("published_at_ms"):
        return product["published_at_ms"]  # type: ignore[no-any-return]
    # A new product is published at once, so is a draft that becomes active (our reading); one that was hidden by
    # `published: false` stays so until `published: true` [AJS].
    new = "published_at_ms" not in product
    return shop.now() if new or activated or wanted.get("published") is True else None


def _title_problems(title: str | None) -> list[Problem]:
    return [] if title and title.strip() else [Problem("title", "can't be blank", "BLANK")]


def _handle_problems(shop: Shop, wanted: str | None) -> list[Problem]:
    if not wanted or not shop.first(PRODUCTS, "handle = ?", wanted):
        return []
    return [Problem("handle", "has already been taken", "TAKEN")]


def _free_handle(shop: Shop, title: str) -> str:
    """The title's handle, with a number where it is taken."""
    stem = handle(title) or "product"
    free, number = stem, 0
    while shop.first(PRODUCTS, "handle = ?", free):
        number = number + 1 if number else shop.site.next_number(f"handle/{stem}", 1)
        free = f"{stem}-{number}"
    return free


def _option_names(wanted: Document) -> list[str]:
    options = inputs.mappings(wanted.get("options"), "options")
    names = [str(option.get("name") or "") for option in options]
    if len(names) > MOST_OPTIONS:
        raise Invalid((Problem("options", f"cannot be more than {MOST_OPTIONS}"),))  # Our reading of the text
    if not all(names) or len({name.lower() for name in names}) < len(names):
        raise Invalid((Problem("options", "is invalid"),))  # Our reading of the text
    return names


def _first_values(wanted: Document) -> Document:
    """The only variant of a product that names options but no variants: the first value of each. Our reading."""
    options = inputs.mappings(wanted.get("options"), "options")
    values = [option.get("values") for option in options]
    firsts = [value[0] if isinstance(value, list) and value else DEFAULT_TITLE for value in values]
    return {f"option{place}": value for place, value in enumerate(firsts, 1)}


def _new_variant(shop: Shop, product: Document, wanted: Document, options: int) -> Document:
    now = shop.now()
    blank = {
        "id": shop.next_id(VARIANTS),
        "product_id": product["id"],
        "created_at_ms": now,
        "updated_at_ms": now,
        "position": 0,
        "inventory_item_id": shop.next_part_id("inventory_items"),
        "inventory_quantity": 0,
        "old_inventory_quantity": 0,
        **inputs.defaults(VARIANT_FIELDS),
        "weight_unit": shop.record["weight_unit"],
    }
    return _filled(shop, blank, wanted, options)


def _changed_variant(shop: Shop, product: Document, variant: Document, wanted: Document) -> Document:
    new = _filled(shop, variant, wanted, len(product["options"]))
    known = {None, *(image["id"] for image in product["images"])}
    if new["image_id"] not in known:
        raise Invalid((Problem("image_id", "is invalid"),))  # Our reading of the text
    return new


def _variant_like(shop: Shop, product: Document, wanted: Document, options: int) -> Document:
    """The variant that an entry of a product's list means: a known one by its id, else a new one."""
    known = inputs.by_id(product["variants"], wanted)
    return _changed_variant(shop, product, known, wanted) if known else _new_variant(shop, product, wanted, options)


def _filled(shop: Shop, variant: Document, wanted: Document, options: int) -> Document:
    given = inputs.read(wanted, VARIANT_FIELDS, "variants.", shop.currency)
    new = variant | given
    new["price"] = new["price"] or money.zero(shop.currency)
    new["option1"] = new["option1"] or DEFAULT_TITLE
    for place in range(options + 1, MOST_OPTIONS + 1):
        if options and place > 1 and f"option{place}" not in given:
            new[f"option{place}"] = None
    if "grams" in given and given["grams"] is not None and "weight" not in given:
        new["weight"] = round(given["grams"] / GRAMS[new["weight_unit"]], 4)
    new["grams"] = round(new["weight"] * GRAMS[new["weight_unit"]])
    values = [new[f"option{place}"] for place in range(1, MOST_OPTIONS + 1)]
    return new | {"title": " / ".join(value for value in values if value)}


def _set_options(shop: Shop, product: Document, names: list[str]) -> None:
    """Options follow from the variants: their values in order of appearance, and the variants' positions."""
    product["variants"] = [variant | {"position": place} for place, variant in enumerate(product["variants"], 1)]
    used = max(place for variant in product["variants"] for place in (1, 2, 3) if variant[f"option{place}"])
    names = [*names, *IMPLIED_OPTIONS[len(names) : used]]
    ids = [option["id"] for option in product["options"]]
    ids += [shop.next_part_id("options") for _ in names[len(ids) :]]
    product["options"] = [
        {
            "id": id,
            "product_id": product["id"],
            "name": name,
            "position": place,
            "values": list(dict.fromkeys(variant[f"option{place}"] for variant in product["variants"])),
        }
        for place, (id, name) in enumerate(zip(ids, names, strict=False), 1)
    ]


def _check_variants(product: Document, most: int) -> None:
    variants = product["variants"]
    if len(variants) > most:
        # Our reading of the text: the cap is documented, its sentence is not.
        text = f"Exceeded maximum number of variants allowed ({most})"
        raise Invalid((Problem("base", text),))
    missing = [
        Problem(f"option{place}", "can't be blank", "BLANK")
        for place in range(1, len(product["options"]) + 1)
        if not all(variant[f"option{place}"] for variant in variants)
    ]
    inputs.refuse((*missing, *_doubles(variants)))


def _doubles(variants: Iterable[Document]) -> list[Problem]:
    seen: set[Any] = set()
    problems = []
    for variant in variants:
        key = tuple((variant[f"option{place}"] or "").lower() for place in (1, 2, 3))
        if key in seen:
            problems.append(Problem("base", f"The variant '{variant['title']}' already exists."))  # Our reading
        seen.add(key)
    return problems


def _index(shop: Shop, product: Document, known: Iterable[int] = ()) -> None:
    for variant in product["variants"]:
        if variant["id"] not in known:
            shop.create(VARIANTS, {"id": variant["id"], "product_id": product["id"]})


def _unindex(shop: Shop, variants: Iterable[Document]) -> None:
    for variant in variants:
        shop.delete(VARIANTS, variant)

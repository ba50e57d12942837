"""Metafields: an app's own fields beside the record of a customer, a product, a variant, an order or the shop itself.

A value is kept as text, whatever its type, as GraphQL shows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import orjson

from simulator.kernel.errors import Invalid, Problem
from simulator.kernel.resource import Document
from simulator.shopify.kinds import METAFIELDS
from simulator.shopify.rules import inputs
from simulator.shopify.rules.inputs import Field
from simulator.shopify.shop import Shop

LONGEST_VALUE = 65_536  # characters; Our reading: Shopify's limits differ by type
LONGEST_NAME = 64  # shopify.dev: a key has 3 to 64 characters, a namespace 3 to 255
MOST = 250  # of one record; Our reading, a fake needs a limit
REFERENCES = (
    "collection", "customer", "file", "metaobject", "mixed", "order", "page", "product", "product_taxonomy_value",
    "variant",
)  # fmt: skip
PLAIN_TYPES = (
    "boolean", "color", "date", "date_time", "dimension", "id", "json", "language", "link", "money",
    "multi_line_text_field", "number_decimal", "number_integer", "rating", "rich_text_field", "single_line_text_field",
    "url", "volume", "weight", *(f"{name}_reference" for name in REFERENCES),
)  # fmt: skip
TYPES = frozenset(PLAIN_TYPES) | {f"list.{name}" for name in PLAIN_TYPES}


def _json(text: str) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


# type -> whether a text is a value of it, and the sentence where it is not; the sentences are our reading. Types that
# are not here take any text; those that begin with "list." want a list.
CHECKS: dict[str, tuple[Callable[[str], Any], str]] = {
    "number_integer": (re.compile(r"-?\d{1,19}").fullmatch, "Value must be an integer."),
    "number_decimal": (re.compile(r"-?\d{1,13}(\.\d{1,9})?").fullmatch, "Value must be a decimal."),
    "boolean": (re.compile("true|false").fullmatch, "Value must be true or false."),
    "date": (re.compile(r"\d{4}-\d\d-\d\d").fullmatch, "Value must be in YYYY-MM-DD format."),
    "json": (_json, "Value is invalid JSON."),
    "single_line_text_field": (lambda text: "\n" not in text, "Value must be a single line text string."),
}


def _value(sent: Any) -> str | None:
    """JSON's own values as text: 25, true; a list or an object as it would be written."""
    if sent is None:
        return None
    text = sent if isinstance(sent, str) else orjson.dumps(sent).decode()
    if len(text) > LONGEST_VALUE:
        raise ValueError(f"is too long (maximum is {LONGEST_VALUE} characters)")
    return text


FIELDS = (
    Field("namespace", inputs.text()),
    Field("key", inputs.text(LONGEST_NAME)),
    Field("value", _value),
    Field("type", inputs.text()),
    Field("description", inputs.text()),
)


def create(shop: Shop, owner: str, owner_id: int, wanted: Document) -> Document:
    given = inputs.defaults(FIELDS) | inputs.read(wanted, FIELDS)
    inputs.refuse(_problems(given))
    if find(shop, owner, owner_id, given["namespace"], given["key"]):
        # Our reading: seen in public reports
        raise Invalid((Problem("key", "must be unique within this namespace on this resource", "TAKEN"),))
    if len(all_of(shop, owner, owner_id)) >= MOST:
        raise Invalid((Problem("base", f"A record cannot have more than {MOST} metafields"),))
    at_ms = shop.now()
    times = {"created_at_ms": at_ms, "updated_at_ms": at_ms}
    named = {"id": shop.next_id(METAFIELDS), "owner_id": owner_id, "owner_resource": owner}
    return shop.create(METAFIELDS, named | times | given)


def update(shop: Shop, metafield: Document, wanted: Document) -> Document:
    """Value, type and description; namespace and key stay what they were."""
    changed = metafield | inputs.read(wanted, [one for one in FIELDS if one.name not in ("namespace", "key")])
    inputs.refuse(_problems(changed))
    return shop.update(METAFIELDS, changed) if changed != metafield else metafield


def write(shop: Shop, owner: str, owner_id: int, sent: Any) -> None:
    """The metafields that are sent along with their owner: new ones, and known ones by id or by name."""
    for one in inputs.mappings(sent, "metafields"):
        mine = all_of(shop, owner, owner_id)
        known = inputs.by_id(mine, one) or find(shop, owner, owner_id, one.get("namespace"), one.get("key"))
        if known:
            update(shop, known, one)
        else:
            create(shop, owner, owner_id, one)


def forget(shop: Shop, owner: str, owner_id: int) -> None:
    """With their owner they go."""
    for one in all_of(shop, owner, owner_id):
        shop.delete(METAFIELDS, one)


def all_of(shop: Shop, owner: str, owner_id: int) -> list[Document]:
    return shop.find(METAFIELDS, "owner_resource = ? AND owner_id = ?", owner, owner_id)


def find(shop: Shop, owner: str, owner_id: int, namespace: Any, key: Any) -> Document | None:
    if not (isinstance(namespace, str) and isinstance(key, str)):
        return None
    where = "owner_resource = ? AND owner_id = ? AND namespace = ? AND key = ?"
    return shop.first(METAFIELDS, where, owner, owner_id, namespace, key)


def _problems(given: Document) -> list[Problem]:
    missing = [
        Problem(name, "can't be blank", "BLANK") for name in ("namespace", "key", "value", "type") if not given[name]
    ]
    if missing:
        return missing
    if given["type"] not in TYPES:
        return [Problem("type", "is not a valid type")]  # Our reading of the text
    if given["type"].startswith("list."):
        is_list = _json(given["value"]) and isinstance(orjson.loads(given["value"]), list)
        return [] if is_list else [Problem("value", "Value must be a list.")]
    check, sentence = CHECKS.get(given["type"], (bool, ""))
    return [] if check(given["value"]) else [Problem("value", sentence)]

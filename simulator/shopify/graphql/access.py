"""Which scopes open which field or type, and which fields are protected customer data: as the real schema marks them.

`access.txt` holds the schema's own words (`requiredAccess`), of which each scope named there is enough; `protected.txt`
what `isProtected` marks, and as what [S].
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from simulator.shopify import apps
from simulator.shopify.graphql.things import GraphQLRefusal
from simulator.shopify.graphql.undeclared import text
from simulator.shopify.shop import Shop

DOCUMENTATION = "https://shopify.dev/api/usage/access-scopes"
PARTNER = 4_000_001  # the organization of a developer in the links of Shopify's texts
SCOPE = re.compile(r"`(\w+)` access scope")


@dataclass(frozen=True, slots=True)
class Needed:
    """Any of these scopes, and Shopify's words for them."""

    scopes: frozenset[str]
    words: str


def required(owner: str, field: str, type_name: str) -> Needed | None:
    """What a field asks for, else what the type that it returns does, or lists."""
    bare = type_name.removesuffix("Connection")
    return _table().get(f"{owner}.{field}") or _table().get(bare)


def of_type(type_name: str) -> Needed | None:
    return _table().get(type_name)


def check(shop: Shop, field: str, needed: Needed) -> None:
    if not needed.scopes & shop.caller.scopes:
        raise denied(field, needed.words)


def check_scope(shop: Shop, field: str, scope: str, words: str = "") -> None:
    """For a field whose scope is said elsewhere, or hangs on the record."""
    check(shop, field, Needed(frozenset({scope}), words or f"`{scope}` access scope."))


def denied(field: str, words: str) -> GraphQLRefusal:
    text = f"Access denied for {field} field. Required access: {words}"
    return GraphQLRefusal(text, "ACCESS_DENIED", {"documentation": DOCUMENTATION, "requiredAccess": words})  # [DP]


def protected(owner: str, field: str) -> str | None:
    """Which of the kinds of customers' data a field is: "name", "address", "email", "phone"."""
    return _protected().get((owner, field))


def check_approved(shop: Shop, field: str, kind: str) -> None:
    """Without level 1 the object is refused, without the one approval of level 2 the field [PCD]."""
    if kind not in apps.usable(shop.caller.customer_data):
        link = f"https://partners.shopify.com/{PARTNER}/apps/{shop.caller.app_id}/customer_data"
        what = f"use the {field} field" if "customer" in shop.caller.customer_data else "access the Customer object"
        message = f"This app is not approved to {what}. See {link} for more details."
        raise GraphQLRefusal(message, "ACCESS_DENIED")


@cache
def _table() -> dict[str, Needed]:
    """By type, and by "Type.field"."""
    lines = (line.partition(": ") for line in text("access.txt").splitlines())
    return {name: Needed(frozenset(SCOPE.findall(words.partition(" Also: ")[0])), words) for name, _, words in lines}


@cache
def _protected() -> dict[tuple[str, str], str]:
    lines = (line.partition(": ") for line in text("protected.txt").splitlines())
    pairs = ((owner, one.partition("=")) for owner, _, marks in lines for one in marks.split())
    return {(owner, field): kind for owner, (field, _, kind) in pairs}

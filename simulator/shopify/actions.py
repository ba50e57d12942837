"""The irregular part of the REST API: what is no list, get, create, update or delete of a resource."""

from __future__ import annotations

import re
from collections.abc import Callable

from simulator.kernel.errors import Malformed, NotFound, NotSimulated
from simulator.kernel.resource import Document
from simulator.shopify import apps, grants, paging, views
from simulator.shopify.rest import Answer, Ask, Row, chosen, list_all, record, wrapped
from simulator.shopify.rules import customers, metafields, products
from simulator.shopify.shop import Shop

DEFAULT_SEARCH_ORDER = "last_order_date desc"
MOST_TERMS = 20  # of one search; Our reading


def shop_itself(ask: Ask) -> Answer:
    """The shop's own record."""
    return Answer({"shop": chosen(ask, views.shop_itself(ask.shop, ask.shop.record))})


def access_scopes(ask: Ask) -> Answer:
    """What the app was granted; the path has no version."""
    return Answer({"access_scopes": [{"handle": scope} for scope in sorted(apps.granted(ask.grant))]})


def uninstall(ask: Ask) -> Answer:
    """The app turns itself out [PY]."""
    grants.uninstall(ask.shop, ask.grant.app)
    return Answer({})


# --- customers ---


def search(row: Row, ask: Ask) -> Answer:
    """Customers by `query`: terms that all must hold."""
    cursor = paging.read(ask.args)
    query = (cursor.filters if cursor else ask.args).get("query", "")
    clauses = [_term(term) for term in _terms(query)]
    where = " AND ".join(f"({where})" for where, _ in clauses) or "1"
    if ask.args.get("order", DEFAULT_SEARCH_ORDER).lower() != DEFAULT_SEARCH_ORDER:
        raise NotSimulated("the order of customers/search.json")
    # Our reading: newest first, as recorded [AJS]; by the date of the last order is not simulated.
    args = {name: ask.args[name] for name in ("query", "limit", "fields", "page_info") if name in ask.args}
    narrowed = Ask(ask.shop, ask.grant, args, None, ask.url)
    return list_all(row, narrowed, (where, tuple(param for _, params in clauses for param in params)))


def orders_of(row: Row, order_row: Row, ask: Ask, id: int) -> Answer:
    """The orders of a customer, filtered like any orders."""
    return list_all(order_row, ask, ("customer_id = ?", (record(row, ask.shop, id)["id"],)))


def make_default(row: Row, ask: Ask, id: int, part_id: int) -> Answer:
    """Make it the customer's default address."""
    found = record(row, ask.shop, id)
    address = customers.address_of(found, part_id)
    changed = customers.make_default(ask.shop, found, address)
    return Answer({"customer_address": views.address(ask.shop, changed, address)})


# --- variants by their id alone ---


def get_variant(ask: Ask, id: int) -> Answer:
    """A variant by its id alone."""
    product, variant = _variant(ask.shop, id)
    return Answer({"variant": chosen(ask, views.variant(ask.shop, product, variant))})


def update_variant(ask: Ask, id: int) -> Answer:
    """Change a variant by its id alone."""
    wanted = wrapped(ask, "variant")
    product, variant = products.update_variant(ask.shop, *_variant(ask.shop, id), wanted)
    metafields.write(ask.shop, "variant", id, wanted.get("metafields"))
    return Answer({"variant": views.variant(ask.shop, product, variant)})


def _variant(shop: Shop, id: int) -> tuple[Document, Document]:
    found = products.with_variant(shop, min(id, 2**63 - 1))
    if found is None:
        raise NotFound(f"variant {id}")
    return found


# --- events ---


def events_of(row: Row, event_row: Row, subject: str, ask: Ask, id: int) -> Answer:
    """The events of one product or order."""
    where = ("subject_type = ? AND subject_id = ?", (subject, record(row, ask.shop, id)["id"]))
    return list_all(event_row, ask, where)


# --- the search of customers ---

_TERM = re.compile(r"\s*(?:(\w+):)?(\"[^\"]*\"|'[^']*'|[^\s\"'()]+)")
_ADDRESS = "EXISTS (SELECT 1 FROM json_each(doc, '$.addresses') WHERE lower(json_extract(value, '$.{0}')) {1})"


def _text(path: str) -> Callable[[str], str]:
    return lambda compared: f"lower(json_extract(doc, '$.{path}')) {compared}"


# field -> SQL, given the comparison ("= ?" or "LIKE ?")
SEARCHABLE: dict[str, Callable[[str], str]] = {
    "email": _text("email"),
    "phone": _text("phone"),
    "first_name": _text("first_name"),
    "last_name": _text("last_name"),
    "state": _text("state"),
    "id": lambda compared: f"CAST(id AS TEXT) {compared}",
    "country": lambda compared: _ADDRESS.format("country", compared),
    "tag": lambda compared: f"(', ' || lower(json_extract(doc, '$.tags')) || ',') {compared}",
    "verified_email": lambda compared: (
        f"CASE json_extract(doc, '$.verified_email') WHEN 1 THEN 'true' ELSE 'false' END {compared}"
    ),
}
ALIASES = {"customer_tag": "tag"}  # [AJS]
BARE = ("email", "first_name", "last_name", "phone")  # what a word without a field is looked for in


def _terms(query: str) -> list[tuple[str, str]]:
    """(field, value) of each term; what the fake does not understand is refused by name, never passed over."""
    terms, place = [], 0
    while query[place:].strip():
        found = _TERM.match(query, place)
        name, value = (found.group(1) or "", found.group(2)) if found else ("", "")
        if not found or (not name and value in ("OR", "NOT")) or value[0] in "<>=-" or len(terms) >= MOST_TERMS:
            raise NotSimulated(f"the search syntax {query[place:].strip()[:80]!r}")
        place = found.end()
        if name or value != "AND":
            terms.append((ALIASES.get(name, name), value.strip("\"'")))
    if any(name and name not in SEARCHABLE for name, _ in terms):
        raise NotSimulated(f"a search of customers by {next(name for name, _ in terms if name not in SEARCHABLE)}")
    return _joined_values(terms)


def _joined_values(terms: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """ "country:United States" means one value [AJS]: a bare word behind a field belongs to it."""
    joined: list[tuple[str, str]] = []
    for name, value in terms:
        if not name and joined and joined[-1][0]:
            joined[-1] = (joined[-1][0], f"{joined[-1][1]} {value}")
        else:
            joined.append((name, value))
    return joined


def _term(term: tuple[str, str]) -> tuple[str, tuple[str, ...]]:
    name, value = term[0], term[1].lower()
    if not value:
        raise Malformed("is invalid", "query")
    if name == "tag":
        return SEARCHABLE[name]("LIKE ? ESCAPE '!'"), (f"%, {_escaped(value)},%",)
    if not name:
        where = " OR ".join(SEARCHABLE[one]("LIKE ? ESCAPE '!'") for one in BARE)
        return where, (f"%{_escaped(value)}%",) * len(BARE)
    if "*" in value:
        return SEARCHABLE[name]("LIKE ? ESCAPE '!'"), (_escaped(value).replace("*", "%"),)
    return SEARCHABLE[name]("= ?"), (value,)


def _escaped(value: str) -> str:
    return value.replace("!", "!!").replace("%", "!%").replace("_", "!_")

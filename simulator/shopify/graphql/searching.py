"""`query:` of lists and counts: the tree of `shopify.search` becomes SQL; a field that is not searchable is a warning.

A term about a field that the list does not know is told in `extensions.search` and holds for everything: the filter
is open where it fails, as recorded [DP].
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.kernel.errors import NotSimulated
from simulator.shopify import money
from simulator.shopify.rules import inputs
from simulator.shopify.search import Either, Node, Not, Term, parse, terms
from simulator.shopify.shop import Shop

Clause = tuple[str, tuple[Any, ...]]
EVERYTHING: Clause = ("1", ())
MOST_TERMS = 250  # of one query; Our reading, it keeps the SQL below SQLite's limits
LARGEST_NUMBER = 10.0**15
# What parts a text into the words that a term is compared with. Our reading: `email:gmail.com` finds the domain [DP].
SEPARATORS = ("@", ",", "-", "/", "_")


@dataclass(frozen=True, slots=True)
class Search:
    """How one field is searched.

    Args:
        of: SQL expressions; the term holds where it holds for one of them.
        read: (shop, the term's value) -> what they are compared with, a ValueError where it is no such value; None
            for texts, which are compared word by word and without case.
        within: SQL around the comparison, for what lies in a list inside the record.
        choices: SQL by value, for a field that is no expression.
    """

    of: tuple[str, ...] = ()
    read: Callable[[Shop, str], Any] | None = None
    within: str = "{}"
    choices: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A query as SQL, and what `extensions.search` tells of it: None where all is well."""

    clause: Clause
    told: dict[str, Any] | None = None


def compiled(shop: Shop, query: str | None, fields: Mapping[str, Search], not_simulated: tuple[str, ...]) -> Found:
    """The records that a query finds.

    Args:
        fields: the fields of the list's documentation that are simulated; "default" is for words by themselves.
        not_simulated: the other fields of the documentation, which are refused by name.
    """
    if not query or not query.strip():
        return Found(EVERYTHING)
    tree = parse(query)
    every = list(terms(tree))
    if len(every) > MOST_TERMS:
        raise NotSimulated(f"a search of more than {MOST_TERMS} terms")
    for term in every:
        if _name(term) in not_simulated or _name(term).startswith("metafields."):
            raise NotSimulated(f"a search by {_name(term)}")
    warnings = [warning for term in every if (warning := _warning(shop, term, fields))]
    told = {"query": query, "parsed": _parsed(tree), "warnings": warnings} if warnings else None
    return Found(_clause(shop, tree, fields), told)


# --- SQL ---


def _clause(shop: Shop, node: Node, fields: Mapping[str, Search]) -> Clause:
    if isinstance(node, Term):
        return EVERYTHING if _warning(shop, node, fields) else _term(shop, node, fields[_name(node)])
    if isinstance(node, Not):
        if isinstance(node.node, Term) and _warning(shop, node.node, fields):
            return EVERYTHING
        where, params = _clause(shop, node.node, fields)
        return f"NOT coalesce(({where}), 0)", params
    parts = [_clause(shop, one, fields) for one in node.nodes]
    joint = " OR " if isinstance(node, Either) else " AND "
    return joint.join(f"({where})" for where, _ in parts) or "1", tuple(one for _, params in parts for one in params)


def _term(shop: Shop, term: Term, search: Search) -> Clause:
    if search.choices is not None:
        return search.choices[term.value.lower()], ()
    if term.match == "exists":
        return _any(search, "{} NOT IN ('', '[]')")
    if search.read:
        return _any(search, f"{{}} {term.operator} ?", search.read(shop, term.value))
    if term.operator != "=" or term.match == "phrase":
        return _any(search, f"lower({{}}) {term.operator} ?", term.value.lower())
    value = term.value.lower()
    for one in SEPARATORS:
        value = value.replace(one, " ")
    end = "" if term.match == "prefix" else " "
    return _any(search, _WORDS, f"% {_escaped(value.strip())}{end}%")


def _any(search: Search, compared: str, *params: Any) -> Clause:
    """The comparison for each of the field's expressions."""
    where = " OR ".join(compared.format(expression) for expression in search.of)
    return search.within.format(where), params * len(search.of)


def _words() -> str:
    spaced = "lower({})"
    for one in SEPARATORS:
        spaced = f"replace({spaced}, '{one}', ' ')"
    return f"(' ' || {spaced} || ' ') LIKE ? ESCAPE '!'"


_WORDS = _words()


def _escaped(value: str) -> str:
    return value.replace("!", "!!").replace("%", "!%").replace("_", "!_")


# --- what is told ---


def _name(term: Term) -> str:
    return term.field or "default"


def _warning(shop: Shop, term: Term, fields: Mapping[str, Search]) -> dict[str, str] | None:
    name = _name(term)
    if name not in fields:
        return {"field": name, "message": "Invalid search field for this query.", "code": "invalid_field"}  # [DP]
    search = fields[name]
    try:
        if search.choices is not None and term.value.lower() not in search.choices:
            raise ValueError(term.value)
        if search.read and term.match != "exists":
            search.read(shop, term.value)
    except ValueError:
        # Our reading, in the recorded shape: a value that cannot be read holds for everything as well.
        return {"field": name, "message": f"Input `{term.value}` is not an accepted value.", "code": "invalid_value"}
    return None


_RANGES = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}


def _parsed(node: Node) -> dict[str, Any]:
    """The tree as `extensions.search` shows it; `match_all` is recorded [DP], the rest is our reading."""
    if isinstance(node, Not):
        return {"not": _parsed(node.node)}
    if not isinstance(node, Term):
        return {"or" if isinstance(node, Either) else "and": [_parsed(one) for one in node.nodes]}
    if node.match == "exists":
        return {"field": _name(node), "exists": True}
    if node.operator in _RANGES:
        return {"field": _name(node), "range": {_RANGES[node.operator]: node.value}}
    how = {"phrase": "match_phrase", "prefix": "match_prefix"}.get(node.match, "match_all")
    return {"field": _name(node), how: node.value}


# --- readers of values ---


def instant(shop: Shop, value: str) -> int:
    """A time as every ISO spelling has it, a day alone, or "now"; without an offset it is the shop's (Our reading)."""
    found = shop.now() if value == "now" else inputs.read_time(value, shop.zone)
    if found is None:
        raise ValueError(value)
    return found


def whole(_: Shop, value: str) -> int:
    number = float(value)
    if not abs(number) <= LARGEST_NUMBER or number != int(number):
        raise ValueError(value)
    return int(number)


def identifier(_: Shop, value: str) -> int:
    """A number; our reading: of a global id its number."""
    found = value.rsplit("/", 1)[-1]
    if not found.isdecimal():
        raise ValueError(value)
    return min(int(found[:20]), 2**63 - 1)


def amount(_: Shop, value: str) -> float:
    return float(money.number(value))


def truth(_: Shop, value: str) -> int:
    if value.lower() not in ("true", "false"):
        raise ValueError(value)
    return int(value.lower() == "true")

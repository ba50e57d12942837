"""Shopify's search syntax, of customers/search.json and of GraphQL's `query:`: a text becomes a tree [shopify.dev].

What a field means, and whether there is such a field, is for the caller to say; `terms` lists what to check. Like
Shopify's own, the reader forgives: what is left over of a broken query is read as if the broken part were not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

DEEPEST = 20  # parentheses within each other; deeper ones are passed over, so that no text is too much for the reader
CONNECTIVES = ("AND", "OR", "NOT")  # Our reading: in capitals only, as the documentation writes them


@dataclass(frozen=True, slots=True)
class Term:
    """One condition: `tag:vip`, `orders_count:>=2`, `first_name:Jo*`, `email:*`, or a word by itself.

    Args:
        field: in lower case; "" for a word by itself, which is looked for in several fields.
        value: without quotes, escapes and the star of a prefix.
        operator: "=", "<", "<=", ">" or ">=".
        match: "word"; "phrase" where it stood in quotes; "prefix" for `val*`; "exists" for `field:*`.
    """

    field: str
    value: str
    operator: str = "="
    match: str = "word"


@dataclass(frozen=True, slots=True)
class Not:
    node: Node


@dataclass(frozen=True, slots=True)
class All:
    """Every node holds. Without any node it holds for everything: an empty query."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    nodes: tuple[Node, ...]


Node = Term | Not | All | Either


def parse(text: str) -> Node:
    """The tree of a query; AND, written or not, binds closer than OR (Our reading)."""
    reader = _Reader(list(_tokens(text)))
    nodes = []
    while reader.tokens:
        nodes.append(reader.either())
        reader.take(")")  # one that nothing opened
    return _joined(All, [node for node in nodes if node != All(())])


def terms(node: Node) -> Iterator[Term]:
    """Every term of a tree, from left to right."""
    if isinstance(node, Term):
        yield node
    else:
        for one in (node.node,) if isinstance(node, Not) else node.nodes:
            yield from terms(one)


# --- the tree ---


class _Reader:
    """Recursive descent over the tokens that are left."""

    def __init__(self, tokens: list[Term | str]) -> None:
        self.tokens = tokens[::-1]  # the next one is the last

    def take(self, *wanted: str) -> str | None:
        token = self.tokens[-1] if self.tokens else None
        if isinstance(token, str) and token in wanted:
            self.tokens.pop()
            return token
        return None

    def either(self) -> Node:
        found = [self.all()]
        while self.take("OR"):
            found.append(self.all())
        return _joined(Either, [node for node in found if node != All(())])

    def all(self) -> Node:
        found: list[Node] = []
        while self.tokens and self.tokens[-1] not in (")", "OR"):
            if not self.take("AND"):
                found += self.factor()
        return _joined(All, found)

    def factor(self) -> list[Node]:
        """One condition or a group, negated or not; nothing where a NOT has nothing behind it."""
        negated = False
        while self.take("NOT"):
            negated = not negated
        node: Node = All(())
        if self.take("("):
            node = self.either()
            self.take(")")
        elif self.tokens and isinstance(self.tokens[-1], Term):
            node = _ranged(self.tokens.pop())  # type: ignore[arg-type]  a Term, as was just seen
        if node == All(()):
            return []
        return [Not(node) if negated else node]


def _joined(kind: type[All] | type[Either], nodes: list[Node]) -> Node:
    if not nodes:
        return All(())
    return nodes[0] if len(nodes) == 1 else kind(tuple(nodes))


def _ranged(term: Term) -> Node:
    """`total:10..20` means from 10 to 20, both counted."""
    low, dots, high = term.value.partition("..")
    if not (term.field and low and dots and high) or term.match != "word" or term.operator != "=":
        return term
    return All((replace(term, value=low, operator=">="), replace(term, value=high, operator="<=")))


# --- the tokens ---

_TOKEN = re.compile(
    r"""\s*
    (?P<minus>-)?
    (?:(?P<field>[A-Za-z_$][\w.$-]*):\s*)?
    (?P<operator>[<>]=?)?
    (?:(?P<quoted>"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?)|(?P<bare>(?:\\.|[^\s()\\])+)|(?P<paren>[()]))?""",
    re.VERBOSE | re.DOTALL,
)


def _tokens(text: str) -> Iterator[Term | str]:
    """Terms, connectives and parentheses; a minus in front is a NOT."""
    place, depth = 0, 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        assert found is not None  # every part of it may be missing
        place = max(found.end(), place + 1)
        paren, term = found["paren"], _term(found)
        if found["minus"] and (paren == "(" or term):
            yield "NOT"
        if paren:
            depth += 1 if paren == "(" else -1
            if 0 <= depth <= DEEPEST and not (paren == ")" and depth == DEEPEST):
                yield paren
            depth = max(depth, 0)
        elif term:
            yield term


def _term(found: re.Match[str]) -> Term | str | None:
    """A term or a connective; None where a field has no value."""
    quoted, bare = found["quoted"], found["bare"]
    field, operator = (found["field"] or "").lower(), found["operator"] or "="
    if quoted is not None:
        closed = len(quoted) > 1 and quoted.endswith(quoted[0])
        value = _unescaped(quoted[1:-1] if closed else quoted[1:])
        return Term(field, value, operator, "phrase") if value else None
    if bare is None:
        return None
    if bare in CONNECTIVES and not (field or found["minus"] or found["operator"]):
        return bare
    if bare == "*":
        return Term(field, "", "=", "exists") if field else None
    if bare.endswith("*") and not bare.endswith("\\*"):
        return Term(field, _unescaped(bare[:-1]), operator, "prefix")
    return Term(field, _unescaped(bare), operator)


def _unescaped(text: str) -> str:
    r"""Without the backslashes that take the meaning from `:`, `(`, `)`, `\`, quotes and stars."""
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)

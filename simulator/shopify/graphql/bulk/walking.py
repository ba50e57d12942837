"""A Plan becomes the lines of its result: depth first, page by page, parents before their children.

Children always follow their parent, also where `groupObjects` is false: any order is allowed then, and connectors
rely on this one [TAP].
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import ExecutionResult, execute

from simulator.kernel.errors import NotSimulated
from simulator.kernel.simulation import Grant
from simulator.shopify.graphql.bulk.reading import CURSOR, MARK, Plan, after_variable, plan, size_variable
from simulator.shopify.graphql.pages import LARGEST_PAGE
from simulator.shopify.graphql.schema import schema, type_of
from simulator.shopify.graphql.things import GraphQLRefusal
from simulator.shopify.graphql.types.connect import Context
from simulator.shopify.rules.bulk import Failure, Line
from simulator.shopify.shop import Shop

# How many of each connection are read at once, by how many connections are within each other: the product is bounded.
PAGES = {1: LARGEST_PAGE, 2: 50, 3: 25}

Json = dict[str, Any]
Way = tuple[tuple[int, str | None], ...]  # to an object: for each connection its number and the cursor in front of it


def lines(shop: Shop, grant: Grant, query: str) -> Iterator[Line]:
    """Raises Failure with the error code where a page cannot be read."""
    return _Walk(shop, grant, plan(query, shop.caller.api_version)).lines()


def probe(shop: Shop, grant: Grant, query: str) -> None:
    """Read one of everything: what is not simulated is told before the operation runs."""
    for error in _Walk(shop, grant, plan(query, shop.caller.api_version)).tried().errors or ():
        if isinstance(error.original_error, NotSimulated):
            raise error.original_error


@dataclass(frozen=True, slots=True)
class _Walk:
    shop: Shop
    grant: Grant
    plan: Plan

    def lines(self) -> Iterator[Line]:
        for root in self.plan.roots:
            mine = [index for index, one in enumerate(self.plan.connections) if one.root == root]
            data = self._page(self.plan.within(None).intersection(mine))[root]
            if isinstance(data, dict) and _mark(data) is not None:
                yield from self._edges(data, None, (), at_root=True)
            else:  # our reading: a record that is asked for by itself is a line as well
                for one in data if isinstance(data, list) else [data]:
                    if isinstance(one, dict):
                        yield from self._object(one, None, (), at_root=True)

    def _edges(self, connection: Json, parent: str | None, way: Way, at_root: bool = False) -> Iterator[Line]:
        """The nodes of a connection, this page and all that follow."""
        number, before = _mark(connection), None
        assert number is not None
        while True:
            for edge in connection["edges"]:
                if edge["node"] is not None:
                    yield from self._object(edge["node"], parent, (*way, (number, before)), at_root)
                before = edge[CURSOR]
            info = connection[f"{MARK}{number}"]
            if not info["hasNextPage"]:
                break
            more = self._page({number, *self.plan.within(number)}, (*way, (number, info["endCursor"])))
            found = _found(more, number)
            if found is None:  # the parent has gone meanwhile
                break
            connection, before = found, info["endCursor"]

    def _object(self, node: Json, parent: str | None, way: Way, at_root: bool) -> Iterator[Line]:
        shown, connections = _split(node)
        if parent is not None:
            shown["__parentId"] = parent
        yield Line(orjson.dumps(shown), at_root)
        for one in connections:
            yield from self._edges(one, node.get("id"), way)

    def _page(self, wanted: Any, way: Way = ()) -> Json:
        """The answer with a page of each wanted connection, one record of those on the way, none of all others."""
        levels = [self.plan.connections[index].level for index in wanted]
        size = PAGES[max(levels) - min(levels) + 1] if levels else 0
        sizes = dict.fromkeys(range(len(self.plan.connections)), 0) | {index: 1 for index, _ in way}
        result = self._execute(sizes | dict.fromkeys(wanted, size), dict(way))
        if result.errors:
            denied = any(_code(error) == "ACCESS_DENIED" for error in result.errors)
            raise Failure("ACCESS_DENIED" if denied else "INTERNAL_SERVER_ERROR")
        assert result.data is not None
        return result.data

    def tried(self) -> ExecutionResult:
        return self._execute(dict.fromkeys(range(len(self.plan.connections)), 1), {})

    def _execute(self, sizes: dict[int, int], after: dict[int, str | None]) -> ExecutionResult:
        variables: Json = {size_variable(index): size for index, size in sizes.items()}
        variables |= {after_variable(index): after.get(index) for index in sizes}
        context = Context(self.shop, self.grant)
        result = execute(
            schema(self.shop.caller.api_version),
            self.plan.tree,
            context_value=context,
            variable_values=variables,
            type_resolver=type_of,
        )
        assert isinstance(result, ExecutionResult)  # nothing here is awaited
        return result


def _code(error: Any) -> str:
    refusal = error.original_error
    return refusal.code if isinstance(refusal, GraphQLRefusal) else ""


def _mark(value: Json) -> int | None:
    """The number of a connection; None where it is another object."""
    name = next(iter(value), "")
    return int(name.removeprefix(MARK)) if name.startswith(MARK) else None


def _split(node: Json) -> tuple[Json, list[Json]]:
    """An object without the connections in it, and these."""
    shown: Json = {}
    found: list[Json] = []
    for name, value in node.items():
        if not isinstance(value, dict):
            shown[name] = value
        elif _mark(value) is not None:
            found.append(value)
        else:
            shown[name], inner = _split(value)
            found += inner
    return shown, found


def _found(data: Any, number: int) -> Json | None:
    """The connection with this number, in an answer that has one record on the way to it."""
    left = [data]
    while left:
        value = left.pop()
        if isinstance(value, list):
            left += value
        elif isinstance(value, dict):
            if _mark(value) == number:
                return value
            left += value.values()
    return None

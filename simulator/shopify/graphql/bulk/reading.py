"""The text of a bulk query becomes a Plan: checked in Shopify's words [DP], and rewritten to be read page by page.

Each connection of the rewritten query takes its page from two variables of its own and bears a mark with its number,
so that a result tells by itself where its connections are. Named fragments are written out where they are used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    NamedTypeNode,
    NameNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    VariableDefinitionNode,
    VariableNode,
    get_named_type,
    is_list_type,
)
from graphql.type import get_nullable_type

from simulator.shopify.graphql import documents
from simulator.shopify.graphql.mutations.performing import UserErrors, refuse
from simulator.shopify.graphql.schema import schema
from simulator.shopify.graphql.things import GraphQLRefusal

MOST_CONNECTIONS, DEEPEST_NESTING = 5, 2  # [DP]
MOST_FIELDS, DEEPEST = 20_000, 100  # with fragments written out; Our reading, a fake needs a limit
PAGING = ("first", "last", "after", "before")
MARK, CURSOR = "__syncdrill_page_", "__syncdrill_cursor"  # names that no client may use
KEPT = 64  # plans

NO_CONNECTION = "Bulk queries must contain at least one connection."
TOO_MANY = f"Bulk queries cannot contain more than {MOST_CONNECTIONS} connections."
TOO_DEEP = f"Bulk queries cannot contain connections with a nesting depth greater than {DEEPEST_NESTING}."
NO_ID = (
    "The parent 'node' field for a nested connection must select the 'id' field without an alias and must be of 'ID' "
    "return type. Connection fields without 'id': {}."
)
NO_QUERY = "Invalid operation type. Only `query` operations are supported."
TOP_LEVEL = "Bulk queries cannot contain a top level `{}` field."
BY_NODES = (
    "All connection fields in a bulk query must select their contents using 'edges' > 'node', e.g: 'products {{ edges "
    "{{ node {{'. Selecting via 'nodes' is not supported. Invalid connection fields: {}."
)
IN_LIST = "Queries that contain a connection field within a list field are not currently supported."
INVALID = "Invalid bulk query: {}"


@dataclass(slots=True)
class Connection:
    """One connection of the query.

    Args:
        name: its field.
        above: the number of the connection in whose nodes it is; None at the root.
        root: the name in the answer of the root field that it is, or is in.
        level: how many connections it is within, itself included.
        by_edges: whether its contents are selected as Shopify wants it.
        has_id: whether its nodes select their id.
        in_list: whether a list stands between it and the node above.
    """

    name: str
    above: int | None
    root: str
    level: int
    by_edges: bool
    has_id: bool
    in_list: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """A bulk query that may run.

    Args:
        roots: the names of the root fields in the answer.
    """

    tree: DocumentNode
    connections: tuple[Connection, ...]
    roots: tuple[str, ...]

    def within(self, index: int | None) -> frozenset[int]:
        """The numbers of the connections inside one; None stands for the root."""
        inner = [place for place, one in enumerate(self.connections) if one.above == index]
        return frozenset(inner).union(*(self.within(one) for one in inner))


def size_variable(index: int) -> str:
    return f"size{index}"


def after_variable(index: int) -> str:
    return f"after{index}"


@lru_cache(maxsize=KEPT)
def plan(text: str, version: str) -> Plan:
    """UserErrors say why a query may not run."""
    document = documents.read(text, version)
    if document.tree is None:
        raise _invalid(re.sub(r" at \[.*\]$", "", document.errors[0]["message"]))
    operation = document.operation(None)
    if operation and operation.operation is not OperationType.QUERY:
        raise _refused(NO_QUERY)
    for error in document.errors:
        if error.get("extensions", {}).get("code") == "NOT_SIMULATED":
            raise GraphQLRefusal(error["message"], "NOT_SIMULATED")
    if document.errors:
        raise _invalid(document.errors[0]["message"])
    if operation is None:
        raise _invalid("An operation name is required")
    rewriting = _Rewriting(document.tree)
    selections = rewriting.selections(schema().query_type, operation.selection_set, _Place(None, (), 0))
    _check(operation, rewriting)
    tree = DocumentNode(definitions=(_operation(operation, selections, len(rewriting.connections)),))
    roots = dict.fromkeys(_key(one) for one in _fields_of(selections, {}))
    return Plan(tree, tuple(rewriting.connections), tuple(roots))


def _refused(message: str) -> UserErrors:
    return refuse(("query",), message, "INVALID")


def _invalid(message: str) -> UserErrors:
    return _refused(INVALID.format(message))


def _check(operation: OperationDefinitionNode, found: _Rewriting) -> None:
    connections = found.connections
    top = [one.name.value for one in _fields_of(operation.selection_set, found.fragments)]
    refused = next((name for name in top if name in ("node", "nodes")), None)
    if refused:
        raise _refused(TOP_LEVEL.format(refused))
    if not connections:
        raise _refused(NO_CONNECTION)
    if len(connections) > MOST_CONNECTIONS:
        raise _refused(TOO_MANY)
    if any(one.level - 1 > DEEPEST_NESTING for one in connections):
        raise _refused(TOO_DEEP)
    by_nodes = [one.name for one in connections if not one.by_edges]
    if by_nodes:
        raise _refused(BY_NODES.format(", ".join(f"'{name}'" for name in by_nodes)))
    if any(one.in_list for one in connections):
        raise _refused(IN_LIST)
    parents = sorted({one.above for one in connections if one.above is not None})
    without_id = [connections[index].name for index in parents if not connections[index].has_id]
    if without_id:
        raise _refused(NO_ID.format(", ".join(without_id)))


# --- rewriting ---


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a selection stands: in the nodes of which connection, under which names from there, how deep in all."""

    above: int | None
    path: tuple[str, ...]
    depth: int
    root: str = ""
    in_list: bool = False

    def below(self, key: str, in_list: bool) -> _Place:
        return _Place(self.above, (*self.path, key), self.depth + 1, self.root or key, self.in_list or in_list)


@dataclass
class _Rewriting:
    """The walk through a query that writes it anew and notes its connections."""

    tree: DocumentNode
    connections: list[Connection] = field(default_factory=list)
    _numbers: dict[tuple[int | None, tuple[str, ...]], int] = field(default_factory=dict)
    _fields: int = 0

    def __post_init__(self) -> None:
        every = self.tree.definitions
        self.fragments = {one.name.value: one for one in every if isinstance(one, FragmentDefinitionNode)}

    def selections(self, type_: Any, found: SelectionSetNode, place: _Place) -> SelectionSetNode:
        return SelectionSetNode(selections=tuple(self._selection(type_, one, place) for one in found.selections))

    def _selection(self, type_: Any, node: SelectionNode, place: _Place) -> SelectionNode:
        self._fields += 1
        if self._fields > MOST_FIELDS or place.depth > DEEPEST:
            raise _invalid(f"more than {MOST_FIELDS} fields or a depth of more than {DEEPEST}")
        if isinstance(node, FieldNode):
            return self._field(type_, node, place)
        inner: Any = self.fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
        condition: NamedTypeNode | None = inner.type_condition
        inner_type = schema().type_map[condition.name.value] if condition else type_
        deeper = _Place(place.above, place.path, place.depth + 1, place.root, place.in_list)
        selection_set = self.selections(inner_type, inner.selection_set, deeper)
        return InlineFragmentNode(type_condition=condition, directives=node.directives, selection_set=selection_set)

    def _field(self, type_: Any, node: FieldNode, place: _Place) -> FieldNode:
        definition = type_.fields.get(node.name.value) if node.selection_set else None
        if definition is None:  # a leaf, or introspection
            return node
        target = get_named_type(definition.type)
        below = place.below(_key(node), is_list_type(get_nullable_type(definition.type)))
        if target.name.endswith("Connection"):
            return self._connection(target, node, below)
        assert node.selection_set is not None
        return _like(node, node.arguments, self.selections(target, node.selection_set, below))

    def _connection(self, type_: Any, node: FieldNode, place: _Place) -> FieldNode:
        """`orders(query: "…") { edges { node { … } } }`, with its variables, its mark and the cursors of its edges."""
        chosen = list(_fields_of(node.selection_set, self.fragments))
        edges = [one for one in chosen if one.name.value == "edges"]
        nodes = [one for edge in edges for one in _fields_of(edge.selection_set, self.fragments)]
        contents = [one.selection_set for one in nodes if one.name.value == "node" and one.selection_set]
        by_edges = bool(contents) and all(one.name.value != "nodes" for one in chosen)
        index = self._note(node, place, by_edges, any(_has_id(one, self.fragments) for one in contents))
        inner = SelectionSetNode(selections=tuple(one for content in contents for one in content.selections))
        edge_type = get_named_type(type_.fields["edges"].type)
        node_type = get_named_type(edge_type.fields["node"].type)
        inner = self.selections(node_type, inner, _Place(index, (), place.depth, place.root))
        kept = tuple(one for one in node.arguments or () if one.name.value not in PAGING)
        page = (_argument("first", size_variable(index)), _argument("after", after_variable(index)))
        info = _node("pageInfo", f"{MARK}{index}", (_node("hasNextPage"), _node("endCursor")))
        edge = _node("edges", None, (_node("cursor", CURSOR), _node("node", None, inner.selections)))
        return _like(node, (*kept, *page), SelectionSetNode(selections=(info, edge)))

    def _note(self, node: FieldNode, place: _Place, by_edges: bool, has_id: bool) -> int:
        """Its number. What is selected twice under one name is one connection, as it is one in the answer."""
        key = place.above, place.path
        if key in self._numbers:
            same = self.connections[self._numbers[key]]
            same.by_edges, same.has_id = same.by_edges and by_edges, same.has_id or has_id
            return self._numbers[key]
        level = 1 if place.above is None else self.connections[place.above].level + 1
        name = node.name.value
        self.connections.append(Connection(name, place.above, place.root, level, by_edges, has_id, place.in_list))
        self._numbers[key] = len(self.connections) - 1
        return self._numbers[key]


def _fields_of(found: SelectionSetNode | None, fragments: Mapping[str, Any]) -> Iterator[FieldNode]:
    """The fields of a selection, those in fragments included."""
    for one in found.selections if found else ():
        if isinstance(one, FieldNode):
            yield one
        else:
            inner: Any = fragments[one.name.value] if isinstance(one, FragmentSpreadNode) else one
            yield from _fields_of(inner.selection_set, fragments)


def _has_id(found: SelectionSetNode, fragments: Mapping[str, Any]) -> bool:
    return any(one.name.value == "id" and one.alias is None for one in _fields_of(found, fragments))


def _key(node: FieldNode) -> str:
    return node.alias.value if node.alias else node.name.value


def _like(node: FieldNode, arguments: Any, selection_set: SelectionSetNode) -> FieldNode:
    return FieldNode(
        name=node.name, alias=node.alias, directives=node.directives, arguments=arguments, selection_set=selection_set
    )


def _node(name: str, alias: str | None = None, selections: tuple[SelectionNode, ...] = ()) -> FieldNode:
    return FieldNode(
        name=NameNode(value=name),
        alias=NameNode(value=alias) if alias else None,
        directives=(),
        arguments=(),
        selection_set=SelectionSetNode(selections=selections) if selections else None,
    )


def _argument(name: str, variable: str) -> ArgumentNode:
    return ArgumentNode(name=NameNode(value=name), value=VariableNode(name=NameNode(value=variable)))


def _operation(old: OperationDefinitionNode, selections: SelectionSetNode, count: int) -> OperationDefinitionNode:
    variables = [(size_variable(one), "Int") for one in range(count)]
    variables += [(after_variable(one), "String") for one in range(count)]
    definitions = tuple(
        VariableDefinitionNode(
            variable=VariableNode(name=NameNode(value=name)),
            type=NamedTypeNode(name=NameNode(value=type_name)),
            default_value=None,
            directives=(),
        )
        for name, type_name in variables
    )
    every = (*(old.variable_definitions or ()), *definitions)
    return OperationDefinitionNode(
        operation=OperationType.QUERY,
        name=old.name,
        variable_definitions=every,
        directives=(),
        selection_set=selections,
    )

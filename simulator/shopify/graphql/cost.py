"""What a query costs: asked for, by the sizes of its pages, and in fact, by what came back [CS, fitted on DP].

A scalar costs nothing, an object 1; a connection 2 and its children as many times as the logarithm of its size says;
money, pages' info and the like are free with all that is in them; a mutation costs 10 for each root field.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLAbstractType,
    GraphQLObjectType,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
    is_list_type,
    is_object_type,
)
from graphql.type import get_nullable_type

from simulator.shopify.graphql.schema import schema

MUTATION, COUNT, CONNECTION = 10, 10, 2
FREE = frozenset(
    {
        "CustomerEmailMarketingConsentState", "CustomerPhoneNumber", "CustomerSmsMarketingConsentState",
        "CollectionRuleSet", "InventoryItemMeasurement", "LocationAddress", "MoneyBag", "MoneyV2", "PageInfo",
        "PricingValue", "ShopAddress",
    }
)  # fmt: skip
# Our reading, here and of PricingValue: no recording shows them, and with them tap-shopify's queries of fulfillment
# orders (30 a page) and of refunds (250 a page), which Shopify takes, stay below 1000 [TAP].
FREE_FIELDS = frozenset(
    {
        ("FulfillmentOrderLocationForMove", "availableLineItemsCount"),
        ("FulfillmentOrderLocationForMove", "unavailableLineItemsCount"),
    }
)


def times(size: int) -> int:
    """How often the children of a connection count. 250 -> 11, 10 -> 4 [CS]."""
    return math.floor(2 * math.log(max(2, size)))


def requested(document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> int:
    """Before anything is read: as if every page were full."""
    return _Counter(document, operation, variables).total(None)


def actual(document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any], data: Any) -> int:
    """Of what came back; our reading: the same formula with the numbers of records that there were."""
    return _Counter(document, operation, variables).total(data)


def by_field(document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> list[Any]:
    """What each field adds to the cost that is asked for: `extensions.cost.fields`, children before their parents."""
    counter, found = _Counter(document, operation, variables), []
    mutates = operation.operation is OperationType.MUTATION
    root = schema().mutation_type if mutates else schema().query_type
    assert root is not None
    counter.tell(root, [operation.selection_set], (), found)
    return found


# Stands for what came back where nothing did yet.
UNSEEN = object()


class _Counter:
    def __init__(
        self, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
    ) -> None:
        self.operation, self.variables = operation, _with_defaults(operation, variables)
        self.fragments = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }

    def total(self, data: Any) -> int:
        if self.operation.operation is OperationType.MUTATION:
            root = schema().mutation_type
            assert root is not None
            return MUTATION * max(1, len(self._fields(root, self.operation.selection_set)))
        root = schema().query_type
        assert root is not None
        seen = UNSEEN if data is None else data
        return max(1, self._children(root, self.operation.selection_set, seen, at_root=True))

    def _children(self, type_: GraphQLObjectType, selections: Any, seen: Any, at_root: bool = False) -> int:
        return sum(
            self._field(type_, nodes, _below(seen, key), at_root)
            for key, nodes in self._fields(type_, selections).items()
        )

    def _field(self, parent: GraphQLObjectType, nodes: list[FieldNode], seen: Any, at_root: bool) -> int:
        name = nodes[0].name.value
        field = parent.fields.get(name)
        if field is None or seen is None:
            return 0  # __typename, introspection, or null
        type_ = get_named_type(field.type)
        if at_root and type_.name == "Count":
            return COUNT
        if type_.name in FREE or (parent.name, name) in FREE_FIELDS:
            return 0
        if not (is_object_type(type_) or is_abstract_type(type_)):
            return 0
        if type_.name.endswith("Connection"):
            return self._connection(type_, nodes, seen)
        own = 0 if type_.name.endswith("Edge") else 1
        if is_list_type(get_nullable_type(field.type)) and seen is not UNSEEN:
            return max((own + self._object(type_, nodes, one) for one in seen if one is not None), default=0)
        return own + self._object(type_, nodes, seen)

    def tell(self, type_: GraphQLObjectType, selections: Any, path: tuple[str, ...], found: list[Any]) -> None:
        """Append the fields below a place; of an interface's types those that were not told yet."""
        for key, nodes in self._fields(type_, selections).items():
            here = (*path, key)
            field = type_.fields.get(nodes[0].name.value)
            if field is None or any(one["path"] == list(here) for one in found):
                continue
            inner = get_named_type(field.type)
            below = [node.selection_set for node in nodes if node.selection_set]
            for one in _types(inner):
                self.tell(one, below, here, found)
            mutates = not path and self.operation.operation is OperationType.MUTATION
            total = MUTATION if mutates else self._field(type_, nodes, UNSEEN, at_root=not path)
            own = total if mutates or not below else min(total, _own(inner))
            children = total - own if below else None
            costs = {"definedCost": own, "requestedTotalCost": total, "requestedChildrenCost": children}
            found.append({"path": list(here), **costs})

    def _connection(self, type_: Any, nodes: list[FieldNode], seen: Any) -> int:
        children = self._object(type_, nodes, seen)
        if seen is UNSEEN:
            size = self._size(nodes[0])
            return CONNECTION + (times(size) if size else 0) * children
        # how many there were is only known from the selection's own lists
        counts = [len(value) for value in seen.values() if isinstance(value, list)]
        return CONNECTION + (times(max(counts)) if counts and max(counts) else 0) * children

    def _object(self, type_: Any, nodes: list[FieldNode], seen: Any) -> int:
        """The children of an object; of an interface or a union the dearest of its types."""
        selections = [node.selection_set for node in nodes if node.selection_set]
        return max((self._children(one, selections, seen) for one in _types(type_)), default=0)

    def _size(self, node: FieldNode) -> int:
        for argument in node.arguments or ():
            if argument.name.value in ("first", "last"):
                value = argument.value
                found = self.variables.get(value.name.value) if isinstance(value, VariableNode) else None
                if isinstance(value, IntValueNode):
                    found = int(value.value)
                if isinstance(found, int):
                    return max(0, found)
        return 0

    def _fields(self, type_: GraphQLObjectType, selections: Any) -> dict[str, list[FieldNode]]:
        """The fields that are selected of this type, by the name in the answer."""
        found: dict[str, list[FieldNode]] = {}
        for one in selections if isinstance(selections, list) else [selections]:
            self._collect(type_, one, found)
        return found

    def _collect(
        self, type_: GraphQLObjectType, selections: SelectionSetNode, found: dict[str, list[FieldNode]]
    ) -> None:
        for one in selections.selections:
            if self._left_out(one):
                continue
            if isinstance(one, FieldNode):
                found.setdefault(one.alias.value if one.alias else one.name.value, []).append(one)
                continue
            inner: Any = self.fragments[one.name.value] if isinstance(one, FragmentSpreadNode) else one
            assert isinstance(inner, FragmentDefinitionNode | InlineFragmentNode)
            if _applies(inner, type_):
                self._collect(type_, inner.selection_set, found)

    def _left_out(self, node: Any) -> bool:
        for directive in node.directives or ():
            name = directive.name.value
            if name in ("include", "skip"):
                value = directive.arguments[0].value
                said = self.variables.get(value.name.value) if isinstance(value, VariableNode) else value.value
                if bool(said) == (name == "skip"):
                    return True
        return False


def _types(type_: Any) -> list[GraphQLObjectType]:
    """The types that a value of this one may have; none for scalars."""
    if is_abstract_type(type_):
        return list(schema().get_possible_types(type_))
    return [type_] if is_object_type(type_) else []


def _own(type_: Any) -> int:
    """What an object costs without its children."""
    if type_.name.endswith("Connection"):
        return CONNECTION
    return 0 if type_.name.endswith("Edge") or type_.name in FREE else COUNT if type_.name == "Count" else 1


def _applies(fragment: Any, type_: GraphQLObjectType) -> bool:
    if fragment.type_condition is None:
        return True
    condition = schema().type_map[fragment.type_condition.name.value]
    if condition is type_:
        return True
    return is_abstract_type(condition) and _is_sub_type(condition, type_)


def _is_sub_type(condition: GraphQLAbstractType, type_: GraphQLObjectType) -> bool:
    return schema().is_sub_type(condition, type_)


def _below(seen: Any, key: str) -> Any:
    if seen is UNSEEN:
        return UNSEEN
    return seen.get(key) if isinstance(seen, dict) else None


def _with_defaults(operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in operation.variable_definitions or ():
        if isinstance(one.default_value, IntValueNode):
            found[one.variable.name.value] = int(one.default_value.value)
        elif one.default_value is not None and hasattr(one.default_value, "value"):
            found[one.variable.name.value] = one.default_value.value
    return found | dict(variables)

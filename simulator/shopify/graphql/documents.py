"""A query's text, parsed and checked once: what it may ask, and in which words it is told what it may not.

Documents are kept by their text, as clients send the same few again and again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSyntaxError,
    ListValueNode,
    Node,
    ObjectFieldNode,
    OperationDefinitionNode,
    StringValueNode,
    ValidationContext,
    ValidationRule,
    ValueNode,
    ValuesOfCorrectTypeRule,
    VisitorAction,
    get_named_type,
    parse,
    specified_rules,
    validate,
)

from simulator.shopify.graphql.schema import GLOBAL_ID, schema
from simulator.shopify.graphql.undeclared import undeclared
from simulator.shopify.graphql.wording import Told, places, syntax, told

KEPT = 256  # documents
MOST_TOKENS = 20_000  # of one document; Our reading, a fake needs a limit
DEEPEST = 100  # fields and values within each other; Our reading
MOST_ERRORS = 100


@dataclass(frozen=True, slots=True)
class Document:
    """A text as it was read.

    Args:
        tree: None where it cannot be read at all.
        errors: why it is not executed.
    """

    tree: DocumentNode | None
    errors: tuple[Told, ...] = ()

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """The operation to run: the one of that name, or the only one."""
        if self.tree is None:
            return None
        found = [one for one in self.tree.definitions if isinstance(one, OperationDefinitionNode)]
        if not name:
            return found[0] if len(found) == 1 else None
        return next((one for one in found if one.name and one.name.value == name), None)


@lru_cache(maxsize=KEPT)
def read(text: str, version: str) -> Document:
    try:
        tree = parse(text, max_tokens=MOST_TOKENS)
    except GraphQLSyntaxError as error:
        return Document(None, (_too_deep() if "nested too deeply" in error.message else syntax(error, text),))
    if _depth(tree) > DEEPEST:
        return Document(None, (_too_deep(),))
    served = schema(version)
    errors = validate(served, tree, RULES, MOST_ERRORS, hide_suggestions=True)
    if not errors:
        return Document(tree)
    where = places(served, tree)
    return Document(tree, tuple(told(_worded(error), where) for error in errors))


def _too_deep() -> Told:
    return {"message": f"Query has depth of more than {DEEPEST}, which exceeds max depth of {DEEPEST}"}


def _depth(tree: DocumentNode) -> int:
    """How deep selections and values go, walked without recursion."""
    deepest, left = 0, [(node, 0) for node in tree.definitions]
    while left:
        node, depth = left.pop()
        deepest = max(deepest, depth)
        if deepest > DEEPEST:
            break
        deeper = depth + isinstance(node, FieldNode | ObjectFieldNode | ListValueNode)
        for key in node.keys:
            below = getattr(node, key, None)
            several = below if isinstance(below, list | tuple) else (below,)
            left.extend((one, deeper) for one in several if isinstance(one, Node))
    return deepest


def _worded(error: GraphQLError) -> GraphQLError:
    """A field or type that is Shopify's own and not the fake's is not called unknown."""
    words = error.message.split("'")
    if error.message.startswith("Cannot query field") and words[1] in undeclared().get(words[3], ()):
        return GraphQLError(f"{words[3]}.{words[1]} is not simulated by syncdrill", error.nodes)
    if error.message.startswith("Unknown type") and words[1] in undeclared()["types"]:
        return GraphQLError(f"The type {words[1]} is not simulated by syncdrill", error.nodes)
    return error


class GlobalIds(ValidationRule):
    """Ids that stand in the text itself must look like one: gid://shopify/Order/1."""

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        self._check(node)

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> None:
        self._check(node)

    def _check(self, node: Any) -> None:
        context: ValidationContext = self.context
        type_ = context.get_input_type()
        if type_ is None or get_named_type(type_).name != "ID":
            return
        values = node.value.values if hasattr(node.value, "values") else (node.value,)
        for value in values:
            if isinstance(value, StringValueNode) and not GLOBAL_ID.fullmatch(value.value):
                self.report_error(GraphQLError(f"Invalid global id '{value.value}'", value))


class Literals(ValuesOfCorrectTypeRule):
    """As it is, but an error names the node of the document, where graphql-core names a copy that stands nowhere."""

    def is_valid_value_node(self, node: ValueNode, input_type: Any) -> VisitorAction:
        self._node = node
        return super().is_valid_value_node(node, input_type)

    def report_error(self, error: GraphQLError) -> None:
        copied = not error.nodes or error.nodes[0].loc is None
        super().report_error(GraphQLError(error.message, self._node) if copied else error)


RULES = (*(Literals if rule is ValuesOfCorrectTypeRule else rule for rule in specified_rules), GlobalIds)

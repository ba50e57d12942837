"""Errors of a query in the words of graphql-ruby, which Shopify runs on: texts, codes and paths [DP, GH].

graphql-core finds what is wrong; the table WORDS says it anew. Texts that the reference does not have are those of
graphql-ruby in public reports; what neither has keeps graphql-core's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    InlineFragmentNode,
    Node,
    ObjectFieldNode,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    get_named_type,
    print_ast,
    visit,
)

Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands.

    Args:
        path: as Shopify shows it: ["query Name", "orders", "first"].
        argument: the argument or input field that it belongs to, the node itself included.
        owner: what takes that argument: ("Field", "orders") or ("InputObject", "CustomerInput").
        type: the type of that argument.
        parent: the type whose field it is or is in.
        operation: the operation's name.
    """

    path: tuple[Any, ...]
    argument: Any
    owner: tuple[str, str]
    type: str
    parent: str
    operation: str


def told(error: GraphQLError, places: Mapping[int, Place]) -> Told:
    """A validation error as Shopify writes it."""
    node, locations = _meant(error)
    place = places.get(id(node), NOWHERE)
    for pattern, words in WORDS:
        found = pattern.fullmatch(error.message)
        if found:
            message, code, more = words(found, node, place)
            return entry(message, locations, place.path, {"code": code, **more})
    return entry(error.message, locations, place.path)


def _meant(error: GraphQLError) -> tuple[Any, Any]:
    """The node that an error is about: where a variable is used, else the first one that it names."""
    nodes, locations = list(error.nodes or ()), list(error.locations or ())
    index = next((place for place, node in enumerate(nodes) if isinstance(node, VariableNode)), 0)
    return (nodes[index], locations[index:]) if nodes else (None, locations)


def syntax(error: GraphQLSyntaxError, text: str) -> Told:
    """`syntax error, unexpected end of file at [3, 5]` [DP]; what was expected instead is not simulated."""
    at = (error.locations or [None])[0]
    line, column = (at.line, at.column) if at else (1, 1)
    message = f"syntax error, unexpected {_token(error, text)} at [{line}, {column}]"
    return {"message": message, "locations": [{"line": line, "column": column}], "extensions": {"code": "PARSE_ERROR"}}


def entry(message: str, locations: Any, path: tuple[Any, ...], extensions: Mapping[str, Any] | None = None) -> Told:
    found: Told = {"message": message}
    if locations:
        found["locations"] = [{"line": one.line, "column": one.column} for one in locations[:1]]
    if path:
        found["path"] = list(path)
    if extensions:
        found["extensions"] = dict(extensions)
    return found


# --- the table ---

Words = Callable[[re.Match[str], Any, Place], tuple[str, str, Told]]


def _undefined_field(found: re.Match[str], _: Any, __: Place) -> tuple[str, str, Told]:
    name, type_name = found.groups()
    return (
        f"Field '{name}' doesn't exist on type '{type_name}'",
        "undefinedField",
        {"typeName": type_name, "fieldName": name},
    )


def _unknown_argument(found: re.Match[str], _: Any, place: Place) -> tuple[str, str, Told]:
    kind, owner = place.owner
    name = found[1]
    more = {"name": owner, "typeName": kind, "argumentName": name}
    return f"{kind} '{owner}' doesn't accept argument '{name}'", "argumentNotAccepted", more


def _unknown_input(found: re.Match[str], _: Any, __: Place) -> tuple[str, str, Told]:
    type_name, name = found[1], found[2]
    more = {"name": type_name, "typeName": "InputObject", "argumentName": name}
    return f"InputObject '{type_name}' doesn't accept argument '{name}'", "argumentNotAccepted", more


def _missing_argument(found: re.Match[str], node: Any, _: Place) -> tuple[str, str, Told]:
    kind, name = ("Field" if isinstance(node, FieldNode) else "Directive"), node.name.value
    more = {"className": kind, "name": name, "arguments": found[1]}
    return f"{kind} '{name}' is missing required arguments: {found[1]}", "missingRequiredArguments", more


def _missing_input(found: re.Match[str], _: Any, __: Place) -> tuple[str, str, Told]:
    type_name, name = found[1], found[2]
    message = f"Argument '{name}' on InputObject '{type_name}' is required."
    more = {"argumentName": name, "inputObjectType": type_name}
    return message, "missingRequiredInputObjectAttribute", more


def _no_selection(found: re.Match[str], _: Any, __: Place) -> tuple[str, str, Told]:
    name, type_name = found[1], found[2].strip("[]!")
    message = (
        f"Field must have selections (field '{name}' returns {type_name} but has no selections. "
        f"Did you mean '{name} {{ ... }}'?)"
    )
    return message, "selectionMismatch", {"nodeName": f"field '{name}'", "typeName": type_name}


def _leaf_selection(found: re.Match[str], node: Any, _: Place) -> tuple[str, str, Told]:
    name, type_name = found[1], found[2].strip("[]!")
    inner = ", ".join(f'"{one.name.value}"' for one in node.selections if isinstance(one, FieldNode))
    message = f"Selections can't be made on scalars (field '{name}' returns {type_name} but has selections [{inner}])"
    return message, "selectionMismatch", {"nodeName": f"field '{name}'", "typeName": type_name}


def _unused_variable(found: re.Match[str], _: Any, place: Place) -> tuple[str, str, Told]:
    message = f"Variable ${found[1]} is declared by {place.operation or 'anonymous query'} but not used"
    return message, "variableNotUsed", {"variableName": found[1]}


def _undefined_variable(found: re.Match[str], _: Any, place: Place) -> tuple[str, str, Told]:
    message = f"Variable ${found[1]} is used by {place.operation or 'anonymous query'} but not declared"
    return message, "variableNotDefined", {"variableName": found[1]}


def _unknown_type(found: re.Match[str], _: Any, place: Place) -> tuple[str, str, Told]:
    name = found[1]
    if isinstance(place.argument, VariableDefinitionNode):
        variable = place.argument.variable.name.value
        more = {"typeName": name, "variableName": variable}
        return f"{name} isn't a defined input type (on ${variable})", "variableRequiresValidType", more
    return f"No such type {name}, so it can't be a fragment condition", "undefinedType", {"typeName": name}


def _output_variable(found: re.Match[str], _: Any, __: Place) -> tuple[str, str, Told]:
    more = {"typeName": found[2], "variableName": found[1]}
    return f"{found[2]} isn't a valid input type (on ${found[1]})", "variableRequiresValidType", more


def _variable_mismatch(found: re.Match[str], _: Any, place: Place) -> tuple[str, str, Told]:
    name, given, wanted = found.groups()
    argument = place.argument.name.value if place.argument is not None else ""
    message = f"Type mismatch on variable ${name} and argument {argument} ({given} / {wanted})"
    more = {"variableName": name, "typeName": given, "argumentName": argument, "errorMessage": "Type mismatch"}
    return message, "variableMismatch", more


def _bad_literal(_: re.Match[str], __: Any, place: Place) -> tuple[str, str, Told]:
    kind, owner = place.owner
    if isinstance(place.argument, VariableDefinitionNode):
        name, type_name = place.argument.variable.name.value, print_ast(place.argument.type)
        more = {"variableName": name, "typeName": type_name}
        return f"Default value for ${name} doesn't match type {type_name}", "defaultValueInvalidType", more
    name, value = place.argument.name.value, print_ast(place.argument.value)
    message = f"Argument '{name}' on {kind} '{owner}' has an invalid value ({value}). Expected type '{place.type}'."
    return message, "argumentLiteralsIncompatible", {"typeName": kind, "argumentName": name}


def _bad_id(found: re.Match[str], _: Any, __: Place) -> tuple[str, str, Told]:
    return found[0], "argumentLiteralsIncompatible", {"typeName": "CoercionError"}


def _unknown_fragment(found: re.Match[str], _: Any, __: Place) -> tuple[str, str, Told]:
    return f"Fragment {found[1]} was used, but not defined", "useAndDefineFragment", {"fragmentName": found[1]}


def _unused_fragment(found: re.Match[str], _: Any, __: Place) -> tuple[str, str, Told]:
    return f"Fragment {found[1]} was defined, but not used", "useAndDefineFragment", {"fragmentName": found[1]}


def _impossible_fragment(found: re.Match[str], node: Any, _: Place) -> tuple[str, str, Told]:
    parent, type_name = found[1], found[2]
    named = node.name.value if isinstance(node, FragmentSpreadNode) else None
    what = f"{named} on {type_name}" if named else f"on {type_name}"
    more = {"typeName": type_name, "fragmentName": named or "unknown", "parentName": parent}
    return f"Fragment {what} can't be spread inside {parent}", "cannotSpreadFragment", more


def _endless_fragment(found: re.Match[str], _: Any, __: Place) -> tuple[str, str, Told]:
    return f"Fragment {found[1]} contains an infinite loop", "infiniteLoop", {"fragmentName": found[1]}


def _unknown_directive(found: re.Match[str], _: Any, __: Place) -> tuple[str, str, Told]:
    return f"Directive @{found[1]} is not defined", "undefinedDirective", {"directiveName": found[1]}


def _not_simulated(found: re.Match[str], _: Any, __: Place) -> tuple[str, str, Told]:
    return found[0], "NOT_SIMULATED", {}


WORDS: tuple[tuple[re.Pattern[str], Words], ...] = tuple(
    (re.compile(pattern, re.DOTALL), words)
    for pattern, words in (
        (r"Cannot query field '(\w+)' on type '(\w+)'\.", _undefined_field),
        (r"Unknown argument '(\w+)' on (?:field|directive) '.*'\.", _unknown_argument),
        (r"Expected value of type '(\w+)[!\]]*' not to include unknown field '(\w+)', found: .*", _unknown_input),
        (r"Argument '@?[\w.]+\((\w+):\)' of type '.*' is required, but it was not provided\.", _missing_argument),
        (r"Expected value of type '(\w+)[!\]]*' to include required field '(\w+)', found: .*", _missing_input),
        (r"Field '(\w+)' of type '(.*)' must have a selection of subfields\..*", _no_selection),
        (r"Field '(\w+)' must not have a selection since type '(.*)' has no subfields\.", _leaf_selection),
        (r"Variable '\$(\w+)' is never used.*", _unused_variable),
        (r"Variable '\$(\w+)' is not defined.*", _undefined_variable),
        (r"Unknown type '(\w+)'\.", _unknown_type),
        (r"Variable '\$(\w+)' cannot be non-input type '(.*)'\.", _output_variable),
        (r"Variable '\$(\w+)' of type '(.*)' used in position expecting type '(.*)'\.", _variable_mismatch),
        (r"Invalid global id '.*'", _bad_id),
        (r".* is not simulated by syncdrill", _not_simulated),
        (r"Unknown fragment '(\w+)'\.", _unknown_fragment),
        (r"Fragment '(\w+)' is never used\.", _unused_fragment),
        (r"Fragment .*cannot be spread here as objects of type '(\w+)' can never be of type '(\w+)'\.",
         _impossible_fragment),
        (r"Cannot spread fragment '(\w+)' within itself.*", _endless_fragment),
        (r"Unknown directive '@(\w+)'\.", _unknown_directive),
        (r"(?:\w+ cannot represent|Expected (?:value|enum|object|input)|Value '|Enum '|Could not coerce|is no ).*",
         _bad_literal),
    )
)  # fmt: skip


# --- where everything stands ---

NOWHERE = Place((), None, ("", ""), "", "", "")


def places(schema: GraphQLSchema, document: DocumentNode) -> dict[int, Place]:
    """The place of every node, by its identity."""
    info = TypeInfo(schema)
    walker = _Walker(info)
    visit(document, TypeInfoVisitor(info, walker))
    return walker.found


class _Walker(Visitor):
    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self.info = info
        self.stack = [NOWHERE]
        self.found: dict[int, Place] = {}

    def enter(self, node: Node, *_: Any) -> None:
        self.stack.append(self._place(node, self.stack[-1]))
        self.found[id(node)] = self.stack[-1]

    def leave(self, *_: Any) -> None:
        self.stack.pop()

    def _place(self, node: Any, above: Place) -> Place:
        step, argument, owner, type_ = _step(node), above.argument, above.owner, above.type
        operation = above.operation
        parent = self.info.get_parent_type()
        if isinstance(node, FieldNode):
            owner = ("Field", node.name.value)
        elif isinstance(node, DirectiveNode):
            owner = ("Directive", node.name.value)
        elif isinstance(node, OperationDefinitionNode):
            operation = node.name.value if node.name else ""
        elif isinstance(node, ArgumentNode | ObjectFieldNode):
            argument, type_ = node, str(self.info.get_input_type() or "")
            outer = self.info.get_parent_input_type() if isinstance(node, ObjectFieldNode) else None
            owner = ("InputObject", str(get_named_type(outer))) if outer else above.owner
        elif isinstance(node, VariableDefinitionNode):
            argument = node
        path = (*above.path, step) if step is not None else above.path
        return Place(path, argument, owner, type_, parent.name if parent else "", operation)


def _step(node: Any) -> Any:
    """What a node adds to the path."""
    if isinstance(node, OperationDefinitionNode):
        return f"{node.operation.value} {node.name.value}" if node.name else node.operation.value
    if isinstance(node, FragmentDefinitionNode):
        return f"fragment {node.name.value}"
    if isinstance(node, InlineFragmentNode):
        return f"... on {node.type_condition.name.value}" if node.type_condition else "..."
    if isinstance(node, FragmentSpreadNode):
        return f"... {node.name.value}"
    if isinstance(node, FieldNode):
        return node.alias.value if node.alias else node.name.value
    return node.name.value if isinstance(node, ArgumentNode | ObjectFieldNode) else None


# --- tokens ---

_TOKENS = {
    "{": "LCURLY", "}": "RCURLY", "(": "LPAREN", ")": "RPAREN", "[": "LBRACKET", "]": "RBRACKET", ":": "COLON",
    "=": "EQUALS", "!": "BANG", "|": "PIPE", "&": "AMP", "@": "DIR_SIGN", "$": "VAR_SIGN", "...": "ELLIPSIS",
}  # fmt: skip
_NEXT = re.compile(r"\.\.\.|[A-Za-z_]\w*|-?\d+(\.\d+)?|\"(?:[^\"\\\n]|\\.)*\"|.", re.DOTALL)
_WORDS = {"query": "QUERY", "mutation": "MUTATION", "subscription": "SUBSCRIPTION", "fragment": "FRAGMENT",
          "on": "ON", "true": "TRUE", "false": "FALSE", "null": "NULL"}  # fmt: skip


def _token(error: GraphQLSyntaxError, text: str) -> str:
    """The token that was not expected: RCURLY ("}")."""
    place = (error.positions or [len(text)])[0]
    found = _NEXT.match(text, place)
    if not found:
        return "end of file"
    token = found[0]
    if token in _TOKENS:
        return f'{_TOKENS[token]} ("{token}")'
    if token[0] == '"' and len(token) > 1:
        return f"STRING ({token})"
    if token[0].isdigit() or token[0] == "-":
        return f'{"FLOAT" if "." in token else "INT"} ("{token}")'
    if token[0].isalpha() or token[0] == "_":
        return f'{_WORDS.get(token, "IDENTIFIER")} ("{token}")'
    return f'invalid token ("{token}")'

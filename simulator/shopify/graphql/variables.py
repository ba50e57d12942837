"""Variables of a request, checked by hand: what is wrong is told in graphql-ruby's words, all of it at once.

`Variable $id of type ID! was provided invalid value`, with the value and every problem in the extensions [DP].
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    OperationDefinitionNode,
    Undefined,
    print_ast,
    type_from_ast,
)

from simulator.shopify.graphql.schema import GLOBAL_ID, schema
from simulator.shopify.graphql.wording import Told

Problem = tuple[tuple[str | int, ...], str]  # where in the value, and what
WHOLE = "Expected value to not be null"


def problems(operation: OperationDefinitionNode, sent: Mapping[str, Any]) -> list[Told]:
    """An error for each variable that is not of its type."""
    found = []
    for one in operation.variable_definitions or ():
        name = one.variable.name.value
        if name not in sent and one.default_value is not None:
            continue
        type_ = type_from_ast(schema(), one.type)
        value = sent.get(name)
        if value is None and not isinstance(type_, GraphQLNonNull):
            continue
        wrong = list(_check(value, type_, ()))  # type: ignore[arg-type]
        if wrong:
            found.append(_told(one, name, print_ast(one.type), value, wrong))
    return found


def _told(node: Any, name: str, type_name: str, value: Any, wrong: list[Problem]) -> Told:
    message = f"Variable ${name} of type {type_name} was provided invalid value"
    inner = [f"{'.'.join(map(str, path))} ({text})" for path, text in wrong if path]
    if inner:
        message = f"{message} for {', '.join(inner)}"
    at = node.loc
    line = at.start_token.line if at else 1
    column = at.start_token.column if at else 1
    return {
        "message": message,
        "locations": [{"line": line, "column": column}],
        "extensions": {
            "code": "INVALID_VARIABLE",
            "value": value,
            "problems": [{"path": list(path), "explanation": text} for path, text in wrong],
        },
    }


def _check(value: Any, type_: GraphQLInputType, path: tuple[str | int, ...]) -> Iterator[Problem]:
    if isinstance(type_, GraphQLNonNull):
        if value is None:
            yield path, WHOLE
        else:
            yield from _check(value, type_.of_type, path)
    elif value is None:
        return
    elif isinstance(type_, GraphQLList):
        for index, one in enumerate(value if isinstance(value, list) else [value]):
            yield from _check(one, type_.of_type, (*path, index) if isinstance(value, list) else path)
    elif isinstance(type_, GraphQLInputObjectType):
        yield from _check_object(value, type_, path)
    elif isinstance(type_, GraphQLEnumType):
        if not isinstance(value, str) or value not in type_.values:
            yield path, f'Expected "{_ruby(value)}" to be one of: {", ".join(type_.values)}'
    else:
        yield from _check_scalar(value, type_, path)


def _check_object(value: Any, type_: GraphQLInputObjectType, path: tuple[str | int, ...]) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield path, f"Expected {_ruby(value)} to be a key-value object."
        return
    for name in value:
        if name not in type_.fields:
            yield (*path, name), f"Field is not defined on {type_.name}"
    for name, field in type_.fields.items():
        missing = name not in value
        if missing and (field.default_value is not Undefined or not isinstance(field.type, GraphQLNonNull)):
            continue
        if not missing or getattr(field, "default_input", None) is None:
            yield from _check(value.get(name), field.type, (*path, name))
    if type_.is_one_of and (len(value) != 1 or None in value.values()):
        yield path, f"'{type_.name}' requires exactly one argument, but {len(value)} were provided."


def _check_scalar(value: Any, type_: Any, path: tuple[str | int, ...]) -> Iterator[Problem]:
    if type_.name == "ID":
        if not isinstance(value, str) or not GLOBAL_ID.fullmatch(value):
            yield path, f"Invalid global id '{_ruby(value)}'"
        return
    assert isinstance(type_, GraphQLScalarType)
    try:
        type_.coerce_input_value(value)
    except ValueError as error:
        yield path, str(error)
    except GraphQLError:
        shown = f'"{value}"' if isinstance(value, str) else _ruby(value)
        yield path, f"Could not coerce value {shown} to {type_.name}"


def _ruby(value: Any) -> str:
    """As Ruby prints it."""
    return (
        {True: "true", False: "false", None: "nil"}.get(value, str(value))
        if not isinstance(value, dict | list)
        else str(value)
    )

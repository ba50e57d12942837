"""The executable schema: `schema.graphql` with the tables' ways to read each field, and Shopify's scalars."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    get_named_type,
    is_abstract_type,
)

from simulator.shopify.graphql import access
from simulator.shopify.graphql.former import Former, living
from simulator.shopify.graphql.mutations import MUTATIONS, Mutation, performed
from simulator.shopify.graphql.roots import QUERY
from simulator.shopify.graphql.things import How, Thing, snake
from simulator.shopify.graphql.types import TYPES
from simulator.shopify.graphql.undeclared import text
from simulator.shopify.shop import Shop
from simulator.shopify.versions import LATEST

GLOBAL_ID = re.compile(r"gid://[^/\s]+/[^/\s]+/\S+")


def schema(version: str = LATEST.name) -> GraphQLSchema:
    """What a version serves: the newest stable one's, with the fields that were dropped later (former.py)."""
    return _built(living(version))


@cache
def _built(former: tuple[Former, ...]) -> GraphQLSchema:
    more = [f"extend type {one.type} {{ {one.name}: {one.returns} }}" for one in former]
    found = build_schema("\n".join([text("schema.graphql"), *more]), assume_valid=True, assume_valid_sdl=True)
    for name, type_ in found.type_map.items():
        if name.startswith("__"):
            continue
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            _name_arguments(type_)
        if isinstance(type_, GraphQLObjectType):
            _connect(name, type_, {one.name: one.how for one in former if one.type == name})
        if isinstance(type_, GraphQLEnumType):
            type_.coerce_output_value = _as_enum(type_)  # type: ignore[method-assign]
        if isinstance(type_, GraphQLScalarType):
            _shape(type_)
    return found


def type_of(value: Any, *_: Any) -> str:
    """Which of an interface's or a union's types a value is."""
    return value.type if isinstance(value, Thing) else str(value["__typename"])


# --- fields ---


def _name_arguments(type_: GraphQLObjectType | GraphQLInterfaceType) -> None:
    for field in type_.fields.values():
        for name, argument in field.args.items():
            argument.out_name = snake(name)


def _connect(name: str, type_: GraphQLObjectType, former: Mapping[str, How]) -> None:
    for field_name, field in type_.fields.items():
        if name == "Mutation":
            field.resolve = _performing(field_name, MUTATIONS[field_name])
        else:
            table = QUERY if name == "QueryRoot" else {**TYPES[name], **former}
            field.resolve = _reading(table[field_name], name, field_name, field)


def _reading(how: How, owner: str, name: str, field: GraphQLField) -> Callable[..., Any]:
    """Ask whether the app may before anything is read; of an interface, when it is known what came."""
    wants_info = getattr(how, "wants_info", False)
    type_ = get_named_type(field.type)
    needed, protected = access.required(owner, name, type_.name), access.protected(owner, name)
    is_open = is_abstract_type(type_) and not needed

    def resolve(source: Any, info: Any, **args: Any) -> Any:
        shop = info.context.shop
        if needed:
            access.check(shop, name, needed)
        if protected:
            access.check_approved(shop, name, protected)
        found = how(source, info, **args) if wants_info else how(source, **args)
        if is_open:
            _check_found(shop, name, found)
        return found

    return resolve


def _check_found(shop: Shop, name: str, found: Any) -> None:
    for one in found if isinstance(found, list) else [found]:
        needed = access.of_type(type_of(one)) if one is not None else None
        if needed:
            access.check(shop, name, needed)


def _performing(name: str, mutation: Mutation) -> Callable[..., Any]:
    def resolve(_: Any, info: Any, **args: Any) -> Any:
        context = info.context
        action = Shop.open(context.shop.site, context.shop.caller)  # an action of its own, with its own event id
        return performed(action, name, mutation, args)

    return resolve


# --- values ---


def _as_enum(type_: GraphQLEnumType) -> Callable[[Any], str]:
    """Documents carry REST's words, in lower case."""

    def coerce(value: Any) -> str:
        name = str(value).upper()
        if name not in type_.values:
            raise TypeError(f"{type_.name} has no value {name}")
        return name

    return coerce


def _instant(value: Any) -> str:
    """UTC to the second: milliseconds of a document, or REST's time in the shop's zone."""
    if isinstance(value, int):
        moment = datetime.fromtimestamp(value // 1000, UTC)
    else:
        moment = datetime.fromisoformat(value).astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _decimal(value: Any) -> str:
    """Without zeros at the end, but one decimal at least: "31.9", "0.0" [DP]."""
    whole, _, rest = str(value).partition(".")
    return f"{whole}.{rest.rstrip('0') or '0'}"


def _read_decimal(value: Any) -> str:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f'Could not coerce value "{value}" to Decimal') from None
    if isinstance(value, bool) or not found.is_finite():
        raise ValueError(f"Could not coerce value {value} to Decimal")
    return f"{found:f}"


def _read_instant(value: Any) -> str:
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f'Could not coerce value "{value}" to DateTime') from None
    return str(value)


def _read_text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("is no text")
    return value


_WRITE: dict[str, Callable[[Any], Any]] = {
    "DateTime": _instant,
    "Decimal": _decimal,
    "FormattedString": str,
    "HTML": str,
    "Money": str,
    "StorefrontID": str,
    "URL": str,
    "UnsignedInt64": str,
}
_READ: dict[str, Callable[[Any], Any]] = {
    "DateTime": _read_instant,
    "Decimal": _read_decimal,
    "Money": _read_decimal,
    "URL": _read_text,
}


def _shape(type_: GraphQLScalarType) -> None:
    if type_.name in _WRITE:
        type_.coerce_output_value = _WRITE[type_.name]  # type: ignore[method-assign]
    if type_.name in _READ:
        type_.coerce_input_value = _READ[type_.name]  # type: ignore[method-assign]
        type_.coerce_input_literal = _literal(_READ[type_.name])  # type: ignore[assignment]


def _literal(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def coerce(node: Any) -> Any:
        return read(getattr(node, "value", None))

    return coerce

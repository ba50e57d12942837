"""The real Admin schema of the reference, and the part of it that the fake declares.

`python tests/shopify/reference_schema.py` writes `simulator/shopify/graphql/schema.graphql` anew: the types and fields
of the tables in the words of the reference, every input, enum and scalar that these name, no descriptions. Beside it
`undeclared.txt`, the real names that the fake has not: asked for one of those, it says so; `access.txt`, the scopes
that types and fields ask for; `protected.txt`, the fields that are customers' data.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from simulator.shopify.graphql.mutations import MUTATIONS
from simulator.shopify.graphql.roots import QUERY
from simulator.shopify.graphql.types import INTERFACES, TYPES

ROOT = Path(__file__).resolve().parents[2]
FULL = ROOT.parent / "shared" / "reference" / "shopify" / "admin_2026-10.json.gz"
PACKAGE = ROOT / "simulator" / "shopify" / "graphql"
COMPOSITE = ("OBJECT", "INTERFACE", "UNION")
BUILT_IN = {"Int", "Float", "String", "Boolean", "ID"}
ORDER = (*COMPOSITE, "INPUT_OBJECT", "ENUM", "SCALAR")

Json = dict[str, Any]


@cache
def _introspection() -> Json:
    """Of version 2026-10."""
    found: Json = json.loads(gzip.decompress(FULL.read_bytes()))["data"]["__schema"]
    return found


@cache
def types() -> dict[str, Json]:
    return {one["name"]: one for one in _introspection()["types"]}


def directives() -> list[Json]:
    found: list[Json] = _introspection()["directives"]
    return found


def declared() -> dict[str, set[str]]:
    """The fields that the tables have, by type."""
    tables = {name: set(fields) for name, fields in TYPES.items()}
    interfaces = {name: set(fields.split()) for name, fields in INTERFACES.items()}
    return tables | interfaces | {"QueryRoot": set(QUERY), "Mutation": set(MUTATIONS)}


def named(type_: Json) -> str:
    """The type inside lists and non-nulls."""
    return named(type_["ofType"]) if type_["ofType"] else str(type_["name"])


def written(type_: Json) -> str:
    """As SDL writes it: [ID!]!"""
    if type_["kind"] == "NON_NULL":
        return f"{written(type_['ofType'])}!"
    return f"[{written(type_['ofType'])}]" if type_["kind"] == "LIST" else str(type_["name"])


def sdl() -> str:
    tables = declared()
    needed = set(tables)
    left = sorted(tables)
    while left:
        for name in sorted(_named_by(types()[left.pop()], tables) - needed - BUILT_IN):
            if types()[name]["kind"] in ("OBJECT", "INTERFACE"):
                raise LookupError(f"a field of the tables is a {name}, which has no table")
            needed.add(name)
            left.append(name)
    shown = sorted((types()[name] for name in needed), key=lambda one: (ORDER.index(one["kind"]), one["name"]))
    head = "schema {\n  query: QueryRoot\n  mutation: Mutation\n}\n"
    return "\n".join([head, *(_block(one, tables) for one in shown)]) + "\n"


def undeclared() -> str:
    """A line for each declared type with the real fields that it lacks, then the real types that are not declared."""
    tables = declared()
    lines = []
    for name, fields in sorted(tables.items()):
        gone = sorted({field["name"] for field in types()[name]["fields"]} - fields)
        if gone:
            lines.append(" ".join((f"{name}:", *gone)))
    inputs = ("INPUT_OBJECT", "ENUM", "SCALAR")
    other = sorted(
        name
        for name, one in types().items()
        if name not in tables and one["kind"] not in inputs and not name.startswith("__")
        and not name.endswith(("Connection", "Edge", "Payload", "Error"))
    )  # fmt: skip
    return "\n".join([*lines, " ".join(("types:", *other))]) + "\n"


def _fields(type_: Json, tables: dict[str, set[str]]) -> list[Json]:
    wanted = tables.get(type_["name"], set())
    found = [one for one in type_["fields"] or () if one["name"] in wanted]
    missing = wanted - {one["name"] for one in found}
    if missing:
        raise LookupError(f"{type_['name']} has no {', '.join(sorted(missing))}")
    return found


def _named_by(type_: Json, tables: dict[str, set[str]]) -> set[str]:
    fields = _fields(type_, tables)
    inputs = [one for field in fields for one in field["args"]] + (type_["inputFields"] or [])
    return {named(one["type"]) for one in [*fields, *inputs]}


def _block(type_: Json, tables: dict[str, set[str]]) -> str:
    name, kind = type_["name"], type_["kind"]
    if kind == "SCALAR":
        return f"scalar {name}"
    if kind == "UNION":
        return f"union {name} = {' | '.join(one['name'] for one in type_['possibleTypes'] if one['name'] in tables)}\n"
    if kind == "ENUM":
        return _body(f"enum {name}", [f"{one['name']}{_deprecated(one)}" for one in type_["enumValues"]])
    if kind == "INPUT_OBJECT":
        head = f"input {name}{' @oneOf' if type_['isOneOf'] else ''}"
        return _body(head, [f"{_input(one)}{_deprecated(one)}" for one in type_["inputFields"]])
    bases = [one["name"] for one in type_["interfaces"] or () if _implements(name, one["name"], tables)]
    head = f"{'type' if kind == 'OBJECT' else 'interface'} {name}"
    return _body(f"{head} implements {' & '.join(bases)}" if bases else head, map(_field, _fields(type_, tables)))


def _implements(name: str, interface: str, tables: dict[str, set[str]]) -> bool:
    return interface in INTERFACES and tables[interface] <= tables[name]


def _body(head: str, lines: Iterable[str]) -> str:
    return "\n".join([f"{head} {{", *(f"  {line}" for line in lines), "}\n"])


def _field(field: Json) -> str:
    args = ", ".join(f"{_input(one)}{_deprecated(one)}" for one in field["args"])
    return f"{field['name']}{f'({args})' if args else ''}: {written(field['type'])}{_deprecated(field)}"


def _input(one: Json) -> str:
    default = "" if one["defaultValue"] is None else f" = {one['defaultValue']}"
    return f"{one['name']}: {written(one['type'])}{default}"


def _deprecated(one: Json) -> str:
    reason = one.get("deprecationReason")
    return f" @deprecated(reason: {json.dumps(reason, ensure_ascii=False)})" if one.get("isDeprecated") else ""


def access() -> str:
    """A line for each declared type and each declared field that can be read, with the scopes that it asks for."""
    lines = []
    for name, fields in sorted(declared().items()):
        marked = [(name, types()[name])]
        marked += [(f"{name}.{one['name']}", one) for one in types()[name]["fields"] if one["name"] in fields]
        lines += [f"{title}: {one['requiredAccess']}" for title, one in marked if _asks(one) and name != "Mutation"]
    return "\n".join(lines) + "\n"


def _asks(one: Json) -> bool:
    """Where the words name scopes as apps know them; two types tell of them in prose."""
    return bool(re.search(r"`(read|write)_\w+` access scope", one.get("requiredAccess") or ""))


def protected() -> str:
    """A line for each declared type with its fields that are customers' data, and what they are."""
    lines = []
    for name, fields in sorted(declared().items()):
        marks = [
            f"{one['name']}={one['protectedContent']}"
            for one in types()[name]["fields"]
            if one["name"] in fields and one.get("isProtected")
        ]
        lines += [" ".join((f"{name}:", *marks))] if marks else []
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (PACKAGE / "schema.graphql").write_text(sdl())
    (PACKAGE / "undeclared.txt").write_text(undeclared())
    (PACKAGE / "access.txt").write_text(access())
    (PACKAGE / "protected.txt").write_text(protected())

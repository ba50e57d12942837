"""What a property is, and the properties that every portal has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from simulator.hubspot import default_properties as table


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Definition:
    """One property of an object type.

    Args:
        field_type: how a form shows it; "checkbox" takes several options joined by ";".
        read_only: no app may write its value.
        fixed: its definition cannot be edited.
        unchecked: any value is taken although it is an enumeration.
        custom: the stored definition where an app made or edited it.
    """

    name: str
    label: str
    type: str
    field_type: str
    group: str
    options: tuple[Option, ...] = ()
    read_only: bool = False
    calculated: bool = False
    fixed: bool = True
    hidden: bool = False
    form_field: bool = False
    external_options: bool = False
    unchecked: bool = False
    unique: bool = False
    hubspot_defined: bool = True
    custom: Mapping[str, Any] | None = field(default=None, compare=False)


@cache
def defaults(object_type: str) -> Mapping[str, Definition]:
    """The properties that every portal has, by name."""
    lines = "".join(table.LINES.get(object_type, table.CUSTOM))
    group, found = "", {}
    for line in filter(None, map(str.strip, lines.splitlines())):
        if line.startswith("["):
            group = line[1:-1]
            continue
        definition = _parsed(group or main_group(object_type), line)
        found[definition.name] = definition
    return found


@cache
def groups(object_type: str) -> Mapping[str, str]:
    """The property groups that every portal has: name -> label."""
    names = {definition.group for definition in defaults(object_type).values()}
    return {name: table.GROUP_LABELS.get(name) or name.replace("_", " ").capitalize() for name in sorted(names)}


def main_group(object_type: str) -> str:
    """That of a custom object is named after it: our reading."""
    return table.MAIN_GROUPS.get(object_type) or f"{object_type.partition('_')[2]}_information"


def _parsed(group: str, line: str) -> Definition:
    name, kind, flags, label = line.split(maxsplit=3)
    type_, field_type = table.KINDS[kind]
    listed = table.OPTIONS.get(name, "true false" if type_ == "bool" else "")
    return Definition(
        name=name,
        label=label,
        type=type_,
        field_type=field_type,
        group=group,
        options=tuple(_option(word) for word in listed.split()),
        read_only="r" in flags,
        calculated="c" in flags,
        fixed="e" not in flags,
        hidden="h" in flags,
        form_field="f" in flags,
        external_options="x" in flags,
        unchecked="x" in flags or "o" in flags or "r" in flags,
        unique=name == "hs_unique_creation_key",
    )


def _option(word: str) -> Option:
    value, _, label = word.partition(":")
    return Option(value, label.replace("_", " ") or value.replace("_", " ").capitalize())

"""What a row of the mapping tables is: one property of one HubSpot record, and where its value comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sync_core.pure.model import ObjectType

# Group of every property that we create; its name stands on real portals [X: hubspot-api.md section 6.6], its label
# is our reading. Labels are English whatever the portal's language (A3).
GROUP = "ip__ecomm_bridge__ecomm_bridge"
GROUP_LABEL = "Ecommerce bridge"

# HubSpot's (type, fieldType) of the property that holds a conversion's result; text where nothing else is said.
TYPES: Mapping[str, tuple[str, str]] = {
    "boolean": ("bool", "booleancheckbox"),
    "consent": ("bool", "booleancheckbox"),
    "number": ("number", "number"),
    "money": ("number", "number"),
    "total": ("number", "number"),
    "refunded": ("number", "number"),
    "instant": ("datetime", "date"),
}


@dataclass(frozen=True)
class Field:
    """One property.

    Args:
        source: path or paths in the document. "variants.first.price" is that of the lowest position,
            "images.*.src" the list of all, "@shop" a fact beside the document (`facts` of pure/desired.py),
            "=true" a constant. A field without a dot that the document lacks is not given, which is not blank (A10).
        target: HubSpot's property.
        convert: a name of the vocabulary of pure/convert.py.
        spec: the row of the requirements that asks for it.
        label: for a property that we must create in the portal; "" where HubSpot has it.
        back: where in Shopify's record HubSpot's value goes, for a field that both sides may change (I4).
        long: whether we create it as several lines of text.
        erases: whether its blank overwrites HubSpot's value in any table: what a rule of ours says, and not Shopify.
    """

    source: str | tuple[str, ...]
    target: str
    convert: str = "text"
    spec: str = ""
    label: str = ""
    long: bool = False
    unique: bool = False
    back: str = ""
    erases: bool = False

    @cached_property
    def sources(self) -> tuple[str, ...]:
        return (self.source,) if isinstance(self.source, str) else self.source


@dataclass(frozen=True)
class Table:
    """How one Shopify record becomes one HubSpot record.

    Args:
        blank_erases: as in `model.Desired`.
    """

    object_type: ObjectType
    blank_erases: bool
    fields: tuple[Field, ...]

    @cached_property
    def erasing(self) -> frozenset[str]:
        return frozenset(row.target for row in self.fields if row.erases)

    @cached_property
    def by_target(self) -> Mapping[str, Field]:
        return {row.target: row for row in self.fields}


@dataclass(frozen=True, slots=True)
class PropertyDefinition:
    """A property that must exist in the portal before the first write, in the words of HubSpot's API."""

    name: str
    label: str
    type: str
    field_type: str
    group: str = GROUP
    has_unique_value: bool = False
    options: tuple[Mapping[str, object], ...] = field(default=())


def definition_of(row: Field) -> PropertyDefinition:
    type_, field_type = TYPES.get(row.convert, ("string", "textarea" if row.long else "text"))
    options = YES_AND_NO if type_ == "bool" else ()
    return PropertyDefinition(row.target, row.label, type_, field_type, has_unique_value=row.unique, options=options)


# HubSpot names the two values of a check box as options.
YES_AND_NO: tuple[Mapping[str, object], ...] = (
    {"label": "Yes", "value": "true", "displayOrder": 0, "hidden": False},
    {"label": "No", "value": "false", "displayOrder": 1, "hidden": False},
)

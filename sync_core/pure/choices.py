"""What the user chooses for one connection: the settings with their defaults, and how each is read from JSON.

A choice is a row of `CHOICES`: what the operator's API and the command line take, refuse and show follows from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args

from sync_core.pure.keys import OBJECT_TYPES
from sync_core.pure.model import Kind, ObjectType, Winner

SyncState = Literal["on", "off", "deleted"]

MINUTE_MS, HOUR_MS = 60_000, 3_600_000


class BadChoice(ValueError):
    """A value that a setting cannot have; `name` is the setting's."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__(f"{name}: {words}")
        self.name = name


@dataclass(frozen=True, slots=True)
class Choices:
    """The settings of one connection.

    Args:
        abandoned_after_minutes: grace after a checkout's last update (A26).
        pending_expires_hours: how long a deal stays in Checkout Pending (A25).
        skip_test_orders: test orders are excluded (I8).
        use_order_email: an order of nobody with an e-mail gets the contact of its own e-mail (A29).
        refunded_is_cancelled: a deal whose order is refunded in full goes to Cancelled (derived stage rules A).
        hold_weak_matches: a product that HubSpot has by name alone waits for approval (scenario 37).
        winner: whose value stands where both sides have changed a field (I4).
        never_delete: objects that stay in HubSpot when their Shopify record is deleted (I9).
        create_in_shopify: objects of which a HubSpot record without a link creates one in Shopify (I4).
        brake_deletions, brake_percent, brake_minutes: more deletions within that time, and a larger share of the
            object's records, wait for a person's word.
        objects: the objects whose sync is off or deleted (B12 to B15); the others are on.
    """

    abandoned_after_minutes: int = 10
    pending_expires_hours: int = 48
    skip_test_orders: bool = True
    use_order_email: bool = False
    refunded_is_cancelled: bool = False
    hold_weak_matches: bool = False
    winner: Winner = "shopify"
    never_delete: Sequence[ObjectType] = ()
    create_in_shopify: Sequence[ObjectType] = ()
    brake_deletions: int = 100
    brake_percent: int = 10
    brake_minutes: int = 60
    objects: Mapping[ObjectType, SyncState] = field(default_factory=dict)

    @property
    def off(self) -> frozenset[Kind]:
        """The kinds of Shopify records that nothing is written of."""
        return frozenset(kind for each in self.objects for kind in kinds_of(each))

    @property
    def deleted(self) -> frozenset[Kind]:
        """The kinds that nothing is kept of (B15)."""
        return frozenset(kind for each, state in self.objects.items() if state == "deleted" for kind in kinds_of(each))

    def state_of(self, object_type: ObjectType) -> SyncState:
        return self.objects.get(object_type, "on")


@dataclass(frozen=True, slots=True)
class Choice:
    """One setting that the user may change; the objects' sync is switched, not set."""

    name: str
    read: Callable[[str, Any], Any]
    help: str


def _whole(least: int, most: int) -> Callable[[str, Any], int]:
    def read(name: str, value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise BadChoice(name, f"a whole number from {least} to {most}, not {value!r}")
        return value

    return read


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadChoice(name, f"true or false, not {value!r}")
    return value


def _winner(name: str, value: Any) -> str:
    if value not in get_args(Winner):
        raise BadChoice(name, f"{' or '.join(get_args(Winner))}, not {value!r}")
    return str(value)


def _objects(*names: ObjectType) -> Callable[[str, Any], list[str]]:
    def read(name: str, value: Any) -> list[str]:
        if not isinstance(value, list) or any(each not in names for each in value):
            raise BadChoice(name, f"a list of some of {', '.join(names)}, not {value!r}")
        return sorted(set(value))

    return read


CHOICES = (
    Choice("abandoned_after_minutes", _whole(1, 7 * 24 * 60), "Untouched for so long, a checkout is abandoned (A26)."),
    Choice("pending_expires_hours", _whole(1, 24 * 365), "So long a deal stays in Checkout Pending (A25)."),
    Choice("skip_test_orders", _flag, "Test orders are not synced (I8)."),
    Choice("use_order_email", _flag, "An order of nobody with an e-mail gets the contact of its own e-mail (A29)."),
    Choice("refunded_is_cancelled", _flag, "A deal goes to Cancelled when its order is refunded in full."),
    Choice("hold_weak_matches", _flag, "A product that HubSpot has by name alone waits for approval."),
    Choice("winner", _winner, "Whose value stands where both sides have changed a field: shopify or hubspot (I4)."),
    Choice("brake_deletions", _whole(0, 10**6), "More deletions in HubSpot wait for a person's word; 0: none does."),
    Choice("brake_percent", _whole(0, 100), "The same, in percent of the object's records; both must be exceeded."),
    Choice("brake_minutes", _whole(1, 7 * 24 * 60), "The time within which deletions are counted for the brake."),
    Choice(
        "never_delete",
        _objects("products", "orders", "deals"),
        "Objects that stay in HubSpot when their Shopify record is deleted (I9).",
    ),
    Choice(
        "create_in_shopify",
        _objects("contacts", "products"),
        "Objects of which a HubSpot record without a link creates one in Shopify (I4); data-sync alone.",
    ),
)


def read_choices(wanted: Any) -> dict[str, Any]:
    """Changes from JSON; a BadChoice names the field that is wrong."""
    if not isinstance(wanted, Mapping):
        raise BadChoice("body", "an object of settings")
    rows = {row.name: row for row in CHOICES}
    for name in wanted:
        if name not in rows:
            raise BadChoice(str(name), f"there is no such setting; there are {', '.join(rows)}")
    return {name: rows[name].read(name, value) for name, value in wanted.items()}


def shown(choices: Choices) -> dict[str, Any]:
    """The values of the rows."""
    return {row.name: getattr(choices, row.name) for row in CHOICES}


def kinds_of(object_type: ObjectType) -> tuple[Kind, ...]:
    """The Shopify records that become records of this object."""
    return tuple(dict.fromkeys(kind for (_, kind), name in OBJECT_TYPES.items() if name == object_type))


NAMES = tuple(each.name for each in fields(Choices))

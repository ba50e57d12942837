"""What the sync core says of a record, as a tester reads it: the verdict first, then every field with its rule.

"HubSpot has" is what the sync core last wrote or read there, not a look into HubSpot at this moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

Told = Mapping[str, Any]

STANDINGS = {
    "in_sync": "in sync: HubSpot shows this version",
    "pending": "on its way: this version is not yet written to HubSpot",
    "blocked": "waits for records that it depends on",
    "excluded": "left out",
    "tombstoned": "left out for good",
    "failing": "failing: HubSpot or Shopify refuses it, it is tried again every hour",
}
REASONS = {
    "no_email": "a customer without an e-mail address makes no contact; a contact that exists stays (A8, A10)",
    "tombstoned": "its contact was deleted in HubSpot, and such a contact never comes back (A13)",
    "test_order": "test orders are not synced (I8)",
    "stage_unmapped": "its stage is not mapped to one of the pipeline in HubSpot (B35)",
    "became_order": "the checkout became an order, which stands for it in HubSpot (I2)",
    "pending_checkout": "the checkout does not count as abandoned yet; only then it becomes a cart (B16)",
    "never_deleted": "deleted in Shopify; the settings say that its object stays in HubSpot (I9)",
    "deleted_in_shopify": "deleted in Shopify: products and orders leave HubSpot, contacts and carts stay"
    " (A11, A27, A33, I9)",
    "currency_not_enabled": "the portal does not know its currency: enable it in HubSpot, nothing is converted (I7)",
    "transient": "a call failed on the way; it is tried again",
}
COLOURS = {"in_sync": "green", "failing": "red"}
ACTIONS = {"upsert": "create or update", "associate": "associate", "dissociate": "dissociate"}


def show(told: Told, console: Console) -> None:
    """The whole explanation."""
    source, standing = told["source"], told["standing"]
    version = "deleted" if source["deleted"] else f"version {source['updated_at']}"
    _line(console, f"{source['kind']} {source['id']} of {source['shop']}, {version}", "bold")
    _line(console, _verdict(told), COLOURS.get(standing["status"], "yellow"))
    _line(console, f"HubSpot: {_place(told)}, integration {told['integration']}")
    for line in _around(told):
        _line(console, line)
    if told["image"]:
        _show_image(told["image"], console)
    if told["not_given"]:
        names = ", ".join(told["not_given"])
        _line(console, f"not given by Shopify, so HubSpot keeps what it has: {names}", "dim")


def _verdict(told: Told) -> str:
    """How the record stands; the warnings among its words stand below by themselves."""
    standing, warnings = told["standing"], told["image"]["warnings"] if told["image"] else ()
    parts = [STANDINGS.get(standing["status"], standing["status"])]
    if standing["reason"]:
        parts.append(REASONS.get(standing["reason"], standing["reason"]))
    words = [each for each in standing["words"].split("; ") if each and each not in warnings]
    return ": ".join([*parts, "; ".join(words)] if words else parts)


def _place(told: Told) -> str:
    """Where the record is in HubSpot, and how it is recognised there."""
    record, image = told["record"], told["image"]
    if not record["id"]:
        return f"no {record['object_type']} record"
    stage = f" in stage {image['stage']}" if image and image["stage"] else ""
    matched = f", recognised by {image['match'][0]} = {image['match'][1]}" if image and image["match"] else ""
    return f"{record['object_type']}/{record['id']}{stage}{matched}"


def _around(told: Told) -> Iterator[str]:
    """What is still to come."""
    if told["next_change_ms"] is not None:
        at = datetime.fromtimestamp(told["next_change_ms"] / 1000, UTC)
        yield f"passing time alone changes it at {at:%Y-%m-%dT%H:%M:%SZ}"
    yield from (f"to do: {_action(op)}" for op in told["ops"])
    yield from (f"waits for: {_name(ref)}" for ref in told["blocked_on"])


def _action(op: Told) -> str:
    if "source" in op:
        return f"{ACTIONS[op['op']]} {_name(op['source'])} with {_name(op['target'])}"
    names = ", ".join(sorted([*op.get("properties", ()), *op.get("links", ())]))
    return f"{ACTIONS.get(op['op'], op['op'])} {_name(op['record'])}{': ' if names else ''}{names}"


# --- what HubSpot should hold ---


def _show_image(image: Told, console: Console, title: str = "") -> None:
    from rich.padding import Padding

    indent = 2 if title else 0
    if title:
        console.print()
        _line(console, title, "bold")
    console.print(Padding(_fields(image), (1 - indent // 2, 0, 0, indent), expand=False))
    blank = [field["property"] for field in image["fields"] if _is_blank(field)]
    if blank:
        _line(console, f"blank in both: {', '.join(blank)}", "dim", indent)
    for name, ref in image["links"].items():
        _line(console, f"{name} = id of {_name(ref)}", indent=indent)
    for ref in image["associations"]:
        _line(console, f"associated with {_name(ref)}", indent=indent)
    for warning in image["warnings"]:
        _line(console, f"warning: {warning}", "yellow", indent)
    for each in (*image["companions"], *image["line_items"]):
        _show_image(each, console, _name(each["record"]))


def _fields(image: Told) -> Table:
    """A row a field; what differs is bold."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for heading, ratio in (("HubSpot's property", None), ("HubSpot has", 3), ("from Shopify's", 2), ("rule", None)):
        table.add_column(heading, overflow="fold", ratio=ratio, no_wrap=ratio is None)
    for field in image["fields"]:
        if not _is_blank(field):
            value = Text(_change(field), style="bold yellow" if field["sent"] else "")
            table.add_row(Text(field["property"]), value, Text(", ".join(field["from"])), Text(field["rule"]))
    return table


def _is_blank(field: Told) -> bool:
    return not field["old"] and not field["new"]


def _change(field: Told) -> str:
    old, new = field["old"], field["new"]
    if field["sent"]:
        return f"{_shown(old)} -> {_shown(new)}"
    return str(new) if new == old else f"{_shown(old)} (kept: blank in Shopify)"


def _shown(value: str | None) -> str:
    return value or "nothing"


def _name(ref: Told) -> str:
    """A record by its place in Shopify: the sync core's keys begin with the shop."""
    return f"{ref['object_type']} {ref['key'].partition('/')[2] or ref['key']}"


def _line(console: Console, words: str, style: str = "", indent: int = 0) -> None:
    console.print(" " * indent + words, style=style, markup=False, highlight=False, soft_wrap=True)

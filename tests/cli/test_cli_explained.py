"""An explanation as a tester reads it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from rich.console import Console

import sync_core.pure.desired
import sync_core.shell.storage.tables
from scenarios.cli.explained import REASONS, STANDINGS, show

FIELD = {"property": "lastname", "from": ["last_name"], "rule": "A-CONTACT 4"}
REF = {"object_type": "contacts", "key": "a.myshopify.com/customer/7"}


def shown(standing: tuple[str, str, str], *fields: dict[str, Any], **more: Any) -> list[str]:
    """The lines of a customer with these fields."""
    image = {"record": REF, "match": ["email", "ann@example.com"], "stage": "", "fields": fields, "links": {}}
    image |= {"associations": [], "companions": [], "line_items": [], "warnings": ["no fax"]}
    told = {
        "source": {"shop": "a.myshopify.com", "kind": "customer", "id": "7", "updated_at": "today", "deleted": False},
        "integration": "deals",
        "record": REF | {"id": "51"},
        "next_change_ms": None,
        "image": image if fields else None,
        "not_given": [],
        "ops": [],
        "blocked_on": [],
        "standing": dict(zip(("status", "reason", "words"), standing, strict=True)),
    }
    console = Console(record=True, width=120)
    show(told | more, console)
    return [line.rstrip() for line in console.export_text().splitlines()]


def test_every_reason_and_standing_of_the_sync_core_has_words() -> None:
    desired = Path(sync_core.pure.desired.__file__ or "").read_text(encoding="utf-8")
    tables = Path(sync_core.shell.storage.tables.__file__ or "").read_text(encoding="utf-8")
    reasons = set(re.findall(r'(?:Excluded|Absent)\([^"\n]*"(\w+)"', desired))
    standings = re.search(r'_text\("status"\),  # (.*)', tables)

    assert reasons
    assert set() == reasons - REASONS.keys()
    assert standings
    assert set(standings[1].split(", ")) == STANDINGS.keys()


def test_a_field_that_is_to_be_sent_shows_both_values() -> None:
    lines = shown(("pending", "", ""), FIELD | {"old": "Lee", "new": "Kay", "sent": True})

    assert "on its way: this version is not yet written to HubSpot" == lines[1]
    assert "HubSpot: contacts/51, recognised by email = ann@example.com, integration deals" == lines[2]
    assert any(re.fullmatch(r"lastname +Lee -> Kay +last_name +A-CONTACT 4", line) for line in lines)


def test_equal_fields_show_one_value_and_blank_ones_share_a_line() -> None:
    same = FIELD | {"old": "Lee", "new": "Lee", "sent": False}
    blanks = [
        FIELD | {"property": name, "old": old, "new": "", "sent": False} for name, old in (("a", ""), ("b", None))
    ]
    kept = FIELD | {"property": "c", "old": "kept", "new": "", "sent": False}

    lines = shown(("in_sync", "", "no fax"), same, *blanks, kept)

    assert "in sync: HubSpot shows this version" == lines[1]  # the warning stands below, once
    assert 1 == sum("no fax" in line for line in lines)
    assert any(re.fullmatch(r"lastname +Lee +last_name +A-CONTACT 4", line) for line in lines)
    assert any(re.fullmatch(r"c +kept \(kept: blank in Shopify\) +last_name +A-CONTACT 4", line) for line in lines)
    assert "blank in both: a, b" in lines


def test_a_refusal_is_quoted_and_what_is_to_come_has_its_time() -> None:
    op = {"op": "update", "record": REF, "properties": {"lastname": "Kay"}, "links": {}}

    lines = shown(("failing", "rejected", "lastname: too long"), next_change_ms=1_790_845_200_000, ops=[op])

    assert lines[1].endswith(": rejected: lastname: too long")
    assert "passing time alone changes it at 2026-10-01T09:00:00Z" in lines
    assert "to do: update contacts customer/7: lastname" in lines

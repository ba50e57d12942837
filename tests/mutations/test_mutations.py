"""A rule that is broken on purpose turns its scenario red: so the scenarios look where they say they do.

`make mutate` breaks each rule in a copy of the code, runs its scenario there and prints what it said.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("sync_core", "scenarios", "simulator", "loadtests")
LONGEST_S = 600  # a scenario that lets days pass, on a busy machine


@dataclass(frozen=True, slots=True)
class Mutation:
    """One rule, broken.

    Args:
        case: of the catalogue.
        rule: what no longer holds.
        old, new: the code as it is, once in the file, and as it is broken.
    """

    case: str
    rule: str
    file: str
    old: str
    new: str
    scenario: str
    integration: str = "deals"


MUTATIONS = (
    Mutation(
        "S4",
        "an older version never overwrites a newer one",
        "sync_core/shell/incoming/intake.py",
        "    if version < row.updated_at_ms:\n        return None\n",
        "    if version < row.updated_at_ms:\n        return taken\n",
        "update_arrives_before_creation",
    ),
    Mutation(
        "S6",
        "an order takes its checkout's deal on",
        "sync_core/pure/keys.py",
        'if object_type == "deals" and kind == "order" and token:',
        'if object_type == "deals" and kind == "order" and not token:',
        "abandoned_cart_completes_later",
    ),
    Mutation(
        "S13",
        "a contact deleted in HubSpot never comes back",
        "sync_core/pure/desired.py",
        "if case.around.tombstoned or emails & case.around.tombstoned_emails:",
        "if case.around.tombstoned and not emails:",
        "contact_deleted_in_hubspot_never_comes_back",
        "data-sync",
    ),
    Mutation(
        "S15",
        "a deletion is noticed without webhooks",
        "sync_core/shell/incoming/sweep.py",
        '    Net("delete feed", "poll", None, POLL_MS, delete_feed),\n',
        "",
        "order_deleted_while_webhooks_are_lost",
    ),
    Mutation(
        "S16",
        "a deletion sticks",
        "sync_core/shell/incoming/intake.py",
        "    if stored and stored.deleted_at_ms:\n        return None",
        "    if stored and stored.deleted_at_ms and seen.document is None:\n        return None",
        "late_update_after_deletion",
    ),
    Mutation(
        "S28",
        "the refunded sum counts refunds that went through",
        "sync_core/pure/convert.py",
        '== ("refund", "success")',
        '== ("sale", "success")',
        "partial_refund",
        "data-sync",
    ),
    Mutation(
        "S34",
        "a line of which nothing is left has no line item",
        "sync_core/pure/desired.py",
        "if quantity and key not in children:",
        "if key not in children:",
        "order_edited",
    ),
    Mutation(
        "S40",
        "a pending deal leaves the pipeline after 48 hours, not later",
        "sync_core/pure/stages.py",
        "since_ms + settings.pending_expires_ms\n",
        "since_ms + settings.pending_expires_ms + 60_000\n",
        "pending_deal_expires_after_48_hours",
    ),
    Mutation(
        "S45",
        "a poll reads every page of a round",
        "sync_core/shell/incoming/sweep.py",
        "        return sweep.ledger.save_cursor(_turned(sweep, net, cursor, page))",
        '        return sweep.ledger.save_cursor(_turned(sweep, net, cursor, ""))',
        "equal_times_across_a_page",
        "data-sync",
    ),
    Mutation(
        "S46",
        "what was changed on an order in HubSpot is set back",
        "sync_core/shell/engine/drift.py",
        '"data-sync": ("orders", "carts", "line_items")}',
        '"data-sync": ("carts", "line_items")}',
        "order_moved_in_hubspot_is_set_back",
        "data-sync",
    ),
    Mutation(
        "S52",
        "the phone is never an address's",
        "sync_core/mappings/deals.py",
        'Field("phone", "phone", "text", "A-CONTACT 6")',
        'Field(("phone", "default_address.phone"), "phone", "text", "A-CONTACT 6")',
        "phone_of_an_address_is_never_used",
    ),
    Mutation(
        "S53",
        "a blank erases nothing on a contact",
        "sync_core/mappings/data_sync.py",
        'CONTACT = Table(\n    "contacts",\n    blank_erases=False,',
        'CONTACT = Table(\n    "contacts",\n    blank_erases=True,',
        "blank_values_keep_hubspots",
        "data-sync",
    ),
)


@pytest.mark.parametrize("row", MUTATIONS, ids=lambda row: row.case)
def test_the_rule_that_is_to_be_broken_stands_in_the_code_once(row: Mutation) -> None:
    assert 1 == (ROOT / row.file).read_text(encoding="utf-8").count(row.old)


@pytest.mark.slow
@pytest.mark.parametrize("row", MUTATIONS, ids=lambda row: row.case)
def test_a_broken_rule_turns_its_scenario_red(row: Mutation, tmp_path: Path) -> None:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    broken = tmp_path / row.file
    broken.write_text(broken.read_text(encoding="utf-8").replace(row.old, row.new), encoding="utf-8")

    command = ["-m", "scenarios.cli", "scenarios", "run", row.scenario, "--integration", row.integration]
    ran = subprocess.run(
        [sys.executable, *command],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
    )

    said = [line for line in ran.stdout.splitlines() if line.startswith(("AssertionError", "SettleError"))]
    print(f"{row.case:<4} {row.rule:<62} {row.scenario:<45} {said[0] if said else (ran.stdout + ran.stderr)[-400:]}")
    assert (1, 1) == (ran.returncode, len(said))

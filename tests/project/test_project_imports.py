"""Who may import whom. Each row is a sentence of ARCHITECTURE.md."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from project import PACKAGES, ROOT, imported, parsed, sources


@dataclass(frozen=True, slots=True)
class Rule:
    """What the modules of a place may import of ours, and what they may never import."""

    place: str
    may: tuple[str, ...]
    never: tuple[str, ...] = ()


OUTSIDE_WORLD = (
    *("http", "logging", "multiprocessing", "os", "pathlib", "random", "secrets", "socket", "sqlite3", "subprocess"),
    *("threading", "time", "urllib.error", "urllib.request", "uuid", "flask", "orjson", "requests", "sqlalchemy"),
)
RULES = (
    Rule("simulator/kernel", may=("simulator.kernel",)),
    Rule("simulator/shopify", may=("simulator.kernel", "simulator.shopify")),
    Rule("simulator/hubspot", may=("simulator.kernel", "simulator.hubspot")),
    Rule("simulator", may=("simulator",)),
    Rule("sync_core/pure", may=("sync_core.pure", "sync_core.mappings"), never=OUTSIDE_WORLD),
    Rule("sync_core/mappings", may=("sync_core.pure.model", "sync_core.mappings"), never=OUTSIDE_WORLD),
    Rule("sync_core", may=("sync_core",)),
    # The oracle judges the sync core, so it may not ask it; a scenario must run against anybody's integration.
    Rule("scenarios/oracle", may=("scenarios.oracle",)),
    Rule("scenarios/lag.py", may=("scenarios.oracle",)),
    Rule("scenarios/invariants.py", may=("scenarios",)),
    Rule("scenarios/verbs.py", may=("scenarios",)),
    Rule("scenarios/library", may=("scenarios",)),
    Rule("scenarios", may=("simulator", "sync_core", "scenarios")),
    Rule("loadtests", may=("loadtests",)),
)


def breaches(path: str, text: str) -> list[str]:
    """The imports of a module that break a rule."""
    found = []
    for line, name in imported(parsed(text)):
        for rule in RULES:
            if path == rule.place or path.startswith(f"{rule.place}/"):
                ours = name.split(".")[0] in (*PACKAGES, "tests", "")
                refused = ours and not any(_below(name, prefix) for prefix in rule.may)
                if refused or any(_below(name, prefix) for prefix in rule.never):
                    found.append(f"{path}:{line} imports {name}, which {rule.place} may not")
    return found


def private(path: str, text: str) -> list[str]:
    """The names with an underscore that a module takes from another one."""
    return [
        f"{path}:{line} takes {name}"
        for line, name in imported(parsed(text))
        if ".__future__" not in name
        and any(part.startswith("_") and not part.startswith("__") for part in name.split("."))
    ]


def _below(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(f"{prefix}.")


def test_every_module_imports_only_what_its_place_may() -> None:
    assert [] == [breach for path, text in sources(*PACKAGES) for breach in breaches(path, text)]


def test_no_module_takes_a_private_name_of_another() -> None:
    assert [] == [breach for path, text in sources(*PACKAGES) for breach in private(path, text)]


def test_every_rule_is_about_a_place_that_exists() -> None:
    assert [] == [rule.place for rule in RULES if not (ROOT / rule.place).exists()]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("simulator/kernel/planted.py", "from simulator.shopify import kinds"),
        ("simulator/shopify/planted.py", "from simulator import hubspot"),
        ("simulator/hubspot/planted.py", "import simulator.shopify.shop"),
        ("simulator/hubspot/rules/planted.py", "from sync_core.pure import model"),
        ("sync_core/pure/planted.py", "from sync_core.shell.storage.ledger import Ledger"),
        ("sync_core/pure/planted.py", "def now():\n    import time"),
        ("sync_core/mappings/planted.py", "from sync_core.pure.convert import convert"),
        ("sync_core/shell/planted.py", "from simulator.kernel.clock import DAY"),
        ("scenarios/oracle/planted.py", "from sync_core.pure.desired import desired"),
        ("scenarios/library/planted.py", "from simulator import shopify"),
        ("scenarios/planted.py", "from tests.kernel import toy"),
        ("loadtests/planted.py", "from scenarios.verbs import Drill"),
        ("simulator/kernel/planted.py", "from . import clock"),
    ],
)
def test_a_planted_import_is_found(path: str, line: str) -> None:
    assert [] != breaches(path, line)


def test_a_planted_private_name_is_found() -> None:
    assert [] != private("scenarios/planted.py", "from simulator.kernel.store import _change")

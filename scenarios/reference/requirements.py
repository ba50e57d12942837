"""The requirements' page: what is asked for, and the tests and scenarios that show it, read from their names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from scenarios.reference.markdown import codes, document, section, table
from scenarios.requirements import REQUIREMENTS, Requirement
from scenarios.scenario import all_scenarios

TESTS = Path(__file__).parents[2] / "tests"
NAMED = re.compile(r"^\s*def (test_((?:[ABIS]\d+_)+)\w+)", re.MULTILINE)
PARTS = {"A": "The integration of 2023: `deals`", "B": "The integration of 2024: `data-sync`", "I": "Our decisions"}
CASES = 60  # in the catalogue of what users of such integrations have reported
CASES_WAIT = {
    "S7": "waits for the workflows",
    "S56": "waits for companies, which neither article has",
    "S59": "waits for the workflows",
}


def page() -> str:
    tests, shown = by_tests(), by_scenarios()
    parts = [
        section(title, _requirements([row for row in REQUIREMENTS if row.id[0] == letter], tests, shown))
        for letter, title in PARTS.items()
    ]
    return document(
        "Requirements",
        "What is asked of the integration, by its number, and which tests and scenarios show it. All of them are green "
        "in every release, or there is no release.",
        "A test bears the ids of what it shows in its name, a scenario in its `spec`. `make test` and `make slow` run "
        "the tests, `syncdrill scenarios run` the scenarios.",
        *parts,
        section("Cases that users have reported", _cases(tests, shown)),
    )


def by_tests() -> dict[str, list[str]]:
    """The names of the tests that show a requirement."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted(TESTS.rglob("test_*.py")):
        for name, ids in NAMED.findall(file.read_text(encoding="utf-8")):
            for id in ids.strip("_").split("_"):
                found[id].append(name)
    return dict(found)


def by_scenarios() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for one in all_scenarios():
        for id in one.spec:
            found[id].append(one.name)
    return dict(found)


def _requirements(rows: Iterable[Requirement], tests: Mapping[str, list[str]], shown: Mapping[str, list[str]]) -> str:
    return table(
        ("id", "asked", "tests", "scenarios", "state"),
        (
            (row.id, row.text, codes(tests.get(row.id, ())), codes(shown.get(row.id, ())), row.waits or "shown")
            for row in rows
        ),
    )


def _cases(tests: Mapping[str, list[str]], shown: Mapping[str, list[str]]) -> str:
    ids = [f"S{number}" for number in range(1, CASES + 1)]
    return table(
        ("case", "scenarios", "tests", "state"),
        ((id, codes(shown.get(id, ())), codes(tests.get(id, ())), CASES_WAIT.get(id, "shown")) for id in ids),
    )

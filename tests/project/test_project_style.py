"""Time and chance are arguments, functions and files are short: the house rules that a machine can see."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from project import PACKAGES, ROOT, imported, parsed, sources

LONGEST_FUNCTION = 60  # lines
LONGEST_FILE = 500

AMBIENT = (  # where time and chance come from the air
    *("time.time", "time.time_ns", "time.monotonic", "time.monotonic_ns", "time.perf_counter", "time.sleep"),
    *("time.localtime", "time.gmtime", "time.strftime", "time.process_time"),
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today"),
    *("uuid.uuid1", "uuid.uuid4", "os.urandom", "os.getrandom", "random.SystemRandom", "secrets"),
    *("gevent.sleep", "hash"),  # the built-in hash of a text differs from process to process
)
SEEDED = "random.Random"  # a generator that somebody seeds; every other name of `random` is the shared one
ENTRY_POINTS = (  # the outermost loops, where the real clock comes in
    "scenarios/cli/",
    "scenarios/serve.py",
    "scenarios/runner.py",
    "scenarios/bench/yard.py",  # it times our own work
    "sync_core/shell/running/host.py",
    "loadtests/",
)


def ambient(path: str, text: str) -> list[str]:
    """Uses of a clock or of chance that nobody handed in."""
    tree = parsed(text)
    names = {name.rsplit(".", 1)[-1]: name for _, name in imported(tree)}
    names |= {
        alias.asname: f"{node.module + '.' if isinstance(node, ast.ImportFrom) else ''}{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if alias.asname
    }
    return [f"{path}:{line} uses {name}" for line, name in _dotted(tree, names) if _is_ambient(name)]


def _dotted(tree: ast.Module, names: dict[str, str]) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that is read, as far as the imports tell."""
    for node in ast.walk(tree):
        parts, inner = [], node
        while isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        if (
            isinstance(inner, ast.Name)
            and isinstance(inner.ctx, ast.Load)
            and (inner.id in names or inner.id == "hash")
        ):
            yield node.lineno, ".".join([names.get(inner.id, inner.id), *reversed(parts)])


def _is_ambient(name: str) -> bool:
    if name.startswith("random."):
        return name != SEEDED
    return any(name == one or name.startswith(f"{one}.") for one in AMBIENT)


def long_functions(path: str, text: str) -> list[str]:
    found = []
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                found.append(f"{path}:{node.lineno} {node.name} has {lines} lines")
    return found


def test_no_clock_and_no_chance_but_those_handed_in() -> None:
    inner = [(path, text) for path, text in sources(*PACKAGES) if not path.startswith(ENTRY_POINTS)]

    assert [] == [use for path, text in inner for use in ambient(path, text)]


def test_every_entry_point_exists() -> None:
    assert [] == [path for path in ENTRY_POINTS if not (ROOT / path).exists()]


def test_functions_are_short() -> None:
    assert [] == [long for path, text in sources(*PACKAGES, "tests") for long in long_functions(path, text)]


def test_files_are_short() -> None:
    lengths = {path: text.count("\n") for path, text in sources(*PACKAGES, "tests")}

    assert {} == {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE}


def test_every_module_opens_with_the_idea_it_is_about() -> None:
    assert [] == [path for path, text in sources(*PACKAGES) if not ast.get_docstring(parsed(text))]


@pytest.mark.parametrize(
    "text",
    [
        "import time\nnow = time.time()",
        "import time as clock\nclock.sleep(1)",
        "from time import monotonic\ndef f(now=monotonic): ...",
        "from datetime import datetime, UTC\nat = datetime.now(UTC)",
        "import datetime\nat = datetime.date.today()",
        "import uuid\nid = str(uuid.uuid4())",
        "from uuid import uuid4 as fresh\nid = fresh()",
        "import random\nn = random.randint(1, 6)",
        "from random import choice\nn = choice([1])",
        "import secrets\nt = secrets.token_hex()",
        "n = hash('text')",
    ],
)
def test_a_planted_clock_or_chance_is_found(text: str) -> None:
    assert [] != ambient("planted.py", text)


def test_a_seeded_generator_and_a_time_of_day_are_no_chance_and_no_clock() -> None:
    text = "import random\nfrom datetime import datetime, time\nrng = random.Random(1)\nx = datetime.combine(d, time())"

    assert [] == ambient("planted.py", text)


def test_a_planted_long_function_is_found() -> None:
    assert [] != long_functions("planted.py", "def f():\n" + "    x = 1\n" * LONGEST_FUNCTION)

"""Processes that a command starts: they end with their block, whatever happens in it."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from scenarios.cli.exits import UNREACHABLE, Problem

LOOK_EVERY_S = 0.1
END_S = 15  # for a process to end by itself, before it is killed


@contextmanager
def running(
    command: Sequence[str], log: Path, variables: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command with all that it says going into `log`; `variables` are added to the environment."""
    environ = {**os.environ, "PYTHONUNBUFFERED": "1", **(variables or {})}
    with log.open("wb") as opened:
        process = subprocess.Popen(command, stdout=opened, stderr=opened, env=environ)  # noqa: S603  our own words
    try:
        yield process
    finally:
        _end(process)


def wait_until(
    ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path, problem: str, most_s: float
) -> None:
    """Wait for something that `process` does; a Problem quotes the last line of its log."""
    deadline_s = time.monotonic() + most_s
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline_s:
            raise Problem(f"{problem}: {last_words(log)}", UNREACHABLE)
        time.sleep(LOOK_EVERY_S)


def last_words(log: Path) -> str:
    """The last line of a log, and where the others are."""
    told = log.read_text(errors="replace").strip().splitlines()
    return f"{told[-1] if told else 'it said nothing'} (all of it is in {log})"


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

"""How a command ends: its exit code, and a sentence that says what to do next."""

from __future__ import annotations

import click

OK = 0
BROKEN = 1
USAGE = 2
UNREACHABLE = 3
INTERRUPTED = 130

MEANINGS = (
    (OK, "all is well; `up` and `sync` also end so when they are interrupted"),
    (BROKEN, "a promise, a scenario or an invariant is broken"),
    (USAGE, "wrong usage or unreadable input, or too few samples to judge"),
    (UNREACHABLE, "what the command talks to cannot be reached"),
    (INTERRUPTED, "interrupted"),
)


class Problem(click.ClickException):
    """Something the user can mend. `message` says what is wrong and what to do next."""

    def __init__(self, message: str, exit_code: int = BROKEN) -> None:
        super().__init__(message)
        self.exit_code = exit_code

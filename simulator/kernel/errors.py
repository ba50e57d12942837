"""What can go wrong in a fake, in no vendor's words: rules raise these, each dialect writes them its own way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class BadInput(ValueError):
    """What the control plane was asked for cannot be, in words that name the field; any other ValueError is ours."""


class TooManyHeld(Exception):
    """So many answers are held back at once that another one would leave no thread for other callers."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"{most} answers are held back at once by a fault of the kind `slow`, and syncdrill holds no more: "
            "the other callers need the threads that are left"
        )


class Refusal(Exception):
    """A request that a fake turns down; the dialect's error handler makes the answer."""


@dataclass(eq=False)
class Unauthorized(Refusal):
    """No credential, or one that nobody was given."""


@dataclass(eq=False)
class Forbidden(Refusal):
    """The app has not been granted `scope`."""

    scope: str


@dataclass(eq=False)
class NotFound(Refusal):
    """No such record. `what` is for the dialects that name it."""

    what: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why input is not valid: the field, the vendor's sentence, the vendor's code."""

    field: str
    message: str
    code: str = ""


@dataclass(eq=False)
class Invalid(Refusal):
    """Well-formed input that breaks a rule."""

    problems: tuple[Problem, ...]


@dataclass(eq=False)
class Malformed(Refusal):
    """Input that cannot be read at all: bad JSON, a missing root key, a parameter of the wrong type."""

    message: str
    field: str = ""


@dataclass(eq=False)
class Conflict(Refusal):
    """The record exists already."""

    message: str
    existing: int | None = None


@dataclass(eq=False)
class TooLarge(Refusal):
    """The body is larger than the limit."""

    limit_bytes: int


@dataclass(eq=False)
class Throttled(Refusal):
    """Over a limit. `policy` is the vendor's name of it; `retry_after_ms` None where the vendor says nothing."""

    policy: str
    retry_after_ms: int | None = None


@dataclass(eq=False)
class Broken(Refusal):
    """An injected failure of the vendor's own: 500, 502, 503."""

    status: int


@dataclass(eq=False)
class NotSimulated(Refusal):
    """The vendor has this, the fake does not: the answer names it."""

    what: str

"""The worker that looks over everything for a person: page by page, within the limits, and without writing.

One errand at a time; it lives in memory, and a restart forgets it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from sync_core.pure.choices import BadChoice
from sync_core.shell.clients.http import CallFailed, NotBefore

RETRY_MS = 5_000


class Errand(Protocol):
    """Something that takes many calls.

    Attributes:
        name: what it is, for a person.
        over: whether it is done.
    """

    name: str
    over: bool

    def step(self) -> int | None:
        """A page of it; returns when it goes on, None for at once."""
        ...

    def told(self) -> dict[str, Any]:
        """How far it is, and what it has found."""
        ...


class Surveyor:
    """The worker; it has nothing to do until somebody asks."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._errand: Errand | None = None
        self._trouble = ""

    def begin(self, errand: Errand) -> None:
        """A BadChoice where another one is under way."""
        if self._errand and not self._errand.over:
            raise BadChoice("errand", f"a {self._errand.name} is under way: wait until it is over")
        self._errand, self._trouble = errand, ""

    def step(self, now_ms: int) -> int | None:
        if self._errand is None or self._errand.over:
            return None
        try:
            later_ms = self._errand.step()
            self._trouble = ""
        except NotBefore as limit:
            return limit.at_ms
        except CallFailed as failed:
            self._trouble = getattr(failed.outcome, "words", "") or type(failed.outcome).__name__
            return now_ms + RETRY_MS
        return None if self._errand.over else later_ms or now_ms

    def told(self, name: str) -> dict[str, Any] | None:
        """How far the last errand of this name is; None where there was none."""
        if self._errand is None or self._errand.name != name:
            return None
        return {"over": self._errand.over, "trouble": self._trouble or None} | self._errand.told()

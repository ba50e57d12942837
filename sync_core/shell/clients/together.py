"""Several calls at the same time: 0.2 s each, one after the other, would use half of the smallest window.

Only the calls themselves run beside each other. What an answer means is taken down by whoever asked, one answer after
the other as they come, so a batch is still decided and settled in one thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any, Protocol

from sync_core.shell.clients.http import CallFailed, NotBefore

IN_FLIGHT = 16  # of 0.2 s each they use a window of 190 in less than three seconds

CallError = (NotBefore, CallFailed)


class Together(Protocol):
    """Makes calls; gives each one's place and its answer, or its error, as they come back."""

    def __call__(self, calls: Sequence[Callable[[], Any]]) -> Iterator[tuple[int, Any]]: ...


def one_by_one(calls: Sequence[Callable[[], Any]]) -> Iterator[tuple[int, Any]]:
    for place, call in enumerate(calls):
        yield place, outcome_of(call)


class Threads:
    """The calls of this process, on a few threads."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(IN_FLIGHT, thread_name_prefix="call")

    def __call__(self, calls: Sequence[Callable[[], Any]]) -> Iterator[tuple[int, Any]]:
        if len(calls) == 1:
            yield from one_by_one(calls)
            return
        places = {self._pool.submit(outcome_of, call): place for place, call in enumerate(calls)}
        for future in as_completed(places):
            yield places[future], future.result()

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


def all_of(together: Together, calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """The answers in the order of the calls; the first error is raised once all have come back."""
    outcomes = dict(together(calls))
    answers = [outcomes[place] for place in range(len(calls))]
    for answer in answers:
        if isinstance(answer, CallError):
            raise answer
    return answers


def outcome_of(call: Callable[[], Any]) -> Any:
    """The answer of a call, or its error; what is a bug of ours is raised."""
    try:
        return call()
    except CallError as error:
        return error

"""Group commit: what comes while a commit is under way shares the next one.

To make a commit durable takes a disk its time, whatever is in it, and rows cost less by the dozen. Nobody waits for
company: who finds nobody at work goes at once, alone if need be; so the groups grow by themselves as far as it is slow.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

MOST = 50  # items in one transaction

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(slots=True)
class Waiting(Generic[Item, Result]):
    """One thread's item, and what became of it."""

    item: Item
    result: Result | None = None
    error: Exception | None = None
    done: bool = False


class Groups(Generic[Item, Result]):
    """Has the items of many threads handled in groups; each thread goes on once its own is durable.

    Args:
        handle: takes up to 50 items in one transaction, all or nothing; it gives a result for each, in order.
    """

    def __init__(self, handle: Callable[[Sequence[Item]], Sequence[Result]]) -> None:
        self._handle = handle
        self._queue: list[Waiting[Item, Result]] = []
        self._door, self._turn = threading.Lock(), threading.Lock()

    def run(self, item: Item) -> Result:
        """The item's result, or the error that it met."""
        mine: Waiting[Item, Result] = Waiting(item)
        with self._door:
            self._queue.append(mine)
        with self._turn:  # the first one in works for all who wait by then
            while not mine.done:
                with self._door:
                    group, self._queue = self._queue[:MOST], self._queue[MOST:]
                self._run(group)
        if mine.error:
            raise mine.error
        return mine.result  # type: ignore[return-value]

    def _run(self, group: Sequence[Waiting[Item, Result]]) -> None:
        try:
            results = self._handle([one.item for one in group])
        except Exception as error:  # noqa: BLE001  it is raised again where it belongs
            if len(group) > 1:
                for one in group:  # so that one does not spoil what the others do
                    self._run([one])
                return
            group[0].error, group[0].done = error, True
            return
        for one, result in zip(group, results, strict=True):
            one.result, one.done = result, True

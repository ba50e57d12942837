"""How long a change took from its commit in Shopify to its sight in HubSpot, read from the two change logs.

Each change carries a marker in a field that every integration syncs. A marker in a HubSpot record shows that version
of the Shopify record, and so every older one: an integration may pass over versions that were overtaken.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Kind of change: where its marker is committed, and in which HubSpot object types it must be seen.
PLACES = {
    "customer": ("customers", ("contacts",)),
    "product": ("products", ("products",)),
    "order": ("orders", ("deals", "orders")),
}
MARKER = re.compile(rf"drill-({'|'.join(PLACES)})-[0-9a-f]{{12}}")


def marker(kind: str, number: int) -> str:
    """The text that tells one change from all others."""
    return f"drill-{kind}-{number:012x}"


@dataclass(frozen=True, slots=True)
class Commit:
    """A change in Shopify, at `at_ms` of the world's clock."""

    kind: str
    marker: str
    record: tuple[str, int]
    at_ms: int


@dataclass(frozen=True, slots=True)
class Sight:
    """A change that HubSpot shows: since `at_ms`, in the record (object type, id)."""

    commit: Commit
    record: tuple[str, int]
    at_ms: int

    @property
    def took_ms(self) -> int:
        return self.at_ms - self.commit.at_ms


class Tracker:
    """Takes the rows of both change logs in their order."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, int], dict[str, Commit]] = {}  # by Shopify record, oldest first
        self._records: dict[str, tuple[str, int]] = {}  # marker -> Shopify record

    def take(self, row: Mapping[str, Any]) -> list[Sight]:
        """Note one row; the changes of which it is the first sight."""
        found = dict.fromkeys((match[0], match[1]) for match in MARKER.finditer(json.dumps(row["document"])))
        if row["vendor"] == "shopify":
            for text, kind in found:
                self._commit(row, text, kind)
            return []
        return [sight for text, kind in found if row["resource"] in PLACES[kind][1] for sight in self._see(row, text)]

    def waiting(self) -> list[Commit]:
        """The changes that HubSpot does not show yet."""
        return [commit for commits in self._waiting.values() for commit in commits.values()]

    def _commit(self, row: Mapping[str, Any], text: str, kind: str) -> None:
        if row["resource"] == PLACES[kind][0] and text not in self._records:
            record = (row["resource"], row["id"])
            self._records[text] = record
            self._waiting.setdefault(record, {})[text] = Commit(kind, text, record, row["at_ms"])

    def _see(self, row: Mapping[str, Any], text: str) -> list[Sight]:
        waiting = self._waiting.get(self._records.get(text, ("", 0)), {})
        if text not in waiting:
            return []
        seen = list(waiting)[: list(waiting).index(text) + 1]
        return [Sight(waiting.pop(one), (row["resource"], row["id"]), row["at_ms"]) for one in seen]

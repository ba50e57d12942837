"""What would be written, added up for a person, and a digest by which the same plan is known again.

The digest is over every record with its version and its operations in full, and over what HubSpot holds of the records
that they would change. So whatever moves in between, on either side, makes it another one.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sync_core.pure.decisions import Change, changes
from sync_core.pure.model import Actual, Associate, Dissociate, Integration, Kind, Op, Ref, Update, Upsert

MOST_SHOWN = 500  # of each of these that are kept in full; all are counted
IN_ORDER = ("change", "delete", "create")  # what a person looks at first
WORDS = {"Archive": "delete", "Associate": "associate", "Dissociate": "dissociate"}


@dataclass(slots=True)
class Plan:
    """It grows record by record; their order matters for the digest."""

    records: int = 0
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    fields: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    left_out: Counter[str] = field(default_factory=Counter)
    shown: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {word: [] for word in IN_ORDER})
    differences: int = 0
    _digest: Any = field(default_factory=sha256)

    def add(
        self,
        kind: Kind,
        id_: str,
        version: str,
        own: Ref,
        ops: Sequence[Op],
        held: Mapping[Ref, Actual],
        integration: Integration,
        to_shopify: Sequence[Change] = (),
    ) -> None:
        """One record.

        Args:
            held: what HubSpot holds of everything that the ops are about, as far as it is there.
        """
        self.records += 1
        before = {f"{ref.object_type} {ref.key}": dict(one.properties) for ref, one in sorted(held.items())}
        self._take([kind, id_, version, [_full(op) for op in ops], before, list(to_shopify)])
        for op, change in zip(ops, changes(kind, own, ops, held, integration), strict=True):
            self._count(op, change, held)
        for change in to_shopify:
            self.counts[change["record"]]["change"] += 1
            self._show(change | {"op": "change"})

    def leave_out(self, kind: Kind, id_: str, version: str, why: str) -> None:
        self.records += 1
        self.left_out[why] += 1
        self._take([kind, id_, version, why])

    @property
    def digest(self) -> str:
        return str(self._digest.hexdigest())[:16]

    def as_json(self) -> dict[str, Any]:
        return {
            "digest": self.digest,
            "records": self.records,
            "counts": {name: dict(sorted(of.items())) for name, of in sorted(self.counts.items())},
            "fields": {name: dict(sorted(of.items())) for name, of in sorted(self.fields.items())},
            "left_out": dict(sorted(self.left_out.items())),
            "differences": (shown := [one for word in IN_ORDER for one in self.shown[word]]),
            "more": self.differences - len(shown),
        }

    def _count(self, op: Op, change: Change, held: Mapping[Ref, Actual]) -> None:
        if isinstance(op, Associate | Dissociate):
            self.counts[f"{op.source.object_type} with {op.target.object_type}"][WORDS[type(op).__name__]] += 1
            return
        is_there = op.ref in held
        word = WORDS.get(type(op).__name__, "change" if is_there else "create")
        if word == "change" and not (values := _different(change)):
            word = "link"
        elif word == "change":
            change = change | {"values": values}
            self.fields[op.ref.object_type].update(value["property"] for value in values)
        self.counts[op.ref.object_type][word] += 1
        if word != "link":
            self._show(change | {"op": word})

    def _show(self, change: Change) -> None:
        self.differences += 1
        if len(self.shown[change["op"]]) < MOST_SHOWN:
            self.shown[change["op"]].append(change)

    def _take(self, what: Any) -> None:
        self._digest.update(json.dumps(what, sort_keys=True, ensure_ascii=False).encode())


def _different(change: Change) -> list[dict[str, Any]]:
    return [value for value in change["values"] if (value["old"] or "") != value["new"]]


def _full(op: Op) -> list[Any]:
    name = type(op).__name__
    if isinstance(op, Associate | Dissociate):
        return [name, [*_names(op.source)], [*_names(op.target)]]
    if isinstance(op, Upsert | Update):
        links = {each: [*_names(ref)] for each, ref in op.links.items()}
        return [name, [*_names(op.ref)], dict(op.properties), links]
    return [name, [*_names(op.ref)]]


def _names(ref: Ref) -> tuple[str, str]:
    return ref.object_type, ref.key

"""Carrying out the plans of one batch: stage by stage, each stage in calls of up to 100 records.

After every call the ledger learns what the answer said, so that a crash between two calls loses nothing: what was
written is known, and what was not is planned again.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sync_core.pure.desired import Decision
from sync_core.pure.model import (
    Actual,
    Archive,
    Associate,
    Desired,
    Dissociate,
    ObjectType,
    Op,
    Ref,
    Update,
    Upsert,
)
from sync_core.pure.plan import apply
from sync_core.pure.retry import Gone, Rejected
from sync_core.shell.hubspot import BATCH, Failure, HubSpot, Input, Outcome
from sync_core.shell.image import Link
from sync_core.shell.ledger import Ledger
from sync_core.shell.sources import Key
from sync_core.shell.surroundings import Scene
from sync_core.shell.work import Claim

log = logging.getLogger(__name__)

# Contacts and products come before what points at them, a record before its line items.
ORDER: tuple[ObjectType, ...] = ("contacts", "products", "deals", "orders", "carts", "line_items")

# What HubSpot refuses in these is left out, and the record is written without (scenario 51).
EXPENDABLE = frozenset({"phone"})


@dataclass(slots=True)
class Job:
    """One claimed record on its way through a batch."""

    claim: Claim
    scene: Scene
    decision: Decision
    held: dict[Ref, Actual]  # what HubSpot holds of the record, its line items and its companions, each on its own
    failure: Failure | None = None
    again: bool = False  # something was found out that calls for another decision
    written: bool = False
    left_out: set[str] = field(default_factory=set)
    told: str = ""  # what is to be known of the decision, in words
    lacking: str = ""  # the scope without which nothing can be written to Shopify
    refusal: str = ""  # why Shopify does not take what HubSpot holds; HubSpot gets Shopify's values all the same

    @property
    def key(self) -> Key:
        return self.claim.key

    @property
    def ref(self) -> Ref:
        return self.decision.ref

    @property
    def actual(self) -> Actual | None:
        """The record with its line items and companions."""
        own = self.held.get(self.ref)
        if own is None:
            return None
        companions = {one.ref for one in self.decision.companions} if isinstance(self.decision, Desired) else set()
        return replace(
            own,
            children={ref.key: one for ref, one in self.held.items() if ref.object_type == "line_items"},
            companions={ref.key: one for ref, one in self.held.items() if ref in companions},
        )

    @property
    def stopped(self) -> bool:
        return self.failure is not None or self.again


Task = tuple[Job, Op]


class Batch:
    """The plans of up to 100 records, carried out together.

    Args:
        ids: HubSpot's ids of all records that the plans speak of; it grows with what is made.
    """

    def __init__(self, ledger: Ledger, hubspot: HubSpot, ids: dict[Ref, str], now: Callable[[], int]) -> None:
        self._ledger, self._hubspot, self._ids, self._now = ledger, hubspot, ids, now
        self.lost: set[Ref] = set()  # records that are no longer in HubSpot
        self.moved: set[Ref] = set()  # records that were merged into another one in HubSpot

    def run(self, tasks: Sequence[Task]) -> None:
        for object_type in ORDER:
            self._upserts(
                [(job, op) for job, op in tasks if isinstance(op, Upsert) and op.ref.object_type == object_type]
            )
            self._updates(
                [(job, op) for job, op in tasks if isinstance(op, Update) and op.ref.object_type == object_type]
            )
        # Two refs may be one HubSpot record (a customer's contact, and the same by a checkout's e-mail): what is no
        # longer wanted of the one goes before what is wanted of the other.
        for kind, call in ((Dissociate, self._hubspot.dissociate), (Associate, self._hubspot.associate)):
            self._associations([(job, op) for job, op in tasks if isinstance(op, kind)], call)
        for object_type in reversed(ORDER):
            self._archives(
                [(job, op) for job, op in tasks if isinstance(op, Archive) and op.ref.object_type == object_type]
            )

    # --- writes ---

    def _upserts(self, tasks: Sequence[Task]) -> None:
        def input_of(name: str, job: Job, op: Upsert) -> Input:
            spared = {*self._ledger.connection.refused, *job.left_out}
            marks = {mark: value for mark, value in op.create_only.items() if mark not in spared}
            sent = marks | self._properties(job, op)
            if op.ref.object_type == "contacts":
                sent.pop(op.match[0], None)  # one that is found by a secondary address keeps its primary one (A7)
            return Input(name, op.match[1], sent, op.match[0])

        for part in _parts(tasks, lambda op: op.match):
            self._write(part, input_of, self._hubspot.upsert)

    def _updates(self, tasks: Sequence[Task]) -> None:
        def input_of(name: str, job: Job, op: Update) -> Input:
            return Input(name, op.id, self._properties(job, op))

        for part in _parts(tasks, lambda op: op.id):
            self._write(part, input_of, self._hubspot.update)

    def _write(
        self,
        tasks: Sequence[Task],
        input_of: Callable[..., Input],
        call: Callable[[ObjectType, Sequence[Input]], Outcome],
    ) -> None:
        """One call, and a second one for what HubSpot took exception to and can do without."""
        going = [task for task in tasks if not task[0].stopped]
        if not going:
            return
        named = {str(number): task for number, task in enumerate(going)}
        object_type = going[0][1].ref.object_type  # type: ignore[union-attr]
        outcome = call(object_type, [input_of(name, *task) for name, task in named.items()])
        self._written([(named[name], id_) for name, id_ in sorted(outcome.ids.items())], self._aliases(outcome, named))
        self._learn([named[name] for name in sorted(outcome.new)])
        self._ledger.image.note_made(named[name][1].ref for name in outcome.new)  # type: ignore[union-attr]
        again = []
        for name, failure in sorted(outcome.failures.items()):
            if self._can_do_without(named[name], failure):
                again.append(named[name])
            else:
                self._failed(named[name], failure)
        self._write(again, input_of, call)

    def _aliases(self, outcome: Outcome, named: Mapping[str, Task]) -> Mapping[str, frozenset[str]]:
        """The secondary addresses of contacts that were there before we first wrote them."""
        found = sorted(
            id_
            for name, id_ in outcome.ids.items()
            if named[name][1].ref.object_type == "contacts"  # type: ignore[union-attr]
            and isinstance(named[name][1], Upsert)
            and name not in outcome.new
        )
        return self._hubspot.secondary_emails(found)

    def _written(self, done: Sequence[tuple[Task, str]], aliases: Mapping[str, frozenset[str]]) -> None:
        """Take down what is in HubSpot now, and wake those that waited for it."""
        new: list[Ref] = []
        links: dict[Ref, Link] = {}
        for (job, op), id_ in done:
            ref = op.ref  # type: ignore[union-attr]
            if ref not in self._ids:
                new.append(ref)
            self._ids[ref] = id_
            links[ref] = link = self._hold(job, ref, op)
            if id_ in aliases:
                job.held[ref] = replace(link.actual, aliases=aliases[id_])
                links[ref] = replace(link, actual=job.held[ref])
            if isinstance(op, Update) and id_ != op.id:
                self.moved.add(ref)
                job.again = True
        with self._ledger.transaction():
            self._ledger.image.save(list(links.values()))
            self._ledger.wake(new, self._now(), but={job.key for (job, _), _ in done})

    def _hold(self, job: Job, ref: Ref, op: Op) -> Link:
        job.written = True
        actual = apply(ref, job.held.get(ref), (op,), self._ids)
        if actual is None:
            raise ValueError(f"{ref.object_type} {ref.key} was written and is not there")
        job.held[ref] = actual
        return Link(ref, actual, job.ref if ref.object_type == "line_items" else None)

    def _properties(self, job: Job, op: Upsert | Update) -> dict[str, str]:
        """With the ids of the records that its links name, without what HubSpot has refused."""
        links = {name: self._ids[ref] for name, ref in op.links.items()}
        return {name: value for name, value in {**op.properties, **links}.items() if name not in job.left_out}

    def _can_do_without(self, task: Task, failure: Failure) -> bool:
        """Whether what HubSpot refuses can be left out: marks of a contact that was there before, or that are HubSpot's
        own app's alone (A14), or a phone."""
        job, op = task
        refused = {name for name, _ in failure.properties} if isinstance(failure, Rejected) else set()
        marks = set(op.create_only) if isinstance(op, Upsert) and refused & set(op.create_only) else set()
        spared = ((refused & EXPENDABLE) | marks) - job.left_out
        job.left_out |= spared
        return bool(spared)

    def _learn(self, new: Sequence[Task]) -> None:
        """A mark that was refused although the contact is new is refused to this app: it is not tried again."""
        known = set(self._ledger.connection.refused)
        marks = {mark for job, op in new for mark in job.left_out & set(op.create_only)} - known  # type: ignore[union-attr]
        if marks:
            log.warning("HubSpot does not let this app write %s: contacts go without (A14)", ", ".join(sorted(marks)))
            state = self._ledger.connection
            self._ledger.save_connection(replace(state, refused=tuple(sorted(known | marks))))

    # --- associations and the bin ---

    def _associations(self, tasks: Sequence[Task], call: Callable[..., list[Failure | None]]) -> None:
        by_types: dict[tuple[ObjectType, ObjectType], list[Task]] = defaultdict(list)
        for job, op in tasks:
            if not job.stopped:
                by_types[op.source.object_type, op.target.object_type].append((job, op))  # type: ignore[union-attr]
        for types, of_types in sorted(by_types.items(), key=lambda item: item[0]):
            for start in range(0, len(of_types), BATCH):
                part = of_types[start : start + BATCH]
                pairs = [(self._ids[op.source], self._ids[op.target]) for _, op in part]  # type: ignore[union-attr]
                self._associated(part, call(*types, pairs))

    def _associated(self, tasks: Sequence[Task], failures: Sequence[Failure | None]) -> None:
        links: dict[Ref, Link] = {}
        for (job, op), failure in zip(tasks, failures, strict=True):
            source, target = op.source, op.target  # type: ignore[union-attr]
            if failure is None:
                links[source] = self._hold(job, source, op)
            elif not self._find_lost(job, (source, target)):
                self._failed((job, op), failure)
        self._ledger.image.save(list(links.values()))

    def _archives(self, tasks: Sequence[Task]) -> None:
        going = [(job, op) for job, op in tasks if not job.stopped]
        if not going:
            return
        self._hubspot.archive(going[0][1].ref.object_type, [op.id for _, op in going])  # type: ignore[union-attr]
        for job, op in going:
            job.held.pop(op.ref, None)  # type: ignore[union-attr]
            job.written = True
        self._ledger.image.drop(op.ref for _, op in going)  # type: ignore[union-attr]

    # --- what goes wrong ---

    def _failed(self, task: Task, failure: Failure) -> None:
        job, op = task
        if isinstance(failure, Gone) and isinstance(op, Update):
            self.lost.add(op.ref)
            job.again = True
            return
        job.failure = failure

    def _find_lost(self, job: Job, refs: Iterable[Ref]) -> bool:
        """Whether an association failed because somebody deleted one of its ends in HubSpot."""
        gone = [ref for ref in refs if not self._hubspot.read(ref.object_type, [self._ids[ref]])]
        self.lost.update(gone)
        job.again = job.again or bool(gone)
        return bool(gone)


def _parts(tasks: Sequence[Task], identity: Callable[..., object]) -> list[list[Task]]:
    """Calls of up to 100, none with the same record twice: HubSpot refuses a batch with doubles."""
    parts: list[list[Task]] = []
    taken: list[set[object]] = []
    for job, op in tasks:
        mine = identity(op)
        place = next((at for at, used in enumerate(taken) if mine not in used and len(used) < BATCH), None)
        if place is None:
            parts.append([])
            taken.append(set())
            place = len(parts) - 1
        parts[place].append((job, op))
        taken[place].add(mine)
    return parts


def held_by(
    ledger: Ledger, refs: Mapping[Key, Ref], companions: Mapping[Key, Sequence[Ref]]
) -> dict[Key, dict[Ref, Actual]]:
    """What HubSpot holds of several records, with their line items and companions."""
    with ledger.transaction():
        links = ledger.image.links([*refs.values(), *(ref for group in companions.values() for ref in group)])
        children = ledger.image.children(refs.values())
    held: dict[Key, dict[Ref, Actual]] = {}
    for key, ref in refs.items():
        own = [links[one] for one in (ref, *companions.get(key, ())) if one in links]
        held[key] = {link.ref: link.actual for link in (*own, *children.get(ref, ()))}
    return held

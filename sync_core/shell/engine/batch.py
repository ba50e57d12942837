"""Carrying out the plans of one batch: stage by stage, the calls of a stage at the same time.

After every answer the ledger learns what it said, so that a crash between two of them loses nothing: what was written
is known, and what was not is planned again. A call that fails holds up its own records alone.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from sync_core.pure.decisions import Change
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
from sync_core.pure.retry import Gone, Rejected, Transient
from sync_core.shell.clients.http import CallFailed, NotBefore
from sync_core.shell.clients.hubspot import BATCH, PAIRS, Failure, HubSpot, Input, Outcome, in_parts
from sync_core.shell.engine.surroundings import Scene
from sync_core.shell.storage.image import Link
from sync_core.shell.storage.ledger import Ledger
from sync_core.shell.storage.sources import Key
from sync_core.shell.storage.work import Claim

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
    braked: bool = False  # a person must say first that it may be deleted
    again: bool = False  # something was found out that calls for another decision
    not_before_ms: int = 0  # there was no place for one of its calls before this time
    written: bool = False
    begun: bool = False  # HubSpot was asked for line items of it that the ledger may not know
    left_out: set[str] = field(default_factory=set)
    told: str = ""  # what is to be known of the decision, in words
    lacking: str = ""  # the scope or permission without which nothing can be written to Shopify, or decided
    changes: list[Change] = field(default_factory=list)  # what is done, for the log of decisions
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
        if own is None or len(self.held) == 1:
            return own
        companions = {one.ref for one in self.decision.companions} if isinstance(self.decision, Desired) else set()
        return replace(
            own,
            children={ref.key: one for ref, one in self.held.items() if ref.object_type == "line_items"},
            companions={ref.key: one for ref, one in self.held.items() if ref in companions},
        )

    @property
    def contacts(self) -> Sequence[Desired]:
        """Those that are wanted: the record itself, or those that it brings."""
        wanted = (self.decision, *self.decision.companions) if isinstance(self.decision, Desired) else ()
        return [one for one in wanted if one.ref.object_type == "contacts"]

    @property
    def delayed(self) -> bool:
        """Whether it lacked nothing but a place for a call."""
        return self.not_before_ms > 0 and self.failure is None and not self.again

    @property
    def was_heard(self) -> bool:
        """Whether HubSpot has answered every call."""
        return not self.again and not isinstance(self.failure, Transient)

    @property
    def stopped(self) -> bool:
        return self.failure is not None or self.again or self.braked or self.not_before_ms > 0


Task = tuple[Job, Op]


class Batch:
    """The plans of many records, carried out together.

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
        children = [(job, op) for job, op in tasks if op.ref.object_type == "line_items"]  # type: ignore[union-attr]
        self._ledger.image.begin((job.ref, op.ref) for job, op in children)  # type: ignore[union-attr]
        for job, _ in children:
            job.begun = True

        def input_of(name: str, job: Job, op: Upsert) -> Input:
            spared = {*self._ledger.connection.refused, *job.left_out}
            marks = {mark: value for mark, value in op.create_only.items() if mark not in spared}
            sent = marks | self._properties(job, op)
            if op.ref.object_type == "contacts":
                sent.pop(op.match[0], None)  # one that is found by a secondary address keeps its primary one (A7)
            return Input(name, op.match[1], sent, op.match[0])

        self._write(tasks, lambda op: op.match, input_of, self._hubspot.upsert)

    def _updates(self, tasks: Sequence[Task]) -> None:
        def input_of(name: str, job: Job, op: Update) -> Input:
            return Input(name, op.id, self._properties(job, op))

        self._write(tasks, lambda op: op.id, input_of, self._hubspot.update)

    def _write(
        self,
        tasks: Sequence[Task],
        identity: Callable[..., object],
        input_of: Callable[..., Input],
        call: Callable[[ObjectType, Sequence[Input]], Outcome],
    ) -> None:
        """Write records by hundreds, and those once more that HubSpot took exception to and can do without it."""
        for going in _rounds(tasks, identity):
            again: list[Task] = []
            for part, outcome in self._answers(going, BATCH, partial(_sent, input_of, call)):
                again += self._taken_down(part, outcome)
            if again:
                self._write(again, identity, input_of, call)

    def _taken_down(self, part: Sequence[Task], outcome: Outcome) -> list[Task]:
        """What one answer said; returns what is to be sent once more."""
        named = {str(number): task for number, task in enumerate(part)}
        new = [named[name] for name in sorted(outcome.new)]
        self._written([(named[name], id_) for name, id_ in sorted(outcome.ids.items())], new)
        self._learn(new)
        again = []
        for name, failure in sorted(outcome.failures.items()):
            if self._can_do_without(named[name], failure):
                again.append(named[name])
            else:
                self._failed(named[name], failure)
        return again

    def _answers(
        self, tasks: Sequence[Task], size: int, call: Callable[[Sequence[Task]], Any]
    ) -> Iterator[tuple[Sequence[Task], Any]]:
        """Make a call for each part of the tasks, all at the same time; gives what comes back, as it comes.

        Where there was no place for a call, or nobody answered it, its records are put off. What is wrong with the
        connection is raised, behind the answers of the others.
        """
        parts = in_parts([task for task in tasks if not task[0].stopped], size)
        broken: CallFailed | None = None
        for place, answer in self._hubspot.together([partial(call, part) for part in parts]):
            if isinstance(answer, NotBefore):
                for job, _ in parts[place]:
                    job.not_before_ms = max(job.not_before_ms, answer.at_ms)
            elif isinstance(answer, CallFailed) and isinstance(answer.outcome, Transient):
                log.warning("a call about %d records failed and is made again", len(parts[place]))
                for job, _ in parts[place]:
                    job.failure = answer.outcome
            elif isinstance(answer, CallFailed):
                broken = answer
            else:
                yield parts[place], answer
        if broken:
            raise broken

    def _written(self, done: Sequence[tuple[Task, str]], made: Sequence[Task]) -> None:
        """Take down what is in HubSpot now, and wake those that waited for it."""
        new: list[Ref] = []
        links: dict[Ref, Link] = {}
        for (job, op), id_ in done:
            ref = op.ref  # type: ignore[union-attr]
            if ref not in self._ids:
                new.append(ref)
            self._ids[ref] = id_
            links[ref] = self._hold(job, ref, op)
            if isinstance(op, Update) and id_ != op.id:
                self.moved.add(ref)
                job.again = True
        with self._ledger.transaction():
            self._ledger.image.save(list(links.values()), {op.ref for _, op in made})  # type: ignore[union-attr]
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
            by_types[op.source.object_type, op.target.object_type].append((job, op))  # type: ignore[union-attr]
        for types, of_types in sorted(by_types.items(), key=lambda item: item[0]):

            def one(part: Sequence[Task], types: tuple[ObjectType, ObjectType] = types) -> list[Failure | None]:
                return call(*types, [(self._ids[op.source], self._ids[op.target]) for _, op in part])  # type: ignore[union-attr]

            for part, failures in self._answers(of_types, PAIRS, one):
                self._associated(part, failures)

    def _associated(self, tasks: Sequence[Task], failures: Sequence[Failure | None]) -> None:
        links: dict[Ref, Link] = {}
        failed: list[tuple[Task, Failure]] = []
        for (job, op), failure in zip(tasks, failures, strict=True):
            if failure is None:
                links[op.source] = self._hold(job, op.source, op)  # type: ignore[union-attr]
            else:
                failed.append(((job, op), failure))
        self._ledger.image.save(list(links.values()))
        self._find_lost(failed)

    def _archives(self, tasks: Sequence[Task]) -> None:
        def one(part: Sequence[Task]) -> None:
            self._hubspot.archive(part[0][1].ref.object_type, [op.id for _, op in part])  # type: ignore[union-attr]

        for part, _ in self._answers(tasks, BATCH, one):
            for job, op in part:
                job.held.pop(op.ref, None)  # type: ignore[union-attr]
                job.written = True
            self._ledger.image.drop(op.ref for _, op in part)  # type: ignore[union-attr]

    # --- what goes wrong ---

    def _failed(self, task: Task, failure: Failure) -> None:
        job, op = task
        if isinstance(failure, Gone) and isinstance(op, Update):
            self.lost.add(op.ref)
            job.again = True
            return
        job.failure = failure

    def _find_lost(self, failed: Sequence[tuple[Task, Failure]]) -> None:
        """Associations may have failed because somebody deleted one of their ends in HubSpot."""
        ends: dict[ObjectType, set[Ref]] = defaultdict(set)
        for (_, op), _ in failed:
            for ref in (op.source, op.target):  # type: ignore[union-attr]
                ends[ref.object_type].add(ref)
        gone: set[Ref] = set()
        for object_type, refs in sorted(ends.items()):
            alive = self._hubspot.read(object_type, sorted({self._ids[ref] for ref in refs}))
            gone |= {ref for ref in refs if self._ids[ref] not in alive}
        self.lost |= gone
        for (job, op), failure in failed:
            if op.source in gone or op.target in gone:  # type: ignore[union-attr]
                job.again = True
            else:
                self._failed((job, op), failure)


def _sent(
    input_of: Callable[..., Input], call: Callable[[ObjectType, Sequence[Input]], Outcome], part: Sequence[Task]
) -> Outcome:
    """One call; its inputs are named by their places."""
    inputs = [input_of(str(number), *task) for number, task in enumerate(part)]
    return call(part[0][1].ref.object_type, inputs)  # type: ignore[union-attr]


def _rounds(tasks: Sequence[Task], identity: Callable[..., object]) -> list[list[Task]]:
    """Tasks that may go at the same time: HubSpot refuses a batch with doubles, and of two calls the last would win."""
    rounds: list[list[Task]] = []
    before: Counter[object] = Counter()
    for task in tasks:
        mine = identity(task[1])
        if before[mine] == len(rounds):
            rounds.append([])
        rounds[before[mine]].append(task)
        before[mine] += 1
    return rounds


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

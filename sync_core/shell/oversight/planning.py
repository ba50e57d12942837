"""The dry run: everything that a held connection would write, decided by the rules that the engine itself follows.

The records that are due are decided twice: once to know which HubSpot records will come to be, which the associations
of the others depend on; and once to say what each of them asks for, beside what HubSpot holds. To apply a plan is to
make it once more: only if its digest is still the same the connection is let go.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sync_core.mappings import PIPELINES, definitions
from sync_core.pure.dry_run import Plan
from sync_core.pure.model import KEY_PROPERTY, Actual, Blocked, Desired, Excluded, ObjectType, Op, Ref, Update, Upsert
from sync_core.pure.plan import plan
from sync_core.shell.clients.http import NotBefore
from sync_core.shell.engine.batch import Job
from sync_core.shell.engine.surroundings import rules
from sync_core.shell.storage.ledger import LEFT
from sync_core.shell.storage.sources import Key
from sync_core.shell.storage.work import Claim

if TYPE_CHECKING:
    from sync_core.shell.running.connection import Connection

CHUNK = 100
WATCH_MS = 2_000  # how often the end of the import's reading is looked for
AGAIN_MS = 1_000  # when a record could not be read


class Planning:
    """One plan in the making.

    Args:
        wanted: the digest of the plan that is to be applied; "" where a person only looks.
        apply: called once the plan has turned out to be that one.
    """

    name = "dry run"

    def __init__(self, one: Connection, now: Callable[[], int], wanted: str, apply: Callable[[], None]) -> None:
        self._one, self._now, self._wanted, self._apply = one, now, wanted, apply
        self.over, self.applied = False, False
        self._plan = Plan()
        self._decided: dict[Key, None] = {}  # in the first round, with the records that were met on the way
        self._coming: set[Ref] = set()
        self._left: list[Claim] | None = None  # of the second round

    def step(self) -> int | None:
        if self._one.reading():
            return self._now() + WATCH_MS
        if self._left is None:
            self._decide_some()
        elif self._left:
            part = _alike(self._left)
            self._weigh(part)
            self._left = self._left[len(part) :]
        else:
            self._end()
        return None

    def told(self) -> dict[str, Any]:
        left = len(self._left or ())
        progress = {
            "decided": len(self._decided),
            "compared": len(self._decided) - left if self._left is not None else 0,
        }
        if not self.over:
            return {"reading": self._one.reading(), "progress": progress}
        outcome = {"wanted": self._wanted, "applied": self.applied} if self._wanted else {}
        return {"progress": progress, "set_up": self._set_up()} | self._plan.as_json() | outcome

    def _decide_some(self) -> None:
        """Which HubSpot records will come to be."""
        waiting = self._one.ledger.work.waiting(self._now())
        new = [claim for claim in waiting if claim.key not in self._decided]
        if not new:
            self._left = waiting
            return
        part = _alike(new)
        for job in self._jobs(part):
            if isinstance(job.decision, Desired):
                self._coming |= {job.ref, *(each.ref for each in job.decision.companions)}
        self._decided |= dict.fromkeys(claim.key for claim in part)

    def _jobs(self, part: Sequence[Claim]) -> list[Job]:
        jobs = self._one.engine.decide(part)
        missing = {claim.key for claim in part} - {job.key for job in jobs}
        if missing & {claim.key for claim in self._one.ledger.work.waiting(self._now())}:
            raise NotBefore(self._now() + AGAIN_MS)
        return jobs

    def _weigh(self, part: Sequence[Claim]) -> None:
        """What each record asks for, beside what HubSpot holds."""
        settings = rules(self._one.settings, self._one.ledger)
        jobs = self._jobs(part)
        known = {ref for job in jobs for ref in job.scene.near.refs} | {
            ref for job in jobs for actual in job.held.values() for ref in actual.associations
        }
        exists = frozenset(self._coming | self._one.ledger.image.links(known).keys())
        planned = [(job, _ops(job, exists)) for job in jobs]
        ops_of_all = [op for _, ops in planned for op in ops]
        found = self._to_be_changed(ops_of_all) | self._found(ops_of_all)
        for job, ops in planned:
            version = (job.scene.source.document or {}).get("updated_at") or ""
            if isinstance(job.decision, Excluded):
                self._plan.leave_out(*job.key, version, job.lacking or job.decision.reason)
                continue
            held = job.held | {
                op.ref: found[op.ref] for op in ops if isinstance(op, Upsert | Update) and op.ref in found
            }
            self._plan.add(*job.key, version, job.ref, ops, held, settings.integration, job.changes)

    def _to_be_changed(self, ops: Sequence[Op]) -> dict[Ref, Actual]:
        """What HubSpot holds by now of the records that are linked already."""
        wanted: dict[ObjectType, list[Update]] = defaultdict(list)
        for op in ops:
            if isinstance(op, Update):
                wanted[op.ref.object_type].append(op)
        found: dict[Ref, Actual] = {}
        for object_type, some in sorted(wanted.items()):
            names = sorted({each for op in some for each in op.properties})
            values = self._one.hubspot.values(object_type, sorted({op.id for op in some}), names)
            for op in some:
                held = values.get(op.id, {})
                found[op.ref] = Actual(op.id, {each: value or "" for each, value in held.items()})
        return found

    def _found(self, ops: Sequence[Op]) -> dict[Ref, Actual]:
        """What HubSpot holds already of the records that would be found or made."""
        wanted: dict[tuple[ObjectType, str], list[Upsert]] = defaultdict(list)
        for op in ops:
            if isinstance(op, Upsert) and not (op.match[0] == KEY_PROPERTY and self._is_new):
                wanted[op.ref.object_type, op.match[0]].append(op)
        found: dict[Ref, Actual] = {}
        for (object_type, name), some in sorted(wanted.items()):
            ids = self._one.hubspot.read(object_type, sorted({op.match[1] for op in some}), name)
            names = sorted({each for op in some for each in op.properties})
            values = self._one.hubspot.values(object_type, sorted(set(ids.values())), names)
            for op in some:
                id_ = ids.get(op.match[1], "")
                if id_ in values:
                    found[op.ref] = Actual(id_, {each: value or "" for each, value in values[id_].items()})
        return found

    @property
    def _is_new(self) -> bool:
        """Whether our properties are not made yet: then nobody has a value of theirs."""
        return bool(self._one.ledger.setting(LEFT))

    def _set_up(self) -> list[str]:
        """What connecting has left undone, in words."""
        if not self._is_new:
            return []
        wanted = definitions(self._one.settings.integration)
        made = [f"up to {len(some)} properties of {name}" for name, some in sorted(wanted.items())]
        pipeline = PIPELINES[self._one.settings.integration]
        return [*made, f"the pipeline {pipeline.label}, unless it is there", "Shopify's webhooks"]

    def _end(self) -> None:
        self.over = True
        self.applied = bool(self._wanted) and self._wanted == self._plan.digest
        if self.applied:
            self._apply()


def _ops(job: Job, exists: frozenset[Ref]) -> tuple[Op, ...]:
    planned = plan(job.decision, job.actual, exists)
    return () if isinstance(planned, Blocked) else planned


def _alike(claims: Sequence[Claim]) -> list[Claim]:
    """The first ones, of one kind."""
    return [claim for claim in claims[:CHUNK] if claim.kind == claims[0].kind]

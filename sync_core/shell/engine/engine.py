"""The worker that makes HubSpot match: claim what may be stale, decide, carry out, settle.

One turn handles keys of one kind and line, as many as `turns` gives it. It never sleeps.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sync_core.pure.convert import epoch_ms
from sync_core.pure.decisions import changes
from sync_core.pure.desired import desired
from sync_core.pure.model import Absent, Blocked, Desired, Excluded, Integration, Ref, Settings
from sync_core.pure.plan import plan, waiting_for
from sync_core.pure.retry import AuthLost, Conflict, Outcome, Rejected, Transient, backoff_ms, reason_of
from sync_core.shell.clients.http import CallFailed, NotBefore
from sync_core.shell.clients.hubspot import HubSpot, in_parts
from sync_core.shell.clients.shopify import IDS, Shopify
from sync_core.shell.engine.addresses import spare_primary
from sync_core.shell.engine.adoption import adopt
from sync_core.shell.engine.batch import EXPENDABLE, Batch, Job, Task, held_by
from sync_core.shell.engine.brakes import REASON, hold_back, note_archived
from sync_core.shell.engine.losses import RecycleBin, find_unlinked, keep_away, note_lost, note_moved, revive
from sync_core.shell.engine.notices import Notices
from sync_core.shell.engine.surroundings import MISSING_SCOPE, Scene, rules, scenes, unknown
from sync_core.shell.engine.two_way import TwoWay
from sync_core.shell.engine.withheld import Withheld
from sync_core.shell.incoming.intake import Seen, intake
from sync_core.shell.running.pace import Lags
from sync_core.shell.running.settings import CoreSettings
from sync_core.shell.storage.decisions import Entry
from sync_core.shell.storage.ledger import Ledger
from sync_core.shell.storage.sources import Key, Note, Stored
from sync_core.shell.storage.work import LIVE, Claim, Head, Later

log = logging.getLogger(__name__)

BLOCKED_MS = 5_000  # a blocked record is woken by what it waits for; this is for the case that a wake-up is lost
FAILING_MS = 3_600_000  # what is wrong with a record may be put right in HubSpot
UNREADABLE = (AttributeError, KeyError, TypeError, ValueError)  # what a document in another shape makes rules raise
STUMBLED_MS = 60_000
DENIED_MS = 60_000  # a token that is refused: somebody has to act


@dataclass(frozen=True, slots=True)
class Done:
    """What became of the keys of a turn.

    Args:
        ended: of these nothing is left to do now, `settled` those of them that are not tried again soon.
        stopped: these lacked a place for a call.
    """

    ended: int = 0
    settled: int = 0
    stopped: int = 0


class Engine:
    """The worker of one store; `turn` runs in one thread only.

    Attributes:
        lags: how long live changes took.
    """

    def __init__(
        self,
        settings: CoreSettings,
        ledger: Ledger,
        shopify: Shopify,
        hubspot: HubSpot,
        now: Callable[[], int],
        rng: random.Random,
    ) -> None:
        self._settings, self._ledger, self._now, self._rng = settings, ledger, now, rng
        self._shopify, self._hubspot = shopify, hubspot
        self._notices = Notices(ledger, settings.integration)
        self._withheld = Withheld(ledger, shopify, now)
        self._two_way = TwoWay(ledger, shopify, hubspot, now)
        self._bin = RecycleBin(ledger, hubspot, now)
        self.lags = Lags()
        self._rests_until_ms = 0  # one of the two sides takes no call before
        self._refused: dict[Key, set[str]] = {}  # what HubSpot has refused in records that wait for a place

    def next_due(self, now_ms: int) -> int | None:
        """When there is something to do."""
        state = self._ledger.connection
        if state.phase == "connecting" or state.paused or self._ledger.held:
            return None  # woken when the set-up is done, or the plan is applied
        due_ms = self._ledger.work.next_due(now_ms)
        return None if due_ms is None else max(due_ms, self._rests_until_ms)

    def turn(self, head: Head, size: int, now_ms: int) -> Done:
        """Do what is due of `head`."""
        claims = self._ledger.work.claim(now_ms, size, head)
        if not claims:
            return Done()
        try:
            return self._handle(claims)
        except Exception:  # a bug of ours: the others go on meanwhile
            self._ledger.work.break_off(claims, now_ms + STUMBLED_MS)
            raise

    def decide(self, claims: Sequence[Claim]) -> list[Job]:
        """What a turn would do of claims of one kind: nothing is written to either side (the dry run)."""
        settings = rules(self._settings, self._ledger)
        jobs = self._readable(self._refetched(claims), settings)
        self._withheld.look(jobs)
        adopt(self._ledger, self._hubspot, jobs, settings, dry=True)
        self._two_way.foresee(jobs, settings)
        spare_primary(self._ledger, self._hubspot, jobs, dry=True)
        find_unlinked(self._ledger, self._hubspot, jobs, dry=True)
        return jobs

    def _handle(self, claims: Sequence[Claim]) -> Done:
        """Settle every claim, whatever happens on the way."""
        try:
            self._clear_doubts(claims)
            newest = self._refetched(claims)
            return self._sync(newest) if newest else Done()
        except NotBefore as limit:
            self._rest(claims, limit.at_ms)
            return Done(stopped=len(claims))
        except CallFailed as failed:
            self._put_off(claims, failed.outcome)
            return Done(ended=len(claims))

    def _rest(self, claims: Sequence[Claim], until_ms: int) -> None:
        """There is no place for their calls; nor would there be one for the next: thousands may wait behind them."""
        self._ledger.work.release(claims, until_ms)
        self._rests_until_ms = max(self._rests_until_ms, until_ms)

    def _clear_doubts(self, claims: Sequence[Claim]) -> None:
        """A contact may have been made that the ledger does not know, and deleted since: it must not be made again.

        Looked for at once, for the sake of others with the same address, and right before what was begun is done again.
        """
        if self._ledger.work.in_doubt or any(claim.is_in_doubt(self._bin.looked_ms) for claim in claims):
            self._bin.read()
            self._ledger.work.in_doubt = False

    # --- reading again ---

    def _refetched(self, claims: Sequence[Claim]) -> list[Claim]:
        """Read the flagged records by id; the ids that Shopify does not know are deleted."""
        to_read = self._ledger.sources.flagged(claim.key for claim in claims)
        flagged = [claim for claim in claims if claim.key in to_read]
        if not flagged:
            return list(claims)
        known = self._ledger.sources.of(claim.key for claim in flagged)
        found, unread = self._read(flagged)
        flagged = [claim for claim in flagged if claim.key not in unread]
        with self._ledger.transaction():
            # Marked again meanwhile: the answer may be older than the mark, so the flag stays for the next turn.
            newest = self._ledger.work.still_newest(flagged)
            withheld = [claim for claim in flagged if _is_withheld(claim, found, known[claim.key])]
            current = [claim for claim in flagged if claim.key in newest and claim not in withheld]
            intake(
                self._ledger,
                [_reread(claim, found, known[claim.key]) for claim in current],
                self._now(),
                claimed=newest,
            )
            self._ledger.work.release([claim for claim in flagged if claim.key not in newest], self._now())
            self._set_aside([claim for claim in withheld if claim.key in newest], known, "not_shown", NOT_SHOWN)
        kept = {claim.key for claim in current} | ({claim.key for claim in claims} - unread - _keys(flagged))
        return [claim for claim in claims if claim.key in kept]

    def _read(self, flagged: Sequence[Claim]) -> tuple[dict[str, Any], set[Key]]:
        """Records by their ids, many at the same time; and the keys whose answers did not come, which are put off."""
        parts = in_parts(flagged, IDS)
        calls = [partial(self._shopify.by_ids, part[0].kind, [claim.id for claim in part]) for part in parts]
        found: dict[str, Any] = {}
        unread: set[Key] = set()
        for place, answer in self._hubspot.together(calls):
            if isinstance(answer, NotBefore):
                self._rest(parts[place], answer.at_ms)
            elif isinstance(answer, CallFailed):
                self._put_off(parts[place], answer.outcome)
            else:
                found |= answer
                continue
            unread |= _keys(parts[place])
        return found, unread

    def _set_aside(
        self,
        claims: Sequence[Claim],
        known: Mapping[Key, Stored],
        reason: str,
        words: str,
        status: str = "failing",
        for_ms: int = FAILING_MS,
    ) -> None:
        """Nothing can be decided on these now: they stand as they stood, and are tried again later."""
        later = Later(self._now() + for_ms, rule=True)
        rows = [known[claim.key] for claim in claims]
        notes = [Note(*row.key, status, reason, words, row.ref, row.stage, row.pending_since_ms) for row in rows]
        with self._ledger.transaction():
            self._ledger.sources.note(notes)
            self._ledger.work.settle([(claim, later) for claim in claims])

    # --- deciding ---

    def _sync(self, claims: Sequence[Claim]) -> Done:
        settings = rules(self._settings, self._ledger)
        jobs = self._readable(claims, settings)
        self._withheld.look(jobs)
        adopt(self._ledger, self._hubspot, jobs, settings)
        self._two_way.reconcile(jobs, settings)
        spare_primary(self._ledger, self._hubspot, jobs)
        find_unlinked(self._ledger, self._hubspot, jobs)
        hold_back(self._ledger, jobs, self._now())
        keep_away(self._ledger, jobs)
        ids = self._ids(jobs)
        batch = Batch(self._ledger, self._hubspot, ids, self._now)
        batch.run(_tasks(jobs, frozenset(ids), settings.integration))
        note_lost(self._ledger, self._hubspot, batch.lost, self._now())
        note_moved(self._ledger, batch.moved, self._now())
        return self._settle(jobs, frozenset(ids))

    def _readable(self, claims: Sequence[Claim], settings: Settings) -> list[Job]:
        """The decisions; a document that no rule can read is found by halving and holds up nobody else."""
        try:
            return self._decided(claims, settings)
        except UNREADABLE as error:
            if len(claims) > 1:
                middle = len(claims) // 2
                return self._readable(claims[:middle], settings) + self._readable(claims[middle:], settings)
            log.exception("%s %s cannot be read", *claims[0].key)
            known = self._ledger.sources.of([claims[0].key])
            self._set_aside(claims, known, "unreadable", f"{type(error).__name__}: {error}")
            return []

    def _decided(self, claims: Sequence[Claim], settings: Settings) -> list[Job]:
        found = self._scenes(claims, settings)
        self._notices.look(scene.source for scene in found.values())
        decisions = {key: desired(scene.source, scene.around, settings) for key, scene in found.items()}
        companions = {
            key: [one.ref for one in decision.companions]
            for key, decision in decisions.items()
            if isinstance(decision, Desired)
        }
        held = held_by(self._ledger, {key: decision.ref for key, decision in decisions.items()}, companions)
        return [
            Job(
                claim,
                found[claim.key],
                decisions[claim.key],
                held[claim.key],
                left_out=self._refused.pop(claim.key, set()),
            )
            for claim in claims
            if claim.key in found
        ]

    def _scenes(self, claims: Sequence[Claim], settings: Settings) -> dict[Key, Scene]:
        """The records with what is around them; strangers among their neighbours are sent for."""
        rows = list(self._ledger.sources.of(claim.key for claim in claims).values())
        found = scenes(self._ledger, rows, settings, self._now())
        if self._revived(rows, found):
            found = scenes(self._ledger, rows, settings, self._now())
        with self._ledger.transaction():
            strangers = unknown(self._ledger, found.values())
            self._ledger.ask_again(strangers, self._now(), min(claim.lane for claim in claims))
            self._ledger.image.mention({key: _spoken_of(scene) for key, scene in found.items()})
        return found

    def _revived(self, rows: Sequence[Stored], found: Mapping[Key, Scene]) -> set[str]:
        """Contacts that stay away because they were deleted, but have come back by somebody else's hand (A13)."""
        buried: dict[Ref, str] = {}
        for row in rows:
            scene = found[row.key]
            if row.kind in ("customer", "checkout") and (scene.around.tombstoned or scene.around.tombstoned_emails):
                for email in scene.near.emails:
                    buried[Ref("contacts", f"{self._settings.shop}/{row.kind}/{row.id}")] = email
        return revive(self._ledger, self._hubspot, buried)

    def _ids(self, jobs: Sequence[Job]) -> dict[Ref, str]:
        """HubSpot's ids of everything that these jobs hold or speak of."""
        refs = {ref for job in jobs for ref in _spoken_of(job.scene)}
        refs |= {ref for job in jobs for actual in job.held.values() for ref in actual.associations}
        links = self._ledger.image.links(refs)
        held = {ref: actual.id for job in jobs for ref, actual in job.held.items()}
        return {ref: link.actual.id for ref, link in links.items()} | held

    # --- settling ---

    def _settle(self, jobs: Sequence[Job], exists: frozenset[Ref]) -> Done:
        delayed = [job for job in jobs if job.delayed]
        ended = [(job, *self._ending(job, exists)) for job in jobs if not job.delayed]
        self._refused |= {job.key: job.left_out for job in delayed if job.left_out}
        with self._ledger.transaction():
            self._ledger.sources.note([note for _, note, _ in ended])
            self._ledger.decisions.note(
                [self._entry(job, note) for job, note, _ in ended if job.changes or job.scene.status != note.status]
                + [self._entry(job, self._note(job, "pending", "no_place")) for job in delayed if job.written]
            )
            note_archived(self._ledger, jobs, self._now())
            self._ledger.image.end(job.ref for job, _, _ in ended if job.begun and job.was_heard)
            self._ledger.work.settle([(job.claim, later) for job, _, later in ended])
            for at_ms in sorted({job.not_before_ms for job in delayed}):
                self._ledger.work.release([job.claim for job in delayed if job.not_before_ms == at_ms], at_ms)
            # Whoever waits for a record that will not come must hear of it.
            hopeless = [
                job.ref
                for job, note, _ in ended
                if note.status in ("excluded", "tombstoned", "failing") and job.scene.status != note.status
            ]
            self._ledger.wake(hopeless, self._now(), but=[job.key for job, _, _ in ended])
        self._measure([job for job, note, _ in ended if job.written and note.status == "in_sync"])
        soon = sum(later is not None and later.attempts > 0 for _, _, later in ended)
        return Done(len(ended), len(ended) - soon, len(delayed))

    def _measure(self, shown: Sequence[Job]) -> None:
        """How long these changes took from their commit in Shopify; what was there before was promised nothing."""
        self._ledger.work.written([job.claim for job in shown], self._now())
        for job in shown:
            if job.claim.lane == LIVE:
                self.lags.add(job.claim.kind, self._now() - job.claim.since_ms)

    def _ending(self, job: Job, exists: frozenset[Ref]) -> tuple[Note, Later | None]:
        """How the record stands now, and when it is due again."""
        now_ms = self._now()
        if job.again:
            wait_ms = backoff_ms(job.claim.attempts, self._rng.random()) if job.claim.attempts else 0
            return self._note(job, "pending"), Later(now_ms + wait_ms, attempts=job.claim.attempts + 1)
        if job.failure is not None:
            return self._failing(job, job.failure)
        if job.braked:
            return self._note(job, "blocked", REASON, BRAKE_IS_ON), Later(now_ms + FAILING_MS, rule=True)
        waiting = waiting_for(job.decision, job.actual, exists)
        if waiting:
            words = f"waits for {', '.join(ref.key for ref in waiting[:3])}"
            return self._note(job, "blocked", "neighbours", words, decided=True), Later(now_ms + BLOCKED_MS)
        if job.lacking:
            note = self._note(job, "blocked", MISSING_SCOPE, job.lacking, decided=True)
            return note, Later(now_ms + FAILING_MS, rule=True)
        if isinstance(job.decision, Excluded):
            status = "tombstoned" if job.decision.reason == "tombstoned" else "excluded"
            return self._note(job, status, job.decision.reason, job.told), _rule(job.decision.next_change_ms)
        if isinstance(job.decision, Absent):
            return self._note(job, "excluded", job.decision.reason), None
        if job.refusal:
            note = self._note(job, "failing", "refused_by_shopify", job.refusal, decided=True)
            return note, Later(now_ms + FAILING_MS, rule=True)
        refused = (f"{name} was refused" for name in sorted(job.left_out & EXPENDABLE))
        words = "; ".join(filter(None, (*job.decision.warnings, job.actual.told if job.actual else "", *refused)))
        return self._note(job, "in_sync", "", words, decided=True), _rule(job.decision.next_change_ms)

    def _failing(self, job: Job, failure: Outcome) -> tuple[Note, Later]:
        now_ms = self._now()
        if isinstance(failure, Rejected | Conflict):
            log.warning("%s %s is failing", *job.key)
            words = failure.words + (f" (linked to {job.actual.id})" if job.actual else "")
            note = self._note(job, "failing", reason_of(failure), words)
            return note, Later(now_ms + FAILING_MS, rule=True)
        asked_ms = failure.retry_after_ms if isinstance(failure, Transient) else None
        self._ledger.work.in_doubt |= job.key[0] != "product"
        wait_ms = asked_ms or backoff_ms(job.claim.attempts, self._rng.random())
        return self._note(job, "pending", "transient"), Later(now_ms + wait_ms, attempts=job.claim.attempts + 1)

    def _note(self, job: Job, status: str, reason: str = "", words: str = "", decided: bool = False) -> Note:
        """What was decided counts once it is in HubSpot; until then the last decision stands."""
        around, stage = job.scene.around, job.scene.around.stage
        pending_since_ms = around.pending_since_ms or 0
        if decided and isinstance(job.decision, Desired):
            stage = job.decision.stage
            if stage == "checkout_pending":
                pending_since_ms = pending_since_ms or around.now_ms
        return Note(*job.key, status, reason, words, job.ref, stage, pending_since_ms)

    def _entry(self, job: Job, note: Note) -> Entry:
        """What the log says of it."""
        now_ms, claim = self._now(), job.claim
        version = (job.scene.source.document or {}).get("updated_at") or ""
        changed_ms = epoch_ms(version)
        took_ms = -1 if changed_ms is None else now_ms - changed_ms
        return Entry(
            *job.key,
            now_ms,
            claim.gen,
            claim.attempts,
            version,
            note.status,
            note.reason,
            note.words,
            took_ms,
            job.changes,
        )

    def _put_off(self, claims: Sequence[Claim], outcome: Outcome) -> None:
        """A call that nobody answered, or a token that is refused: nothing is wrong with the records."""
        now_ms = self._now()
        log.warning("put off, of kind %s: %d (%s)", claims[0].kind, len(claims), type(outcome).__name__)
        if isinstance(outcome, AuthLost) and outcome.scope:
            known = self._ledger.sources.of(claim.key for claim in claims)
            kept = [claim for claim in claims if claim.key in known]
            self._set_aside(kept, known, MISSING_SCOPE, outcome.scope, "blocked", DENIED_MS)
            return
        if isinstance(outcome, AuthLost):
            self._ledger.work.release(claims, now_ms + DENIED_MS)
            return
        asked_ms = outcome.retry_after_ms if isinstance(outcome, Transient) else None
        self._ledger.work.in_doubt |= claims[0].kind != "product"
        self._ledger.work.settle(
            [
                (
                    claim,
                    Later(
                        now_ms + (asked_ms or backoff_ms(claim.attempts, self._rng.random())),
                        attempts=claim.attempts + 1,
                    ),
                )
                for claim in claims
            ]
        )


def _tasks(jobs: Sequence[Job], exists: frozenset[Ref], integration: Integration) -> list[Task]:
    tasks: list[Task] = []
    for job in (job for job in jobs if not job.stopped):
        planned = plan(job.decision, job.actual, exists)
        ops = () if isinstance(planned, Blocked) else planned
        job.changes += changes(job.claim.kind, job.ref, ops, job.held, integration)
        tasks += [(job, op) for op in ops]
    return tasks


BRAKE_IS_ON = "so many would be deleted in HubSpot at once that a person must confirm it"
NOT_SHOWN = "Shopify shows this app no such order: it may be older than the 60 days without read_all_orders"


def _keys(claims: Sequence[Claim]) -> set[Key]:
    return {claim.key for claim in claims}


def _is_withheld(claim: Claim, found: Mapping[str, Any], known: Stored) -> bool:
    """An order that is not found may just be older than the 60 days that an app without `read_all_orders` is shown:
    only its deletion's own webhook or event removes it."""
    return claim.kind == "order" and claim.id not in found and known.document is None


def _reread(claim: Claim, found: Mapping[str, Mapping[str, Any]], known: Stored) -> Seen:
    """What reading by id says; of an order that is not shown the last that was seen."""
    document = found.get(claim.id)
    if document is None and claim.kind == "order":
        document = known.document
    return Seen(claim.kind, claim.id, document, "reread")


def _spoken_of(scene: Scene) -> set[Ref]:
    order = {scene.around.order} if scene.around.order else set()
    return set(scene.near.refs) | order


def _rule(at_ms: int | None) -> Later | None:
    return None if at_ms is None else Later(at_ms, rule=True)

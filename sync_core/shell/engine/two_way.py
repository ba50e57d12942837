"""HubSpot's changes of contacts and products as a second source (I4): noticed by a net, decided by the engine.

What HubSpot holds is read by the engine itself, right before it decides: no other worker writes there, so that its own
writes cannot be taken for somebody else's. Nothing here ever writes to an order.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sync_core.pure.decisions import to_shopify
from sync_core.pure.desired import desired
from sync_core.pure.keys import source_of
from sync_core.pure.model import Actual, Desired, ObjectType, Settings, Source
from sync_core.pure.plan import plan
from sync_core.pure.retry import AuthLost, Conflict, Gone, Rejected
from sync_core.pure.two_way import SHARED, changed_in_hubspot, merge, shared_fields
from sync_core.shell.clients.http import CallFailed
from sync_core.shell.clients.hubspot import SECONDARY_EMAILS, HubSpot, addresses
from sync_core.shell.clients.shopify import Shopify
from sync_core.shell.engine.batch import Job
from sync_core.shell.incoming.intake import Seen, intake
from sync_core.shell.storage.image import Link
from sync_core.shell.storage.ledger import Ledger

log = logging.getLogger(__name__)

REFUSALS = (Rejected, Conflict, Gone)


def notice(
    ledger: Ledger, object_type: ObjectType, records: Mapping[str, Mapping[str, str | None]], now_ms: int
) -> None:
    """Have the Shopify records decide whose HubSpot records somebody else has changed."""
    fields = shared_fields(SHARED["data-sync"][object_type], "data-sync")
    links: dict[str, Link] = {}
    for link in ledger.image.links_by_id(object_type, records):
        if source_of(link.ref):
            links.setdefault(link.actual.id, link)  # of several customers of one contact the first
    changed = [link for id_, link in links.items() if changed_in_hubspot(link.actual.properties, records[id_], fields)]
    keys = [key for link in changed if (key := source_of(link.ref))]
    with ledger.transaction():
        ledger.audit.expect(keys, now_ms)
        ledger.ask_again(keys, now_ms)


class TwoWay:
    """Brings HubSpot's changes to Shopify before the engine brings Shopify's to HubSpot."""

    def __init__(self, ledger: Ledger, shopify: Shopify, hubspot: HubSpot, now: Callable[[], int]) -> None:
        self._ledger, self._shopify, self._hubspot, self._now = ledger, shopify, hubspot, now

    def reconcile(self, jobs: Sequence[Job], settings: Settings) -> None:
        """Take what HubSpot holds into the records that are about to be written, or were changed there."""
        for job, actual, held, fields in self._looked(jobs, settings):
            self._reconcile_one(job, actual, held, fields, settings)

    def foresee(self, jobs: Sequence[Job], settings: Settings) -> None:
        """The same without writing: what would go to Shopify, and the decision that follows from it."""
        for job, actual, held, fields in self._looked(jobs, settings):
            wanted = job.decision
            if not isinstance(wanted, Desired):
                continue
            merged = merge(actual.properties, held, wanted.properties, fields, settings.winner, _secondary(held))
            if merged.to_shopify:
                there = {fields[name]: value for name, value in merged.to_shopify.items()}
                job.changes.append(to_shopify(job.scene.source.kind, there, _in_shopify(job, settings)))
            job.held[job.ref] = replace(actual, properties={**actual.properties, **merged.seen})
            job.decision = replace(wanted, properties={**wanted.properties, **merged.to_shopify})

    def _looked(
        self, jobs: Sequence[Job], settings: Settings
    ) -> list[tuple[Job, Actual, Mapping[str, str | None], Mapping[str, str]]]:
        """The jobs that are about to be written, or were changed in HubSpot; what that holds; the fields that count."""
        shared = SHARED[settings.integration]
        mine = [job for job in jobs if isinstance(job.decision, Desired) and job.ref.object_type in shared]
        if not mine:
            return []
        self._find_first_matches(mine, settings)
        expected = self._ledger.audit.expected([job.key for job in mine])
        looked = [job for job in mine if job.actual and (job.key in expected or plan(job.decision, job.actual))]
        fields = shared_fields(shared[mine[0].ref.object_type], settings.integration)
        names = sorted({*fields, *([SECONDARY_EMAILS] if "email" in fields else [])})
        ids = sorted({job.actual.id for job in looked if job.actual})
        held = self._hubspot.values(mine[0].ref.object_type, ids, names)
        return [
            (job, job.actual, held[job.actual.id], fields) for job in looked if job.actual and job.actual.id in held
        ]

    def _find_first_matches(self, jobs: Sequence[Job], settings: Settings) -> None:
        """At the first match every field that differs is a conflict: where HubSpot wins, its values are looked at."""
        new = [job for job in jobs if job.actual is None and job.ref.object_type == "contacts"]
        if settings.winner == "hubspot" and new:
            emails = {job.decision.match[1]: job for job in new if isinstance(job.decision, Desired)}
            found = self._hubspot.read("contacts", sorted(emails), "email")
            for email, id_ in found.items():
                emails[email].held[emails[email].ref] = Actual(id_, {})

    def _reconcile_one(
        self,
        job: Job,
        actual: Actual,
        held: Mapping[str, str | None],
        fields: Mapping[str, str],
        settings: Settings,
    ) -> None:
        wanted = job.decision
        if not isinstance(wanted, Desired):
            return
        merged = merge(actual.properties, held, wanted.properties, fields, settings.winner, _secondary(held))
        refused = self._write(job, {fields[name]: value for name, value in merged.to_shopify.items()}, settings)
        seen = {name: value for name, value in merged.seen.items() if fields[name] not in refused}
        own = replace(actual, properties={**actual.properties, **seen})
        job.held[job.ref] = own
        if merged.conflicts:
            names = ", ".join(one.name for one in merged.conflicts)
            log.warning("changed on both sides, of %s: %s (%s wins)", job.ref.object_type, names, settings.winner)
        with self._ledger.transaction():
            if seen:
                self._ledger.image.save([Link(job.ref, own)])
            self._ledger.audit.note(job.ref, merged.conflicts, settings.winner, self._now())
            if not refused:
                self._ledger.audit.settle(job.key)

    def _write(self, job: Job, changes: Mapping[str, str], settings: Settings) -> set[str]:
        """Change the Shopify record and decide on it anew; returns the places that Shopify refuses."""
        source = job.scene.source
        if not changes:
            return set()
        try:
            refused = self._change(source, changes)
        except CallFailed as failed:
            if not isinstance(failed.outcome, AuthLost) or not failed.outcome.scope:
                raise
            job.lacking = failed.outcome.scope
            return set(changes)
        taken = {place: value for place, value in changes.items() if place not in refused}
        job.changes += [to_shopify(source.kind, taken, _in_shopify(job, settings))] if taken else []
        if refused:
            job.refusal = f"Shopify refuses what was changed in HubSpot: {'; '.join(sorted(set(refused.values())))}"
        document = self._shopify.by_ids(source.kind, [source.id]).get(source.id)
        if document is not None:
            seen = Seen(source.kind, source.id, document, "reread")
            intake(self._ledger, [seen], self._now(), claimed=[job.key])
            job.decision = desired(replace(source, document=document), job.scene.around, settings)
        return set(refused)

    def _change(self, source: Source, changes: Mapping[str, str]) -> dict[str, str]:
        """Shopify's words by the place that it refuses: what it refuses together is sent one by one."""
        try:
            self._shopify.change(source.kind, source.document or {}, changes)
        except CallFailed as failed:
            if not isinstance(failed.outcome, REFUSALS):
                raise
            if len(changes) == 1 or not isinstance(failed.outcome, Rejected):
                return dict.fromkeys(changes, getattr(failed.outcome, "words", "") or "no such record")
            refused: dict[str, str] = {}
            for place, value in changes.items():
                refused |= self._change(source, {place: value})
            return refused
        return {}


def _secondary(held: Mapping[str, str | None]) -> frozenset[str]:
    return addresses(held.get(SECONDARY_EMAILS))


def _in_shopify(job: Job, settings: Settings) -> dict[str, str]:
    """What Shopify said of the fields that flow back, by the place there."""
    wanted = job.decision.properties if isinstance(job.decision, Desired) else {}
    places = shared_fields(job.scene.source.kind, settings.integration)
    return {place: wanted.get(name, "") for name, place in places.items()}

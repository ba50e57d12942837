"""A contact keeps its primary e-mail where the one that its customer has now is a secondary one of it already (A7).

HubSpot is asked right before an e-mail would be written over another, and never otherwise: a user may give a contact
further addresses, or take them away, at any time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sync_core.pure.model import Desired, Ref
from sync_core.shell.clients.hubspot import HubSpot
from sync_core.shell.engine.batch import Job
from sync_core.shell.storage.image import Link
from sync_core.shell.storage.ledger import Ledger


def spare_primary(ledger: Ledger, hubspot: HubSpot, jobs: Sequence[Job], dry: bool = False) -> None:
    """Take down as written the e-mails that their contacts answer to already, so that no plan writes them.

    Args:
        dry: write nothing to the ledger.
    """
    going = [job for job in jobs if not job.stopped]
    renamed = [(job, wanted) for job in going for wanted in job.contacts if _is_renamed(job, wanted)]
    ids = sorted({job.held[wanted.ref].id for job, wanted in renamed})
    secondary = hubspot.secondary_emails(ids) if ids else {}
    spared: dict[Ref, Link] = {}
    for job, wanted in renamed:
        held, email = job.held[wanted.ref], wanted.properties["email"]
        if email in secondary.get(held.id, ()):
            job.held[wanted.ref] = replace(held, properties={**held.properties, "email": email})
            spared[wanted.ref] = Link(wanted.ref, job.held[wanted.ref])
    if not dry:
        ledger.image.save(list(spared.values()))


def _is_renamed(job: Job, wanted: Desired) -> bool:
    held, email = job.held.get(wanted.ref), wanted.properties.get("email", "")
    return bool(held and email and held.properties.get("email") != email)

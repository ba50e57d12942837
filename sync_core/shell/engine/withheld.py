"""E-mail addresses that Shopify withholds from an app that is not approved to see them (S54).

REST says null of them, as of an address that there is not; GraphQL says which it is [PCD]. So Shopify is asked where
customers seem to have none, before they are taken for customers without e-mail.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sync_core.pure.model import Excluded, Kind
from sync_core.pure.retry import Rejected
from sync_core.shell.clients.http import CallFailed
from sync_core.shell.clients.shopify import Shopify
from sync_core.shell.engine.batch import Job
from sync_core.shell.incoming.scopes import block, blocked
from sync_core.shell.storage.ledger import Ledger

PROTECTED = "protected customer data: email"  # the permission's name, as the app's settings in Shopify have it
SHOWS_EMAILS: tuple[Kind, ...] = ("customer", "order", "checkout")  # what is read anew once they are shown
NOT_APPROVED = "not approved"  # of Shopify's sentence: "This app is not approved to use the email field"
ASK_MS = 60_000  # as often as the poll asks the other way round
ONE_EMAIL = "query { customers(first: 1) { nodes { email } } }"  # refused whether that customer has one or not


class Withheld:
    """Tells customers whose e-mail is withheld from those who have none."""

    def __init__(self, ledger: Ledger, shopify: Shopify, now: Callable[[], int]) -> None:
        self._ledger, self._shopify, self._now = ledger, shopify, now
        self._asked_ms = -ASK_MS

    def look(self, jobs: Sequence[Job]) -> None:
        """Name what is lacking on each customer of whom nothing is known but that there is no e-mail."""
        without = [job for job in jobs if isinstance(job.decision, Excluded) and job.decision.reason == "no_email"]
        if without and self._is_withheld():
            for job in without:
                job.lacking = PROTECTED

    def _is_withheld(self) -> bool:
        if blocked(self._ledger).get("customer") == PROTECTED:
            return True  # until the poll is shown one
        if self._now() < self._asked_ms + ASK_MS:
            return False
        withheld = hides_emails(self._shopify)
        self._asked_ms = self._now()
        if withheld:
            block(self._ledger, "customer", PROTECTED)
        return bool(withheld)


def hides_emails(shopify: Shopify) -> bool | None:
    """Whether they are withheld; None where there is no customer to ask about."""
    try:
        found = shopify.query(ONE_EMAIL, {})
    except CallFailed as failed:
        if isinstance(failed.outcome, Rejected) and NOT_APPROVED in failed.outcome.words:
            return True
        raise
    return False if found["customers"]["nodes"] else None

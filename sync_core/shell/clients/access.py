"""How a shop or a portal is reached: a token, what it is renewed with, and where both are kept.

Whoever calls asks its `Keeper` for the token each time. The Keeper renews one that is about to end before the call, and
one that was refused after it; whatever it is given is in the ledger before it is used.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

import orjson
from sqlalchemy import select

from sync_core.shell.clients.http import CallFailed, NotBefore
from sync_core.shell.storage.database import Database, Wire
from sync_core.shell.storage.tables import SETTING

log = logging.getLogger(__name__)

PORTAL = ""  # the owner of the portal's row; a shop's is its domain
ACCESS, ASKED = "access", "oauth_asked"  # names of settings: a token, and the questions that are open
SOON_MS = 60_000  # so long before its end a token is renewed: longer than a call may take
AGAIN_MS = 5_000  # between two tries to renew one


class Revoked(Exception):
    """The vendor gives no token any more, in its own words: only a person can grant it anew (I11)."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True, slots=True)
class Access:
    """A token, as the ledger keeps it.

    Args:
        secret: the client secret of the app that it belongs to; "" for the one of the settings.
        instead_of: the token that was good till then, where one was replaced that the settings had named.
        refresh_token: what it is renewed with; "" where it lasts.
        expires_at_ms: 0 where it lasts.
        portal: the HubSpot account that it opens, where that is known.
        refused: since when the vendor gives no other, in its words; "" while it does.
    """

    token: str = ""
    secret: str = ""
    instead_of: str = ""
    refresh_token: str = ""
    expires_at_ms: int = 0
    portal: str = ""
    refused: str = ""


class Accesses:
    """The rows of a ledger that hold tokens; and the questions of OAuth that nobody has answered yet."""

    def __init__(self, wire: Wire) -> None:
        self._wire, self._db = wire, Database(wire, PORTAL)

    def all(self) -> dict[str, Access]:
        """By the shops' domains; the portal's under PORTAL."""
        wanted = select(SETTING).where(SETTING.c.name == ACCESS).order_by(SETTING.c.shop)
        with self._wire.transaction():
            rows = self._db.execute(wanted).all()
        return {row.shop: Access(**orjson.loads(row.value)) for row in rows}

    def of(self, owner: str) -> Access | None:
        found = self._value(owner, ACCESS)
        return Access(**found) if found else None

    def save(self, owner: str, access: Access) -> None:
        self._save(owner, ACCESS, asdict(access))

    def asked(self) -> dict[str, dict[str, Any]]:
        """The open questions, by their `state`."""
        return self._value(PORTAL, ASKED) or {}

    def save_asked(self, questions: dict[str, dict[str, Any]]) -> None:
        self._save(PORTAL, ASKED, questions)

    def transaction(self) -> Any:
        return self._wire.transaction()

    def _value(self, owner: str, name: str) -> Any:
        wanted = select(SETTING.c.value).where(SETTING.c.shop == owner, SETTING.c.name == name)
        with self._wire.transaction():
            row = self._db.execute(wanted).first()
        return orjson.loads(row.value) if row else None

    def _save(self, owner: str, name: str, value: Any) -> None:
        with self._wire.transaction():
            self._db.upsert(SETTING, [{"shop": owner, "name": name, "value": orjson.dumps(value)}])


class Keeper:
    """The token of one shop or of the portal.

    Args:
        owner: the shop's domain, or PORTAL.
        access: what is known at the start.
        renewal: asks the vendor for another token with a refresh token; it raises Revoked, CallFailed or NotBefore.
    """

    def __init__(
        self,
        owner: str,
        access: Access,
        accesses: Accesses,
        renewal: Callable[[str], Access],
        now: Callable[[], int],
    ) -> None:
        self._owner, self._access, self._accesses = owner, access, accesses
        self._renewal, self._now = renewal, now
        self._turn, self._again_ms = threading.Lock(), 0

    @property
    def access(self) -> Access:
        return self._access

    @property
    def refused(self) -> str:
        """In the vendor's words, when it takes the token no more."""
        return self._access.refused

    @property
    def works(self) -> bool:
        return bool(self._access.token) and not self._access.refused

    def use(self, access: Access) -> None:
        """Another one, from now on and after a restart."""
        self._accesses.save(self._owner, access)
        self._access, self._again_ms = access, 0

    def token(self) -> str:
        """One that is good for a call that begins now, if the vendor gives one."""
        held = self._access
        if held.expires_at_ms and self._now() >= held.expires_at_ms - SOON_MS and not held.refused:
            try:
                self.renew(held.token)
            except (CallFailed, NotBefore):
                if self._now() >= held.expires_at_ms:
                    raise
        return self._access.token

    def renew(self, refused: str) -> bool:
        """Get another token in the place of `refused`; False where there is none to be had."""
        if self._access.token != refused or self._adopted():
            return True
        if not self._access.refresh_token or self._access.refused:
            return False
        with self._turn:
            started_ms = self._now()
            if started_ms < self._again_ms:  # another thread asks just now, or the vendor failed a moment ago
                raise NotBefore(self._again_ms)
            self._again_ms = started_ms + AGAIN_MS
        try:
            renewed = self._renewal(self._access.refresh_token)
        except Revoked as revoked:
            return self._adopted() or self._refuse(revoked.words)
        self.use(replace(renewed, portal=renewed.portal or self._access.portal))
        return True

    def reload(self) -> None:
        """Know what another process has been given meanwhile; a token that was given at the start stays."""
        stored = self._accesses.of(self._owner)
        if stored and (self._access.refresh_token or not self._access.token):
            self._access = stored

    def refuse(self, words: str) -> None:
        """The vendor takes the token no more, and gives no other."""
        self._access = replace(self._access, refused=words or "the token is refused")
        if self._access.refresh_token:  # one that was given at the start is given again, perhaps another one
            self._accesses.save(self._owner, self._access)

    def _refuse(self, words: str) -> bool:
        log.warning("the grant of %s was taken back", self._owner or "the portal")
        self.refuse(words)
        return False

    def _adopted(self) -> bool:
        """Take the token that another process has got meanwhile, if one has."""
        before = self._access.token
        self.reload()
        return self._access.token != before

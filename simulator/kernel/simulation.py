"""One world's side of the fakes: clock, chance, store, outbox, journal and faults, and the credentials handed out.

A `Site` is one tenant of it, a shop or a portal: all that a vendor's rules ever see.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from simulator.kernel.chance import Chance
from simulator.kernel.clock import Clock
from simulator.kernel.faults import Switchboard
from simulator.kernel.files import Files
from simulator.kernel.journal import Journal
from simulator.kernel.outbox import Courier, Outbox
from simulator.kernel.resource import Change, Document, Resource
from simulator.kernel.store import Store


@dataclass(frozen=True, slots=True)
class Grant:
    """What a credential opens: one tenant of one fake in one world, for one app.

    Args:
        app: the app's name, also the source in the journal.
        secret: the app's client secret; it signs the webhooks that the app receives.
        scopes: what the app may do.
        kind: the vendor's kind of app or of token ("custom", "private", "native", "online").
        expires_ms: from this time on it opens nothing; None for never.
    """

    simulation: Simulation
    vendor: str
    tenant: str
    app: str
    token: str
    secret: str
    scopes: frozenset[str]
    kind: str = ""
    expires_ms: int | None = None

    @property
    def site(self) -> Site:
        return Site(self.simulation, self.tenant)

    @property
    def lives(self) -> bool:
        return self.expires_ms is None or self.simulation.clock.now() < self.expires_ms


class Simulation:
    """The fakes of one world.

    Args:
        name: the world's name in the control plane.
        resources: every table of every vendor.
        calm: True takes away what makes a vendor hard to live with: limits, search lag, shuffled results.
        path: the database file, or ":memory:".
    """

    def __init__(
        self,
        name: str,
        clock: Clock,
        seed: int,
        resources: Iterable[Resource],
        calm: bool = False,
        path: str = ":memory:",
    ) -> None:
        self.name, self.clock, self.calm = name, clock, calm
        self.store = Store(path, resources, clock.now)
        self.files = Files(self.store)
        self.chance = Chance(seed, self.store.boot, name)
        self.journal = Journal()
        self.faults = Switchboard(self.chance.stream("faults"))
        self.grants: dict[str, Grant] = {}
        self.limits: dict[tuple[str, ...], Any] = {}  # counters of the vendors' limits; a restart clears them
        self.lock = threading.RLock()  # one request, or one turn of the actors, at a time
        self.outbox: Outbox | None = None
        # told when a vendor's worker has something to do, and when: wake(worker, at_ms)
        self.wake: Callable[[str, int], None] = lambda *_: None

    def connect_outbox(
        self, couriers: Mapping[str, Courier], session: requests.Session, wake: Callable[[int], None]
    ) -> Outbox:
        """Give the fakes their way out; `session` is the wire to receivers."""
        self.outbox = Outbox(self.store, self.clock.now, couriers, session, wake)
        return self.outbox

    def grant(
        self,
        vendor: str,
        tenant: str,
        app: str,
        token: str,
        scopes: Iterable[str],
        secret: str,
        kind: str = "",
        expires_ms: int | None = None,
    ) -> Grant:
        """Let `app` into a tenant; the token opens it from now on."""
        made = Grant(self, vendor, tenant, app, token, secret, frozenset(scopes), kind, expires_ms)
        self.grants[token] = made
        return made

    def revoke(self, token: str) -> None:
        """Turn an app out: the token opens nothing from now on."""
        self.grants.pop(token, None)

    def close(self) -> None:
        self.store.close()


@dataclass(frozen=True, slots=True)
class Site:
    """One shop or portal: the store seen from one tenant."""

    simulation: Simulation
    tenant: str

    def now(self) -> int:
        return self.simulation.clock.now()

    @property
    def store(self) -> Store:
        return self.simulation.store

    @property
    def chance(self) -> Chance:
        return self.simulation.chance

    def transaction(self) -> Any:
        return self.store.transaction()

    def get(self, resource: Resource, id: int) -> Document | None:
        return self.store.get(resource, self.tenant, id)

    def find(self, resource: Resource, where: str = "1", params: tuple[Any, ...] = (), **more: Any) -> list[Document]:
        return self.store.find(resource, self.tenant, where, params, **more)

    def count(self, resource: Resource, where: str = "1", params: tuple[Any, ...] = (), *more: Any) -> int:
        return self.store.count(resource, self.tenant, where, params, *more)

    def ids(self, resource: Resource, where: str = "1", params: tuple[Any, ...] = ()) -> list[int]:
        return self.store.ids(resource, self.tenant, where, params)

    def put(self, resource: Resource, id: int, document: Document) -> Change:
        return self.store.put(resource, self.tenant, id, document)

    def remove(self, resource: Resource, id: int) -> Change | None:
        return self.store.remove(resource, self.tenant, id)

    def next_id(self, resource: Resource) -> int:
        return self.store.next_id(resource, self.tenant)

    def next_number(self, name: str, first: int) -> int:
        """The next number of a series of this tenant."""
        return self.store.next_number(f"{self.tenant}/{name}", first)

    def apps(self, vendor: str) -> list[Grant]:
        """The apps that are let in here."""
        grants = self.simulation.grants.values()
        return [grant for grant in grants if grant.vendor == vendor and grant.tenant == self.tenant]


@dataclass(frozen=True, slots=True)
class Call:
    """One request as a vendor's view sees it: who calls whom.

    Args:
        grant: what the caller's credential opens; None for a stranger.
        worlds: all of them by name, for an address that opens something by itself.
        site: the tenant that is called; of a stranger it is known where the vendor could tell.
    """

    grant: Grant | None
    worlds: Mapping[str, Simulation] = field(default_factory=dict)
    site: Site | None = None
    marks: dict[str, Any] = field(default_factory=dict)  # a vendor's notes between its hooks

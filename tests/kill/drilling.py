"""One round: a shop with a past, connected by OAuth, a process that is killed again and again while people trade.

In the end both fakes are recounted: nothing is lost, nothing stands twice, and what was buried stays buried.
"""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from browsing import Browser, connects_hubspot, connects_shopify
from victim import Death, Victim

from scenarios.invariants import Evidence, broken
from scenarios.serve import environment, serving
from scenarios.trade import Trade
from scenarios.verbs import Drill
from scenarios.world import WorldSpec
from sync_core.shell.oauth import callbacks

SEEDED = {"products": 60, "customers": 160, "orders": 260, "checkouts": 20}
AT_THE_START = 15  # of a hundred deaths: before it has said where it listens
LONGEST_LIFE_S = 2.0  # of the others, once it is up
LONGEST_S = 420  # until all is as it must be, webhooks that were lost during a death included
KINDS = ("product", "customer", "order", "checkout")


class OnTheWall(Drill):
    """A drill beside a process on the real clock: nobody moves the world's."""

    def passes(self, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        time.sleep(min(seconds, 2.0))
        self.look()


class Round:
    """Args: seed: of the shop, of the trade and of the moments of death."""

    def __init__(self, drill: Drill, victim: Victim, seed: int) -> None:
        self.drill, self.victim, self.seed = drill, victim, seed
        self.rng = random.Random(seed)
        self.trade = Trade(drill, random.Random(seed + 1))
        self.deaths: list[tuple[str, Death]] = []  # in which phase
        self.start_s = 0.0
        self.subscribed = False  # before, nobody can learn of a checkout that Shopify does not list yet (F9)

    def connects(self) -> None:
        """A person lets it into both systems; in between it dies once."""
        began_at, browser = time.monotonic(), Browser(requests.Session())
        self.victim.starts()
        self.victim.waits_until_up()
        self.start_s = time.monotonic() - began_at
        connects_shopify(browser, self.victim.opened, self.drill.world["shop"])
        self.deaths.append(("connecting", self.victim.dies()))
        self.victim.starts()
        self.victim.waits_until_up()
        connects_hubspot(browser, self.victim.opened)

    def dies(self, times: int) -> None:
        """So many deaths while people trade; the process stands at the beginning of each life."""
        for _ in range(times):
            phase = self._lives_and_dies()
            self.victim.starts()
            for _ in range(self.rng.randrange(3) if self.subscribed else 0):
                self.trade.act()
            if phase == "live" and self.rng.randrange(4) == 0:
                self._buries_somebody()

    def becomes_live(self) -> None:
        """The first import comes to its end."""
        self.victim.waits_until_up()
        ends_at = time.monotonic() + LONGEST_S
        while self.victim.status()["phase"] != "live":
            assert time.monotonic() < ends_at, self.victim.status()
            time.sleep(0.5)

    def is_all_there(self) -> list[str]:
        """What is wrong in the end; empty when all is well."""
        self.victim.waits_until_up()
        ends_at = time.monotonic() + LONGEST_S
        while (wrong := self._wrong()) and time.monotonic() < ends_at:
            time.sleep(2)
        return wrong

    def _lives_and_dies(self) -> str:
        at_the_start = self.rng.randrange(100) < AT_THE_START
        if not at_the_start:
            self.victim.waits_until_up()
        phase = "starting" if at_the_start else self.victim.status()["phase"]
        self.subscribed |= phase in ("importing", "live")
        most_s = self.start_s if at_the_start else LONGEST_LIFE_S
        life_s, died = self.rng.randrange(int(most_s * 1_000)) / 1_000, []
        death = threading.Timer(life_s, lambda: died.append(self.victim.dies()))
        death.start()
        while self.subscribed and death.is_alive():
            self.trade.act()
        death.join()
        assert died, "the process had ended by itself"
        self.deaths.append((phase, died[0]))
        return phase

    def _buries_somebody(self) -> None:
        """A contact is deleted in HubSpot, and its customer lives on in Shopify (A13)."""
        customer = self.trade.pick([one for one in self.trade.customers if one.get("email")])
        if self.drill.portal.contact(customer["email"]):
            self.drill.portal.delete_contact(customer["email"])
            self.drill.shop.update_customer(customer, note=f"buried, seed {self.seed}")

    def _wrong(self) -> list[str]:
        told = self.victim.status()
        if told["pending"]:
            return [told["pending"]]
        shop, portal = self.drill.seen
        states = {kind: told["records"].get(kind, {}) for kind in KINDS}
        evidence = Evidence(shop, portal, self.drill.integration, self.drill.now_ms, states=states)
        return self.drill.shortfalls() + broken(evidence)


@contextmanager
def round_of(folder: Path, integration: str, seed: int, ledger: str = "") -> Iterator[Round]:
    """Args: ledger: what `--ledger` is given; a file in `folder` unless it is told."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    spec = WorldSpec(seed=seed, integration=integration, sync=False, redirects=" ".join(callbacks(url)))
    with serving(spec) as up:
        env = folder / "drill.env"
        variables = {name: value for name, value in environment(up.world).items() if not name.startswith("SYNC_")}
        env.write_text("".join(f"{name}={value}\n" for name, value in variables.items()))
        told: dict[str, Any] = up.world.describe() | {"sync_url": url}
        drill = OnTheWall(requests.Session(), up.fakes_url, told)
        drill.shop.seed(**SEEDED)
        victim = Victim(folder, env, ledger or str(folder / "ledger.db"), port, ["--integration", integration])
        try:
            yield Round(drill, victim, seed)
        finally:
            victim.ends()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port

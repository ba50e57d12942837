"""The words in which scenarios speak: what a shopper, a merchant and a HubSpot user do, and what both systems show.

A `Drill` needs nothing but an HTTP session and an address: it uses the control plane and the vendors' own APIs alone,
as an app of its own. So the same scenario runs in this process and against a server, with our sync core or another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import requests

from scenarios.lag import Lag, lags
from scenarios.operating import SyncVerbs
from scenarios.oracle import Gone, Portal, Shop, View, shortfalls
from scenarios.oracle.records import KINDS, Held
from scenarios.shopping import Cart, ShopVerbs

STEP_S = 5  # between two looks while waiting for HubSpot
LONGEST_LEAP_S = 600  # the journal is read this often: an answer holds its newest 1,000 entries
CONNECTING_S = 120  # an integration needs a moment to register its webhooks before anybody trades
WAIT_WHEN_THROTTLED_S = 2  # what Shopify's Retry-After says [RLR]
MOST_TRIES = 30
SHOWN_MS = 60 * 86_400_000  # so old are the orders that an app sees without read_all_orders (F9)

Json = dict[str, Any]


class SettleError(AssertionError):
    """HubSpot does not show what it must, within the time allowed."""


class VerbError(Exception):
    """A vendor's API or the control plane refused what a scenario wanted."""


class Drill:
    """One world, driven from outside.

    Args:
        session: any requests session that reaches `url` and the sync core.
        world: the world's description, as the control plane gives it. Where several shops share the portal, `shop` and
            `portal` are those of the first, and `shops` and `portals` hold each by its domain.
        replay: the command that runs this again; it stands in failures.
    """

    def __init__(self, session: requests.Session, url: str, world: Json, replay: str = "") -> None:
        self.session, self.url, self.world, self.replay = session, url, world, replay
        self.integration: str = world["integration"]
        self.now_ms: int = world["now_ms"]
        self.connected_ms = 0  # by when the stores were connected
        withheld = "read_all_orders" in world.get("withheld", "")
        self.orders_from_ms = self.now_ms - SHOWN_MS if withheld else 0  # older ones the sync core is not shown
        self.changes: list[Json] = []  # the change logs of both vendors, read so far
        self.writes_of_sync: list[Json] = []  # the sync core's writes to Shopify, from the journal
        self.shops = {shop: ShopVerbs(self, shop) for shop in (world["shop"], *world["other_shops"])}
        self.shop = self.shops[world["shop"]]
        self.portals = {shop: PortalVerbs(self, shop) for shop in self.shops}
        self.portal, self.sync = self.portals[world["shop"]], SyncVerbs(self)
        self._shops, self._portal = {shop: Shop(domain=shop) for shop in self.shops}, Portal()
        self._deleted_contacts: set[str] = set()
        self._redacted: set[str] = set()
        self._webhooks_lost = "webhooks" not in world.get("nets", "webhooks")
        self._journal_read = 0
        self._calls: Counter[tuple[str, str]] = Counter()  # the sync core's, by vendor and path
        self._refused: Counter[str] = Counter()

    # --- time and trouble ---

    def passes(self, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Let this time pass, with all that falls due in it."""
        left_ms = round((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000)
        while left_ms > 0:
            leap_ms = min(left_ms, LONGEST_LEAP_S * 1000)
            self.control("POST", "clock", {"advance_ms": leap_ms})
            left_ms -= leap_ms
            self.look()
        self.look()

    def settles(self, within_minutes: float = 10) -> None:
        """Let time pass until HubSpot shows all that it must; fail when that takes longer."""
        until_ms = self.now_ms + round(within_minutes * 60_000)
        while (what := self.pending()) is not None:
            if self.now_ms >= until_ms:
                raise SettleError(f"not settled within {within_minutes:g} minutes: {what}{self.how_to_replay()}")
            self.passes(seconds=STEP_S)

    def pending(self) -> str | None:
        """The first thing that HubSpot does not show as it must; None when all is well."""
        self.look()
        found = self.shortfalls()
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        return found[0] + more if found else None

    def shortfalls(self) -> list[str]:
        """All that HubSpot does not show as it must, as of the last look."""
        return [problem for shop in self._shops for problem in shortfalls(self.view(shop))]

    def view(self, shop: str) -> View:
        """What one store and the portal show, as of the last look."""
        own, several = self._shops[shop], len(self._shops) > 1
        return View(
            own,
            self._portal.of_store(shop) if several else self._portal,
            self.integration,
            self.now_ms,
            Gone(own.gone.orders, own.gone.products, frozenset(self._deleted_contacts)),
            self._webhooks_lost,
            self.sync.mapped,
            self.orders_from_ms,
            self.connected_ms,
            tuple(other for name, other in self._shops.items() if name != shop),
            frozenset(self._redacted),
            self.sync.never_deleted,
        )

    def faults(self, *rows: Mapping[str, Any]) -> None:
        """Have these faults from now on; a row without a name is named by its effect."""
        plan = [{"name": row["effect"]} | dict(row) for row in rows]
        self._webhooks_lost |= any(row["effect"] == "lose" for row in plan)
        self.control("PUT", "faults", {"plan": plan})

    def heal(self) -> dict[str, int]:
        """End all faults; returns how often each was met."""
        met: dict[str, int] = self.control("GET", "faults")["met"]
        self.control("PUT", "faults", {"plan": []})
        return met

    def resync(self) -> None:
        """Have the sync core compare everything again."""
        self.control("POST", "resync")

    # --- what is to be seen ---

    def calls_of_sync(self, vendor: str, path: str) -> int:
        """How often the sync core has called this path so far."""
        self.look()
        return self._calls[vendor, path]

    def refused(self, vendor: str) -> int:
        """How many of its calls were too fast; those that a fault throttled do not count."""
        self.look()
        return self._refused[vendor]

    @property
    def gone(self) -> Gone:
        """What was deleted so far."""
        return self.view(self.shop.domain).gone

    @property
    def webhooks_lost(self) -> bool:
        return self._webhooks_lost

    def standing(self, kind: str, record: Json) -> Json:
        """How the sync of a Shopify record stands: status, reason, and HubSpot's words where it refused it."""
        address = f"{self.world['sync_url']}/records/{kind}/{record['id']}"
        found: Json = call(self.session, "GET", address)["standing"]
        return found

    def status(self) -> Json:
        """How far the sync core is, and what it says of the connection."""
        found: Json = call(self.session, "GET", f"{self.world['sync_url']}/status")
        return found

    def lags(self, from_ms: int = 0) -> list[Lag]:
        """How long every change since `from_ms` took to show."""
        self.look()
        return lags(self.changes, self.integration, from_ms, self.now_ms, self._webhooks_lost)

    def records(self, vendor: str) -> Json:
        """Every record of one side, as the control plane dumps it."""
        tenant = self.world["shop" if vendor == "shopify" else "portal"]
        dump: Json = self.control("GET", f"records/{vendor}/{quote(tenant)}")
        return dump

    def look(self) -> None:
        """Read on in the change logs and in the journal."""
        answer = {"changes": [{}]}
        while answer["changes"]:
            after = self.changes[-1]["seq"] if self.changes else 0
            answer = self.control("GET", f"changes?after={after}")
            for row in answer["changes"]:
                self._take(row)
            self.now_ms = answer["now_ms"]
        entries = self.control("GET", f"journal?limit=1000&after={self._journal_read}")["entries"]
        self._journal_read = entries[-1]["seq"] if entries else self._journal_read
        self.writes_of_sync += [entry for entry in entries if _writes_to_shopify(entry)]
        for entry in entries:
            if entry["source"] == "sync":
                self._calls[entry["target"], entry["path"].partition("?")[0]] += 1
                self._refused[entry["target"]] += entry["status"] == 429 and not entry["injected"]

    def how_to_replay(self) -> str:
        told = f"\n  seed {self.world['seed']}, world time {self.now_ms} ms"
        return f"{told}\n  run it again: {self.replay}" if self.replay else told

    # --- the two kinds of calls ---

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """One call of the control plane of this world."""
        return call(self.session, method, f"{self.url}/_sim/worlds/{self.world['name']}/{path}", json=body)

    def vendor(self, method: str, path: str, headers: Mapping[str, str], body: Any = None) -> Any:
        """One call of a vendor's API; where it throttles us the world waits."""
        for _ in range(MOST_TRIES):
            response = self.session.request(method, self.url + path, json=body, headers=headers, timeout=60)
            if response.status_code != 429:
                return _answer(response)
            self.passes(seconds=WAIT_WHEN_THROTTLED_S)
        raise VerbError(f"{method} {path} was throttled {MOST_TRIES} times")

    def forbid_customer(self, customer: Json) -> None:
        """From now on HubSpot may show nothing of this person (I10)."""
        self._redacted.add(str(customer["id"]))
        self.forbid_contact(customer["email"])

    def forbid_contact(self, email: str) -> None:
        """From now on no contact may have this e-mail: it was deleted in HubSpot (A13)."""
        self._deleted_contacts.add(email.lower())

    @property
    def seen(self) -> tuple[Shop, Portal]:
        """Both sides as of now."""
        self.look()
        view = self.view(self.shop.domain)
        return view.shop, view.portal

    def _take(self, row: Json) -> None:
        self.changes.append(row)
        if row["vendor"] == "hubspot":
            self._portal.apply(row["resource"], str(row["id"]), row["document"])
        elif row["resource"] in KINDS:
            self._shops[row["tenant"]].apply(KINDS[row["resource"]], str(row["id"]), row["document"])


def open_drill(
    session: requests.Session,
    url: str,
    spec: Mapping[str, Any],
    replay: str = "",
    seeded: Mapping[str, int] | None = None,
) -> Drill:
    """A world made for one drill: its clock stands still but for the drill, and the integration has connected.

    Args:
        seeded: how many records of each kind are in the shop before anybody connects.
    """
    world = call(session, "POST", f"{url}/_sim/worlds", json=dict(spec))
    drill = Drill(session, url, world, replay)
    drill.control("POST", "clock", {"rate": 0})
    if seeded:
        drill.shop.seed(**seeded)
    drill.passes(seconds=CONNECTING_S)
    drill.connected_ms = drill.now_ms
    return drill


def close_drill(drill: Drill) -> None:
    call(drill.session, "DELETE", f"{drill.url}/_sim/worlds/{drill.world['name']}")


class PortalVerbs:
    """What HubSpot shows of a store, and what its users do there."""

    def __init__(self, drill: Drill, store: str) -> None:
        self._drill, self._store = drill, store

    @property
    def _shown(self) -> Portal:
        self._drill.look()
        return self._drill.view(self._store).portal

    def contact(self, email: str) -> Held | None:
        """The live contact with this e-mail."""
        return self._one("contacts", email.lower())

    def product(self, name: str) -> Held | None:
        return self._one("products", name)

    def deal(self, name: str) -> Held | None:
        """The live deal with the name of an order ("#1001") or of a checkout."""
        return self._one("deals", name)

    def order(self, order: Json) -> Held | None:
        return self._one("orders", str(order["id"]))

    def cart(self, cart: Cart) -> Held | None:
        return self._one("carts", cart.checkout_token)

    def sale(self, order: Json) -> Held | None:
        """What shows an order: a deal or an order, as the integration has it."""
        return self.deal(order["name"]) if self._drill.integration == "deals" else self.order(order)

    def basket(self, cart: Cart) -> Held | None:
        """What shows a checkout that has not become an order: a deal or a cart."""
        return self.deal(cart.name) if self._drill.integration == "deals" else self.cart(cart)

    def stage(self, held: Held) -> str:
        """The label of a record's stage, in lower case."""
        return self._shown.stage(held)

    def count(self, object_type: str) -> int:
        """How many live records there are."""
        return len(self._shown.all_live(object_type))

    def line_items(self, held: Held) -> list[Held]:
        return self._shown.neighbours(held, "line_items")

    def contacts_of(self, held: Held) -> list[str]:
        """The e-mails of the contacts that a record is associated with."""
        return [contact.get("email") for contact in self._shown.neighbours(held, "contacts")]

    def create_contact(self, **properties: str) -> None:
        self.create("contacts", **properties)

    def create(self, object_type: str, **properties: str) -> str:
        """Make a record by hand; returns its id."""
        made: str = self._api("POST", object_type, {"properties": properties})["id"]
        return made

    def edit(self, held: Held, **properties: str) -> None:
        """Change values over the API, as another app does."""
        self._api("PATCH", f"{held.object_type}/{held.id}", {"properties": properties})

    def merge(self, kept: Held, gone: Held) -> None:
        """Make one record of two: the id of the other leads to the first from then on."""
        self._api("POST", f"{kept.object_type}/merge", {"primaryObjectId": kept.id, "objectIdToMerge": gone.id})

    def enable_currencies(self, **rates: float) -> None:
        """What an account's user sets: currencies besides the company's own, with their rates."""
        tenant = self._drill.world["portal"]
        self._drill.control("POST", f"hubspot/{tenant}/settings", {"currencies": rates})

    def edit_by_hand(self, held: Held, **properties: str) -> None:
        """What a user does on a record's page, where more is refused than over the API."""
        path = f"hubspot/{self._drill.world['portal']}/records/{held.object_type}/{held.id}"
        self._drill.control("PATCH", path, {"properties": properties})

    def delete(self, held: Held) -> None:
        """Put it into the recycle bin; of contacts see `delete_contact`."""
        self._api("DELETE", f"{held.object_type}/{held.id}")

    def delete_contact(self, email: str) -> None:
        """Delete it: it must never come back (A13)."""
        contact = self.contact(email)
        if contact is None:
            raise VerbError(f"no contact has the e-mail {email}")
        self._api("DELETE", f"contacts/{contact.id}")
        self._drill.forbid_contact(email)

    def _one(self, object_type: str, key: str) -> Held | None:
        found = self._shown.live(object_type, key)
        if len(found) > 1:
            raise AssertionError(f"{len(found)} live {object_type} show {key}: {', '.join(one.id for one in found)}")
        return found[0] if found else None

    def _api(self, method: str, path: str, body: Any = None) -> Any:
        token = self._drill.world["apps"]["drill"]["hubspot_token"]
        return self._drill.vendor(method, f"/crm/v3/objects/{path}", {"Authorization": f"Bearer {token}"}, body)


def call(session: requests.Session, method: str, url: str, **options: Any) -> Any:
    """One call of the control plane."""
    return _answer(session.request(method, url, timeout=600, **options))  # a long leap through time is one request


def _answer(response: requests.Response) -> Any:
    if response.status_code >= 400:
        request = response.request
        raise VerbError(f"{request.method} {request.path_url} answered {response.status_code}: {response.text[:500]}")
    return response.json() if response.content else {}


def _writes_to_shopify(entry: Json) -> bool:
    return entry["target"] == "shopify" and entry["source"] == "sync" and entry["method"] != "GET"

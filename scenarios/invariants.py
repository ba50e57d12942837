"""What must hold after every scenario, whatever happened in it: the table, and the evidence that its rows judge.

The evidence is what the two fakes hold and logged; of the sync core only its own count of states is asked for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import requests

from scenarios.oracle.compare import decimal, lines
from scenarios.oracle.records import KINDS, NATURAL_KEYS, OBJECT_TYPES, Document, Held, Portal, Shop
from scenarios.oracle.tables import CART, DEAL_OF_CHECKOUT, DEAL_OF_ORDER, ORDER, PRODUCT, Field
from scenarios.oracle.verdict import View, abandoned_at_ms, checkout_state, is_shown, natural_keys
from scenarios.verbs import Drill

QUIET_S = 4 * 60  # polls may still bring what webhooks do not carry (a checkout's id)
RESYNC_S = 6 * 60  # long enough for everything to be read and compared again, twice the period of a sweep
KEY_PROPERTY = "shopify_sync_key"  # the name that our sync core gives to the link of a record (its `model.py`)
STATES = ("in_sync", "excluded", "failing", "blocked", "tombstoned")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known at the end of a scenario.

    Args:
        shop, portal: both sides.
        writes_of_sync: journal entries of the sync core's writes to Shopify.
        writes_of_resync: HubSpot's change log rows of CRM records during a resync of everything; None: not tried.
        states: the sync core's count of its records, kind -> state -> how many; None where another core is measured.
        orders_from_ms: as in View.
    """

    shop: Shop
    portal: Portal
    integration: str
    now_ms: int = 0
    writes_of_sync: list[dict[str, Any]] = field(default_factory=list)
    writes_of_resync: list[dict[str, Any]] | None = None
    states: dict[str, dict[str, int]] | None = None
    orders_from_ms: int = 0

    @property
    def view(self) -> View:
        return View(self.shop, self.portal, self.integration, self.now_ms, orders_from_ms=self.orders_from_ms)


@dataclass(frozen=True, slots=True)
class Invariant:
    """One thing that always holds; `check` yields what is wrong."""

    name: str
    check: Callable[[Evidence], Iterator[str]]


def one_record_per_link(evidence: Evidence) -> Iterator[str]:
    """(1) One HubSpot record per Shopify id, and one Shopify id per record."""
    view = evidence.view
    wanted: dict[tuple[str, str], int] = Counter()
    for kind in ("product", "order", "checkout"):
        for document in evidence.shop.records[kind].values():
            wanted.update(key for key in natural_keys(view, kind, document) if key[0] != "contacts")
    for (object_type, key), count in sorted(wanted.items()):
        found = evidence.portal.live(object_type, key)
        if len(found) > count:
            yield f"{len(found)} live {object_type} with {NATURAL_KEYS[object_type]} {key!r}, {count} in Shopify"
    for object_type in OBJECT_TYPES:
        links = Counter(one.get(KEY_PROPERTY) for one in evidence.portal.all_live(object_type))
        yield from (
            f"{count} live {object_type} are linked to {key}" for key, count in links.items() if key and count > 1
        )


def one_contact_per_email(evidence: Evidence) -> Iterator[str]:
    """(2) No two live contacts share an e-mail."""
    owners: dict[str, list[str]] = defaultdict(list)
    for contact in evidence.portal.all_live("contacts"):
        for email in contact.emails:
            owners[email].append(contact.id)
    yield from (f"{email} is on the contacts {', '.join(ids)}" for email, ids in sorted(owners.items()) if len(ids) > 1)


def every_record_has_a_state(evidence: Evidence) -> Iterator[str]:
    """(3) Every Shopify record is in sync, excluded, failing, blocked or tombstoned; none is pending or forgotten."""
    for kind, states in sorted((evidence.states or {}).items()):
        unknown = set(states) - set(STATES)
        if unknown and any(states[state] for state in unknown):
            yield f"{kind}: {', '.join(f'{states[state]} {state}' for state in sorted(unknown))}"
        there, counted = len(evidence.shop.records[kind]), sum(states.values())
        gone = len(evidence.shop.deleted[kind])
        if not _listed(evidence, kind) <= counted <= there + gone:  # what was deleted may still be counted
            yield f"{kind}: {counted} are counted, Shopify holds {there}"


def _listed(evidence: Evidence, kind: str) -> int:
    """How many nobody can overlook: of a checkout that Shopify does not list only webhooks tell, and they get lost; old
    orders may not be shown at all."""
    documents, view = evidence.shop.records[kind].values(), evidence.view
    match kind:
        case "checkout":
            return sum(checkout_state(view, document) == "abandoned" for document in documents)
        case "order":
            return sum(is_shown(view, document) for document in documents)
        case _:
            return len(documents)


def a_resync_writes_nothing(evidence: Evidence) -> Iterator[str]:
    """(4) Comparing everything again finds nothing to write."""
    for row in evidence.writes_of_resync or ():
        yield f"{row['verb']} of {row['resource']} {row['id']}"


SHARED = ("/customers/", "/products/", "/variants/")  # what the data sync may change in Shopify (B9, I4)


def shopify_orders_are_never_written(evidence: Evidence) -> Iterator[str]:
    """(5) The sync reads orders; it never writes one (B38). In "deals" it writes no record at all."""
    for entry in evidence.writes_of_sync:
        shared = any(part in entry["path"] for part in SHARED)
        if "/orders" in entry["path"] or (shared and evidence.integration == "deals"):
            yield f"{entry['method']} {entry['path']}"


def money_is_equal(evidence: Evidence) -> Iterator[str]:
    """(6) Money in HubSpot equals Shopify's to the last digit."""
    for table, document, held in _priced(evidence):
        for row in table:
            want, have = row.value(document), held.get(row.name)
            if row.sort == "money" and have and isinstance(want, str) and decimal(have) != decimal(want):
                yield f"{held.object_type} {held.id}: {row.name} is {have}, Shopify says {want}"
        prices = sorted(decimal(line["price"]) or 0 for line in lines(document)) if "line_items" in document else []
        shown = sorted(decimal(item.get("price")) or 0 for item in evidence.portal.neighbours(held, "line_items"))
        if "line_items" in document and prices != shown:
            yield f"{held.object_type} {held.id}: line prices are {shown}, Shopify says {prices}"


INVARIANTS = (
    Invariant("one HubSpot record per link, one link per Shopify id", one_record_per_link),
    Invariant("no two live contacts share an e-mail", one_contact_per_email),
    Invariant("every Shopify record has a state", every_record_has_a_state),
    Invariant("a second full run writes nothing", a_resync_writes_nothing),
    Invariant("no write to a Shopify order", shopify_orders_are_never_written),
    Invariant("money is equal to the last digit", money_is_equal),
)


def broken(evidence: Evidence) -> list[str]:
    """Every breach of every invariant, a line each."""
    return [f"{row.name}: {why}" for row in INVARIANTS for why in row.check(evidence)]


def gather(drill: Drill) -> Evidence:
    """The evidence of a drill that has settled; has the sync core, if it is ours, compare everything again."""
    ours = drill.world["sync"]
    rewritten = _resync(drill) if ours else None
    drill.settles()
    states = _states(drill) if ours else None
    shop, portal = drill.seen
    written = drill.writes_of_sync
    return Evidence(shop, portal, drill.integration, drill.now_ms, written, rewritten, states, drill.orders_from_ms)


def of_other_stores(drill: Drill, first: Evidence) -> list[Evidence]:
    """The same evidence as the other stores of the portal show it."""
    found = []
    for shop in list(drill.shops)[1:]:
        view, states = drill.view(shop), None if first.states is None else _states(drill, shop)
        found.append(replace(first, shop=view.shop, portal=view.portal, writes_of_resync=None, states=states))
    return found


def _resync(drill: Drill) -> list[dict[str, Any]]:
    _let_it_rest(drill)
    read = len(drill.changes)
    drill.resync()
    drill.passes(seconds=RESYNC_S)
    watched = (*OBJECT_TYPES, "associations")
    return [row for row in drill.changes[read:] if row["vendor"] == "hubspot" and row["resource"] in watched]


def _let_it_rest(drill: Drill) -> None:
    """Nothing is to fall due in the middle of the resync: no find of a poll, no checkout that becomes abandoned."""
    shop, _ = drill.seen
    due_ms = [abandoned_at_ms(one) for one in shop.records["checkout"].values() if not one.get("completed_at")]
    left_s = max(0, max(due_ms, default=0) - drill.now_ms) / 1_000
    drill.passes(seconds=left_s + QUIET_S)
    drill.settles()


def _states(drill: Drill, shop: str = "") -> dict[str, dict[str, int]]:
    try:
        told = drill.session.get(f"{drill.world['sync_url']}/status", params={"shop": shop}, timeout=60).json()
    except (requests.RequestException, ValueError) as error:
        raise AssertionError(f"the sync core does not tell its status: {error}") from error
    return {kind: told["records"].get(kind, {}) for kind in KINDS.values()}


def _priced(evidence: Evidence) -> Iterator[tuple[tuple[Field, ...], Document, Held]]:
    """Each HubSpot record that shows the money of a Shopify record, with the table of what it shows."""
    deals = evidence.integration == "deals"
    view = evidence.view
    tables = {"order": DEAL_OF_ORDER if deals else ORDER, "checkout": DEAL_OF_CHECKOUT if deals else CART}
    for kind, table in (("product", PRODUCT), *tables.items()):
        for document in evidence.shop.records[kind].values():
            if kind == "checkout" and document.get("completed_at"):
                continue  # a recovered cart shows what was left, the order what was bought
            for key in sorted(natural_keys(view, kind, document)):
                found = evidence.portal.live(*key) if key[0] != "contacts" else []
                if len(found) == 1:
                    yield table, document, found[0]

"""The least number of calls, the ideal schedule, and how near to both the sync core comes.

Ideal: every window is used in full from its first instant, a call takes 0.2 s, and none waits for another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from scenarios.bench.yard import MINUTE, SECOND, Yard
from simulator.kernel.journal import Entry
from simulator.kernel.resource import Document
from simulator.shopify.kinds import CUSTOMERS
from simulator.shopify.rules import customers, orders, products
from sync_core.pure.ladder import LINGER_MS, LONGEST_LINGER_MS
from sync_core.pure.quota import WINDOW_MS

RECORDS, PAIRS = 100, 2_000  # in one call, of an object and of a pair of objects
CALL_S = 0.2
HELD_MS = 5 * MINUTE  # until the polls have found all changes
FIRST_BUYERS = 100
DOUBLINGS = (LONGEST_LINGER_MS // LINGER_MS).bit_length()


@dataclass(frozen=True, slots=True)
class Figures:
    """One case. `least` and `ideal_s` are what is possible; `cpu_us` and `wall_us` are our own work for each change."""

    case: str
    burst: int
    changes: int
    calls: int
    least: int
    seconds: float
    ideal_s: float
    refused: int
    cpu_us: float
    wall_us: float
    by_path: Mapping[str, int]

    @property
    def holds(self) -> bool:
        """Within 10 % of the least calls, or one more; within 10 % of the ideal time and one window; none refused."""
        in_time = self.seconds <= 1.1 * self.ideal_s + WINDOW_MS / 1000
        return self.calls <= max(1.1 * self.least, self.least + 1) and in_time and not self.refused


def least_calls(records: Mapping[str, int], pairs: Mapping[str, int]) -> int:
    """Records of an object by hundreds, associations of a pair of objects by two thousands, each rounded up."""
    return sum(-(-n // RECORDS) for n in records.values()) + sum(-(-n // PAIRS) for n in pairs.values())


def ideal_seconds(calls: int, burst: int) -> float:
    """When the last answer comes, if every window of ten seconds is full from its start."""
    return (max(calls, 1) - 1) // burst * WINDOW_MS / 1000 + CALL_S


# --- the cases ---

Ready = Callable[[], object]


def _nothing() -> None:
    """Is ready at once."""


def changed_contacts(burst: int, count: int, ledger: str = "", ready: Ready = _nothing) -> Figures:
    """Customers that HubSpot has, each changed once."""
    yard = Yard("deals", burst, ledger=ledger)
    for number in range(count):
        customers.create(yard.quietly(), {"email": f"c{number}@example.com", "first_name": f"C{number}"})
    yard.until_live()

    def change() -> None:
        for customer in yard.shop().find(CUSTOMERS):
            customers.update(yard.quietly(), customer, {"last_name": "Lee"})

    return _measured(yard, "changed contacts", count, change, {"contacts": count}, {}, ready)


def new_orders(burst: int, count: int, ledger: str = "", ready: Ready = _nothing) -> Figures:
    """Orders of three lines each, by a hundred customers who change with them."""
    yard = Yard("deals", burst, ledger=ledger)
    wanted = [{"title": f"P{n}", "variants": [{"price": "5.00", "sku": f"P-{n}"}]} for n in range(3)]
    made = [products.create(yard.quietly(), one) for one in wanted]
    buyers = [
        customers.create(yard.quietly(), {"email": f"c{number}@example.com", "first_name": f"C{number}"})["id"]
        for number in range(FIRST_BUYERS)
    ]
    yard.until_live()
    lines = [{"variant_id": product["variants"][0]["id"], "quantity": 1} for product in made]

    def change() -> None:
        for number in range(count):
            orders.create(yard.quietly(), {"line_items": lines, "customer": {"id": buyers[number % FIRST_BUYERS]}})

    records = {"deals": count, "line_items": 3 * count, "contacts": min(count, FIRST_BUYERS)}
    pairs = {"contacts": count, "lines": 3 * count}
    return _measured(yard, "new orders of three lines", count, change, records, pairs, ready)


def one_order_at_once(burst: int, count: int) -> Figures:
    """One order, changed a tenth as often while HubSpot must wait."""
    yard, order = _with_an_order(burst)

    def change() -> None:
        changed = order
        for number in range(count // 10):
            changed = orders.update(yard.quietly(), changed, {"note": f"note {number}"})

    return _measured(yard, "one order, at once", count // 10, change, {"deals": 1}, {}, _nothing)


def one_order_often(burst: int, count: int) -> Figures:
    """One order, changed twice a second a tenth as often, as a till or a script may do it; its webhooks arrive.

    The least is what the lingers ask for, which double up to a minute: a reader of HubSpot sees it change meanwhile.
    """
    yard, order = _with_an_order(burst)
    from_ms, times = yard.now_ms, count // 10
    for number in range(times):
        with yard.world.condition:
            order = orders.update(yard.shop(), order, {"note": f"note {number}"})
        yard.passes(SECOND // 2)
    ended_ms = yard.now_ms
    yard.passes(2 * MINUTE)
    found = yard.calls(from_ms)
    figures = Figures(
        case="one order, twice a second",
        burst=burst,
        changes=times,
        calls=len(found),
        least=DOUBLINGS - (-times * SECOND // 2 // LONGEST_LINGER_MS),
        seconds=(max(one.at_ms for one in found) - ended_ms) / 1000,
        ideal_s=LONGEST_LINGER_MS / 1000,
        refused=yard.refused(from_ms),
        cpu_us=0.0,
        wall_us=0.0,
        by_path=_by_path(found),
    )
    yard.close()
    return figures


# --- parts ---


def _measured(
    yard: Yard,
    case: str,
    changes: int,
    change: Callable[[], None],
    records: Mapping[str, int],
    pairs: Mapping[str, int],
    ready: Ready,
) -> Figures:
    """Have all changes found while HubSpot must wait, then time how they are carried out.

    Args:
        ready: is called before the clock starts.
    """
    from_ms = yard.hold(HELD_MS)
    change()
    yard.passes(HELD_MS - SECOND)
    ready()
    spent = yard.own_seconds()
    yard.passes(SECOND)
    yard.until_settled(60 * MINUTE, SECOND // 10)
    own = spent()
    found = yard.calls(from_ms)
    last_ms = max(one.at_ms for one in found) + int(CALL_S * 500)  # the journal notes when the fake answers
    least = least_calls(records, pairs)
    figures = Figures(
        case=case,
        burst=yard.burst,
        changes=changes,
        calls=len(found),
        least=least,
        seconds=(last_ms - from_ms) / 1000,
        ideal_s=ideal_seconds(least, yard.burst),
        refused=yard.refused(from_ms),
        cpu_us=round(own.cpu * 1e6 / changes, 1),
        wall_us=round(own.wall * 1e6 / changes, 1),
        by_path=_by_path(found),
    )
    yard.close()
    return figures


def _with_an_order(burst: int) -> tuple[Yard, Document]:
    yard = Yard("deals", burst)
    order = orders.create(yard.quietly(), {"line_items": [{"title": "Mug", "price": "5.00", "quantity": 1}]})
    yard.until_live()
    return yard, order


def _by_path(found: Iterable[Entry]) -> dict[str, int]:
    return dict(sorted(Counter(one.path.partition("/objects/")[2] or one.path for one in found).items()))

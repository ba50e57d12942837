"""Our own work for each change where nothing limits us: CPU time of this process without that of the fakes."""

from __future__ import annotations

from dataclasses import dataclass

from scenarios.bench import schedule

WIDE = 100_000  # calls in ten seconds: no limit at all


@dataclass(frozen=True, slots=True)
class Speed:
    """Of one case; what a record costs is what an order of three lines costs with its line items, by four."""

    case: str
    changes: int
    contact_us: float
    order_us: float
    contacts_a_second: int
    records_a_second: int

    @property
    def holds(self) -> bool:
        """As fast as the larger of HubSpot's limits, many times over."""
        return self.contacts_a_second > 190 / 10 * 100 / 4


def own_speed(count: int) -> Speed:
    contacts, orders = schedule.changed_contacts(WIDE, count), schedule.new_orders(WIDE, count)
    return Speed(
        case="our own work, no limits",
        changes=count,
        contact_us=round(contacts.own_us, 1),
        order_us=round(orders.own_us, 1),
        contacts_a_second=int(1e6 / contacts.own_us),
        records_a_second=int(4e6 / orders.own_us),
    )

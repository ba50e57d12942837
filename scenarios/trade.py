"""A day of trade: what shoppers, merchants and a HubSpot user do, drawn from a seed.

One row for each thing that people do, with its share. Everything goes through the verbs, so it may be done to any
world and any integration.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from scenarios.verbs import Cart, Drill
from simulator.kernel.clock import HOUR, MINUTE

OPENS_MS, CLOSES_MS = 7 * HOUR, 23 * HOUR  # after midnight; the busy part of the day
NIGHT_SHARE = 10  # of a hundred things, how many happen outside of it
MOST_LINES = 4

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that people do. `share` is its weight among all rows."""

    name: str
    share: int
    do: Callable[[Trade], None]


class Trade:
    """The people of one world, and what they remember.

    Args:
        drill: the world.
        rng: draws who does what.
    """

    def __init__(self, drill: Drill, rng: random.Random) -> None:
        self.drill, self.rng = drill, rng
        shop, _ = drill.seen
        self.customers = [dict(found) for found in _by_id(shop.records["customer"].values())]
        self.products = [dict(found) for found in _by_id(shop.records["product"].values())]
        self.orders = [dict(found) for found in _by_id(shop.records["order"].values())]
        self.carts: list[Cart] = []  # checkouts that somebody left
        self.serial = 0
        self.done: dict[str, int] = {}

    def times(self, from_ms: int, count: int) -> list[int]:
        """When the deeds of the day that begins at `from_ms` happen, in order."""
        return sorted(from_ms + self._time_of_day() for _ in range(count))

    def act(self) -> str:
        """One deed; returns its name."""
        deed = self.rng.choices(DEEDS, [row.share for row in DEEDS])[0]
        deed.do(self)
        self.done[deed.name] = self.done.get(deed.name, 0) + 1
        return deed.name

    def pick(self, things: list[Any]) -> Any:
        return things[self.rng.randrange(len(things))]

    def take(self, things: list[Any]) -> Any:
        """Pick one and forget it."""
        return things.pop(self.rng.randrange(len(things)))

    def basket(self) -> tuple[Json, ...]:
        return tuple(self.pick(self.products) for _ in range(self.rng.randint(1, MOST_LINES)))

    def next_serial(self) -> int:
        self.serial += 1
        return self.serial

    def _time_of_day(self) -> int:
        if self.rng.randrange(100) < NIGHT_SHARE:
            return self.rng.randrange(24 * HOUR)
        return self.rng.randrange(OPENS_MS, CLOSES_MS) // MINUTE * MINUTE + self.rng.randrange(MINUTE)


# --- shoppers ---


def buy(trade: Trade) -> None:
    """Fill a cart, go to the checkout, pay."""
    cart = trade.drill.shop.cart(*trade.basket()).checkout(**_who(trade))
    trade.orders.append(cart.complete())


def leave_a_cart(trade: Trade) -> None:
    trade.carts.append(trade.drill.shop.cart(*trade.basket()).checkout(**_who(trade)))


def change_a_cart(trade: Trade) -> None:
    """Take a line out of a cart at the checkout, and leave it."""
    first, second = trade.pick(trade.products), trade.pick(trade.products)
    cart = trade.drill.shop.cart(first, second).checkout(**_who(trade))
    trade.drill.passes(minutes=1)
    trade.carts.append(cart.remove_line(second))


def come_back(trade: Trade) -> None:
    """Complete a checkout that was left before."""
    if trade.carts:
        trade.orders.append(trade.take(trade.carts).complete())


# --- the merchant ---


def order_by_phone(trade: Trade) -> None:
    customer = trade.pick(trade.customers)
    made = trade.drill.shop.order(*trade.basket(), customer=customer, financial_status="pending")
    trade.orders.append(made)


def sell_at_the_counter(trade: Trade) -> None:
    """An order without a customer."""
    trade.orders.append(trade.drill.shop.order(*trade.basket()))


def welcome_a_customer(trade: Trade) -> None:
    """A new customer; one in six leaves no e-mail address."""
    n = trade.next_serial()
    who: Json = {"first_name": trade.pick(FIRST_NAMES), "last_name": trade.pick(LAST_NAMES)}
    if trade.rng.randrange(6):
        who["email"] = f"{who['first_name']}.{who['last_name']}.{n}@example.com".lower()
    trade.customers.append(trade.drill.shop.customer(**who))


def correct_a_customer(trade: Trade) -> None:
    customer, n = trade.pick(trade.customers), trade.next_serial()
    change = trade.pick([{"last_name": f"{trade.pick(LAST_NAMES)}-{n}"}, {"note": f"call back, note {n}"}])
    trade.drill.shop.update_customer(customer, **change)


def reprice_a_product(trade: Trade) -> None:
    product, price = trade.pick(trade.products), f"{trade.rng.randint(5, 250)}.{trade.rng.randint(0, 99):02}"
    variants = [{"id": variant["id"]} for variant in product["variants"]]
    variants[0]["price"] = price
    trade.drill.shop.update_product(product, variants=variants)


def rename_a_product(trade: Trade) -> None:
    product = trade.pick(trade.products)
    product["title"] = f"{product['title'].split(' no. ')[0]} no. {trade.next_serial()}"
    trade.drill.shop.update_product(product, title=product["title"])


def add_a_product(trade: Trade) -> None:
    n = trade.next_serial()
    price = f"{trade.rng.randint(5, 250)}.00"
    trade.products.append(trade.drill.shop.product(f"Novelty {n}", price=price, sku=f"NOV-{n}"))


def drop_a_product(trade: Trade) -> None:
    if len(trade.products) > MOST_LINES:
        trade.drill.shop.delete_product(trade.take(trade.products))


def note_on_an_order(trade: Trade) -> None:
    if trade.orders:
        trade.drill.shop.update_order(trade.pick(trade.orders), note=f"gift wrap, note {trade.next_serial()}")


def cancel_an_order(trade: Trade) -> None:
    """One that is not on its way yet: Shopify refuses others."""
    open_ones = [order for order in trade.orders if not (order["cancelled_at"] or order["fulfillment_status"])]
    if open_ones:
        order = trade.pick(open_ones)
        trade.drill.shop.cancel(order)
        order["cancelled_at"] = "today"


def delete_an_order(trade: Trade) -> None:
    if trade.orders:
        trade.drill.shop.delete_order(trade.take(trade.orders))


# --- a HubSpot user ---


def delete_a_contact(trade: Trade) -> None:
    """A contact that must never come back (A13)."""
    with_email = [customer for customer in trade.customers if customer.get("email")]
    if with_email:
        email = trade.pick(with_email)["email"]
        if trade.drill.portal.contact(email):
            trade.drill.portal.delete_contact(email)


DEEDS = (
    Deed("bought something", 30, buy),
    Deed("left a cart", 12, leave_a_cart),
    Deed("took a line out of a cart and left", 5, change_a_cart),
    Deed("came back to a cart and paid", 5, come_back),
    Deed("ordered by phone", 5, order_by_phone),
    Deed("bought at the counter", 4, sell_at_the_counter),
    Deed("became a customer", 8, welcome_a_customer),
    Deed("had the data corrected", 9, correct_a_customer),
    Deed("product repriced", 6, reprice_a_product),
    Deed("product renamed", 3, rename_a_product),
    Deed("product added", 2, add_a_product),
    Deed("product deleted", 1, drop_a_product),
    Deed("note on an order", 5, note_on_an_order),
    Deed("order cancelled", 3, cancel_an_order),
    Deed("order deleted", 1, delete_an_order),
    Deed("contact deleted in HubSpot", 1, delete_a_contact),
)

FIRST_NAMES = ["Ada", "Björn", "Chloé", "Dmitri", "Eun-ji", "Fatima", "Grace", "Håkon", "Ines", "José", "Kwame", "Lena"]
LAST_NAMES = ["Adeyemi", "Berg", "Castillo", "Dubois", "Eriksen", "Fischer", "García", "Hansen", "Ito", "Jones", "Kaya"]


def _who(trade: Trade) -> Json:
    """Who stands at the checkout: a customer, a guest with an e-mail, or a customer who has a number alone."""
    if not trade.rng.randrange(4):
        return {"email": f"guest.{trade.next_serial()}@example.com"}
    customer = trade.pick(trade.customers)
    if customer.get("email"):
        return {"customer": {"id": customer["id"]}, "email": customer["email"]}
    phone = customer.get("phone") or f"+1212556{trade.next_serial():04}"  # a checkout wants one of the two
    return {"customer": {"id": customer["id"]}, "phone": phone}


def _by_id(documents: Any) -> Iterator[Json]:
    return iter(sorted(documents, key=lambda document: document["id"]))

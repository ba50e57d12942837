"""Random histories of a shop, lived through by worlds of their own, and the portrait of HubSpot that is left of each.

A history is a list of numbers, so that Hypothesis can make one shorter: a number says what is done, to what and how
long after the deed before. The people look at Shopify alone; so two worlds with one history differ in nothing but
what the wire did to their webhooks.

Left out of a portrait, because it tells when or how a record was first written and not what it shows:
- HubSpot's ids; a line item's product is told by its key, or not at all once that product is archived, as the line
  item keeps the link of the day on which it was made (A33), and with the link the description that HubSpot copied;
- times of writing: when a stage or a lifecycle stage was entered or left, how long a deal took to close;
- the link back to the cart on the deal of an order: its checkout gave it, if anybody saw the checkout before it was
  paid, and it stays (A10: an order gives no such field, which is not a blank one);
- marks that HubSpot takes with a new contact alone (A14, A16): it knows its first sale by then, or not yet. Where it
  came from stands in properties of ours as well, and these are compared.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from scenarios.shopping import Cart
from scenarios.verbs import Drill
from scenarios.world import World, WorldSpec
from scenarios.worlds import Registry

SECOND, MINUTE = 1_000, 60_000
ABANDONED_MS = 11 * MINUTE  # an untouched checkout counts as abandoned by then (A26), and that has been seen
NATURAL = {"contacts": "email"}
KEYED = ("products", "deals", "orders", "carts", "line_items")
LEFT_OUT = re.compile(
    "hs_object_id|hs_all_contact_vids|hs_v2_date_.*|hs_lifecyclestage_.*_date|days_to_close"
    "|hs_analytics_source.*|hs_latest_source.*"
)

Json = dict[str, Any]
Portrait = Mapping[tuple[str, str], tuple[Mapping[str, str], frozenset[tuple[str, str]]]]


@dataclass(frozen=True)
class History:
    """What is done, a number a deed; and what the wire does to the webhooks meanwhile (none: an undisturbed run)."""

    deeds: Sequence[int]
    faults: Sequence[Mapping[str, Any]] = ()


@contextmanager
def world_of(integration: str, nets: str = "webhooks poll sweep") -> Iterator[tuple[World, Drill]]:
    """A calm world whose first import is over: three products, two customers."""
    registry = Registry()
    try:
        world = registry.open(WorldSpec(integration=integration, calm=True, nets=nets))
        drill = Drill(registry.session(), registry.fakes_url, world.describe())
        drill.shop.seed(products=3, customers=2, orders=0, checkouts=0)
        while world.core.status()["phase"] != "live":
            world.advance(5 * SECOND)
        yield world, drill
    finally:
        registry.close()


def live_through(world: World, drill: Drill, history: History, latest_ms: int) -> dict[str, int]:
    """Have the history happen, then let the last webhook arrive and all settle; returns how often each fault struck.

    Args:
        latest_ms: after so long every webhook that is not lost has come, and a poll has passed.
    """
    people = People(world, drill, latest_ms + ABANDONED_MS)
    drill.control("PUT", "faults", {"plan": [{"name": fault["effect"]} | dict(fault) for fault in history.faults]})
    for number in history.deeds:
        people.act(random.Random(number))
    met = drill.heal()
    world.advance(people.patience_ms)
    assert world.core.pending() is None, world.core.pending()
    return met


def portrait(dump: Mapping[str, Any]) -> Portrait:
    """What the portal's live records of ours show, by our keys; `dump` holds all of HubSpot's records."""
    live = {
        f"{object_type}/{record['id']}": (object_type, record)
        for object_type in (*NATURAL, *KEYED)
        for record in dump[object_type]
        if not record["archived"]
    }
    names = {id_: (kind, _key(kind, record)) for id_, (kind, record) in live.items()}
    joined: dict[str, set[tuple[str, str]]] = {id_: set() for id_ in live}
    for row in dump["associations"]:
        for one, other in ((row["source"], row["target"]), (row["target"], row["source"])):
            if one in live and other in live:
                joined[one].add(names[other])
    assert len(set(names.values())) == len(names), "two live records with one key"
    return {names[id_]: (_shown(kind, record, names), frozenset(joined[id_])) for id_, (kind, record) in live.items()}


def differences(one: Portrait, other: Portrait) -> list[str]:
    """What the two show differently, a line each."""
    found = [f"{name}: only in the first" for name in sorted(one.keys() - other.keys())]
    found += [f"{name}: only in the second" for name in sorted(other.keys() - one.keys())]
    for name in sorted(one.keys() & other.keys()):
        (first, joined), (second, joined_too) = one[name], other[name]
        for field in sorted(first.keys() | second.keys()):
            if first.get(field) != second.get(field):
                found.append(f"{name}: {field} is {first.get(field)!r} and {second.get(field)!r}")
        if joined != joined_too:
            found.append(f"{name}: associated with {sorted(joined)} and {sorted(joined_too)}")
    return found


def _key(object_type: str, record: Json) -> str:
    return str(record["properties"].get(NATURAL.get(object_type, "shopify_sync_key")) or record["id"])


def _shown(object_type: str, record: Json, names: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    found = {name: value for name, value in record["properties"].items() if value and not LEFT_OUT.fullmatch(name)}
    if "ip__ecomm_bridge__order_number" in found:
        found.pop("ip__ecomm_bridge__abandoned_cart_url", None)
    if object_type == "line_items":
        found.pop("description", None)
        product = names.get(f"products/{found.pop('hs_product_id', '')}")
        found |= {"product": product[1]} if product else {}
    return found


# --- the people ---


class People:
    """Whoever acts on the shop. They remember what Shopify told them, and never look at HubSpot."""

    def __init__(self, world: World, drill: Drill, patience_ms: int) -> None:
        self.world, self.shop, self.patience_ms = world, drill.shop, patience_ms
        self.customers: list[Json] = list(self.shop.read("customers")["customers"])
        self.products: list[Json] = list(self.shop.read("products")["products"])
        self.orders: list[Json] = []
        self.carts: list[Cart] = []
        self.serial = 0

    def act(self, rng: random.Random) -> None:
        """One deed, and a moment after it: often less than a second, so that versions are equal.

        Nobody is quicker than a millisecond: of two states of a checkout in one second their webhooks' times decide.
        """
        rng.choice(DEEDS)(self, rng)
        self.rests(rng.choice((1, 20, 300, 1_500, 8_000, 40_000)))

    def rests(self, for_ms: int) -> None:
        self.world.advance(for_ms)

    def basket(self, rng: random.Random) -> list[Json]:
        return [rng.choice(self.products) for _ in range(rng.randint(1, 3))]

    def next(self) -> int:
        self.serial += 1
        return self.serial


def comes(people: People, rng: random.Random) -> None:
    n = people.next()
    who: Json = {"first_name": f"Ann {n}", "tags": "new"} | (
        {"email": f"ann.{n}@example.com"} if rng.randrange(4) else {}
    )
    people.customers.append(people.shop.customer(**who))


def is_corrected(people: People, rng: random.Random) -> None:
    """A blank never erases (A10), so what stood before it would matter: nothing of a customer is blanked here."""
    n = people.next()
    change = rng.choice([{"last_name": f"Bee {n}"}, {"note": f"note {n}"}, {"tags": f"tag{n}, vip"}])
    people.shop.update_customer(rng.choice(people.customers), **change)


def changes_the_email(people: People, rng: random.Random) -> None:
    """Another address, or a first one."""
    people.shop.update_customer(rng.choice(people.customers), email=f"new.{people.next()}@example.com")


def goes(people: People, rng: random.Random) -> None:
    """A customer without orders is deleted; the contact stays (A11), if it was there: so this takes its time."""
    customer = people.shop.customer(first_name="Gone", email=f"gone.{people.next()}@example.com")
    people.rests(people.patience_ms)
    people.shop.delete_customer(customer)


def orders(people: People, rng: random.Random) -> None:
    how = rng.choice([{}, {"financial_status": "pending"}, {"test": True}, {"note": "gift"}])
    customer = rng.choice(people.customers) if rng.randrange(4) else None
    people.orders.append(people.shop.order(*people.basket(rng), customer=customer, **how))


def buys(people: People, rng: random.Random) -> None:
    people.orders.append(_at_the_checkout(people, rng).complete())


def leaves(people: People, rng: random.Random) -> None:
    people.carts.append(_at_the_checkout(people, rng))


def takes_a_line_out(people: People, rng: random.Random) -> None:
    carts = [cart for cart in people.carts if len(cart.products) > 1]
    if carts := [cart for cart in carts if all(product in people.products for product in cart.products)]:
        cart = rng.choice(carts)
        cart.remove_line(cart.products[0])


def comes_back(people: People, rng: random.Random) -> None:
    """To a cart that everybody has seen abandoned by then: whether it was is history, and no later state tells."""
    if people.carts:
        cart = people.carts.pop(rng.randrange(len(people.carts)))
        people.rests(people.patience_ms)
        people.orders.append(cart.complete())


def note_on_the_order(people: People, rng: random.Random) -> None:
    if people.orders:
        people.shop.update_order(rng.choice(people.orders), note=rng.choice(["", f"note {people.next()}"]))


def is_refunded(people: People, rng: random.Random) -> None:
    """A part of what a shopper paid at the checkout."""
    paid = [order for order in people.orders if order.get("checkout_token") and "back" not in order]
    if paid:
        order = rng.choice(paid)
        order["back"] = people.shop.refund(order, "1.00")


def is_cancelled(people: People, rng: random.Random) -> None:
    _is_closed(people, rng, people.shop.cancel, "cancelled")


def is_shipped(people: People, rng: random.Random) -> None:
    _is_closed(people, rng, people.shop.ship, "shipped")


def _is_closed(people: People, rng: random.Random, close: Callable[[Any], Any], how: str) -> None:
    open_ones = [order for order in people.orders if "closed" not in order]
    if open_ones:
        order = rng.choice(open_ones)
        close(order)
        order["closed"] = how


def is_edited(people: People, rng: random.Random) -> None:
    """A line is taken out, and a product added that the order does not hold."""
    open_ones = [order for order in people.orders if "closed" not in order and "back" not in order]
    if open_ones:
        order = rng.choice(open_ones)
        held = {line["product_id"] for line in order["line_items"]}
        lacking = [product for product in people.products if product["id"] not in held]
        left = [line for line in order["line_items"] if line["current_quantity"]]
        if lacking:
            order |= people.shop.edit_order(order, lacking[0], removed=left[:1])


def order_is_deleted(people: People, rng: random.Random) -> None:
    """One that was a checkout has been seen by then: a deletion tells the order's number, and never which it was."""
    if people.orders:
        order = people.orders.pop(rng.randrange(len(people.orders)))
        people.rests(people.patience_ms if order.get("checkout_token") else 0)
        people.shop.delete_order(order)


def product_comes(people: People, rng: random.Random) -> None:
    n = people.next()
    people.products.append(people.shop.product(f"Novelty {n}", f"{rng.randint(1, 90)}.00", f"NOV-{n}"))


def product_is_changed(people: People, rng: random.Random) -> None:
    change = rng.choice([{"title": f"Renamed {people.next()}"}, {"body_html": f"<p>{people.next()}</p>"}])
    people.shop.update_product(rng.choice(people.products), **change)


def product_is_deleted(people: People, rng: random.Random) -> None:
    if len(people.products) > 1:
        people.shop.delete_product(people.products.pop(rng.randrange(len(people.products))))


DEEDS: tuple[Callable[[People, random.Random], None], ...] = (
    comes,
    is_corrected,
    is_corrected,
    changes_the_email,
    goes,
    orders,
    orders,
    buys,
    leaves,
    takes_a_line_out,
    comes_back,
    note_on_the_order,
    is_refunded,
    is_cancelled,
    is_shipped,
    is_edited,
    order_is_deleted,
    product_comes,
    product_is_changed,
    product_is_deleted,
)


def _at_the_checkout(people: People, rng: random.Random) -> Cart:
    """A customer, or a guest with an address. One without any contact is told of by webhooks alone (F9)."""
    known = [customer for customer in people.customers if customer.get("email")]
    contact: Json = {"email": f"guest.{people.next()}@example.com"}
    if rng.randrange(2):
        customer = rng.choice(known)
        contact = {"customer": {"id": customer["id"]}, "email": customer["email"]}
    return people.shop.cart(*people.basket(rng)).checkout(**contact)

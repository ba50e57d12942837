"""A shop with a past: plausible products, customers, orders and abandoned checkouts, drawn from the world's seed.

Faker fills pools of words once; the records are drawn from the pools and go through the same rules as the API's, with
webhooks off and the clock in the past.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from simulator.kernel.clock import DAY, HOUR, MINUTE
from simulator.kernel.errors import BadInput
from simulator.kernel.resource import Document
from simulator.shopify import money
from simulator.shopify.kinds import CUSTOMERS, PRODUCTS
from simulator.shopify.rules import checkouts, customers, orders, products
from simulator.shopify.shop import Shop

POOL = 200  # words of a sort; enough that two records seldom look alike, little enough to be drawn at once
KEPT_DAYS = 85  # abandoned checkouts that are older than three months are cleared away [HLP]
MOST_RECORDS = 20_000  # of one sort in one call
LONGEST_DAYS = 3_650


@dataclass(frozen=True, slots=True)
class Plan:
    """How many records of each sort, and over how many days."""

    products: int = 0
    customers: int = 0
    orders: int = 0
    checkouts: int = 0
    days: int = 365


@dataclass(frozen=True, slots=True)
class Pools:
    """What Faker thought of."""

    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    streets: tuple[str, ...]
    places: tuple[tuple[str, str, str], ...]  # city, state code, zip
    companies: tuple[str, ...]
    sentences: tuple[str, ...]


ADJECTIVES = ("Alpine", "Classic", "Compact", "Copper", "Everyday", "Linen", "Merino", "Nordic", "Rustic", "Soft")
# Product type, noun, price in cents from and to, options with their values.
GOODS = (
    ("Shirts", "Shirt", 1900, 5900, (("Size", ("S", "M", "L", "XL")),)),
    ("Shoes", "Sneaker", 5900, 14900, (("Size", ("38", "40", "42", "44")),)),
    ("Mugs", "Mug", 900, 2400, (("Color", ("White", "Blue", "Black")),)),
    ("Bags", "Backpack", 3900, 9900, (("Color", ("Green", "Grey")), ("Size", ("15 l", "25 l")))),
    ("Candles", "Candle", 1200, 3200, ()),
    ("Books", "Notebook", 700, 1900, ()),
)
TAGS = ("newsletter", "returning", "vip", "wholesale", "gift")
NOTES = ("Prefers e-mail", "Leaves parcels with the neighbour", "Met at the fair")
# (financial_status, how often in a hundred)
FINANCIAL = (("paid", 78), ("pending", 9), ("authorized", 6), ("partially_paid", 3), ("refunded", 4))


def read(wanted: Mapping[str, Any]) -> Plan:
    """A plan from JSON; a BadInput names what is wrong."""
    known = {one.name for one in fields(Plan)}
    for name, value in wanted.items():
        most = LONGEST_DAYS if name == "days" else MOST_RECORDS
        if name not in known:
            raise BadInput(f"seeding takes {', '.join(sorted(known))}, not {name}")
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            raise BadInput(f"{name} is a whole number up to {most}, not {value!r}")
    plan = Plan(**wanted)
    return replace(plan, days=max(1, plan.days))


def seed(shop: Shop, plan: Plan) -> dict[str, int]:
    """Make what the plan asks for; returns how many there are of each sort."""
    rng = shop.site.chance.stream("shopify/seeding")
    pools = _pools(rng)
    makers = (
        ("products", plan.products, _product, 0, plan.days // 4),
        ("customers", plan.customers, _customer, plan.days // 8, plan.days // 2),
        ("orders", plan.orders, _order, plan.days // 2, plan.days),
        ("checkouts", plan.checkouts, _checkout, max(plan.days // 2, plan.days - KEPT_DAYS), plan.days),
    )
    for _, count, make, first_day, last_day in makers:
        stock = _Stock(shop) if make in (_order, _checkout) else None
        for at_ms in _moments(shop, rng, plan.days, count, first_day, last_day):
            make(Shop(shop.site, shop.record, quiet=True, at_ms=at_ms), rng, pools, stock)
    return {name: count for name, count, *_ in makers}


class _Stock:
    """What orders can be made of: the shop's products and customers, read once."""

    def __init__(self, shop: Shop) -> None:
        found = shop.find(PRODUCTS)
        self.variants = [variant["id"] for product in found for variant in product["variants"]]
        self.customers = shop.find(CUSTOMERS)


def _moments(shop: Shop, rng: random.Random, days: int, count: int, first_day: int, last_day: int) -> Iterator[int]:
    """`count` moments between two days of the past, in order; none in the last hour."""
    now = shop.site.now()
    begin_ms = now - days * DAY
    low, high = begin_ms + first_day * DAY, min(begin_ms + max(last_day, first_day + 1) * DAY, now - HOUR)
    return iter(sorted(rng.randrange(low, max(high, low + 1)) for _ in range(count)))


def _pools(rng: random.Random) -> Pools:
    from faker import Faker  # here, as its import takes a seventh of a second that only seeding should pay

    faker = Faker("en_US")
    faker.seed_instance(rng.getrandbits(64))
    return Pools(
        tuple(faker.first_name() for _ in range(POOL)),
        tuple(faker.last_name() for _ in range(POOL)),
        tuple(faker.street_address() for _ in range(POOL)),
        tuple(_place(faker) for _ in range(POOL)),
        tuple(faker.company() for _ in range(POOL // 4)),
        tuple(faker.sentence() for _ in range(POOL)),
    )


def _place(faker: Any) -> tuple[str, str, str]:
    state = faker.state_abbr(include_territories=False, include_freely_associated_states=False)
    return faker.city(), state, faker.zipcode()


def _product(shop: Shop, rng: random.Random, pools: Pools, _: _Stock | None) -> None:
    kind, noun, low, high, options = GOODS[rng.randrange(len(GOODS))]
    price = rng.randrange(low, high, 100) - 1  # 18.99, 19.99, ...
    title = f"{_one(rng, ADJECTIVES)} {noun} {_one(rng, pools.last_names)}"
    sku = f"{noun[:3].upper()}-{rng.randrange(10_000, 100_000)}"
    combinations = _combinations(options)[: 1 + rng.randrange(4)]
    variants = [
        {f"option{place}": value for place, value in enumerate(values, 1)}
        | {
            "price": money.text(price + 100 * index, shop.currency),
            "sku": f"{sku}-{index + 1}",
            "grams": rng.randrange(50, 2_000),
        }
        for index, values in enumerate(combinations)
    ]
    products.create(
        shop,
        {
            "title": title,
            "body_html": f"<p>{_one(rng, pools.sentences)}</p>",
            "vendor": _one(rng, pools.companies),
            "product_type": kind,
            "tags": [kind.lower(), *([] if rng.randrange(4) else ["sale"])],
            "status": "active" if rng.randrange(12) else "draft",
            "options": [{"name": name} for name, _ in options],
            "variants": variants,
        },
    )


def _combinations(options: tuple[tuple[str, tuple[str, ...]], ...]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [()]
    for _, values in options:
        found = [(*before, value) for before in found for value in values]
    return found


def _customer(shop: Shop, rng: random.Random, pools: Pools, _: _Stock | None) -> None:
    """About one in ten has a phone number alone, as buyers in a shop or at a fair have."""
    first, last = _one(rng, pools.first_names), _one(rng, pools.last_names)
    number = shop.site.next_number("seeded customers", 1)
    email = None if rng.randrange(10) == 0 else f"{first}.{last}.{number}@example.com".lower()
    phone = f"+1212555{number % 10_000:04d}" if number < 10_000 else f"+1646{number:07d}"
    wanted: Document = {
        "first_name": first,
        "last_name": last,
        "email": email,
        "phone": phone if email is None or rng.randrange(3) == 0 else None,
        "tags": [tag for tag in TAGS if rng.randrange(6) == 0],
        "note": _one(rng, NOTES) if rng.randrange(8) == 0 else None,
        "addresses": [] if rng.randrange(6) == 0 else [_address(rng, pools, first, last)],
    }
    if email and rng.randrange(3) == 0:
        wanted["email_marketing_consent"] = {"state": "subscribed", "opt_in_level": "single_opt_in"}
    customers.create(shop, wanted)


def _order(shop: Shop, rng: random.Random, pools: Pools, stock: _Stock | None) -> None:
    """Mostly a known customer's; one in twelve is nobody's (a sale at the counter)."""
    assert stock is not None
    wanted: Document = {"line_items": _lines(shop, rng, stock), "financial_status": _weighted(rng, FINANCIAL)}
    if stock.customers and rng.randrange(12):
        wanted["customer"] = {"id": _one(rng, stock.customers)["id"]}
    if rng.randrange(2):
        address = _address(rng, pools, _one(rng, pools.first_names), _one(rng, pools.last_names))
        wanted |= {"shipping_address": address, "billing_address": address}
        wanted["shipping_lines"] = [{"title": "Standard", "price": "4.90"}]
    if rng.randrange(5) == 0:
        wanted["discount_codes"] = [{"code": "WELCOME10", "amount": "10.00", "type": "percentage"}]
    if wanted["financial_status"] == "paid" and rng.randrange(3):
        wanted["fulfillment_status"] = "fulfilled"
    order = orders.create(shop, wanted)
    if not order["fulfillment_status"] and rng.randrange(12) == 0:
        shop.at_ms = min(shop.now() + 2 * HOUR, shop.site.now())
        orders.cancel(shop, order, {"reason": _one(rng, ("customer", "inventory", "other"))})


def _checkout(shop: Shop, rng: random.Random, pools: Pools, stock: _Stock | None) -> None:
    """Left alone by a known customer, or by somebody with an e-mail address."""
    assert stock is not None
    cart = checkouts.create_cart(shop, {"line_items": _lines(shop, rng, stock), "landing_site": "/"})
    shop.at_ms = shop.now() + rng.randrange(1, 10) * MINUTE
    known = [one for one in stock.customers if one["email"]]
    if known and rng.randrange(3):
        customer = _one(rng, known)
        checkouts.start(shop, cart, {"email": customer["email"], "customer": {"id": customer["id"]}})
        return
    first, last = _one(rng, pools.first_names), _one(rng, pools.last_names)
    email = f"{first}.{last}.{shop.site.next_number('seeded shoppers', 1)}@example.net".lower()
    checkouts.start(shop, cart, {"email": email, "shipping_address": _address(rng, pools, first, last)})


def _lines(shop: Shop, rng: random.Random, stock: _Stock) -> list[Document]:
    if not stock.variants:
        return [{"title": "Custom item", "price": money.text(rng.randrange(500, 9_000), shop.currency), "quantity": 1}]
    count = 1 + rng.randrange(3)
    picked = dict.fromkeys(_one(rng, stock.variants) for _ in range(count))
    return [{"variant_id": id, "quantity": 1 + (rng.randrange(5) == 0)} for id in picked]


def _address(rng: random.Random, pools: Pools, first: str, last: str) -> Document:
    city, state, zip_code = _one(rng, pools.places)
    return {
        "first_name": first,
        "last_name": last,
        "address1": _one(rng, pools.streets),
        "city": city,
        "province": state,
        "country": "US",
        "zip": zip_code,
    }


def _one(rng: random.Random, pool: Any) -> Any:
    return pool[rng.randrange(len(pool))]


def _weighted(rng: random.Random, choices: tuple[tuple[str, int], ...]) -> str:
    draw = rng.randrange(sum(weight for _, weight in choices))
    for name, weight in choices:
        if draw < weight:
            return name
        draw -= weight
    raise AssertionError("the draw is below the sum of the weights")

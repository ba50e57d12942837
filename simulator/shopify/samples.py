"""A sample of every topic: what a small shop of its own sends while each thing happens in it once.

The rows below are a story, told in this order. Nothing is written down beforehand: a sample is what the rules made
and the courier signed, so it is never older than they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import requests

from simulator.kernel.clock import Clock
from simulator.kernel.resource import Document
from simulator.kernel.simulation import Grant, Simulation, Site
from simulator.kernel.wire import InProcess
from simulator.shopify import apps, grants, webhooks
from simulator.shopify.configuration import configure
from simulator.shopify.kinds import BULK_OPERATIONS, CUSTOMERS, ORDERS
from simulator.shopify.resources import RESOURCES
from simulator.shopify.rules import (
    checkouts,
    customers,
    drafts,
    edits,
    fulfillments,
    orders,
    privacy,
    products,
    refunds,
    shops,
)
from simulator.shopify.shop import Caller, Shop
from simulator.shopify.shops import open_shop
from simulator.shopify.versions import LATEST

START_MS = 1_793_620_800_000  # 2 November 2026, 12:00 UTC
APP = "dev"
RECEIVER = "localhost"
HOME = {
    "first_name": "Ada",
    "last_name": "Byron",
    "address1": "150 Elgin Street",
    "city": "Ottawa",
    "province": "ON",
    "country": "CA",
    "zip": "K2P 1L4",
    "phone": "+16135550100",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """One webhook, signed.

    Args:
        variant: what happened; a topic may have several.
    """

    topic: str
    variant: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Stage:
    """The shop of the story, and the records that it is about."""

    site: Site
    grant: Grant
    known: dict[str, Document] = field(default_factory=dict)

    def shop(self) -> Shop:
        """For one more action."""
        caller = Caller(APP, apps.app_id(APP), apps.granted(self.grant), LATEST.name)
        return Shop.open(self.site, caller)

    def order(self, name: str) -> Document:
        """An order as it is now."""
        found = self.shop().get(ORDERS, self.known[name]["id"])
        assert found is not None
        return found


def samples(seed: int = 1, shop: str = "drill-shop.myshopify.com") -> list[Sample]:
    """The whole story's webhooks; the secret is that of the app "dev" in a world "main" of this seed."""
    simulation = Simulation("main", Clock(START_MS), seed, RESOURCES, calm=True)
    try:
        return list(_told(simulation, shop))
    finally:
        simulation.close()


def _told(simulation: Simulation, domain: str) -> Iterator[Sample]:
    stage = Stage(open_shop(simulation, domain), grants.install(simulation, domain, APP))
    configure(simulation, domain, APP, f"http://{RECEIVER}/")
    listener = _Listener()
    session = requests.Session()
    session.mount("http://", InProcess({RECEIVER: listener}))
    outbox = simulation.connect_outbox({"shopify": webhooks.courier(simulation)}, session, lambda _: None)
    for variant, topics, act in STORY:
        with stage.site.transaction():
            act(stage)
        due_ms: int | None = simulation.clock.now()
        while due_ms is not None:
            simulation.clock.move_to(due_ms)
            due_ms = outbox.step(due_ms, lambda errand: errand())
        for topic, headers, body in listener.taken():
            if topic in topics:
                yield Sample(topic, variant, headers, body)


class _Listener:
    """A receiver that takes everything."""

    def __init__(self) -> None:
        self._got: list[tuple[str, dict[str, str], bytes]] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        named = ((name[5:].replace("_", "-").title(), value) for name, value in environ.items())
        headers = {name.replace("-Api-", "-API-"): value for name, value in named if name.startswith("X-Shopify-")}
        self._got.append((headers["X-Shopify-Topic"], headers, environ["wsgi.input"].read()))
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]

    def taken(self) -> list[tuple[str, dict[str, str], bytes]]:
        got, self._got = self._got, []
        return got


# --- the story ---


def _sold(stage: Stage, quantity: int = 1) -> list[Document]:
    return [{"variant_id": stage.known["product"]["variants"][0]["id"], "quantity": quantity}]


def _product(stage: Stage) -> None:
    variants = [
        {"option1": size, "price": price, "sku": f"BC-{size}"} for size, price in (("S", "19.00"), ("L", "21.00"))
    ]
    wanted = {"title": "Custom Board", "vendor": "Burton", "tags": "board", "options": [{"name": "Size"}]}
    image = {"src": "https://cdn.shopify.com/s/files/front.png", "alt": "Front"}
    stage.known["product"] = products.create(stage.shop(), wanted | {"variants": variants, "images": [image]})


def _price(stage: Stage) -> None:
    shop, product = stage.shop(), stage.known["product"]
    stage.known["product"], _ = products.update_variant(shop, product, product["variants"][0], {"price": "18.00"})


def _customer(stage: Stage) -> None:
    wanted = {"first_name": "Ada", "last_name": "Byron", "email": "ada@example.com", "tags": "newsletter, vip"}
    consent = {"state": "subscribed", "opt_in_level": "single_opt_in"}
    more = {"addresses": [HOME], "email_marketing_consent": consent}
    stage.known["customer"] = customers.create(stage.shop(), wanted | more)


def _customer_changed(stage: Stage) -> None:
    consent = {"state": "subscribed", "opt_in_level": "single_opt_in"}
    wanted = {"phone": "+16135550100", "sms_marketing_consent": consent, "tags": "newsletter"}
    stage.known["customer"] = customers.update(stage.shop(), stage.known["customer"], wanted)


def _account(stage: Stage) -> None:
    wanted = {
        "first_name": "Grace",
        "email": "grace@example.com",
        "password": "secret1",
        "password_confirmation": "secret1",
    }
    stage.known["account"] = customers.create(stage.shop(), wanted)


def _account_closed(stage: Stage) -> None:
    stage.known["account"] = stage.shop().update(CUSTOMERS, stage.known["account"] | {"state": "disabled"})


def _cart(stage: Stage) -> None:
    stage.known["cart"] = checkouts.create_cart(stage.shop(), {"line_items": _sold(stage), "note": "soon"})


def _cart_changed(stage: Stage) -> None:
    stage.known["cart"] = checkouts.update_cart(stage.shop(), stage.known["cart"], {"line_items": _sold(stage, 2)})


def _checkout(stage: Stage) -> None:
    stage.known["checkout"] = checkouts.start(stage.shop(), stage.known["cart"], {"email": "ada@example.com"})


def _checkout_step(stage: Stage) -> None:
    wanted = {"shipping_address": HOME, "billing_address": HOME}
    stage.known["checkout"] = checkouts.step(stage.shop(), stage.known["checkout"], wanted)


def _bought(stage: Stage) -> None:
    stage.known["bought"] = checkouts.complete(stage.shop(), stage.known["checkout"], {})


def _left(stage: Stage) -> None:
    shop = stage.shop()
    cart = checkouts.create_cart(shop, {"line_items": _sold(stage)})
    checkouts.expire(shop, checkouts.start(shop, cart, {"email": "left@example.com"}))


def _pending(stage: Stage) -> None:
    wanted = {"email": "ada@example.com", "line_items": _sold(stage, 2), "financial_status": "pending"}
    shipping = {"shipping_address": HOME, "shipping_lines": [{"title": "Standard", "price": "4.90"}]}
    stage.known["pending"] = orders.create(stage.shop(), wanted | shipping)


def _paid(stage: Stage) -> None:
    sale = {"kind": "sale", "status": "success", "amount": "36.00", "gateway": "bogus"}
    wanted = {"email": "ada@example.com", "line_items": _sold(stage, 2), "transactions": [sale]}
    stage.known["paid"] = orders.create(stage.shop(), wanted)


def _noted(stage: Stage) -> None:
    orders.update(stage.shop(), stage.order("pending"), {"note": "Leave it at the door", "tags": "gift"})


def _sent_in_part(stage: Stage) -> None:
    plan = fulfillments.of_order(stage.shop(), stage.known["paid"]["id"])[0]
    line = {"id": plan["line_items"][0]["id"], "quantity": 1}
    asked = {"fulfillment_order_id": plan["id"], "fulfillment_order_line_items": [line]}
    tracking = {"company": "UPS", "number": "1Z001985YW99744790"}
    wanted = {"line_items_by_fulfillment_order": [asked], "tracking_info": tracking}
    _, stage.known["parcel"] = fulfillments.create(stage.shop(), wanted)


def _tracked(stage: Stage) -> None:
    wanted = {"tracking_info": {"company": "UPS", "number": "1Z001985YW99744791"}}
    shop = stage.shop()
    _, stage.known["parcel"] = fulfillments.update_tracking(
        shop, *fulfillments.find(shop, stage.known["parcel"]["id"]), wanted
    )


def _under_way(stage: Stage) -> None:
    shop = stage.shop()
    parcel = fulfillments.find(shop, stage.known["parcel"]["id"])
    stage.known["event"] = fulfillments.create_event(shop, *parcel, {"status": "in_transit", "message": "On its way"})


def _not_under_way(stage: Stage) -> None:
    shop = stage.shop()
    fulfillments.delete_event(shop, *fulfillments.find(shop, stage.known["parcel"]["id"]), stage.known["event"])


def _sent(stage: Stage) -> None:
    plan = fulfillments.of_order(stage.shop(), stage.known["paid"]["id"])[0]
    wanted = {"line_items_by_fulfillment_order": [{"fulfillment_order_id": plan["id"]}]}
    fulfillments.create(stage.shop(), wanted)


def _refunded(stage: Stage) -> None:
    order = stage.order("paid")
    line = {"line_item_id": order["line_items"][0]["id"], "quantity": 1, "restock_type": "no_restock"}
    money = {"parent_id": order["transactions"][0]["id"], "amount": "18.00", "kind": "refund"}
    refunds.create(stage.shop(), order, {"refund_line_items": [line], "transactions": [money], "note": "Too small"})


def _cancelled(stage: Stage) -> None:
    orders.cancel(stage.shop(), stage.order("pending"), {"reason": "customer"})


def _edited(stage: Stage) -> None:
    shop, order = stage.shop(), stage.order("bought")
    line = order["line_items"][0]
    edit, _ = edits.set_quantity(shop, edits.begin(shop, order), line["id"], line["quantity"] + 1, restock=False)
    edits.commit(shop, edit, notify=False, note=None)


def _drafted(stage: Stage) -> None:
    wanted = {"line_items": _sold(stage), "email": "ada@example.com", "shipping_address": HOME}
    stage.known["draft"] = drafts.create(stage.shop(), wanted)


def _draft_changed(stage: Stage) -> None:
    stage.known["draft"] = drafts.update(stage.shop(), stage.known["draft"], {"note": "Call first"})


def _draft_deleted(stage: Stage) -> None:
    drafts.delete(stage.shop(), stage.known["draft"])


def _merged(stage: Stage) -> None:
    shop = stage.shop()
    kept, gone = stage.known["customer"]["id"], stage.known["account"]["id"]
    told = {"kept_id": kept, "deleted_id": gone, "job_id": shop.site.chance.uuid("shopify/jobs")}
    shop.owe("customers/merge", told | {"status": "completed", "errors": []})


def _bulk(stage: Stage) -> None:
    shop = stage.shop()
    told = {"id": shop.next_id(BULK_OPERATIONS), "status": "completed", "type": "query", "error_code": None}
    shop.owe("bulk_operations/finish", told | {"created_at_ms": shop.now() - 2_000, "completed_at_ms": shop.now()})


def _scopes(stage: Stage) -> None:
    app = apps.registered(stage.site.simulation, APP)
    assert app is not None
    grants.let_in(stage.shop(), app, [scope for scope in app["scopes"] if scope != "read_locations"])


def _asked(stage: Stage) -> None:
    privacy.request_data(stage.shop(), stage.known["customer"])


def _forgotten(stage: Stage) -> None:
    privacy.redact(stage.shop(), stage.known["customer"])


def _renamed(stage: Stage) -> None:
    shops.change(stage.shop(), {"name": "Drill Shop & Sons"})


def _order_deleted(stage: Stage) -> None:
    orders.delete(stage.shop(), stage.order("pending"))


def _customer_deleted(stage: Stage) -> None:
    customers.delete(stage.shop(), stage.known["account"])


def _product_deleted(stage: Stage) -> None:
    products.delete(stage.shop(), stage.known["product"])


def _turned_out(stage: Stage) -> None:
    grants.uninstall(stage.shop(), APP)


# what happens -> the topics of which it is a sample
STORY: tuple[tuple[str, tuple[str, ...], Callable[[Stage], None]], ...] = (
    ("two_variants", ("products/create",), _product),
    ("price", ("products/update",), _price),
    (
        "subscribed",
        ("customers/create", "customer.tags_added", "customers_email_marketing_consent/update"),
        _customer,
    ),
    (
        "phone",
        ("customers/update", "customer.tags_removed", "customers_marketing_consent/update"),
        _customer_changed,
    ),
    ("password", ("customers/enable",), _account),
    ("closed", ("customers/disable",), _account_closed),
    ("one_line", ("carts/create",), _cart),
    ("quantity", ("carts/update",), _cart_changed),
    ("email", ("checkouts/create",), _checkout),
    ("addresses", ("checkouts/update",), _checkout_step),
    ("web", ("orders/create", "orders/paid", "customers/purchasing_summary"), _bought),
    ("expired", ("checkouts/delete",), _left),
    ("pending", ("orders/create",), _pending),
    ("paid", ("orders/create", "orders/paid", "order_transactions/create"), _paid),
    ("note", ("orders/updated",), _noted),
    ("one_of_two", ("fulfillments/create", "orders/partially_fulfilled"), _sent_in_part),
    ("tracking", ("fulfillments/update",), _tracked),
    ("in_transit", ("fulfillment_events/create",), _under_way),
    ("in_transit", ("fulfillment_events/delete",), _not_under_way),
    ("all_sent", ("orders/fulfilled",), _sent),
    ("one_line", ("refunds/create", "orders/updated"), _refunded),
    ("customer", ("orders/cancelled",), _cancelled),
    ("one_added", ("orders/edited",), _edited),
    ("one_line", ("draft_orders/create",), _drafted),
    ("note", ("draft_orders/update",), _draft_changed),
    ("open", ("draft_orders/delete",), _draft_deleted),
    ("completed", ("customers/merge",), _merged),
    ("query", ("bulk_operations/finish",), _bulk),
    ("one_less", ("app/scopes_update",), _scopes),
    ("customer", ("customers/data_request",), _asked),
    ("name", ("shop/update",), _renamed),
    ("cancelled", ("orders/delete",), _order_deleted),
    ("no_orders", ("customers/delete",), _customer_deleted),
    ("product", ("products/delete",), _product_deleted),
    ("customer", ("customers/redact",), _forgotten),
    ("uninstalled", ("app/uninstalled", "shop/redact"), _turned_out),
)

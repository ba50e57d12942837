"""Mutations of orders."""

from __future__ import annotations

from simulator.kernel.errors import Invalid, NotSimulated
from simulator.kernel.resource import Document
from simulator.shopify import funds, money
from simulator.shopify.graphql import translating as t
from simulator.shopify.graphql.mutations import metafields
from simulator.shopify.graphql.mutations.performing import Args, Payload, refuse
from simulator.shopify.graphql.things import by_id, gid, thing
from simulator.shopify.rules import orders, transactions
from simulator.shopify.shop import Shop

LONGEST_STAFF_NOTE = 255  # [DP]


def _order(shop: Shop, id: str, path: str = "id", code: str | None = None) -> Document:
    found = by_id(shop, id, "Order")
    if found is None:
        raise refuse((path,), "Order does not exist", code)  # [DP]
    return found.document


def order_create(shop: Shop, args: Args) -> Payload:
    """`options` are about mails and stock, of which the fake has neither."""
    sent = dict(args["order"])
    along = sent.pop("metafields", None)
    made = thing(shop, "Order", orders.create(shop, t.translated(sent, t.ORDER, "an order")))
    metafields.sent_along(shop, made, along, ("order",))
    return {"order": made}


def order_update(shop: Shop, args: Args) -> Payload:
    sent = dict(args["input"])
    along = sent.pop("metafields", None)
    found = _order(shop, sent.pop("id"))
    changed = thing(shop, "Order", orders.update(shop, found, t.translated(sent, t.ORDER_UPDATE, "an order")))
    metafields.sent_along(shop, changed, along)
    return {"order": changed}


def order_customer_set(shop: Shop, args: Args) -> Payload:
    order = _order(shop, args["order_id"], "orderId", "NOT_FOUND")
    customer = by_id(shop, args["customer_id"], "Customer")
    if customer is None:
        raise refuse(("customerId",), "Customer does not exist", "NOT_FOUND")  # Our reading of the text
    return {"order": thing(shop, "Order", orders.update(shop, order, {"customer": {"id": customer.id}}))}


def order_cancel(shop: Shop, args: Args) -> Payload:
    """The job is done when it is told of: what follows from cancelling is there at once. Our reading of `refund`:
    all that was paid goes back to where it came from."""
    if len(args.get("staff_note") or "") > LONGEST_STAFF_NOTE:
        text = f"Staff note is too long. Maximum length is {LONGEST_STAFF_NOTE} characters."
        raise refuse(("staffNote",), text, "INVALID")  # [DP]
    if args["reason"] == "STAFF" or (args.get("refund_method") or {}).get("storeCreditRefund"):
        raise NotSimulated("orderCancel with the reason STAFF or storeCreditRefund")
    found = _order(shop, args["order_id"], "orderId", "NOT_FOUND")
    back = args.get("refund") or (args.get("refund_method") or {}).get("originalPaymentMethodsRefund")
    paid = funds.of(found).net_cents if back else 0
    wanted: Document = {"reason": args["reason"].lower(), "restock": args["restock"]}
    if paid > 0:
        wanted["amount"] = money.text(paid, found["currency"])
    try:
        orders.cancel(shop, found, wanted)
    except Invalid as refusal:
        raise refuse(("orderId",), refusal.problems[0].message, "INVALID") from None  # [DP]
    return {"job": {"id": gid("Job", shop.site.chance.uuid("shopify/jobs")), "done": False}}


def order_close(shop: Shop, args: Args) -> Payload:
    return {"order": thing(shop, "Order", orders.close(shop, _order(shop, args["input"]["id"])))}


def order_open(shop: Shop, args: Args) -> Payload:
    return {"order": thing(shop, "Order", orders.reopen(shop, _order(shop, args["input"]["id"])))}


def order_delete(shop: Shop, args: Args) -> Payload:
    found = _order(shop, args["order_id"], "orderId", "NOT_FOUND")
    metafields.forget(shop, thing(shop, "Order", found))
    orders.delete(shop, found)
    return {"deleted_id": args["order_id"]}


def order_mark_as_paid(shop: Shop, args: Args) -> Payload:
    """What is reserved is captured, what is missing is taken as paid by hand."""
    order = _order(shop, args["input"]["id"])
    reserved = funds.of(order).reserved_cents > 0
    try:
        if order["cancelled_at_ms"]:
            raise Invalid(())
        kind: Document = {"kind": "capture"} if reserved else {"kind": "sale", "gateway": "manual"}
        paid, _ = transactions.create(shop, order, kind)
    except Invalid:
        raise refuse(("id",), "Order cannot be marked as paid.") from None  # [DP]
    return {"order": thing(shop, "Order", paid)}

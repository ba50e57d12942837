"""What becomes of a draft order: an invoice, an order."""

from __future__ import annotations

from simulator.shopify import views
from simulator.shopify.rest import Answer, Ask, Row, record
from simulator.shopify.rules import drafts, inputs

INVOICE = "draft_order_invoice"


def complete(row: Row, ask: Ask, id: int) -> Answer:
    """Complete a draft: it becomes an order, paid or, with `payment_pending`, waiting for its payment."""
    sent = {**ask.args, **(ask.body if isinstance(ask.body, dict) else {})}
    pending = sent.get("payment_pending") in (True, "true", "1")
    done = drafts.complete(ask.shop, record(row, ask.shop, id), pending)
    return Answer({row.one: views.completed_draft_order(ask.shop, done)})


def send_invoice(row: Row, ask: Ask, id: int) -> Answer:
    """Send the invoice; no mail leaves the fake. An empty wrapper is fine [AJS]."""
    sent = ask.body.get(INVOICE) if isinstance(ask.body, dict) else None
    wanted = inputs.mapping(sent or {}, INVOICE)
    return Answer({INVOICE: drafts.send_invoice(ask.shop, record(row, ask.shop, id), wanted)}, 201)

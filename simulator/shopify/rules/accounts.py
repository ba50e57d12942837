"""Customers' accounts, "disabled", "invited" or "enabled", and the mails about them, which nobody gets."""

from __future__ import annotations

from simulator.kernel.errors import Invalid, Problem
from simulator.kernel.resource import Document
from simulator.shopify.kinds import CUSTOMERS
from simulator.shopify.rules import customers, inputs
from simulator.shopify.rules.inputs import Field
from simulator.shopify.shop import Shop

MAIL = (
    Field("to", customers.email),
    Field("from", inputs.text()),
    Field("subject", inputs.text()),
    Field("custom_message", inputs.text(inputs.LONGEST_NOTE)),
    Field("bcc", inputs.texts, []),
)


def activation_url(shop: Shop, customer: Document) -> str:
    """Our reading: the customer's state stays as it is."""
    _refuse_enabled(customer)
    return f"https://{shop.domain}/account/activate/{customer['id']}/{shop.token()}-{shop.now() // 1000}"  # [AJS]


def invite(shop: Shop, customer: Document, wanted: Document) -> Document:
    """What the mail says; the customer is "invited" from then on."""
    _refuse_enabled(customer)
    sender = shop.record["email"]
    said = mail(wanted, customer["email"], sender, "Customer account activation", "customer_invite.")
    if customer["state"] != "invited":
        shop.update(CUSTOMERS, customer | {"state": "invited"})
    return said


def mail(wanted: Document, to: str | None, sender: str, subject: str, where: str) -> Document:
    """A mail as it was sent, with what Shopify says where nothing was [AJS]."""
    given = inputs.read(wanted, MAIL, where)
    to = given.get("to") or to
    if not to:
        raise Invalid((Problem("to", "can't be blank", "BLANK"),))  # Our reading of the text
    return {
        "to": to,
        "from": given.get("from") or sender,
        "subject": given.get("subject") or subject,
        "custom_message": given.get("custom_message") or "",
        "bcc": given.get("bcc") or [],
    }


def _refuse_enabled(customer: Document) -> None:
    if customer["state"] == "enabled":
        raise Invalid((Problem("", "account already enabled"),))  # Our reading: seen in public reports

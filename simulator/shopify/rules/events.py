"""Events: the log of a shop that tells, among other things, which products and orders were deleted.

`GET events.json?filter=Order,Product&verb=destroy` is how an app learns of a deletion whose webhook it missed.
"""

from __future__ import annotations

from collections.abc import Sequence

from simulator.kernel.resource import Document
from simulator.shopify.kinds import EVENTS
from simulator.shopify.shop import Shop

# (subject, verb) -> the sentence; {it} and {draft} are links in the `message` and plain names in the `description`.
# Recorded are "create", "confirmed", "authorization_success" and "placed" [AJS]; that the verb of a deletion is
# "destroy" is documented. The other sentences are our reading, and Shopify notes more than these.
SENTENCES = {
    ("Product", "create"): "Product was created: {it}.",
    ("Product", "destroy"): "Product was deleted: {name}.",
    ("Order", "confirmed"): "Received new order {it}{by}.",
    ("Order", "placed"): "This order was created{whom} from draft order {draft}.",
    ("Order", "authorization_success"): "A transaction was authorized.",
    ("Order", "cancelled"): "This order was canceled.",
    ("Order", "closed"): "This order was archived.",
    ("Order", "re_opened"): "This order was unarchived.",
    ("Order", "destroy"): "Order {name} was deleted.",
}


def note(
    shop: Shop,
    subject: str,
    document: Document,
    verb: str,
    customer: str = "",
    draft: Document | None = None,
    arguments: Sequence[str] | None = None,
) -> None:
    """Write down that something happened to a product or an order.

    Args:
        customer: whose order it is.
        draft: what the order was before.
        arguments: what the event lists besides its sentence; by default the names in it.
    """
    path = f"/admin/{subject.lower()}s/{document['id']}"
    name = document["title"] if subject == "Product" else document["name"]
    words = {
        "name": name,
        "by": f" by {customer}" if customer else "",
        "whom": f" for {customer}" if customer else "",
    }
    linked = {"it": _link(shop, path, name)}
    plain = {"it": name}
    if draft:
        linked["draft"] = _link(shop, f"/admin/draft_orders/{draft['id']}", draft["name"])
        plain["draft"] = draft["name"]
    sentence, named = SENTENCES[subject, verb], [name, customer] if customer else [name]
    shop.create(
        EVENTS,
        {
            "id": shop.next_id(EVENTS),
            "subject_id": document["id"],
            "created_at_ms": shop.now(),
            "subject_type": subject,
            "verb": verb,
            "arguments": list(named if arguments is None else arguments),
            "body": None,
            "message": sentence.format(**words, **linked),
            "author": "Shopify",
            "description": sentence.format(**words, **plain),
            "path": path,
        },
    )


def _link(shop: Shop, path: str, name: str) -> str:
    return f'<a href="https://{shop.domain}{path}">{name}</a>'

"""Events: the log of a shop that tells, among other things, which products and orders were deleted.

`GET events.json?filter=Order,Product&verb=destroy` is how an app learns of a deletion whose webhook it missed.
"""

from __future__ import annotations

from simulator.kernel.resource import Document
from simulator.shopify.kinds import EVENTS
from simulator.shopify.shop import Shop

# (subject, verb) -> the event's verb, its sentence with the link, the sentence without. "Product create" and "Order
# confirmed" are recorded [AJS]; that the verb of a deletion is "destroy" is documented, its sentences are our reading.
SENTENCES = {
    ("Product", "create"): ("create", "Product was created: {link}.", "Product was created: {name}."),
    ("Product", "destroy"): ("destroy", "Product was deleted: {name}.", "Product was deleted: {name}."),
    ("Order", "create"): ("confirmed", "Received new order {link}{by}.", "Received new order {name}{by}."),
    ("Order", "destroy"): ("destroy", "Order {name} was deleted.", "Order {name} was deleted."),
}


def note(shop: Shop, subject: str, document: Document, verb: str, by: str = "") -> None:
    """Write down that something happened to a product or an order; `by` is the customer's name."""
    told, message, description = SENTENCES[subject, verb]
    path = f"/admin/{subject.lower()}s/{document['id']}"
    name = document["title"] if subject == "Product" else document["name"]
    words = {
        "name": name,
        "link": f'<a href="https://{shop.domain}{path}">{name}</a>',
        "by": f" by {by}" if by else "",
    }
    shop.create(
        EVENTS,
        {
            "id": shop.next_id(EVENTS),
            "subject_id": document["id"],
            "created_at_ms": shop.now(),
            "subject_type": subject,
            "verb": told,
            "arguments": [name, by] if by else [name],
            "body": None,
            "message": message.format(**words),
            "author": "Shopify",
            "description": description.format(**words),
            "path": path,
        },
    )

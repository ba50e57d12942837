"""Webhook topics in the words of GraphQL: ORDERS_CREATE is `orders/create`.

The way there is a rule, the way back is the table: CUSTOMER_TAGS_ADDED is `customer.tags_added` [S].
"""

from __future__ import annotations

from simulator.shopify import webhooks

# topic as REST and the header have it -> as GraphQL has it
TOPIC_NAMES = {
    name: name.upper().replace("/", "_").replace(".", "_")
    for name in sorted({*webhooks.TOPICS, *webhooks.NOT_SIMULATED})
}
TOPICS_BY_NAME = {name: topic for topic, name in TOPIC_NAMES.items()}


def topic(name: str) -> str:
    """ "ORDERS_CREATE" -> "orders/create"; a real one that the fake knows nothing of is spelled by the general rule."""
    return TOPICS_BY_NAME.get(name) or name.lower().replace("_", "/", 1)

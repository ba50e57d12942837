"""Shopify's webhook topics: what each says, about which kind of record. A table, as the names follow no rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sync_core.pure.model import Integration, Kind


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic.

    Args:
        gone: whether it says that the record is deleted; else its body is the record.
        id_field: where its body names the record; it may be a GraphQL id.
        done: a field of its body and the value without which nothing was done.
        scope: what the app needs beside the scopes that it must have.
        subscribed: whether we ask for it. The others say nothing that `orders/updated` does not, but an app may be
            subscribed to them by other hands.
        hint: whether its body says of whom alone, so that the record is read by id.
        only: the integration that shows what it tells of; None for both.
    """

    name: str
    kind: Kind
    gone: bool = False
    id_field: str = "id"
    done: tuple[str, str] | None = None
    scope: str = ""
    subscribed: bool = True
    hint: bool = False
    only: Integration | None = None


TOPICS: Mapping[str, Topic] = {
    topic.name: topic
    for topic in (
        Topic("customers/create", "customer"),
        Topic("customers/update", "customer"),
        Topic("customers/delete", "customer", gone=True),
        # Of the customer that went into another nothing else tells; its orders' own updates move them [WHM].
        Topic(
            "customers/merge",
            "customer",
            gone=True,
            id_field="admin_graphql_api_customer_deleted_id",
            done=("status", "completed"),
            scope="read_customer_merge",
        ),
        # What `customers/update` has no more [WH]; table A-CONTACT shows the three, the data sync none of them.
        Topic("customer.tags_added", "customer", id_field="customerId", hint=True, only="deals"),
        Topic("customer.tags_removed", "customer", id_field="customerId", hint=True, only="deals"),
        Topic("customers/purchasing_summary", "customer", id_field="customerId", hint=True, only="deals"),
        Topic("customers_email_marketing_consent/update", "customer", id_field="customer_id", hint=True, only="deals"),
        Topic("products/create", "product"),
        Topic("products/update", "product"),
        Topic("products/delete", "product", gone=True),
        Topic("orders/create", "order"),
        Topic("orders/updated", "order"),
        Topic("orders/delete", "order", gone=True),
        Topic("orders/cancelled", "order", subscribed=False),
        Topic("orders/fulfilled", "order", subscribed=False),
        Topic("orders/paid", "order", subscribed=False),
        Topic("orders/partially_fulfilled", "order", subscribed=False),
        Topic("checkouts/create", "checkout"),
        Topic("checkouts/update", "checkout"),
    )
}

UNINSTALLED = "app/uninstalled"  # of the shop itself: its sync pauses (I11)

SUBSCRIBED = (*(topic.name for topic in TOPICS.values() if topic.subscribed), UNINSTALLED)
NEEDED_SCOPES: Mapping[str, str] = {topic.name: topic.scope for topic in TOPICS.values() if topic.scope}

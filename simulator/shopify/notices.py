"""What a changed record tells beside its own create and update topics: (topic, what happened).

In 2026-07 a customer's webhook shows neither tags nor consent nor sums; each of them has a topic of its own [WH].
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.kernel.resource import Document

Notice = tuple[str, Document]

CONSENTS = {
    "email_marketing_consent": "customers_email_marketing_consent/update",
    "sms_marketing_consent": "customers_marketing_consent/update",
}
SUMMARY = ("orders_count", "total_spent", "last_order_id")


def of_customer(before: Document | None, after: Document) -> Iterator[Notice]:
    """Our reading: a new customer's tags and consent are told like changed ones, as nothing else tells of them."""
    yield from _account(before, after)
    yield from _tags(before, after)
    for field, topic in CONSENTS.items():
        if after[field] and after[field] != _consent_before(before, field, after):
            yield topic, after
    if before and any(before[name] != after[name] for name in SUMMARY):
        yield "customers/purchasing_summary", after


def _account(before: Document | None, after: Document) -> Iterator[Notice]:
    was, is_now = (before["state"] if before else "disabled") == "enabled", after["state"] == "enabled"
    if is_now and not was:
        yield "customers/enable", after
    if was and not is_now:
        yield "customers/disable", after


def _tags(before: Document | None, after: Document) -> Iterator[Notice]:
    old, new = _split(before["tags"] if before else ""), _split(after["tags"])
    for topic, tags in (
        ("customer.tags_added", [tag for tag in new if tag not in old]),
        ("customer.tags_removed", [tag for tag in old if tag not in new]),
    ):
        if tags:
            yield topic, {"customer": after, "tags": tags}


def _consent_before(before: Document | None, field: str, after: Document) -> Document | None:
    """Of a new customer: one that was never asked."""
    if before:
        found: Document | None = before[field]
        return found
    return after[field] if after[field]["state"] == "not_subscribed" else None


def _split(tags: str) -> list[str]:
    return [tag for tag in tags.split(", ") if tag]

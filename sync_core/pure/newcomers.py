"""A contact or product that only HubSpot has, as the Shopify record that it would become (I4).

What it says of marketing is not among the fields: a customer who is made so has consented to nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sync_core.pure.model import Kind

Body = dict[str, Any]

NEEDED: Mapping[Kind, str] = {"customer": "email", "product": "title"}  # without it nothing is made
LEAST: Mapping[Kind, tuple[str, ...]] = {"customer": ("email", "first_name", "last_name"), "product": ("title",)}
ALWAYS: Mapping[Kind, Body] = {"customer": {}, "product": {"status": "draft"}}  # the merchant decides on what is sold


def body_of(kind: Kind, held: Mapping[str, str | None], fields: Mapping[str, str]) -> Body | None:
    """What Shopify is sent; None where too little is known.

    Args:
        fields: HubSpot's properties that flow back, with the place in Shopify's record.
    """
    body: Body = dict(ALWAYS[kind])
    part: Body = {}
    for name, place in fields.items():
        value = (held.get(name) or "").strip()
        if value and "." in place:
            part[place.rpartition(".")[2]] = value
        elif value:
            body[place] = value
    if not body.get(NEEDED[kind]):
        return None
    return body | ({"addresses" if kind == "customer" else "variants": [part]} if part else {})


def least(kind: Kind, body: Body) -> Body:
    """What is left where Shopify refuses something of the whole: the rest is brought field by field, and told of."""
    return {name: value for name, value in body.items() if name in (*LEAST[kind], *ALWAYS[kind])}


def agreed(body: Body, held: Mapping[str, str | None], fields: Mapping[str, str]) -> dict[str, str]:
    """HubSpot's values that both sides have once Shopify has taken `body`."""
    part = {**next(iter(body.get("addresses") or body.get("variants") or [{}]))}
    sent = {name for name, place in fields.items() if place in body or place.rpartition(".")[2] in part}
    return {name: held[name] or "" for name in fields if name in sent and held.get(name)}

"""Webhook subscriptions: which topic goes to which address of which app."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from simulator.kernel.errors import Invalid, NotSimulated, Problem
from simulator.kernel.resource import Document
from simulator.shopify import filters, versions, webhooks
from simulator.shopify.kinds import SUBSCRIPTIONS
from simulator.shopify.rules import inputs
from simulator.shopify.rules.inputs import Field
from simulator.shopify.shop import Shop
from simulator.shopify.topics import NOT_SIMULATED, TOPICS

INTERNAL = (".myshopify.com", ".shopify.com", ".shopifycloud.com")  # Our reading of which hosts are meant [DP]
LARGEST_ADDRESS = LARGEST_FILTER = 65_535  # bytes [DP]
NAME = re.compile(r"[A-Za-z0-9_-]+")  # [DP]
LONGEST_NAME = 50  # [DP]
MOST_FIELDS = 500
MOST_SUBSCRIPTIONS = 1_000  # of one app; Our reading


def names(value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST_FIELDS or not all(isinstance(one, str) for one in value):
        raise ValueError("is invalid")
    return value


def plain(value: Any) -> str | None:
    """A text as it was sent, an empty one too."""
    if value is not None and not isinstance(value, str):
        raise ValueError("is invalid")
    return value


def identifiers(value: Any) -> list[Document]:
    """Metafields by namespace and key. Our reading of a missing namespace: the app's own, which the fake has not."""
    found = [{name: one.get(name) for name in ("namespace", "key")} for one in inputs.mappings(value, "metafields")]
    if len(found) > MOST_FIELDS or not all(one["key"] for one in found):
        raise ValueError("is invalid")
    if not all(one["namespace"] for one in found):
        raise NotSimulated("a metafield without a namespace")
    return found


FIELDS = (
    Field("topic", inputs.text()),
    Field("address", plain),
    Field("format", inputs.choice("json", "xml"), "json"),
    Field("fields", names, []),
    Field("metafield_namespaces", names, []),
)
# What GraphQL takes besides.
MORE_FIELDS = (Field("metafields", identifiers, []), Field("filter", plain), Field("name", plain))


def mine(shop: Shop) -> tuple[str, tuple[str, str]]:
    """An app sees the subscriptions alone that it made itself over an API; those of its configuration in neither."""
    return "app = ? AND origin = ?", (shop.caller.app, webhooks.BY_API)


def create(shop: Shop, wanted: Document, fields: tuple[Field, ...] = FIELDS) -> Document:
    """`fields`: what may be said, FIELDS by REST, MORE_FIELDS besides by GraphQL."""
    given = inputs.defaults((*FIELDS, *MORE_FIELDS)) | _read(wanted, fields)
    made_by = {"app": shop.caller.app, "origin": webhooks.BY_API, "api_version": shop.caller.api_version}
    _check(shop, given)
    return shop.create(SUBSCRIPTIONS, _document(shop, given, made_by))


def update(shop: Shop, subscription: Document, wanted: Document, fields: tuple[Field, ...] = FIELDS) -> Document:
    changed = subscription | _read(wanted, fields)
    _check(shop, changed, subscription["id"])
    return shop.update(SUBSCRIPTIONS, changed) if changed != subscription else subscription


def delete(shop: Shop, subscription: Document) -> None:
    shop.delete(SUBSCRIPTIONS, subscription)


def configure(shop: Shop, app: str, address: str, wanted: Collection[str] | None = None) -> None:
    """What an app's configuration file says: these topics, or every one, go to `address`; "" for nothing.

    Such subscriptions are told to no API and outlive every failure and the app's removal [VD].
    """
    topics = sorted(TOPICS if wanted is None else wanted) if address else []
    inputs.refuse(_address_problems(shop, address) if address else ())
    there = shop.find(SUBSCRIPTIONS, "app = ? AND origin = ?", app, webhooks.BY_CONFIGURATION)
    for one in there:
        if one["address"] != address or one["topic"] not in topics:
            shop.delete(SUBSCRIPTIONS, one)
    kept = {one["topic"] for one in there if one["address"] == address}
    made_by = {"app": app, "origin": webhooks.BY_CONFIGURATION, "api_version": versions.LATEST.name}
    for topic in topics:
        if topic not in kept:
            given = inputs.defaults((*FIELDS, *MORE_FIELDS)) | {"topic": topic, "address": address}
            shop.create(SUBSCRIPTIONS, _document(shop, given, made_by))


def _read(wanted: Document, fields: tuple[Field, ...]) -> Document:
    given = inputs.read(wanted, fields)
    if given.get("address"):
        given["address"] = given["address"].strip()  # [DP]
    return given


def _document(shop: Shop, given: Document, made_by: Document) -> Document:
    now = shop.now()
    return given | made_by | {"id": shop.next_id(SUBSCRIPTIONS), "created_at_ms": now, "updated_at_ms": now}


def _check(shop: Shop, wanted: Document, own_id: int | None = None) -> None:
    if wanted["format"] == "xml":
        raise NotSimulated("a webhook in the format xml")
    inputs.refuse(
        (
            *_topic_problems(wanted["topic"], shop.caller.scopes),
            *_address_problems(shop, wanted["address"]),
            *_double_problems(shop, wanted, own_id),
            *_name_problems(shop, wanted["name"], own_id),
            *_filter_problems(wanted["filter"]),
        )
    )
    where, params = mine(shop)
    if own_id is None and shop.site.count(SUBSCRIPTIONS.resource, where, params) >= MOST_SUBSCRIPTIONS:
        raise Invalid((Problem("base", f"cannot be more than {MOST_SUBSCRIPTIONS}"),))


def _topic_problems(topic: str | None, scopes: Collection[str]) -> list[Problem]:
    if not topic:
        return [Problem("topic", "can't be blank", "BLANK")]
    if topic in NOT_SIMULATED:
        raise NotSimulated(f"the webhook topic {topic}")
    allowed = [one.name for one in TOPICS.values() if one.enum and (not one.scope or one.scope in scopes)]
    if topic in allowed:
        return []
    # The sentence is in public bug reports of several API clients; the list names what the app may subscribe to.
    text = f"Invalid topic specified: {topic}. Does it exist? Is there a missing access scope? Topics allowed: "
    return [Problem("topic", text + ", ".join(sorted(allowed)))]


def _double_problems(shop: Shop, wanted: Document, own_id: int | None) -> list[Problem]:
    """One subscription for each topic, address, format and filter [DP]."""
    where, params = mine(shop)
    key = (wanted["topic"], wanted["address"], wanted["format"], wanted["filter"] or "")
    same = f"{where} AND topic = ? AND address = ? AND format = ? AND coalesce(filter, '') = ? AND id != ?"
    double = shop.first(SUBSCRIPTIONS, same, *params, *key, own_id or 0)
    return [Problem("address", "for this topic has already been taken", "TAKEN")] if double else []


def _name_problems(shop: Shop, name: str | None, own_id: int | None) -> list[Problem]:
    """The sentences are recorded, "Name name field" too [DP]."""
    if name is None:
        return []
    problems = [Problem("name", "is too short (minimum is 1 character)")] if not name else []
    if not NAME.fullmatch(name):
        text = "name field can only contain alphanumeric characters, underscores, and hyphens"
        problems.append(Problem("name", text))
    if len(name) > LONGEST_NAME:
        problems.append(Problem("name", f"is too long (maximum is {LONGEST_NAME} characters)"))
    where, params = mine(shop)
    if shop.first(SUBSCRIPTIONS, f"{where} AND lower(name) = ? AND id != ?", *params, name.lower(), own_id or 0):
        problems.append(Problem("name", "already exists, no duplicate allowed"))
    return problems


def _filter_problems(filter: str | None) -> list[Problem]:
    """Whether the body has such fields is not looked at: a filter that fits nothing lets nothing through [WHF]."""
    if not filter:
        return []
    if len(filter.encode(errors="replace")) > LARGEST_FILTER:
        return [Problem("filter", "The specified filter exceeds the maximum allowed size.")]
    if filters.names_fields(filter):
        return []
    text = "The specified filter is invalid, please ensure you specify the field(s) you wish to filter on."
    return [Problem("filter", text)]


def _address_problems(shop: Shop, address: str | None) -> list[Problem]:
    """Deliveries stay on this machine: loopback hosts, and those that the shop's record allows by name, by https://.

    Shopify itself refuses http:// everywhere [DP]; on loopback the fake takes it, as a receiver under test has no TLS.
    """
    if not address:
        return [Problem("address", "can't be blank", "BLANK")]
    if len(address.encode(errors="replace")) > LARGEST_ADDRESS:
        return [Problem("address", "is too big (maximum is 64 KB)")]  # [DP]
    if address.startswith(("pubsub://", "arn:")):
        raise NotSimulated("a webhook to Google Pub/Sub or Amazon EventBridge")
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _ = parts.port  # raises where it is no number
    except ValueError:
        return [Problem("address", "is invalid")]
    if host and is_loopback(host):
        return [] if parts.scheme in ("http", "https") else [_unsupported(parts.scheme)]
    if parts.scheme and parts.scheme != "https" and host:
        return [_unsupported(parts.scheme)]
    if not host:
        return [Problem("address", "is invalid")]
    if host in shop.record["webhook_hosts"]:
        return []
    if host == shop.domain or host.endswith(INTERNAL):
        return [Problem("address", "cannot be a Shopify or an internal domain")]
    raise NotSimulated(f"a webhook to {host}, which is not this machine and which the shop does not allow by name,")


def _unsupported(scheme: str) -> Problem:
    return Problem("address", f"protocol {scheme}:// is not supported")


def is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

"""What a customer has beyond get, create, update and delete: the search, the account, addresses by the dozen."""

from __future__ import annotations

import re

from simulator.kernel.errors import Malformed, NotSimulated
from simulator.shopify import paging, parameters, views
from simulator.shopify.graphql import searching
from simulator.shopify.graphql.searching import Search
from simulator.shopify.rest import Answer, Ask, Row, list_all, record
from simulator.shopify.rules import accounts, customers, inputs

DEFAULT_ORDER = "last_order_date desc"
INVITE = "customer_invite"

_TEXTS = ("email", "first_name", "last_name", "phone", "note", "tags")
_EVERY_ADDRESS = """replace(json_extract(doc, '$.addresses'), '"', ' ')"""


def _stored(*names: str) -> tuple[str, ...]:
    return tuple(f"json_extract(doc, '$.{name}')" for name in names)


# What `query` looks in. Recorded are email, first_name, last_name, country, customer_tag and verified_email [AJS]; the
# others are those of GraphQL's customers that REST's customers have as well.
FIELDS = {
    "default": Search((*_stored(*_TEXTS), _EVERY_ADDRESS)),
    "country": Search((_EVERY_ADDRESS,)),
    "tag": Search(_stored("tags")),
    "customer_tag": Search(_stored("tags")),
    "id": Search(("id",), searching.identifier),
    "orders_count": Search(_stored("orders_count"), searching.whole),
    "total_spent": Search(("CAST(json_extract(doc, '$.total_spent') AS REAL)",), searching.amount),
    "updated_at": Search(("updated_at_ms",), searching.instant),
    "created_at": Search(("created_at_ms",), searching.instant),
    "verified_email": Search(_stored("verified_email"), searching.truth),
    "accepts_marketing": Search(
        ("coalesce(json_extract(doc, '$.email_marketing_consent.state'), '') = 'subscribed'",), searching.truth
    ),
    **{name: Search(_stored(name)) for name in ("email", "first_name", "last_name", "phone", "state", "note")},
}


def search(row: Row, ask: Ask) -> Answer:
    """Customers by `query`, in Shopify's search syntax."""
    cursor = paging.read(ask.args)
    asked = cursor.filters if cursor else ask.args
    # "email:*@example.com" is recorded [AJS]: words are compared, so a star in front says nothing more.
    query = re.sub(r"(?<=:)\*(?=[^\s*])", "", asked.get("query", ""))
    found = searching.compiled(ask.shop, query, FIELDS, ())
    for warning in (found.told or {}).get("warnings", ()):  # GraphQL passes over them and says so; REST cannot say it
        if warning["code"] == "invalid_field":
            raise NotSimulated(f"a search of customers by {warning['field']}")
        raise Malformed("is invalid", "query")  # Our reading of the text
    names = ("query", "limit", "fields", "page_info", "order")
    args = {name: ask.args[name] for name in names if name in ask.args}
    if not cursor:
        args.setdefault("order", DEFAULT_ORDER)
    return list_all(row, Ask(ask.shop, ask.grant, args, None, ask.url), found.clause)


def orders_of(row: Row, order_row: Row, ask: Ask, id: int) -> Answer:
    """The orders of a customer, filtered like any orders."""
    return list_all(order_row, ask, ("customer_id = ?", (record(row, ask.shop, id)["id"],)))


# --- the account ---


def account_activation_url(row: Row, ask: Ask, id: int) -> Answer:
    """An address under which the customer makes an account; it leads nowhere."""
    url = accounts.activation_url(ask.shop, record(row, ask.shop, id))
    return Answer({"account_activation_url": url}, 201)


def send_invite(row: Row, ask: Ask, id: int) -> Answer:
    """Invite the customer to make an account; no mail leaves the fake. An empty wrapper is fine [AJS]."""
    sent = ask.body.get(INVITE) if isinstance(ask.body, dict) else None
    wanted = inputs.mapping(sent or {}, INVITE)
    return Answer({INVITE: accounts.invite(ask.shop, record(row, ask.shop, id), wanted)}, 201)


# --- addresses ---


def make_default(row: Row, ask: Ask, id: int, part_id: int) -> Answer:
    """Make it the customer's default address."""
    found = record(row, ask.shop, id)
    address = customers.address_of(found, part_id)
    changed = customers.make_default(ask.shop, found, address)
    return Answer({"customer_address": views.address(ask.shop, changed, address)})


def set_addresses(row: Row, ask: Ask, id: int) -> Answer:
    """Delete several addresses at once: `address_ids[]=1&address_ids[]=2&operation=destroy`, the only operation."""
    found = record(row, ask.shop, id)
    sent = {**ask.args, **(ask.body if isinstance(ask.body, dict) else {})}
    if sent.get("operation") != "destroy":
        raise Malformed("must be destroy", "operation")  # Our reading of the text
    asked = sent.get("address_ids", "")
    text = ",".join(map(str, asked)) if isinstance(asked, list) else str(asked)
    try:
        ids = parameters.id_list(text)
    except ValueError as error:
        raise Malformed(str(error), "address_ids") from None
    customers.delete_addresses(ask.shop, found, ids)
    return Answer({})

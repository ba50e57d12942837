"""Customers and their addresses."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from simulator.kernel.errors import Invalid, NotFound, Problem
from simulator.kernel.resource import Document
from simulator.shopify import geography, money
from simulator.shopify.kinds import CUSTOMERS, ORDERS, spent_cents
from simulator.shopify.rules import inputs
from simulator.shopify.rules.inputs import Field
from simulator.shopify.shop import Shop

EMAIL = re.compile(r"[^@\s,;<>\"()]+@[^@\s,;<>\"().]+(\.[^@\s,;<>\"().]+)+")
HOME_CALLING_CODE = "1"  # of the shops that the fake opens: numbers of ten digits are North American
MOST_ADDRESSES = 500  # Our reading: no limit is published; a fake needs one

CONSENT_STATES = ("not_subscribed", "pending", "subscribed", "unsubscribed", "redacted", "invalid")
CONSENT_OWNERS = (("email_marketing_consent", "email"), ("sms_marketing_consent", "phone"))
OPT_IN_LEVELS = ("single_opt_in", "confirmed_opt_in", "unknown", None)


def email(value: Any) -> str | None:
    """An address without any blanks, also within [DP]. Its case does not count for uniqueness [DP]; that it is kept is
    our reading."""
    found = "".join((inputs.text()(value) or "").split())
    if found and not EMAIL.fullmatch(found):
        raise ValueError("is invalid")
    return found or None


def phone(value: Any) -> str | None:
    """E.164: "(514) 254-6011" and "18885551234" become "+15142546011" and "+18885551234" [AJS]."""
    given = (inputs.text()(value) or "").strip()
    digits = re.sub(r"[\s().\-/]", "", given)
    if not digits:
        return None
    if not re.fullmatch(r"\+?\d{7,15}", digits):
        raise ValueError("is invalid")
    if digits.startswith("+"):
        return digits
    if len(digits) == 10:
        return f"+{HOME_CALLING_CODE}{digits}"
    if len(digits) == 11 and digits.startswith(HOME_CALLING_CODE):
        return f"+{digits}"
    raise ValueError("is invalid")


def consent(value: Any) -> Document | None:
    """`email_marketing_consent` and `sms_marketing_consent` as they are sent."""
    if value is None:
        return None
    if not isinstance(value, dict) or value.get("state") not in CONSENT_STATES:
        raise ValueError("is invalid")
    if value.get("opt_in_level") not in OPT_IN_LEVELS:
        raise ValueError("is invalid")
    return {
        "state": value["state"],
        "opt_in_level": value.get("opt_in_level") or "single_opt_in",
        "consent_updated_at_ms": inputs.instant(value.get("consent_updated_at")),
    }


FIELDS = (
    Field("email", email),
    Field("phone", phone),
    Field("first_name", inputs.text()),
    Field("last_name", inputs.text()),
    Field("note", inputs.text(inputs.LONGEST_NOTE)),
    Field("tags", inputs.tags, ""),
    Field("tax_exempt", inputs.flag, False),
    Field("tax_exemptions", inputs.texts, []),
    Field("verified_email", inputs.flag, True),  # true unless false is given (UNVERIFIED in the reference)
    Field("multipass_identifier", inputs.text()),
    Field("email_marketing_consent", consent),
    Field("sms_marketing_consent", consent),
)
# `accepts_marketing` and its companions are passed over: a recorded PUT of 2026-07 with them changes nothing [AJS].
# `send_email_welcome` and `send_email_invite` too: the fake sends no mail.

ADDRESS_TEXTS = ("first_name", "last_name", "company", "address1", "address2", "city", "zip", "phone")
ADDRESS_FIELDS = tuple(
    Field(name, inputs.text())
    for name in (*ADDRESS_TEXTS, "province", "province_code", "country", "country_code", "country_name", "name")
)


def create(shop: Shop, wanted: Document, alone: bool = True) -> Document:
    """A new customer, with the addresses that are sent along; the first is the default one.

    Args:
        alone: whether nobody else may have the e-mail address, as today's API wants it.
    """
    given = inputs.read(wanted, FIELDS)
    sent = inputs.mappings(wanted.get("addresses"), "addresses")
    addresses = [_home(one, place=place) for place, one in enumerate(sent)]
    taken = _taken(shop, given)
    shared = not alone and [one.field for one in taken] == ["email"]
    inputs.refuse((*_identity_problems(given), *(() if shared else taken), *too_many(addresses)))
    customer = _blank(shop) | given | ({"shares_email": True} if shared else {})
    customer["state"] = _first_state(wanted)
    for address in addresses:
        customer["addresses"].append(address | {"id": shop.next_part_id("addresses")})
    customer["default_address_id"] = customer["addresses"][0]["id"] if addresses else None
    _fit_consent(shop, customer, given)
    return shop.create(CUSTOMERS, customer)


def update(shop: Shop, customer: Document, wanted: Document) -> Document:
    """Change what is sent. Our reading: a PUT that changes nothing leaves updated_at alone and tells nobody."""
    given = inputs.read(wanted, FIELDS)
    changed = customer | given
    asked = given  # an address that stays is not asked for anew: old data may share it
    if (changed["email"] or "").lower() == (customer["email"] or "").lower():
        asked = {name: value for name, value in given.items() if name != "email"}
    else:
        changed.pop("shares_email", None)
    inputs.refuse((*_identity_problems(changed | _consents(given)), *_taken(shop, asked, customer["id"])))
    if "addresses" in wanted:
        changed = _with_addresses(shop, changed, inputs.mappings(wanted["addresses"], "addresses"))
    for name, owner in CONSENT_OWNERS:
        if changed[owner] != customer[owner] and name not in given:
            changed[name] = None  # a new address begins without consent [AJS]
    _fit_consent(shop, changed, given)
    return shop.update(CUSTOMERS, changed) if changed != customer else customer


def delete(shop: Shop, customer: Document) -> None:
    if shop.first(ORDERS, "customer_id = ?", customer["id"]):
        # The sentence is GraphQL's [DP]; that REST puts it under "base" is UNVERIFIED.
        raise Invalid((Problem("base", "Customer can’t be deleted because they have associated orders"),))
    shop.delete(CUSTOMERS, customer)


def find_or_create(shop: Shop, wanted: Document) -> Document:
    """The customer of an order or a checkout: by id, else by e-mail, else by phone; a new one where there is none."""
    if wanted.get("id") is not None:
        found = shop.get(CUSTOMERS, inputs.read(wanted, (Field("id", inputs.identifier),), "customer.")["id"])
        if found is None:
            raise Invalid((Problem("customer", "does not exist"),))  # Our reading of the text
        return found
    keys = inputs.read(wanted, (Field("email", email), Field("phone", phone)))
    return _known(shop, keys.get("email"), keys.get("phone")) or create(shop, wanted)


def count_order(shop: Shop, before: Document | None, after: Document | None) -> None:
    """Keep the purchasing summaries of an order's customers: `before` is taken out, `after` put in.

    Our reading: in 2026-07 this sends no customers/update, as its payload shows nothing of it (the topic
    customers/purchasing_summary does); the row's updated_at moves all the same, so a poll sees it.
    """
    ids = {order["customer_id"] for order in (before, after) if order and order["customer_id"]}
    for id in sorted(ids):
        customer = shop.get(CUSTOMERS, id)
        if customer:
            summary = _summary(shop, customer, before, after)
            if any(customer[name] != value for name, value in summary.items()):
                shop.update(CUSTOMERS, customer | summary, tell=False)


# --- addresses ---


def create_address(shop: Shop, customer: Document, wanted: Document) -> tuple[Document, Document]:
    """One more address; the customer's first one becomes the default."""
    address = _home(wanted) | {"id": shop.next_part_id("addresses")}
    addresses = [*customer["addresses"], address]
    inputs.refuse(too_many(addresses))
    default_id = customer["default_address_id"] or address["id"]
    if wanted.get("default") is True:
        default_id = address["id"]
    changed = customer | {"addresses": addresses, "default_address_id": default_id}
    return shop.update(CUSTOMERS, changed), address


def update_address(shop: Shop, customer: Document, address: Document, wanted: Document) -> tuple[Document, Document]:
    changed = address | _home(wanted, address)
    addresses = [changed if one["id"] == address["id"] else one for one in customer["addresses"]]
    default_id = address["id"] if wanted.get("default") is True else customer["default_address_id"]
    updated = customer | {"addresses": addresses, "default_address_id": default_id}
    return (shop.update(CUSTOMERS, updated) if updated != customer else customer), changed


def delete_address(shop: Shop, customer: Document, address: Document) -> None:
    delete_addresses(shop, customer, [address["id"]])


def delete_addresses(shop: Shop, customer: Document, ids: Collection[int]) -> None:
    """All of them or none; one that the customer does not have is not found."""
    for id in ids:
        address_of(customer, id)
    if customer["default_address_id"] in ids:
        # Our reading of the text; the rule is Shopify's: the default address cannot be removed.
        raise Invalid((Problem("base", "Cannot delete the customer’s default address"),))
    addresses = [one for one in customer["addresses"] if one["id"] not in ids]
    if addresses != customer["addresses"]:
        shop.update(CUSTOMERS, customer | {"addresses": addresses})


def make_default(shop: Shop, customer: Document, address: Document) -> Document:
    if address["id"] == customer["default_address_id"]:
        return customer
    return shop.update(CUSTOMERS, customer | {"default_address_id": address["id"]})


def plain_address(value: Any, name: str, before: Document | None = None) -> Document | None:
    """The address of an order or a checkout: the same fields without an id; what is not sent stays as before [AJS]."""
    return None if value is None else _address(inputs.mapping(value, name), before)


def address_of(customer: Document, id: int) -> Document:
    for address in customer["addresses"]:
        if address["id"] == id:
            return address
    raise NotFound("address")


def full_name(customer: Document | None) -> str:
    names = (customer["first_name"], customer["last_name"]) if customer else ()
    return " ".join(name for name in names if name)


# --- helpers ---


def _blank(shop: Shop) -> Document:
    now = shop.now()
    return {
        "id": shop.next_id(CUSTOMERS),
        "created_at_ms": now,
        "updated_at_ms": now,
        "state": "disabled",
        "orders_count": 0,
        "total_spent": money.zero(shop.currency),
        "last_order_id": None,
        "last_order_name": None,
        "addresses": [],
        "default_address_id": None,
        "currency": shop.currency,
        **inputs.defaults(FIELDS),
    }


def _first_state(wanted: Document) -> str:
    """An account is enabled by a password, invited by mail, else there is none [AJS]."""
    if wanted.get("password"):
        if wanted["password"] != wanted.get("password_confirmation"):
            raise Invalid((Problem("password_confirmation", "doesn't match Password"),))
        return "enabled"
    return "invited" if wanted.get("send_email_invite") is True else "disabled"


def _identity_problems(customer: Document) -> list[Problem]:
    problems = []
    if not any(customer.get(name) for name in ("first_name", "last_name", "email", "phone")):
        # GraphQL's sentence [DP], which names no field; that REST puts it under "base" is our reading.
        problems.append(Problem("base", "A name, phone number, or email address must be present"))
    if customer.get("email_marketing_consent") and not customer.get("email"):
        text = "An email address is required to set the email marketing consent state."
        problems.append(Problem("email_marketing_consent", text))
    if customer.get("sms_marketing_consent") and not customer.get("phone"):
        text = "A phone number is required to set the SMS consent state."
        problems.append(Problem("sms_marketing_consent", text))
    return problems


def _consents(given: Document) -> Document:
    """Only the consents that are sent now: a stored one goes together with its address."""
    return {name: given.get(name) for name, _ in CONSENT_OWNERS}


def _taken(shop: Shop, given: Document, own_id: int | None = None) -> list[Problem]:
    """Whether another customer of the shop has the e-mail address or the phone number."""
    problems = []
    for name, column, value in (
        ("email", "email_key", (given.get("email") or "").lower()),
        ("phone", "phone", given.get("phone")),
    ):
        other = shop.first(CUSTOMERS, f"{column} = ?", value) if value else None
        if other and other["id"] != own_id:
            problems.append(Problem(name, "has already been taken", "TAKEN"))
    return problems


def _known(shop: Shop, email: str | None, phone: str | None) -> Document | None:
    found = shop.first(CUSTOMERS, "email_key = ?", email.lower()) if email else None
    return found or (shop.first(CUSTOMERS, "phone = ?", phone) if phone else None)


def _fit_consent(shop: Shop, customer: Document, given: Document) -> None:
    """Consent stands beside an address only: "not_subscribed" for a new one, null without any [AJS]."""
    for name, owner in CONSENT_OWNERS:
        if not customer[owner]:
            customer[name] = None
        elif not customer[name]:
            customer[name] = {"state": "not_subscribed", "opt_in_level": "single_opt_in", "consent_updated_at_ms": None}
        elif given.get(name) and customer[name]["consent_updated_at_ms"] is None:
            customer[name] = customer[name] | {"consent_updated_at_ms": shop.now()}


def _home(wanted: Document, before: Document | None = None, place: int | None = None) -> Document:
    """A customer's own address, at its place in a list; its country must be one."""
    where = "addresses." if place is None else f"addresses.{place}."
    address = _address(wanted, before, where)
    if address["country"] and not address["country_code"]:
        raise Invalid((Problem(f"{where}country", "is invalid"),))  # [DP]
    return address


def _address(wanted: Document, before: Document | None = None, where: str = "addresses.") -> Document:
    """An address in its stored form: country and province by name and by code."""
    given = inputs.read(wanted, ADDRESS_FIELDS, where)
    country_sent = any(name in given for name in ("country", "country_code", "country_name"))
    province_sent = country_sent or any(name in given for name in ("province", "province_code"))
    address = dict.fromkeys((*ADDRESS_TEXTS, "province", "province_code", "country", "country_code"))
    address |= {name: (before or {}).get(name) for name in address}
    address |= {name: given[name] for name in ADDRESS_TEXTS if name in given}
    if given.get("name") and "first_name" not in given and "last_name" not in given:
        address["first_name"], _, address["last_name"] = given["name"].partition(" ")
    if country_sent:
        found = geography.country(given.get("country") or given.get("country_name"), given.get("country_code"))
        address |= {"country": found.name, "country_code": found.code}
    if province_sent:
        found = geography.province(address["country_code"], given.get("province"), given.get("province_code"))
        address |= {"province": found.name, "province_code": found.code}
    return address


def _with_addresses(shop: Shop, customer: Document, wanted: list[Document]) -> Document:
    """The whole list anew: an address with a known id is changed, one without is added, one left out goes."""
    inputs.refuse(too_many(wanted))
    addresses = []
    for place, one in enumerate(wanted):
        before = inputs.by_id(customer["addresses"], one)
        id = before["id"] if before else shop.next_part_id("addresses")
        addresses.append(_home(one, before, place) | {"id": id})
    ids = [address["id"] for address in addresses]
    default_id = customer["default_address_id"]
    if default_id not in ids:
        default_id = ids[0] if ids else None
    return customer | {"addresses": addresses, "default_address_id": default_id}


def too_many(addresses: list[Document]) -> list[Problem]:
    if len(addresses) <= MOST_ADDRESSES:
        return []
    return [Problem("addresses", f"cannot be more than {MOST_ADDRESSES}")]


def _summary(shop: Shop, customer: Document, before: Document | None, after: Document | None) -> Document:
    id = customer["id"]
    mine = [order if order and order["customer_id"] == id else None for order in (before, after)]
    currency = customer["currency"]
    spent = money.cents(customer["total_spent"]) - spent_cents(mine[0], currency) + spent_cents(mine[1], currency)
    count = customer["orders_count"] - (mine[0] is not None) + (mine[1] is not None)
    last = shop.find(ORDERS, "customer_id = ?", id, order="id DESC", limit=1)
    return {
        "orders_count": count,
        "total_spent": money.text(spent, currency),
        "last_order_id": last[0]["id"] if last else None,
        "last_order_name": last[0]["name"] if last else None,
    }

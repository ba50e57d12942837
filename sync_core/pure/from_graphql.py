"""A customer as GraphQL gives it -> the same customer as REST and webhooks give it, so that one mapping reads both.

Enumerations are written small, times in the shop's zone, ids as numbers; a field that is asked for in `CUSTOMER` and
missing in the answer is blank, as it is in REST.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]

# What is asked of each customer. All that a contact is made of is here (A-CONTACT), so nothing is read again by REST.
CUSTOMER = """id createdAt updatedAt firstName lastName numberOfOrders state note verifiedEmail taxExempt tags
defaultEmailAddress { emailAddress marketingState marketingOptInLevel marketingUpdatedAt }
defaultPhoneNumber { phoneNumber }
defaultAddress { id firstName lastName company address1 address2 city province country zip phone name
  provinceCode countryCodeV2 }"""

# REST's name -> GraphQL's, of what is written alike.
ALIKE = {"first_name": "firstName", "last_name": "lastName", "note": "note", "tax_exempt": "taxExempt"}
ADDRESS_ALIKE = {
    "first_name": "firstName",
    "last_name": "lastName",
    **{
        name: name
        for name in ("company", "address1", "address2", "city", "province", "country", "zip", "phone", "name")
    },
    "province_code": "provinceCode",
    "country_code": "countryCodeV2",
    "country_name": "country",
}


def customer(node: Mapping[str, Any], timezone: str) -> Json:
    """The document of `GET customers/ID.json`, as far as contacts are made of it.

    Args:
        node: with the fields of `CUSTOMER`.
        timezone: the shop's, in which REST writes times.
    """
    zone, id_ = ZoneInfo(timezone), _id(node["id"])
    email, phone = node.get("defaultEmailAddress") or {}, node.get("defaultPhoneNumber") or {}
    return {
        "id": id_,
        "admin_graphql_api_id": node["id"],
        "created_at": _time(node.get("createdAt"), zone),
        "updated_at": _time(node.get("updatedAt"), zone),
        **{name: node.get(given) for name, given in ALIKE.items()},
        "orders_count": int(node.get("numberOfOrders") or 0),
        "state": _small(node.get("state")),
        "verified_email": node.get("verifiedEmail"),
        "tags": ", ".join(node.get("tags") or ()),
        "email": email.get("emailAddress"),
        "phone": phone.get("phoneNumber"),
        "email_marketing_consent": _consent(email, zone),
        **({"default_address": _address(node["defaultAddress"], id_)} if node.get("defaultAddress") else {}),
    }


def _consent(email: Mapping[str, Any], zone: ZoneInfo) -> Json | None:
    if not email.get("emailAddress"):
        return None
    return {
        "state": _small(email.get("marketingState")),
        "opt_in_level": _small(email.get("marketingOptInLevel")),
        "consent_updated_at": _time(email.get("marketingUpdatedAt"), zone),
    }


def _address(given: Mapping[str, Any], customer_id: int) -> Json:
    own = {"id": _id(given["id"]), "customer_id": customer_id, "default": True}
    return own | {name: given.get(theirs) for name, theirs in ADDRESS_ALIKE.items()}


def _id(gid: str) -> int:
    """gid://shopify/MailingAddress/7?model_name=CustomerAddress -> 7."""
    return int(gid.partition("?")[0].rpartition("/")[2])


def _small(word: str | None) -> str | None:
    return word.lower() if word else None


def _time(text: str | None, zone: ZoneInfo) -> str | None:
    return datetime.fromisoformat(text).astimezone(zone).isoformat() if text else None

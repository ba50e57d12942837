"""Mutations of customers and their addresses."""

from __future__ import annotations

from collections.abc import Callable

from simulator.kernel.errors import Invalid
from simulator.kernel.resource import Document
from simulator.shopify.graphql import translating as t
from simulator.shopify.graphql.mutations import metafields
from simulator.shopify.graphql.mutations.performing import Args, Payload, refuse
from simulator.shopify.graphql.roots import customer_by
from simulator.shopify.graphql.things import by_id, camel, gid, number, thing
from simulator.shopify.graphql.types.people import customer_address
from simulator.shopify.rules import customers, merging
from simulator.shopify.shop import Shop


def _customer(shop: Shop, id: str, missing: str = "Customer does not exist") -> Document:
    found = by_id(shop, id, "Customer")
    if found is None:
        raise refuse(("id",), missing)
    return found.document


def customer_create(shop: Shop, args: Args) -> Payload:
    sent = dict(args["input"])
    along = sent.pop("metafields", None)
    if sent.get("id"):
        raise refuse(("id",), "Cannot specify ID on creation")  # [DP]
    made = thing(shop, "Customer", customers.create(shop, t.translated(sent, t.CUSTOMER, "a customer")))
    metafields.sent_along(shop, made, along)
    return {"customer": made}


def customer_update(shop: Shop, args: Args) -> Payload:
    sent = dict(args["input"])
    along = sent.pop("metafields", None)
    found = _customer(shop, sent.pop("id", None) or "gid://shopify/Customer/0")
    for name in t.CONSENTS:
        if name in sent:
            other = f"customer{name[0].upper()}{name[1:]}Update"
            raise refuse((name,), f"To update {name}, please use the {other} Mutation instead")  # [DP]
    changed = customers.update(shop, found, t.translated(sent, t.CUSTOMER, "a customer"))
    metafields.sent_along(shop, thing(shop, "Customer", changed), along)
    return {"customer": thing(shop, "Customer", changed)}


def customer_delete(shop: Shop, args: Args) -> Payload:
    id = args["input"]["id"]
    found = _customer(shop, id, "Customer can't be found")  # [DP]
    try:
        customers.delete(shop, found)
    except Invalid as refusal:
        raise refuse(("id",), refusal.problems[0].message) from None  # [DP]
    metafields.forget(shop, thing(shop, "Customer", found))
    return {"deleted_customer_id": id}


def customer_set(shop: Shop, args: Args) -> Payload:
    """Create or change, whichever it takes; `identifier` says whom."""
    sent, identifier = dict(args["input"]), args.get("identifier")
    own_id = sent.pop("id", None)
    if own_id and not identifier:
        identifier = {"id": own_id}
    wanted = t.translated(sent, t.CUSTOMER, "a customer")
    found = customer_by(shop, {_SET_NAMES.get(k, k): v for k, v in identifier.items()}) if identifier else None
    if identifier and found is None:
        if "id" in identifier:
            raise refuse(("input",), "Resource matching the identifier was not found.", "NOT_FOUND")  # [DP]
        wanted = {name: value for name, value in identifier.items() if name in ("email", "phone")} | wanted
    made = customers.update(shop, found.document, wanted) if found else customers.create(shop, wanted)
    return {"customer": thing(shop, "Customer", made)}


_SET_NAMES = {"phone": "phoneNumber", "email": "emailAddress"}


MERGED_FIELDS = {
    "customerIdOfFirstNameToKeep": "first_name",
    "customerIdOfLastNameToKeep": "last_name",
    "customerIdOfEmailToKeep": "email",
    "customerIdOfPhoneNumberToKeep": "phone",
    "customerIdOfDefaultAddressToKeep": "default_address",
}


def customer_merge(shop: Shop, args: Args) -> Payload:
    """The job is done when it is told of, as for orderCancel."""
    both = []
    for name in ("customer_one_id", "customer_two_id"):
        found = by_id(shop, args[name], "Customer")
        if found is None:
            raise refuse((camel(name),), "Customer does not exist", "INVALID_CUSTOMER")  # Our reading of the text
        both.append(found.document)
    sent = args.get("override_fields") or {}
    wanted = {name: number(sent[key], "Customer") for key, name in MERGED_FIELDS.items() if sent.get(key)}
    wanted |= {name: sent[name] for name in ("note", "tags") if sent.get(name) is not None}
    job_id = shop.site.chance.uuid("shopify/jobs")
    kept = merging.merge(shop, both[0], both[1], wanted, job_id)
    return {"job": {"id": gid("Job", job_id), "done": False}, "resulting_customer_id": gid("Customer", kept["id"])}


def consent_update(name: str, table: t.Table) -> Callable[[Shop, Args], Payload]:
    def run(shop: Shop, args: Args) -> Payload:
        sent = args["input"]
        found = by_id(shop, sent["customerId"], "Customer")
        if found is None:
            raise refuse(("input", "customerId"), "Customer not found", "INVALID")  # Our reading of the text
        wanted = {name: t.translated(sent[camel(name)], table, "a consent")}
        return {"customer": thing(shop, "Customer", customers.update(shop, found.document, wanted))}

    return run


def _owned_address(shop: Shop, args: Args) -> tuple[Document, Document]:
    found = by_id(shop, args["customer_id"], "Customer")
    if found is None:
        raise refuse(("customerId",), "Customer does not exist")
    id = number(args["address_id"], "MailingAddress")
    address = next((one for one in found.document["addresses"] if one["id"] == id), None)
    if address is None:
        raise refuse(("addressId",), "Address does not exist")  # Our reading of the text
    return found.document, address


def address_create(shop: Shop, args: Args) -> Payload:
    found = by_id(shop, args["customer_id"], "Customer")
    if found is None:
        raise refuse(("customerId",), "Customer does not exist")
    wanted = t.translated(args["address"], t.ADDRESS, "an address") | {"default": args.get("set_as_default")}
    customer, address = customers.create_address(shop, found.document, wanted)
    return {"address": customer_address(thing(shop, "Customer", customer), address)}


def address_update(shop: Shop, args: Args) -> Payload:
    customer, address = _owned_address(shop, args)
    wanted = t.translated(args["address"], t.ADDRESS, "an address") | {"default": args.get("set_as_default")}
    customer, address = customers.update_address(shop, customer, address, wanted)
    return {"address": customer_address(thing(shop, "Customer", customer), address)}


def address_delete(shop: Shop, args: Args) -> Payload:
    customers.delete_address(shop, *_owned_address(shop, args))
    return {"deleted_address_id": args["address_id"]}


def address_default(shop: Shop, args: Args) -> Payload:
    return {"customer": thing(shop, "Customer", customers.make_default(shop, *_owned_address(shop, args)))}

"""Mutations: inputs translated, the same rules as REST, reasons why not as `userErrors`.

Each root field of a mutation is an action of its own: its own transaction, its own event id. A rule that refuses has
written nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.kernel.errors import Invalid, Malformed, NotSimulated, Problem
from simulator.kernel.resource import Document
from simulator.shopify import funds, money
from simulator.shopify.graphql import access
from simulator.shopify.graphql import translating as t
from simulator.shopify.graphql.roots import customer_by
from simulator.shopify.graphql.things import (
    GraphQLRefusal,
    by_id,
    camel,
    gid,
    number,
    shop_thing,
    thing,
    variant_thing,
)
from simulator.shopify.graphql.topics import topic
from simulator.shopify.graphql.types.people import customer_address
from simulator.shopify.rules import customers, orders, products, subscriptions, transactions
from simulator.shopify.shop import Shop

Args = dict[str, Any]
Payload = dict[str, Any]
LONGEST_STAFF_NOTE = 255  # [DP]


@dataclass(frozen=True, slots=True)
class Mutation:
    """One root field.

    Args:
        run: (shop, arguments) -> the payload, without its errors.
        scope: what the app must be granted; "" where the record decides.
        also: what `requiredAccess` says behind the scope [S].
        inside: what leads the path of an error's field: ("input",).
        names: what a field of the rules is called here.
        errors: the payload's lists of errors; each shows the code that its type has.
    """

    run: Callable[[Shop, Args], Payload]
    scope: str = ""
    also: str = ""
    inside: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[str, ...] = ("user_errors",)

    def require(self, shop: Shop, name: str) -> None:
        if self.scope:
            access.check(shop, name, (self.scope, f"`{self.scope}` access scope{self.also}."))


@dataclass(eq=False)
class UserErrors(Exception):
    """Reasons of this layer, with the path of the field as it is shown."""

    told: tuple[tuple[tuple[str, ...] | None, str, str | None], ...]


def refuse(path: tuple[str, ...] | None, message: str, code: str | None = None) -> UserErrors:
    return UserErrors(((path, message, code),))


def performed(shop: Shop, name: str, mutation: Mutation, args: Args) -> Payload:
    """The payload of a mutation; `shop` is in the middle of an action of its own."""
    mutation.require(shop, name)
    told: list[dict[str, Any]] = []
    payload: Payload = {}
    try:
        with shop.site.transaction():
            payload = mutation.run(shop, args)
    except UserErrors as refusal:
        told = [{"field": path and list(path), "message": text, "code": code} for path, text, code in refusal.told]
    except Invalid as refusal:
        told = [_told(mutation, problem) for problem in refusal.problems]
    except Malformed as refusal:
        told = [_told(mutation, Problem(refusal.field, refusal.message))]
    return {"shop": shop_thing(shop)} | payload | dict.fromkeys(mutation.errors, told)


def _told(mutation: Mutation, problem: Problem) -> dict[str, Any]:
    """A rule's reason in the words of `userErrors`: "has already been taken" becomes "Email has already been taken"."""
    named = problem.field.rpartition(".")[2] if problem.field.startswith("customer.") else problem.field
    name = mutation.names.get(named, named)
    path = None if name in ("base", "") else [*mutation.inside, *(camel(part) for part in name.split("."))]
    whole = problem.message[:1].isupper() and named != "line_items"
    subject = named.rpartition(".")[2].replace("_", " ").capitalize()
    message = problem.message if whole or not path else f"{subject} {problem.message}"
    return {"field": path, "message": message, "code": problem.code or "INVALID"}


# --- customers ---


def _customer(shop: Shop, id: str, missing: str = "Customer does not exist") -> Document:
    found = by_id(shop, id, "Customer")
    if found is None:
        raise refuse(("id",), missing)
    return found.document


def customer_create(shop: Shop, args: Args) -> Payload:
    sent = args["input"]
    if sent.get("id"):
        raise refuse(("id",), "Cannot specify ID on creation")  # [DP]
    return {"customer": thing(shop, "Customer", customers.create(shop, t.translated(sent, t.CUSTOMER, "a customer")))}


def customer_update(shop: Shop, args: Args) -> Payload:
    sent = dict(args["input"])
    found = _customer(shop, sent.pop("id", None) or "gid://shopify/Customer/0")
    for name in t.CONSENTS:
        if name in sent:
            other = f"customer{name[0].upper()}{name[1:]}Update"
            raise refuse((name,), f"To update {name}, please use the {other} Mutation instead")  # [DP]
    wanted = t.translated(sent, t.CUSTOMER, "a customer")
    return {"customer": thing(shop, "Customer", customers.update(shop, found, wanted))}


def customer_delete(shop: Shop, args: Args) -> Payload:
    id = args["input"]["id"]
    found = _customer(shop, id, "Customer can't be found")  # [DP]
    try:
        customers.delete(shop, found)
    except Invalid as refusal:
        raise refuse(("id",), refusal.problems[0].message) from None  # [DP]
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


def _consent_update(name: str, table: t.Table) -> Callable[[Shop, Args], Payload]:
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


# --- products ---


def _product(shop: Shop, id: str, *path: str) -> Document:
    found = by_id(shop, id, "Product")
    if found is None:
        raise refuse(path or ("id",), "Product does not exist", "PRODUCT_DOES_NOT_EXIST")  # [DP]
    return found.document


def _product_input(args: Args) -> Args:
    if args.get("product") is None and args.get("input") is None:
        raise GraphQLRefusal("productInput or product must be present", "BAD_REQUEST")  # Our reading of the text
    return dict(args.get("product") or args["input"])


def _product_wanted(sent: Args, media: list[Args] | None) -> Document:
    wanted = t.translated(sent, t.PRODUCT, "a product")
    if media:
        images = t.every(t.MEDIA, "a medium")(media)
        if any(one.pop("kind") != "IMAGE" for one in images):
            raise NotSimulated("media other than images")
        wanted["images"] = images
    return wanted


def _handle_taken(refusal: Invalid, wanted: Document) -> Exception:
    """The one sentence that GraphQL has for itself [DP]."""
    if any((one.field, one.code) == ("handle", "TAKEN") for one in refusal.problems):
        text = f"Handle '{wanted['handle']}' already in use. Please provide a new handle."
        return refuse(("input", "handle"), text)
    return refusal


def product_create(shop: Shop, args: Args) -> Payload:
    wanted = _product_wanted(_product_input(args), args.get("media"))
    try:
        return {"product": thing(shop, "Product", products.create(shop, wanted))}
    except Invalid as refusal:
        raise _handle_taken(refusal, wanted) from None


def product_update(shop: Shop, args: Args) -> Payload:
    if args.get("identifier"):
        raise NotSimulated("productUpdate with identifier")
    sent = _product_input(args)
    found = _product(shop, sent.pop("id", None) or "gid://shopify/Product/0")
    wanted = _product_wanted(sent, args.get("media"))
    if "images" in wanted:  # media that are sent are added [S]
        wanted["images"] = [{"id": one["id"]} for one in found["images"]] + wanted["images"]
    try:
        return {"product": thing(shop, "Product", products.update(shop, found, wanted))}
    except Invalid as refusal:
        raise _handle_taken(refusal, wanted) from None


def product_delete(shop: Shop, args: Args) -> Payload:
    id = args["input"]["id"]
    products.delete(shop, _product(shop, id))
    return {"deleted_product_id": id}


def variants_create(shop: Shop, args: Args) -> Payload:
    """New variants behind the old ones; by default a lone default variant gives way [S]."""
    product = _product(shop, args["product_id"], "productId")
    if args.get("media"):
        raise NotSimulated("productVariantsBulkCreate with media")
    kept = [{"id": one["id"]} for one in product["variants"]]
    lone = len(kept) == 1 and product["variants"][0]["title"] == products.DEFAULT_TITLE
    if args["strategy"] == "REMOVE_STANDALONE_VARIANT" or (args["strategy"] == "DEFAULT" and lone):
        kept = kept[1:] if len(kept) == 1 else kept
    wanted = [t.variant(one, product["options"]) for one in args["variants"]]
    before = {one["id"] for one in product["variants"]}
    changed = products.update(shop, product, {"variants": kept + wanted})
    made = [variant_thing(shop, changed, one) for one in changed["variants"] if one["id"] not in before]
    return {"product": thing(shop, "Product", changed), "product_variants": made}


def variants_update(shop: Shop, args: Args) -> Payload:
    """All or none; a list of some of them leaves the others as they are."""
    product = _product(shop, args["product_id"], "productId")
    if args.get("media") or args.get("allow_partial_updates"):
        raise NotSimulated("productVariantsBulkUpdate with media or allowPartialUpdates")
    wanted = {
        one["id"]: one for one in (t.variant(each, product["options"]) for each in args["variants"]) if "id" in one
    }
    known = {one["id"] for one in product["variants"]}
    if len(wanted) < len(args["variants"]) or not known.issuperset(wanted):
        # Our reading of the text
        raise refuse(("variants", "0", "id"), "Product variant does not exist", "PRODUCT_VARIANT_DOES_NOT_EXIST")
    listed = [wanted.get(one["id"], {"id": one["id"]}) for one in product["variants"]]
    changed = products.update(shop, product, {"variants": listed})
    made = [variant_thing(shop, changed, one) for one in changed["variants"] if one["id"] in wanted]
    return {"product": thing(shop, "Product", changed), "product_variants": made}


# --- orders ---


def _order(shop: Shop, id: str, path: str = "id", code: str | None = None) -> Document:
    found = by_id(shop, id, "Order")
    if found is None:
        raise refuse((path,), "Order does not exist", code)  # [DP]
    return found.document


def order_create(shop: Shop, args: Args) -> Payload:
    """`options` are about mails and stock, of which the fake has neither."""
    wanted = t.translated(args["order"], t.ORDER, "an order")
    return {"order": thing(shop, "Order", orders.create(shop, wanted))}


def order_update(shop: Shop, args: Args) -> Payload:
    sent = dict(args["input"])
    found = _order(shop, sent.pop("id"))
    wanted = t.translated(sent, t.ORDER_UPDATE, "an order")
    return {"order": thing(shop, "Order", orders.update(shop, found, wanted))}


def order_cancel(shop: Shop, args: Args) -> Payload:
    """The job is done when it is told of: what follows from cancelling is there at once. Our reading of `refund`:
    all that was paid goes back to where it came from."""
    if len(args.get("staff_note") or "") > LONGEST_STAFF_NOTE:
        text = f"Staff note is too long. Maximum length is {LONGEST_STAFF_NOTE} characters."
        raise refuse(("staffNote",), text, "INVALID")  # [DP]
    if args["reason"] == "STAFF" or (args.get("refund_method") or {}).get("storeCreditRefund"):
        raise NotSimulated("orderCancel with the reason STAFF or storeCreditRefund")
    found = _order(shop, args["order_id"], "orderId", "NOT_FOUND")
    back = args.get("refund") or (args.get("refund_method") or {}).get("originalPaymentMethodsRefund")
    paid = funds.of(found).net_cents if back else 0
    wanted: Document = {"reason": args["reason"].lower(), "restock": args["restock"]}
    if paid > 0:
        wanted["amount"] = money.text(paid)
    try:
        orders.cancel(shop, found, wanted)
    except Invalid as refusal:
        raise refuse(("orderId",), refusal.problems[0].message, "INVALID") from None  # [DP]
    return {"job": {"id": gid("Job", shop.site.chance.uuid("shopify/jobs")), "done": False}}


def order_close(shop: Shop, args: Args) -> Payload:
    return {"order": thing(shop, "Order", orders.close(shop, _order(shop, args["input"]["id"])))}


def order_open(shop: Shop, args: Args) -> Payload:
    return {"order": thing(shop, "Order", orders.reopen(shop, _order(shop, args["input"]["id"])))}


def order_delete(shop: Shop, args: Args) -> Payload:
    orders.delete(shop, _order(shop, args["order_id"], "orderId", "NOT_FOUND"))
    return {"deleted_id": args["order_id"]}


def order_mark_as_paid(shop: Shop, args: Args) -> Payload:
    """What is reserved is captured, what is missing is taken as paid by hand."""
    order = _order(shop, args["input"]["id"])
    reserved = funds.of(order).reserved_cents > 0
    try:
        if order["cancelled_at_ms"]:
            raise Invalid(())
        kind: Document = {"kind": "capture"} if reserved else {"kind": "sale", "gateway": "manual"}
        paid, _ = transactions.create(shop, order, kind)
    except Invalid:
        raise refuse(("id",), "Order cannot be marked as paid.") from None  # [DP]
    return {"order": thing(shop, "Order", paid)}


# --- tags ---

UPDATES = {"Customer": customers.update, "Order": orders.update, "Product": products.update}


def tags_add(shop: Shop, args: Args) -> Payload:
    return _tagged(shop, args, "tagsAdd", lambda before, sent: [*before, *sent])


def tags_remove(shop: Shop, args: Args) -> Payload:
    def without(before: list[str], sent: list[str]) -> list[str]:
        gone = {tag.strip().lower() for tag in sent}
        return [tag for tag in before if tag.lower() not in gone]

    return _tagged(shop, args, "tagsRemove", without)


def _tagged(shop: Shop, args: Args, name: str, joined: Callable[[list[str], list[str]], list[str]]) -> Payload:
    """Tags of customers, orders and products; a tag that is sent may hold several, parted by commas [S]."""
    found = by_id(shop, args["id"], *UPDATES)
    if found is None:
        raise refuse(("id",), f"{args['id'].split('/')[3]} does not exist")
    scope = f"write_{found.type.lower()}s"
    access.check(shop, name, (scope, f"`{scope}` access scope."))
    before = [tag for tag in found.document["tags"].split(", ") if tag]
    sent = [part.strip() for tag in args["tags"] for part in tag.split(",") if part.strip()]
    changed = UPDATES[found.type](shop, found.document, {"tags": joined(before, sent)})
    return {"node": thing(shop, found.type, changed)}


# --- subscriptions ---


def subscription_create(shop: Shop, args: Args) -> Payload:
    sent = args["webhook_subscription"]
    wanted = {"topic": topic(args["topic"])} | t.translated(sent, t.SUBSCRIPTION, "a webhook subscription")
    return {"webhook_subscription": thing(shop, "WebhookSubscription", subscriptions.create(shop, wanted))}


def subscription_update(shop: Shop, args: Args) -> Payload:
    wanted = t.translated(args["webhook_subscription"], t.SUBSCRIPTION, "a webhook subscription")
    changed = subscriptions.update(shop, _subscription(shop, args["id"]), wanted)
    return {"webhook_subscription": thing(shop, "WebhookSubscription", changed)}


def subscription_delete(shop: Shop, args: Args) -> Payload:
    subscriptions.delete(shop, _subscription(shop, args["id"]))
    return {"deleted_webhook_subscription_id": args["id"]}


def _subscription(shop: Shop, id: str) -> Document:
    found = by_id(shop, id, "WebhookSubscription")
    if found is None:
        raise refuse(("id",), "Webhook subscription does not exist")  # Our reading of the text
    return found.document


# --- the table ---

CUSTOMERS, PRODUCTS, ORDERS = "write_customers", "write_products", "write_orders"
MARKETPLACE = " or `write_marketplace_orders` access scope"
STAFF = ". Also: User needs manage_orders_information permission"
OFFLINE = (
    ". Also: This mutation is only accessible to apps authenticated using [offline tokens]"
    "(https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/offline-access-tokens)"
)
POS = (
    ", `write_marketplace_orders` access scope or `write_quick_sale` access scope. Also: The app must have the "
    "`write_pos_staff_member_event_attribution_overrides` access scope to assign events to another staff member"
)


def _may(what: str) -> str:
    return f". Also: The user must have a permission to {what}"


_INPUT, _SUBSCRIPTION = ("input",), ("webhookSubscription",)
_ADDRESS_NAMES = {"address": "callback_url", "fields": "include_fields"}

MUTATIONS: dict[str, Mutation] = {
    "customerCreate": Mutation(customer_create, CUSTOMERS),
    "customerUpdate": Mutation(customer_update, CUSTOMERS),
    "customerDelete": Mutation(customer_delete, CUSTOMERS),
    "customerSet": Mutation(customer_set, CUSTOMERS, inside=_INPUT),
    "customerEmailMarketingConsentUpdate": Mutation(
        _consent_update("email_marketing_consent", t.EMAIL_CONSENT), CUSTOMERS, inside=_INPUT
    ),
    "customerSmsMarketingConsentUpdate": Mutation(
        _consent_update("sms_marketing_consent", t.SMS_CONSENT), CUSTOMERS, inside=_INPUT
    ),
    "customerAddressCreate": Mutation(address_create, CUSTOMERS),
    "customerAddressUpdate": Mutation(address_update, CUSTOMERS),
    "customerAddressDelete": Mutation(address_delete, CUSTOMERS),
    "customerUpdateDefaultAddress": Mutation(address_default, CUSTOMERS),
    "productCreate": Mutation(product_create, PRODUCTS, _may("create products")),
    "productUpdate": Mutation(product_update, PRODUCTS, _may("update products")),
    "productDelete": Mutation(product_delete, PRODUCTS, _may("delete products")),
    "productVariantsBulkCreate": Mutation(variants_create, PRODUCTS, _may("create product variants")),
    "productVariantsBulkUpdate": Mutation(variants_update, PRODUCTS, _may("update product variants")),
    "orderCreate": Mutation(order_create, ORDERS, OFFLINE, inside=("order",)),
    "orderUpdate": Mutation(order_update, ORDERS, POS),
    "orderCancel": Mutation(
        order_cancel,
        ORDERS,
        f"{MARKETPLACE}. Also: This action cannot be reversed",
        errors=("user_errors", "order_cancel_user_errors"),
    ),
    "orderClose": Mutation(order_close, ORDERS, STAFF),
    "orderOpen": Mutation(order_open, ORDERS, STAFF),
    "orderDelete": Mutation(order_delete, ORDERS, ". Also: The user must have delete_orders permission"),
    "orderMarkAsPaid": Mutation(
        order_mark_as_paid, ORDERS, ". Also: The user must have mark_orders_as_paid permission"
    ),
    "tagsAdd": Mutation(tags_add),
    "tagsRemove": Mutation(tags_remove),
    "webhookSubscriptionCreate": Mutation(subscription_create, inside=_SUBSCRIPTION, names=_ADDRESS_NAMES),
    "webhookSubscriptionUpdate": Mutation(subscription_update, inside=_SUBSCRIPTION, names=_ADDRESS_NAMES),
    "webhookSubscriptionDelete": Mutation(subscription_delete),
}

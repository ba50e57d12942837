"""What one Shopify record asks of HubSpot, and what of it is not so: one function for each kind of record.

All of it follows the specification: A6-A13, A19-A29 for contacts, deals and carts, A30-A35 for products and lines,
I1-I9 for what the vendors' pages leave open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from scenarios.oracle import tables
from scenarios.oracle.compare import differences, line_differences
from scenarios.oracle.origins import PROPERTIES, origins
from scenarios.oracle.records import NOTHING_GONE, Document, Gone, Held, NaturalKey, Portal, Shop, email_of, ms_of

STORES = "ip__ecomm_bridge__source_store_id"
GRACE_MS = 10 * 60_000  # a checkout that nobody touches for so long counts as abandoned (A26)
EXPIRY_MS = 48 * 3_600_000  # a deal stays so long in Checkout Pending (A25)


@dataclass(frozen=True, slots=True)
class View:
    """Both sides at one moment.

    Args:
        webhooks_lost: whether some never arrived. Of a checkout that Shopify does not list (yet) only a webhook tells,
            so nothing can be asked of HubSpot then before it is listed.
        redacted: ids of customers who must be forgotten (I10).
        others: the other stores of the portal, whose customers may be the same contacts (I5).
        mapped: what a user has mapped Shopify's order statuses to (see tables.stages_of_order).
        never_deleted: objects whose records stay in HubSpot when Shopify's are deleted (I9).
        connected_ms: when the store was connected; who came later bears where he comes from (A16). 0: nobody knows.
        orders_from_ms: since when orders are shown to the integration; nobody can sync the older ones (F9).
    """

    shop: Shop
    portal: Portal
    integration: str
    now_ms: int
    gone: Gone = NOTHING_GONE
    webhooks_lost: bool = False
    mapped: Mapping[str, str | None] = field(default_factory=dict)
    orders_from_ms: int = 0
    connected_ms: int = 0
    others: tuple[Shop, ...] = ()
    redacted: frozenset[str] = frozenset()
    never_deleted: frozenset[str] = frozenset()

    @property
    def deals(self) -> bool:
        return self.integration == "deals"


def unmet(view: View, kind: str, document: Document) -> list[str]:
    """Why HubSpot does not show this record; empty when it does, or when the record asks for nothing."""
    return [f"{subject(kind, document)}: {why}" for why in _RULES[kind](view, document)]


def unmet_deletion(view: View, kind: str, last: Document) -> list[str]:
    """Why HubSpot still shows a record that was deleted in Shopify."""
    if kind == "order":
        named_alike = [order for order in view.shop.records["order"].values() if order["name"] == last["name"]]
        object_type = "deals" if view.deals else "orders"
        kept = object_type in view.never_deleted or (view.deals and named_alike)
        found = [] if kept else _of_order(view, last)
    elif kind == "product" and "products" not in view.never_deleted:
        found = view.portal.live("products", last["title"])
        living = [one for one in view.shop.records["product"].values() if one["title"] == last["title"]]
        found = found[len(living) :]
    else:
        return []  # the contact of a deleted customer and the deal or cart of a deleted checkout stay (A11, I9)
    return [f"{subject(kind, last)}: deleted in Shopify, HubSpot still holds it" for _ in found[:1]]


def natural_keys(view: View, kind: str, document: Document) -> set[NaturalKey]:
    """Where in HubSpot this record shows."""
    match kind:
        case "customer":
            return {("contacts", email_of(document))} if email_of(document) else set()
        case "product":
            return {("products", document["title"])}
        case "order":
            return {("deals", document["name"]) if view.deals else ("orders", str(document["id"]))}
        case _:
            shown = {("deals", document["name"]) if view.deals else ("carts", document["token"])}
            return shown | ({("contacts", email_of(document))} if email_of(document) else set())


def subject(kind: str, document: Document) -> str:
    name = document.get("name") or document.get("title") or email_of(document) or document["id"]
    return f"{kind} {name}"


# --- customers ---


def _customer(view: View, customer: Document) -> list[str]:
    email = email_of(customer)
    if not email:
        return _no_contact_without_email(view, customer)
    contacts = view.portal.live("contacts", email)
    if email in view.gone.emails:
        return [f"its contact was deleted in HubSpot and is back as {contacts[0].id}"] if contacts else []
    if not contacts:
        return [] if view.portal.was_deleted(email) else [f"no contact has the e-mail {email}"]
    if len(contacts) > 1:
        return [f"{len(contacts)} live contacts have the e-mail {email}"]
    found = differences(tables.CONTACT, _merged(_together(view, email), customer), contacts[0], False)
    return [
        *found,
        *_address_phone(customer, contacts[0]),
        *_store_problem(view, email, contacts[0]),
        *_origin_problem(view, email, contacts[0]),
    ]


def _store_problem(view: View, email: str, contact: Held) -> list[str]:
    """A contact of several stores lists them (A5, I5); where the property is blank nobody of ours wrote it."""
    listed = contact.get(STORES).split(";") if contact.get(STORES) else []
    stores = {shop.domain for shop in (view.shop, *view.others) if shop.customers_with(email)} - {""}
    lacking = stores - set(listed) if listed else set()
    found = [f"{STORES} is {listed}, lacks {', '.join(sorted(lacking))}"] if lacking else []
    return found + [f"{STORES} names a store twice: {listed}"] * (len(set(listed)) < len(listed))


def _origin_problem(view: View, email: str, contact: Held) -> list[str]:
    """Who came after the store was connected shows where he comes from (A16), in properties of ours."""
    have = tuple(contact.get(name) for name in PROPERTIES)
    together = _together(view, email)
    known = all((ms_of(one.get("created_at")) or 0) >= view.connected_ms for one in together)
    if not view.connected_ms or not known or not have[0] or view.webhooks_lost or view.orders_from_ms:
        return []
    sales = [
        sale for shop in (view.shop, *view.others) for one in shop.customers_with(email) for sale in shop.sales(one)
    ]
    wanted = origins(sales)
    return (
        [] if have in wanted else [f"comes from {have}, must come from {' or '.join(map(str, sorted(wanted)))} (A16)"]
    )


def _together(view: View, email: str) -> list[Document]:
    """Everybody with this e-mail, of all stores, the one changed last first (I5)."""
    found = [one for shop in (view.shop, *view.others) for one in shop.customers_with(email)]
    return sorted(found, key=lambda customer: ms_of(customer.get("updated_at")) or 0, reverse=True)


def _merged(together: list[Document], customer: Document) -> Document:
    """Of customers with one e-mail the one changed last speaks; its blanks leave the word to the next (I5)."""
    if len(together) < 2:
        return customer
    merged = dict(together[-1])
    for one in reversed(together[:-1]):
        merged |= {name: value for name, value in one.items() if value not in (None, "")}
    counts = [one.get("orders_count") for one in together]
    return merged | ({"orders_count": sum(counts)} if None not in counts else {})


def _address_phone(customer: Document, contact: Held) -> list[str]:
    phone = (customer.get("default_address") or {}).get("phone")
    if customer.get("phone") or not phone or contact.get("phone") != phone:
        return []
    return [f"phone {phone!r} comes from the default address, which is never used (A19)"]


def _no_contact_without_email(view: View, customer: Document) -> list[str]:
    """A customer without e-mail makes no contact (A8); one that lost it leaves the contact as it was (A10)."""
    name = (customer.get("first_name") or "", customer.get("last_name") or "")
    for contact in view.portal.live("contacts", ""):
        by_phone = customer.get("phone") and contact.get("phone") == customer["phone"]
        if by_phone or (any(name) and (contact.get("firstname"), contact.get("lastname")) == name):
            return [f"has no e-mail, and yet is the contact {contact.id} (A8)"]
    return []


def _contact_problem(view: View, held: Held, email: str, former: set[str]) -> list[str]:
    """The record is associated with the contact of this e-mail; where there is none, with nobody (A22, A29)."""
    have = view.portal.neighbours(held, "contacts")
    emails = set().union(*(contact.emails for contact in have))
    if not email:
        stranger = emails - former
        return [f"associated with the contact {min(stranger)}, must be with none (A29)"] if stranger else []
    if email in emails:
        return []
    if not view.portal.live("contacts", email) and (email in view.gone.emails or view.portal.was_deleted(email)):
        return []  # deleted in HubSpot: the deal or order stands without it (A13)
    return [f"not associated with the contact {email}"]


# --- products ---


def _product(view: View, product: Document) -> list[str]:
    candidates = view.portal.live("products", product["title"])
    if not candidates:
        return ["no product has this name"]
    found = [differences(tables.PRODUCT, product, one, False) for one in candidates]
    return min(found, key=len)


# --- orders ---


def _order(view: View, order: Document) -> list[str]:
    if not is_shown(view, order):
        return []
    found = _of_order(view, order)
    if order.get("test"):
        return ["a test order must not be in HubSpot (I8)"] if found else []
    allowed = (tables.stage_of_deal(order),) if view.deals else tables.stages_of_order(order, view.mapped)
    if not allowed:
        return []  # excluded; one that is there stays as it was last written (B35)
    if not found:
        return ["no deal has this name" if view.deals else "no order has this external id"]
    if len(found) > 1:
        return [f"{len(found)} live records show it: {', '.join(one.id for one in found)}"]
    held = found[0]
    if str((order.get("customer") or {}).get("id") or order.get("customer_id")) in view.redacted:
        return [f"{name} is still {held.get(name)!r} (I10)" for name in tables.PERSONAL if held.get(name)]
    table = tables.DEAL_OF_ORDER if view.deals else tables.ORDER
    return [
        *_stage_problem(view, held, allowed),
        *differences(table, order, held, True),
        *line_differences(order, held, view.shop, view.portal),
        *_contact_problem(view, held, *_buyer(view, order)),
    ]


def is_shown(view: View, order: Document) -> bool:
    """Whether Shopify shows it to the integration at all."""
    return (ms_of(order.get("created_at")) or 0) >= view.orders_from_ms


def _of_order(view: View, order: Document) -> list[Held]:
    return view.portal.live(*next(iter(natural_keys(view, "order", order))))


def _buyer(view: View, document: Document) -> tuple[str, set[str]]:
    """The customer's e-mail of today, and those it had before. An order's own e-mail does not count (A29)."""
    embedded = document.get("customer") or {}
    id = embedded.get("id") or document.get("customer_id")
    customer = view.shop.customer(id) if id else None
    if customer is None:  # a guest, or deleted in Shopify, which leaves the contact and its records as they are (A11)
        deleted = view.shop.deleted["customer"].get(str(id))
        return email_of(embedded) or (email_of(deleted) if deleted else ""), set()
    return email_of(customer), view.shop.emails_ever[str(id)]


def _stage_problem(view: View, held: Held, allowed: tuple[str, ...]) -> list[str]:
    stage = view.portal.stage(held)
    return [] if stage in allowed else [f"stage is {stage!r}, must be {' or '.join(map(repr, allowed))}"]


# --- checkouts ---


def _checkout(view: View, checkout: Document) -> list[str]:
    state = checkout_state(view, checkout)
    return (_deal_of_checkout if view.deals else _cart)(view, checkout, state)


def checkout_state(view: View, checkout: Document) -> str:
    """ "completed", "stuck", "abandoned", "pending", or "wavering": touched again after it may have been abandoned."""
    if checkout.get("completed_at") or view.shop.order_of(checkout):
        return "completed"
    if not (checkout.get("email") or checkout.get("phone")):
        return "stuck"  # Shopify lists a checkout only once it has contact information (F9)
    if view.now_ms >= abandoned_at_ms(checkout):
        return "abandoned"
    created_ms = ms_of(checkout["created_at"]) or 0
    return "wavering" if view.now_ms >= created_ms + GRACE_MS else "pending"


def abandoned_at_ms(checkout: Document) -> int:
    return (ms_of(checkout["updated_at"]) or 0) + GRACE_MS


def _deal_of_checkout(view: View, checkout: Document, state: str) -> list[str]:
    deals = view.portal.live("deals", checkout["name"])
    if state == "completed":
        order = view.shop.order_of(checkout)
        doubled = deals and order and not order.get("test")
        return [f"completed, and yet a deal of its own beside {order['name']} (I2)"] if doubled else []  # type: ignore[index]
    unlisted = view.webhooks_lost and state != "abandoned"
    if not deals:
        return [] if unlisted else ["no deal has this name"]
    if len(deals) > 1:
        return [f"{len(deals)} live deals have this name"]
    if unlisted:
        return _stage_problem(view, deals[0], _stages_of_checkout(view, state, deals[0])) if state == "stuck" else []
    return [
        *_stage_problem(view, deals[0], _stages_of_checkout(view, state, deals[0])),
        *_pipeline_problem(view, deals[0]),
        *differences(tables.DEAL_OF_CHECKOUT, checkout, deals[0], True),
        *line_differences(checkout, deals[0], view.shop, view.portal),
        *(_cart_contact(view, checkout, deals[0]) if state == "abandoned" else ()),
    ]


def _stages_of_checkout(view: View, state: str, deal: Held) -> tuple[str, ...]:
    match state:
        case "abandoned":
            return ("checkout abandoned",)
        case "wavering":
            return ("checkout abandoned", "checkout pending")  # never back to Pending, but was it seen in time? (A26)
        case "stuck" if view.now_ms >= pending_since_ms(deal) + EXPIRY_MS:
            return ("",)
        case _:
            return ("checkout pending",)


def pending_since_ms(deal: Held) -> int:
    """When the deal of a checkout entered Checkout Pending, where it begins."""
    return ms_of(deal.get("hs_v2_date_entered_checkout_pending")) or deal.created_ms


def _pipeline_problem(view: View, deal: Held) -> list[str]:
    """A deal without a stage is in no pipeline either (A25)."""
    alike = bool(view.portal.stage(deal)) == bool(deal.get("pipeline"))
    return [] if alike else [f"pipeline is {deal.get('pipeline')!r} where the stage is {view.portal.stage(deal)!r}"]


def _cart(view: View, checkout: Document, state: str) -> list[str]:
    carts = view.portal.live("carts", checkout["token"])
    if len(carts) > 1:
        return [f"{len(carts)} live carts have its token"]
    if state in ("pending", "stuck"):
        return ["pending, and yet a cart (B16)"] if carts else []
    if not carts:
        return ["no cart has its token"] if state == "abandoned" else []
    status = "recovered" if state == "completed" else "abandoned"
    found = [] if carts[0].get("hs_external_status") == status else [f"hs_external_status must be {status!r}"]
    if state == "completed":
        return found + _recovery_problem(view, checkout, carts[0])
    if state == "wavering" and view.webhooks_lost:
        return []
    return [
        *found,
        *differences(tables.CART, checkout, carts[0], True),
        *line_differences(checkout, carts[0], view.shop, view.portal),
        *(_cart_contact(view, checkout, carts[0]) if state == "abandoned" else ()),
    ]


def _recovery_problem(view: View, checkout: Document, cart: Held) -> list[str]:
    """A recovered cart is associated with its order (I2)."""
    order = view.shop.order_of(checkout)
    if order is None or order.get("test"):
        return []
    ids = {one.get("hs_external_order_id") for one in view.portal.neighbours(cart, "orders")}
    return [] if str(order["id"]) in ids else [f"cart is not associated with the order {order['name']} (I2)"]


def _cart_contact(view: View, checkout: Document, held: Held) -> list[str]:
    """Who left a cart is a contact: the customer or, where the checkout has none, its e-mail (A6, A24)."""
    email, former = _buyer(view, checkout)
    has_customer = bool((checkout.get("customer") or {}).get("id") or checkout.get("customer_id"))
    if not email and not has_customer:
        email = email_of(checkout)
    known = view.portal.live("contacts", email) if email else ()
    if email in view.gone.emails:
        return [f"the contact {email} was deleted in HubSpot and is back"] if known else []
    if email and not known and not view.portal.was_deleted(email):
        return [f"no contact has the e-mail {email}"]
    return _contact_problem(view, held, email, former)


_RULES: dict[str, Callable[[View, Document], list[str]]] = {
    "customer": _customer,
    "product": _product,
    "order": _order,
    "checkout": _checkout,
}

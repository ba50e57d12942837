"""What HubSpot should hold for one Shopify record: the rules of both integrations.

Pure and total: the same record, surroundings and settings give the same answer, and every document gives one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sync_core.mappings import TABLES
from sync_core.pure import convert
from sync_core.pure.contacts import united
from sync_core.pure.image import image
from sync_core.pure.keys import guest_ref, line_ref, ref_of
from sync_core.pure.model import KEY_PROPERTY, Absent, Desired, Excluded, Kind, Ref, Settings, Source, Surroundings
from sync_core.pure.origins import origin_of
from sync_core.pure.stages import WAS_ABANDONED, checkout_phase, mapped, order_stage

Decision = Desired | Absent | Excluded

# A14: marks of contacts that the first import creates.
FIRST_IMPORT_MARKS: Mapping[str, str] = {
    "hs_analytics_source_data_1": "INTEGRATION_SYNC",
    "hs_analytics_source_data_2": "integrations-sync",
}


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Whose state this record's decision depends on.

    Args:
        refs: HubSpot records that it points at; the shell says which of them exist and which are gone.
        emails: addresses whose tombstones matter, lower-cased.
        checkout_token: joins an order and the checkout that it was (I2).
        sources: Shopify records that it mentions; the shell reads those that it does not know.
    """

    refs: frozenset[Ref] = frozenset()
    emails: frozenset[str] = frozenset()
    checkout_token: str | None = None
    sources: frozenset[tuple[Kind, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class _Case:
    """A record that is not deleted, with all that its decision depends on."""

    ref: Ref
    document: Mapping[str, Any]
    around: Surroundings
    settings: Settings


def desired(source: Source, around: Surroundings, settings: Settings) -> Decision:
    ref = ref_of(source.kind, source.id, source.document, settings)
    if source.document is None:
        return _deleted(source.kind, around.ref or ref, settings)
    return DECISIONS[source.kind](_Case(ref, source.document, around, settings))


def neighbours(source: Source, settings: Settings) -> Neighbours:
    document = source.document
    if document is None:
        return Neighbours()
    if source.kind == "customer":
        return Neighbours(emails=_emails(document))
    if source.kind == "product":
        return Neighbours()
    customer = document.get("customer") or {}
    products = (_product_id(line) for line in document.get("line_items") or ())
    sources: set[tuple[Kind, str]] = {("product", id_) for id_ in products if id_}
    if customer.get("id"):
        sources.add(("customer", str(customer["id"])))
    refs = {ref_of(kind, id_, None, settings) for kind, id_ in sources}
    emails = _emails(customer)
    if not customer.get("id") if source.kind == "checkout" else settings.use_order_email:
        emails |= _emails(document)
        refs |= {guest_ref(email, settings) for email in _emails(document)}
    token = source.id if source.kind == "checkout" else document.get("checkout_token")
    return Neighbours(frozenset(refs), emails, token or None, frozenset(sources))


# --- deletions ---


def _deleted(kind: Kind, ref: Ref, settings: Settings) -> Decision:
    """A contact, a cart and a checkout's deal stay (A11, I9), products and orders go (A27, A33) unless kept."""
    if kind not in ("product", "order"):
        return Excluded(ref, "deleted_in_shopify")
    if ref.object_type in settings.never_delete:
        return Excluded(ref, "never_deleted")
    return Absent(ref, "deleted_in_shopify")


# --- customers (A6 to A14, A29) ---


def _customer(case: _Case) -> Decision:
    emails = _emails(case.document)
    if case.around.tombstoned or emails & case.around.tombstoned_emails:
        return Excluded(case.ref, "tombstoned")  # A13
    if not emails:
        return Excluded(case.ref, "no_email")  # A8; a linked contact stays as it is (A10)
    return _contact(case, "customer")


def _contact(case: _Case, table: str) -> Desired:
    contact = united(_record(case, table), case.document, case.around, case.settings, table)
    match = ("email", contact.properties["email"])  # A7, A9
    return replace(contact, match=match, create_only=_marks(case, table))


def _marks(case: _Case, table: str) -> Mapping[str, str]:
    """A14, A16: how a contact that is made came about; one without a customer by the cart that was left."""
    if case.around.first_import:
        return FIRST_IMPORT_MARKS
    sale = case.document if table == "guest" and not case.around.siblings else case.around.first_sale
    origin = origin_of(sale)
    names = ("hs_analytics_source", "hs_analytics_source_data_1", "hs_analytics_source_data_2")
    values = (origin.source, origin.data_1, origin.data_2)
    return {name: value for name, value in zip(names, values, strict=True) if value}


# --- products (A30, A35) ---


def _product(case: _Case) -> Decision:
    return _record(case, "product")


# --- orders (A20 to A22, A28, A29, B16, B23, B35) ---


def _order(case: _Case) -> Decision:
    if case.document.get("test") and case.settings.skip_test_orders:
        return Excluded(case.ref, "test_order")  # I8
    stage = mapped(order_stage(case.document, case.settings), case.settings.stages)
    if stage is None:
        return Excluded(case.ref, "stage_unmapped")  # B35
    buyer = _customer_ref(case)
    guest = _by_email(case) if case.settings.use_order_email and buyer is None else None  # A29
    return replace(
        _record(case, "order", **_place(stage, case.settings)),
        associations=_as_set(_buyer(case, guest)),
        children=_lines(case),
        companions=_brought(case, guest),
        stage=stage,
    )


# --- checkouts (A23 to A26, B16, I2) ---


def _checkout(case: _Case) -> Decision:
    return _checkout_deal(case) if case.settings.integration == "deals" else _cart(case)


def _checkout_deal(case: _Case) -> Decision:
    if _completed(case):
        return Excluded(case.ref, "became_order")  # I2: the order writes the same deal
    phase = checkout_phase(case.document, case.around, case.settings)
    stage = f"checkout_{phase.name}" if phase.name != "expired" else ""
    if stage and stage not in case.settings.stages:
        return Excluded(case.ref, "stage_unmapped", phase.next_change_ms)
    deal = _record(case, "checkout", **_place(stage, case.settings))
    guest = _guest(case) if phase.name == "abandoned" else None  # A24
    return replace(
        deal,
        associations=_as_set(_buyer(case, guest)),
        children=_lines(case),
        companions=_brought(case, guest),
        stage=stage,
        next_change_ms=phase.next_change_ms,
        warnings=deal.warnings if stage else (*deal.warnings, PENDING_EXPIRED),
    )


PENDING_EXPIRED = "pending_expired: too long in Checkout Pending, so the deal is in no pipeline (A25)"


def _cart(case: _Case) -> Decision:
    completed, was_abandoned = _completed(case), case.around.stage in WAS_ABANDONED
    if completed and not was_abandoned:
        return Excluded(case.ref, "became_order")
    phase = checkout_phase(case.document, case.around, case.settings)
    if phase.name != "abandoned":
        return Excluded(case.ref, "pending_checkout", phase.next_change_ms)  # B16
    status = "recovered" if completed else "abandoned"  # I2
    guest = _guest(case)
    order = _as_set(case.around.order) - case.around.gone
    return replace(
        _record(case, "checkout", status=status),
        associations=_as_set(_buyer(case, guest)) | order,
        children=_lines(case),
        companions=_brought(case, guest),
        stage=status,
    )


def _completed(case: _Case) -> bool:
    return bool(case.document.get("completed_at")) or case.around.order_known


DECISIONS: Mapping[Kind, Callable[[_Case], Decision]] = {
    "customer": _customer,
    "product": _product,
    "order": _order,
    "checkout": _checkout,
}


# --- parts ---


def _record(case: _Case, table: str, **facts: Any) -> Desired:
    """The record's own properties under its table; contacts get another match, as they are found by e-mail."""
    rows = TABLES[case.settings.integration][table]
    shop = {"shop": case.settings.shop, "shop_timezone": case.settings.shop_timezone, "key": case.ref.key}
    if case.around.newcomer:
        origin = origin_of(case.around.first_sale)
        shop |= {"origin": origin.source, "origin_1": origin.data_1, "origin_2": origin.data_2}
    properties, warnings = image(rows, case.document, shop | facts)
    match = (KEY_PROPERTY, case.ref.key)
    return Desired(case.ref, match, properties, rows.blank_erases, rows.erasing, warnings=warnings)


def _place(stage: str, settings: Settings) -> dict[str, str]:
    """Pipeline and stage; a deal without a stage is in no pipeline either (A25, F12)."""
    return {"pipeline": settings.pipeline if stage else "", "stage": settings.stages[stage] if stage else ""}


def _as_set(ref: Ref | None) -> frozenset[Ref]:
    return frozenset() if ref is None else frozenset({ref})


def _customer_ref(case: _Case) -> Ref | None:
    """The contact of the customer; whether that one has an e-mail is decided with the customer (A29)."""
    customer = case.document.get("customer") or {}
    if not customer.get("id") or _emails(customer) & case.around.tombstoned_emails:
        return None
    ref = ref_of("customer", str(customer["id"]), None, case.settings)
    return None if ref in case.around.gone else ref


def _guest(case: _Case) -> Desired | None:
    """The contact of a checkout that has an e-mail but no customer (A6), unless it was deleted in HubSpot (A13)."""
    return None if (case.document.get("customer") or {}).get("id") else _by_email(case)


def _by_email(case: _Case) -> Desired | None:
    """The contact of the e-mail that a checkout or an order bears itself."""
    emails = _emails(case.document)
    if not emails or emails & case.around.tombstoned_emails:
        return None
    return _contact(replace(case, ref=guest_ref(min(emails), case.settings)), "guest")


def _buyer(case: _Case, guest: Desired | None) -> Ref | None:
    """Whose contact an abandoned checkout or an order is associated with."""
    if guest is None:
        return _customer_ref(case)
    return guest.ref if guest.ref not in case.around.gone or _brought(case, guest) else None


def _brought(case: _Case, guest: Desired | None) -> tuple[Desired, ...]:
    """Where the sync of contacts is off nothing is written of them (B13)."""
    return (guest,) if guest and "customer" not in case.settings.off else ()


def _lines(case: _Case) -> tuple[Desired, ...]:
    """One line item for each line that is still bought (A22, A34)."""
    children: dict[str, Desired] = {}
    for position, line in enumerate(case.document.get("line_items") or ()):
        current = line.get("current_quantity")
        quantity = line.get("quantity") if current is None else current
        key = _line_key(line, position)
        if quantity and key not in children:
            children[key] = _line(case, key, line, quantity)
    return tuple(children.values())


def _line(case: _Case, key: str, line: Mapping[str, Any], quantity: int) -> Desired:
    ref = line_ref(case.ref, key)
    currency = case.document.get("currency")
    child = _record(replace(case, ref=ref, document=line), "line", quantity=quantity, currency=currency)
    return replace(child, links=_product_link(case, line), associations=frozenset({case.ref}))


def _line_key(line: Mapping[str, Any], position: int) -> str:
    """An order's line has an id; a checkout's has a key instead, which its webhooks and answers share."""
    known = line.get("key") or line.get("id")
    return str(known) if known else f"{position}-{line.get('variant_id')}"


def _product_link(case: _Case, line: Mapping[str, Any]) -> dict[str, Ref]:
    """No link for a custom line or a product that is no more: the line item stands alone (A22, scenario 38)."""
    id_ = _product_id(line)
    ref = ref_of("product", id_, None, case.settings) if id_ else None
    return {"hs_product_id": ref} if ref is not None and ref not in case.around.gone else {}


def _product_id(line: Mapping[str, Any]) -> str | None:
    return str(line["product_id"]) if line.get("product_id") and line.get("product_exists") is not False else None


def _emails(document: Mapping[str, Any]) -> frozenset[str]:
    return frozenset({convert.email(document.get("email") or "")} - {""})

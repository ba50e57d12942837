"""The nouns of the sync core: what was seen in Shopify, what HubSpot should hold, what it holds, what to do.

Everything is a frozen value. A `Ref` names a HubSpot record before HubSpot has given it an id: its object type and
our key, which says where it comes from ("drill.myshopify.com/order/450789469"). The key also stands in HubSpot, in a
unique property of ours, so that a lost ledger finds its records again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["customer", "product", "order", "checkout"]
ObjectType = Literal["contacts", "products", "deals", "orders", "carts", "line_items"]
Integration = Literal["deals", "data-sync"]
Winner = Literal["shopify", "hubspot"]

KEY_PROPERTY = "shopify_sync_key"  # our unique property on every object type but contacts, which match by e-mail

Properties = Mapping[str, str]  # HubSpot's property name -> value as HubSpot writes it; "" is blank


# --- what was seen ---


@dataclass(frozen=True, slots=True)
class Source:
    """A Shopify record as last seen, in the shape of a REST answer.

    Args:
        shop: the myshopify.com domain.
        id: Shopify's id; a checkout's token, as its webhooks carry no id.
        document: None once it is deleted.
    """

    shop: str
    kind: Kind
    id: str
    document: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user chose for one connection.

    Args:
        shop: the myshopify.com domain.
        shop_timezone: IANA name; date-only values are cut there (I6).
        integration: "deals" (2023, A1-A50) or "data-sync" (2024, B1-B39).
        pipeline: pipeline id of deals or orders, and `stages`: our stage name -> stage id in that portal.
        abandoned_after_ms: grace after a checkout's last update (A26).
        pending_expires_ms: how long a deal stays in Checkout Pending (A25).
        skip_test_orders: test orders are excluded (I8).
        use_order_email: an order of nobody with an e-mail gets the contact of its own e-mail (A29).
        refunded_is_cancelled: a deal whose order is refunded in full goes to Cancelled (derived stage rules A).
        off: the kinds whose sync is off (B13).
        hold_weak_matches: a product that HubSpot has by name alone waits for approval (scenario 37).
        winner: whose value stands where both sides have changed a field (I4).
        never_delete: HubSpot objects that stay when their Shopify record is deleted (I9).
    """

    shop: str
    shop_timezone: str
    integration: Integration
    pipeline: str
    stages: Mapping[str, str]
    abandoned_after_ms: int = 10 * 60_000
    pending_expires_ms: int = 48 * 3_600_000
    skip_test_orders: bool = True
    use_order_email: bool = False
    refunded_is_cancelled: bool = False
    off: frozenset[Kind] = frozenset()
    hold_weak_matches: bool = False
    winner: Winner = "shopify"
    never_delete: frozenset[ObjectType] = frozenset()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the ledger knows about a record's neighbours at the moment of the decision.

    Args:
        now_ms: the time.
        gone: refs that will never exist, or must not: tombstoned contacts (A13), excluded customers, products that
            were deleted before they were synced.
        tombstoned_emails: e-mail addresses, lower-cased, of contacts deleted in HubSpot (A13).
        tombstoned: for a customer, whether its own contact was deleted in HubSpot (A13). Its own ref in `gone` means
            nothing: an excluded customer may become syncable.
        order_known: for a checkout, whether an order with its token was ever seen, even if it is deleted by now (I2).
        order: for a checkout, the record of that order in HubSpot, which the cart is associated with (I2).
        pending_since_ms: for a checkout, when its deal first entered Checkout Pending; None where it never did (A25).
        stage: for a checkout, `Desired.stage` of its last decision: an abandoned one is never pending again (A26).
        ref: the ref of the last decision; the only way to name the deal of an order whose document is gone.
        first_import: whether the record is older than the connection and its first import still runs (A14).
        siblings: for a customer, the other customers of the same contact, in whichever store (I5); for a checkout
            without a customer, the customers with its e-mail.
        stores: the stores that its contact is known to come from, beside those of the siblings (A5).
        newcomer: whether it and its siblings are younger than their stores' connections (A16).
        first_sale: the earliest known order or checkout of the customer and its siblings (A16).
    """

    now_ms: int
    gone: frozenset[Ref] = frozenset()
    tombstoned_emails: frozenset[str] = frozenset()
    tombstoned: bool = False
    order_known: bool = False
    order: Ref | None = None
    pending_since_ms: int | None = None
    stage: str = ""
    ref: Ref | None = None
    first_import: bool = False
    siblings: tuple[Source, ...] = ()
    stores: frozenset[str] = frozenset()
    newcomer: bool = False
    first_sale: Mapping[str, Any] | None = None


# --- what should be ---


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """A HubSpot record by our name of it."""

    object_type: ObjectType
    key: str


@dataclass(frozen=True, slots=True)
class Desired:
    """One HubSpot record as it should be.

    Args:
        match: the unique property and value by which the first write finds the record or makes it.
        properties: every property that we own on it; "" for blank.
        blank_erases: whether a blank value of ours overwrites HubSpot's (deals, orders, carts, line items mirror
            Shopify) or is left out (contacts and products, A10).
        erasing: properties whose blank overwrites HubSpot's all the same.
        create_only: marks that are sent with the first write alone, and left out if HubSpot refuses them (A14).
        links: properties that hold another record's HubSpot id: `hs_product_id` -> Ref.
        associations: records to be associated with; a line item's holds its parent.
        children: line items: they live and die with this record.
        companions: records that this one brings with it and that outlive it: the contact of an abandoned checkout
            that has an e-mail but no customer (A6).
        stage: our name of the pipeline stage, "" for none; for the ledger, which times A25 by it.
        next_change_ms: when passing time alone makes another image desired (A25, A26); None if never.
    """

    ref: Ref
    match: tuple[str, str]
    properties: Properties
    blank_erases: bool
    erasing: frozenset[str] = frozenset()
    create_only: Properties = field(default_factory=dict)
    links: Mapping[str, Ref] = field(default_factory=dict)
    associations: frozenset[Ref] = frozenset()
    children: tuple[Desired, ...] = ()
    companions: tuple[Desired, ...] = ()
    stage: str = ""
    next_change_ms: int | None = None
    warnings: tuple[str, ...] = ()

    def is_sent(self, name: str, value: str) -> bool:
        """Whether a value of ours is written at all, blank as it may be."""
        return bool(value) or self.blank_erases or name in self.erasing


@dataclass(frozen=True, slots=True)
class Absent:
    """The HubSpot record should not exist: archive it if we made it."""

    ref: Ref
    reason: str


@dataclass(frozen=True, slots=True)
class Excluded:
    """Nothing is to be done in HubSpot, now or until the source changes; what is there stays as it is.

    Args:
        reason: "no_email", "test_order", "pending_checkout", "became_order", "tombstoned", "deleted_in_shopify",
            "stage_unmapped" (B35), "never_deleted" (I9).
        next_change_ms: as in Desired.
    """

    ref: Ref
    reason: str
    next_change_ms: int | None = None


# --- what is, as far as we know ---


@dataclass(frozen=True, slots=True)
class Actual:
    """A HubSpot record as we last wrote or saw it.

    Args:
        told: what is to be known of the link, in words: it may be a weak one.
    """

    id: str
    properties: Properties
    links: Mapping[str, Ref] = field(default_factory=dict)
    associations: frozenset[Ref] = frozenset()
    children: Mapping[str, Actual] = field(default_factory=dict)  # line items, by key
    companions: Mapping[str, Actual] = field(default_factory=dict)  # contacts that it brought with it, by key
    told: str = ""


# --- what to do ---


@dataclass(frozen=True, slots=True)
class Upsert:
    """Find by a unique property or make.

    Args:
        create_only: sent along; if HubSpot refuses them, the op is sent again without (A14).
    """

    ref: Ref
    match: tuple[str, str]
    properties: Properties
    links: Mapping[str, Ref]
    create_only: Properties = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Update:
    """Change a record whose id we know; a miss means that somebody deleted it in HubSpot."""

    ref: Ref
    id: str
    properties: Properties
    links: Mapping[str, Ref]


@dataclass(frozen=True, slots=True)
class Archive:
    ref: Ref
    id: str


@dataclass(frozen=True, slots=True)
class Associate:
    """Associate `source` with `target`; both exist when this op's turn comes."""

    source: Ref
    target: Ref


@dataclass(frozen=True, slots=True)
class Dissociate:
    source: Ref
    target: Ref


Op = Upsert | Update | Archive | Associate | Dissociate


@dataclass(frozen=True, slots=True)
class Blocked:
    """All that can be written is written; the rest waits until these records exist in HubSpot."""

    on: tuple[Ref, ...]

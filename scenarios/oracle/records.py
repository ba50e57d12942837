"""What both systems hold, indexed for the oracle: built from dumps, or kept up to date by a change log.

A `Shop` and a `Portal` are the two sides as the fakes' records show them. Nothing here decides what is right.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

Document = Mapping[str, Any]
Dump = Mapping[str, Iterable[Document]]  # resource name -> its records

KINDS = {"customers": "customer", "products": "product", "orders": "order", "checkouts": "checkout"}
OBJECT_TYPES = ("contacts", "products", "line_items", "deals", "orders", "carts")
NATURAL_KEYS = {  # by what a record is found again, whoever wrote it
    "contacts": "email",
    "products": "name",
    "deals": "dealname",
    "orders": "hs_external_order_id",
    "carts": "hs_external_cart_id",
}

STORE_MARKS = {  # which store a record comes from (B-ORDER, B-CART, A5)
    "deals": "ip__ecomm_bridge__source_store_id",
    "orders": "hs_source_store",
    "carts": "hs_source_store",
}

NaturalKey = tuple[str, str]  # object type, value of its natural key


@dataclass(frozen=True, slots=True)
class Gone:
    """What was deleted, as far as somebody told: its last image, or the e-mail of a contact deleted in HubSpot."""

    orders: tuple[Document, ...] = ()
    products: tuple[Document, ...] = ()
    emails: frozenset[str] = frozenset()


NOTHING_GONE = Gone()


class Shop:
    """A Shopify store; `domain` is "" where nobody says."""

    def __init__(self, dump: Dump | None = None, domain: str = "") -> None:
        self.domain = domain
        self.records: dict[str, dict[str, Document]] = {kind: {} for kind in KINDS.values()}
        self.deleted: dict[str, dict[str, Document]] = {kind: {} for kind in KINDS.values()}
        self.emails_ever: dict[str, set[str]] = defaultdict(set)  # customer id -> every e-mail that it had
        self._customers_by_email: dict[str, set[str]] = defaultdict(set)
        self._orders_by_checkout: dict[str, str] = {}
        self._sales: dict[str, dict[tuple[str, str], Document]] = defaultdict(dict)  # by the customer's id
        for resource in KINDS if dump else ():
            for document in dump.get(resource, ()):
                self.apply(KINDS[resource], str(document["id"]), document)

    def apply(self, kind: str, id: str, document: Document | None) -> None:
        """One committed write; None deletes."""
        before = self.records[kind].pop(id, None)
        if before and before.get("customer_id"):
            self._sales[str(before["customer_id"])].pop((kind, id), None)
        if kind == "customer" and before:
            self._customers_by_email[email_of(before)].discard(id)
        if document is None:
            if before is not None:
                self.deleted[kind][id] = before
            return
        document = as_sent(kind, document)
        self.records[kind][id] = document
        if kind == "customer":
            self._customers_by_email[email_of(document)].add(id)
            self.emails_ever[id].add(email_of(document))
        if document.get("customer_id"):
            self._sales[str(document["customer_id"])][kind, id] = document
        if kind == "order" and document.get("checkout_token"):
            self._orders_by_checkout[document["checkout_token"]] = id

    def customer(self, id: Any) -> Document | None:
        return self.records["customer"].get(str(id))

    def customers_with(self, email: str) -> list[Document]:
        """Everybody with this e-mail, the one changed last first (I5)."""
        found = [self.records["customer"][id] for id in self._customers_by_email.get(email, ())]
        return sorted(
            found, key=lambda customer: (ms_of(customer.get("updated_at")) or 0, customer["id"]), reverse=True
        )

    def sales(self, customer: Document) -> list[Document]:
        """The customer's orders and checkouts."""
        return list(self._sales[str(customer["id"])].values())

    def order_of(self, checkout: Document) -> Document | None:
        """The live order that a checkout became."""
        id = self._orders_by_checkout.get(checkout.get("token") or "")
        return self.records["order"].get(id) if id else None

    @property
    def gone(self) -> Gone:
        return Gone(tuple(self.deleted["order"].values()), tuple(self.deleted["product"].values()))


@dataclass(slots=True)
class Held:
    """One HubSpot record."""

    object_type: str
    id: str
    properties: Mapping[str, Any]
    archived: bool
    created_ms: int

    def get(self, name: str) -> str:
        value = self.properties.get(name)
        return "" if value is None else str(value)

    @property
    def emails(self) -> set[str]:
        """The e-mail of a contact and its secondary ones."""
        texts = [self.get("email"), *self.get("hs_additional_emails").split(";")]
        return {text.strip().lower() for text in texts if text.strip()}

    def natural_keys(self) -> set[NaturalKey]:
        if self.object_type == "contacts":
            return {("contacts", email) for email in self.emails or {""}}
        name = NATURAL_KEYS.get(self.object_type)
        return {(self.object_type, self.get(name))} if name else set()


@dataclass(slots=True)
class Portal:
    """A HubSpot account."""

    records: dict[tuple[str, str], Held] = field(default_factory=dict)  # by (object type, id)
    stages: dict[str, str] = field(default_factory=dict)  # stage id -> label, lower case
    _by_key: dict[NaturalKey, set[str]] = field(default_factory=lambda: defaultdict(set))  # live ones
    _archived_emails: set[str] = field(default_factory=set)
    _neighbours: dict[tuple[str, str], set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    _pairs: dict[str, tuple[tuple[str, str], tuple[str, str]]] = field(default_factory=dict)  # association id -> ends

    @staticmethod
    def of(dump: Dump) -> Portal:
        portal = Portal()
        for resource in (*OBJECT_TYPES, "pipelines", "associations"):
            for place, document in enumerate(dump.get(resource, ())):
                portal.apply(resource, str(document.get("id", place)), document)
        return portal

    def apply(self, resource: str, id: str, document: Document | None) -> set[NaturalKey]:
        """One committed write; returns the natural keys of the records that it may have changed."""
        if resource == "associations":
            return self._associate(id, document)
        if resource == "pipelines":
            self._name_stages(document)
            return set()
        return self._put(resource, id, document) if resource in OBJECT_TYPES else set()

    def live(self, object_type: str, key: str) -> list[Held]:
        """The live records with this natural key, the oldest first."""
        ids = sorted(self._by_key.get((object_type, key), ()), key=int)
        return [self.records[object_type, id] for id in ids]

    def all_live(self, object_type: str) -> list[Held]:
        return [held for held in self.records.values() if held.object_type == object_type and not held.archived]

    def of_store(self, store: str) -> Portal:
        """The same account as one of several stores shows in it: names and ids of orders are a store's own (B6, I1)."""
        return StorePortal(self.records, self.stages, self._by_key, self._archived_emails, self._neighbours, {}, store)

    def neighbours(self, held: Held, object_type: str) -> list[Held]:
        """The live records of a type that are associated with this one."""
        ends = sorted(end for end in self._neighbours.get((held.object_type, held.id), ()) if end[0] == object_type)
        found = [self.records.get(end) for end in ends]
        return [one for one in found if one and not one.archived]

    def was_deleted(self, email: str) -> bool:
        """Whether a contact with this e-mail stands in the recycle bin."""
        return email in self._archived_emails

    def stage(self, held: Held) -> str:
        """The label of the record's pipeline stage in lower case; "" for none."""
        id = held.get("dealstage" if held.object_type == "deals" else "hs_pipeline_stage")
        return self.stages.get(id, id.replace("_", " "))

    def _put(self, object_type: str, id: str, document: Document | None) -> set[NaturalKey]:
        before = self.records.pop((object_type, id), None)
        touched = before.natural_keys() if before else set()
        for key in touched:
            self._by_key[key].discard(id)
        if document is not None:
            held = _held(object_type, id, document)
            self.records[object_type, id] = held
            touched |= held.natural_keys()
            if not held.archived:
                for key in held.natural_keys():
                    self._by_key[key].add(id)
        gone = document is None or self.records[object_type, id].archived
        if gone and object_type == "contacts" and before and not before.archived:
            self._archived_emails |= before.emails
        elif gone and object_type == "contacts" and document is not None:
            self._archived_emails |= self.records[object_type, id].emails
        return touched | self._parents((object_type, id))

    def _associate(self, id: str, document: Document | None) -> set[NaturalKey]:
        ends = self._pairs.pop(id, None)
        if ends:
            self._neighbours[ends[0]].discard(ends[1])
            self._neighbours[ends[1]].discard(ends[0])
        if document is not None:
            new = _ends(document)
            self._pairs[id] = new
            self._neighbours[new[0]].add(new[1])
            self._neighbours[new[1]].add(new[0])
            ends = new
        return set().union(*(self._keys_of(end) for end in ends or ()))

    def _parents(self, end: tuple[str, str]) -> set[NaturalKey]:
        """A line item's change is a change of the deal, order or cart that it belongs to."""
        if end[0] != "line_items":
            return set()
        return set().union(*(self._keys_of(other) for other in self._neighbours.get(end, ())))

    def _keys_of(self, end: tuple[str, str]) -> set[NaturalKey]:
        held = self.records.get(end)
        return (held.natural_keys() if held else set()) | self._parents(end)

    def _name_stages(self, document: Document | None) -> None:
        for stage in (document or {}).get("stages", ()):
            self.stages[str(stage["id"])] = str(stage["label"]).lower()


@dataclass(slots=True)
class StorePortal(Portal):
    """A portal as one store shows in it; it shares the records, and takes no writes."""

    store: str = ""

    def live(self, object_type: str, key: str) -> list[Held]:
        mark = STORE_MARKS.get(object_type)
        found = Portal.live(self, object_type, key)
        return [held for held in found if mark is None or held.get(mark) == self.store]

    def all_live(self, object_type: str) -> list[Held]:
        mark = STORE_MARKS.get(object_type)
        found = Portal.all_live(self, object_type)
        return [held for held in found if mark is None or held.get(mark) == self.store]


def as_sent(kind: str, document: Document) -> Document:
    """A row of the fake under the names of Shopify's REST answers; instants stay milliseconds."""
    sent = {name.removesuffix("_ms"): value for name, value in document.items()}
    if "default_address_id" in sent:
        own = [one for one in sent.get("addresses") or () if one["id"] == sent["default_address_id"]]
        sent["default_address"] = own[0] if own else None
    if kind == "checkout" and "total_price" not in sent:  # worked out when it is shown; a storefront without taxes
        total = str(sum(Decimal(line["line_price"]) for line in sent["line_items"]))
        sent |= {"name": f"#{sent['id']}", "total_price": total, "subtotal_price": total}
    return sent


def email_of(document: Document) -> str:
    """An e-mail as it is compared: trimmed and in lower case (A7)."""
    return (document.get("email") or "").strip().lower()


def ms_of(instant: Any) -> int | None:
    """An instant as either system writes it, in milliseconds since 1970; None for a blank."""
    if instant in (None, ""):
        return None
    text = str(instant)
    if text.lstrip("-").isdecimal():
        return int(text)
    return round(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)


def _held(object_type: str, id: str, document: Document) -> Held:
    properties = document.get("properties") or {}
    created = document.get("createdAt") or properties.get("createdate") or properties.get("hs_createdate")
    return Held(object_type, id, properties, bool(document.get("archived")), ms_of(created) or 0)


def _ends(document: Document) -> tuple[tuple[str, str], tuple[str, str]]:
    """An association's row names its two records as "deals/123"."""
    (type_a, _, id_a), (type_b, _, id_b) = (document[end].partition("/") for end in ("source", "target"))
    return (type_a, id_a), (type_b, id_b)

"""The lists of records that GraphQL has: by what each is sorted and searched. Connections and counts follow from rows.

The searchable fields are those of the schema's documentation [S]; of these the rows name what is not simulated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.kernel.errors import NotSimulated
from simulator.kernel.resource import Document
from simulator.shopify.graphql import index, pages, searching
from simulator.shopify.graphql.pages import Page, Place
from simulator.shopify.graphql.searching import Clause, Search
from simulator.shopify.graphql.things import SORTS, Thing, exactly, thing, variant_thing, visible
from simulator.shopify.kinds import VARIANTS, Kind
from simulator.shopify.rules import products
from simulator.shopify.shop import Shop

DEFAULT_COUNT_LIMIT = 10_000


def at(*paths: str) -> tuple[str, ...]:
    return tuple(f"json_extract(doc, '$.{path}')" for path in paths)


def text(*paths: str) -> Search:
    return Search(at(*paths))


def time(column: str) -> Search:
    return Search((column,), searching.instant)


def inside(part: str, *names: str) -> Search:
    """Texts of the records in a list, such as the skus of a product's variants."""
    expressions = tuple(f"json_extract(value, '$.{name}')" for name in names)
    within = f"EXISTS (SELECT 1 FROM json_each(doc, '$.{part}') WHERE {{}})"  # noqa: S608  names come from the tables
    return Search(expressions, within=within)


def having(path: str) -> Search:
    return Search((f"(coalesce(json_extract(doc, '$.{path}'), '') <> '')",), searching.truth)


ID = Search(("id",), searching.identifier)
# A tag is compared whole: it stands between commas in the stored text.
TAG = Search(
    ("trim(value)",),
    lambda _, value: value.lower(),
    within="""EXISTS (SELECT 1 FROM json_each('["' || replace(replace(replace(lower(json_extract(doc, '$.tags')),
        '\\', '\\\\'), '"', '\\"'), ', ', '","') || '"]') WHERE {})""",
)
TAG_NOT = Search(TAG.of, TAG.read, f"NOT {TAG.within}")


@dataclass(frozen=True, slots=True)
class Key:
    """What a list is sorted by: in SQL, and of a document, for its cursor."""

    sql: str
    value: Callable[[Document], Any]


def column(name: str) -> Key:
    return Key(name, lambda document: document[name])


def wording(name: str) -> Key:
    """A text, sorted without case."""
    return Key(f"coalesce(json_extract(doc, '$.{name}'), '') COLLATE NOCASE", lambda document: document[name] or "")


def price(name: str) -> Key:
    """In thousandths, whatever the decimals of its currency."""
    sql = f"CAST(round(json_extract(doc, '$.{name}') * 1000) AS INTEGER)"
    return Key(sql, lambda document: round(float(document[name]) * 1000))


BY_ID = Key("id", lambda document: str(document["id"]))  # a text in the cursor [DP]


@dataclass(frozen=True, slots=True)
class Listing:
    """One sort of list.

    Args:
        type: the type of its records.
        sort_keys: by the value of `sortKey`; the other values of the enum are not simulated.
        fields: what `query:` searches.
        not_simulated: fields of the documentation that are refused by name.
        default: the sort key where a list has no such argument.
        counted: the fields that the count of this list knows, if others.
        kind, make: where the records are kept and how one becomes a thing, if not as its type has it.
    """

    type: str
    sort_keys: Mapping[str, Key]
    fields: Mapping[str, Search]
    not_simulated: tuple[str, ...] = ()
    default: str = "ID"
    counted: tuple[str, ...] = ()
    kind: Kind | None = None
    make: Callable[[Shop, Document], Thing] | None = None

    def where(self, shop: Shop) -> Clause:
        return ("1", ()) if self.kind else visible(shop, self.type)


CREATED = {"CREATED_AT": column("created_at_ms"), "ID": BY_ID}
TIMES = CREATED | {"UPDATED_AT": column("updated_at_ms")}
SINCE = {"created_at": time("created_at_ms"), "updated_at": time("updated_at_ms"), "id": ID}

CUSTOMERS = Listing(
    "Customer",
    TIMES,
    {
        "default": text("email", "first_name", "last_name", "phone"),
        "country": inside("addresses", "country", "country_code"),
        "customer_date": time("created_at_ms"),
        "email": text("email"),
        "first_name": text("first_name"),
        "id": ID,
        "last_name": text("last_name"),
        "orders_count": Search(at("orders_count"), searching.whole),
        "phone": text("phone"),
        "state": text("state"),
        "tag": TAG,
        "tag_not": TAG_NOT,
        "total_spent": Search(("CAST(json_extract(doc, '$.total_spent') AS REAL)",), searching.amount),
        "updated_at": time("updated_at_ms"),
        "accepts_marketing": Search(
            ("coalesce(json_extract(doc, '$.email_marketing_consent.state'), '') = 'subscribed'",), searching.truth
        ),
    },
    ("last_abandoned_order_date", "order_date"),
    counted=("created_at", "id", "updated_at"),
)

ORDERS = Listing(
    "Order",
    TIMES
    | {
        "PROCESSED_AT": column("processed_at_ms"),
        "ORDER_NUMBER": Key("json_extract(doc, '$.order_number')", lambda document: document["order_number"]),
        "FINANCIAL_STATUS": wording("financial_status"),
        "FULFILLMENT_STATUS": wording("fulfillment_status"),
        "PO_NUMBER": wording("po_number"),
        "TOTAL_PRICE": price("total_price"),
        "CURRENT_TOTAL_PRICE": price("current_total_price"),
    },
    SINCE
    | {
        "default": text("name", "email", "note"),
        "name": text("name"),
        "cart_token": text("cart_token"),
        "checkout_token": text("checkout_token"),
        "confirmation_number": text("confirmation_number"),
        "current_total_price": Search(("CAST(json_extract(doc, '$.current_total_price') AS REAL)",), searching.amount),
        "customer_id": Search(("customer_id",), searching.identifier),
        "discount_code": inside("discount_codes", "code"),
        "email": text("email"),
        "financial_status": text("financial_status"),
        "fulfillment_status": Search(
            choices={
                "unshipped": "fulfillment_status IS NULL",
                "shipped": "fulfillment_status = 'fulfilled'",
                "fulfilled": "fulfillment_status = 'fulfilled'",
                "partial": "fulfillment_status = 'partial'",
                "unfulfilled": "fulfillment_status IS NULL OR fulfillment_status = 'partial'",
                "scheduled": "0",  # neither fulfillment orders in the future nor holds are simulated
                "on_hold": "0",
                "request_declined": "0",
            }
        ),
        "po_number": text("po_number"),
        "processed_at": time("processed_at_ms"),
        "sku": inside("line_items", "sku"),
        "source_identifier": text("source_identifier"),
        "source_name": text("source_name"),
        "status": Search(
            choices={
                "open": "closed_at_ms IS NULL AND cancelled_at_ms IS NULL",
                "closed": "closed_at_ms IS NOT NULL",
                "cancelled": "cancelled_at_ms IS NOT NULL",
                "not_closed": "closed_at_ms IS NULL",
                "any": "1",  # not documented here, but sent by clients that know it from REST [TAP]
            }
        ),
        "tag": TAG,
        "tag_not": TAG_NOT,
        "test": Search(at("test"), searching.truth),
        "total_weight": Search(at("total_weight"), searching.whole),
    },
    ("channel", "channel_id", "chargeback_status", "credit_card_last4", "delivery_method", "fraud_protection_level",
     "fulfillment_location_id", "gateway", "location_id", "payment_id", "payment_provider_id", "reference_location_id",
     "return_status", "risk_level", "sales_channel", "subtotal_line_items_quantity"),
    default="PROCESSED_AT",
)  # fmt: skip

PRODUCTS = Listing(
    "Product",
    TIMES
    | {
        "TITLE": wording("title"),
        "VENDOR": wording("vendor"),
        "PRODUCT_TYPE": wording("product_type"),
        "PUBLISHED_AT": Key("coalesce(published_at_ms, 0)", lambda document: document["published_at_ms"] or 0),
    },
    SINCE
    | {
        "default": Search((*at("title", "vendor", "product_type", "tags"),)),
        "barcode": inside("variants", "barcode"),
        "handle": text("handle"),
        "price": Search(
            ("CAST(json_extract(value, '$.price') AS REAL)",),
            searching.amount,
            "EXISTS (SELECT 1 FROM json_each(doc, '$.variants') WHERE {})",
        ),
        "product_type": text("product_type"),
        "published_at": time("published_at_ms"),
        "sku": inside("variants", "sku"),
        "status": Search(
            choices={name: f"status = '{name}'" for name in ("active", "archived", "draft")} | {"unlisted": "0"}
        ),
        "tag": TAG,
        "tag_not": TAG_NOT,
        "title": text("title"),
        "variant_id": Search(
            ("json_extract(value, '$.id')",),
            searching.identifier,
            "EXISTS (SELECT 1 FROM json_each(doc, '$.variants') WHERE {})",
        ),
        "variant_title": inside("variants", "title"),
        "vendor": text("vendor"),
    },
    ("bundles", "category_id", "collection_id", "combined_listing_role", "delivery_profile_id", "error_feedback",
     "gift_card", "has_only_composites", "has_only_default_variant", "has_variant_with_components", "inventory_total",
     "is_price_reduced", "out_of_stock_somewhere", "product_configuration_owner", "product_publication_status",
     "publication_ids", "publishable_status", "published_status", "tracks_inventory"),
)  # fmt: skip

# A variant lies in its product's document; its own table knows which.
IN_PRODUCT = (
    "EXISTS (SELECT 1 FROM shopify_products p, json_each(p.doc, '$.variants') v"
    " WHERE p.tenant = shopify_variants.tenant AND p.id = shopify_variants.product_id"
    " AND json_extract(v.value, '$.id') = shopify_variants.id AND ({}))"
)


def of_variant(*paths: str, read: Callable[[Shop, str], Any] | None = None, of: str = "v.value") -> Search:
    return Search(tuple(f"json_extract({of}, '$.{path}')" for path in paths), read, IN_PRODUCT)


VARIANTS_LISTING = Listing(
    "ProductVariant",
    {"ID": BY_ID},
    {
        "default": Search(
            ("json_extract(v.value, '$.title')", "json_extract(v.value, '$.sku')", "json_extract(p.doc, '$.title')"),
            within=IN_PRODUCT,
        ),
        "barcode": of_variant("barcode"),
        "id": ID,
        "inventory_quantity": of_variant("inventory_quantity", read=searching.whole),
        "option1": of_variant("option1"),
        "option2": of_variant("option2"),
        "option3": of_variant("option3"),
        "product_id": Search(("product_id",), searching.identifier),
        "product_status": of_variant("status", of="p.doc"),
        "product_type": of_variant("product_type", of="p.doc"),
        "sku": of_variant("sku"),
        "taxable": of_variant("taxable", read=searching.truth),
        "title": of_variant("title"),
        "updated_at": of_variant("updated_at_ms", read=searching.instant),
        "vendor": of_variant("vendor", of="p.doc"),
    },
    ("collection", "delivery_profile_id", "exclude_composite", "exclude_variants_with_components", "gift_card",
     "location_id", "managed", "managed_by", "product_ids", "product_publication_status", "publishable_status",
     "published_status", "requires_components", "tag", "tag_not"),
    kind=VARIANTS,
    make=lambda shop, entry: made_variant(shop, entry),  # noqa: PLW0108  defined below
)  # fmt: skip

FULFILLMENT_ORDERS = Listing(
    "FulfillmentOrder",
    {"ID": BY_ID, "UPDATED_AT": column("updated_at_ms")},
    SINCE
    | {
        "default": text("status"),
        "assigned_location_id": Search(
            ("(SELECT json_extract(doc, '$.primary_location_id') FROM shopify_shops s"
             " WHERE s.tenant = shopify_fulfillment_orders.tenant)",),
            searching.identifier,
        ),
        "status": text("status"),
    },
)  # fmt: skip

DRAFT_ORDERS = Listing(
    "DraftOrder",
    {
        "ID": BY_ID,
        "NUMBER": BY_ID,  # a draft's name counts up as its id does
        "STATUS": wording("status"),
        "UPDATED_AT": column("updated_at_ms"),
    },
    SINCE
    | {
        "default": text("name", "email", "note"),
        "customer_id": Search(("customer_id",), searching.identifier),
        "status": Search(choices={name: f"status = '{name}'" for name in ("open", "invoice_sent", "completed")}),
        "tag": TAG,
    },
    ("source",),
)

METAFIELDS = Listing("Metafield", {"ID": BY_ID}, {})

CHECKOUTS = Listing(
    "AbandonedCheckout",
    CREATED | {"CHECKOUT_ID": BY_ID},
    SINCE
    | {
        "default": text("name", "email"),
        "recovery_state": Search(
            choices={"recovered": "completed_at_ms IS NOT NULL", "not_recovered": "completed_at_ms IS NULL"}
        ),
        "status": Search(
            choices={
                "open": "completed_at_ms IS NULL AND closed_at_ms IS NULL",
                "closed": "completed_at_ms IS NOT NULL OR closed_at_ms IS NOT NULL",
            }
        ),
    },
    ("email_state",),
)

SUBSCRIPTIONS = Listing(
    "WebhookSubscription",
    CREATED,
    SINCE,
    default="CREATED_AT",
    counted=("created_at", "endpoint", "id", "topic", "updated_at"),
)

COUNTED = {"endpoint": text("address"), "topic": text("topic")}  # of subscriptions, and of their count alone

BULK_OPERATIONS = Listing(
    "BulkOperation",
    {
        "CREATED_AT": column("created_at_ms"),
        "COMPLETED_AT": Key("coalesce(completed_at_ms, 0)", lambda document: document["completed_at_ms"] or 0),
    },
    {
        "created_at": time("created_at_ms"),
        "id": ID,
        "operation_type": text("type"),
        "status": text("status"),
    },
    default="CREATED_AT",
)

EVENTS = Listing(
    "BasicEvent",
    CREATED,
    {
        "action": text("verb"),
        "comments": Search(choices={"true": "1", "false": "1"}),  # the fake's events are all basic ones
        "created_at": time("created_at_ms"),
        "id": ID,
        "subject_type": Search(("upper(subject_type)",), lambda _, value: value.upper()),
    },
)

DELETIONS = Listing("BasicEvent", CREATED, {"id": ID, "occurred_at": time("created_at_ms")})


# --- pages and counts ---


@dataclass(slots=True)
class Told:
    """What the lists of one request have to tell: entries of `extensions.search`."""

    entries: list[dict[str, Any]] = field(default_factory=list)


def page(listing: Listing, shop: Shop, args: Mapping[str, Any], told: Told, path: list[Any], *more: Clause) -> Page:
    """A page of a list; `more` narrows it to what belongs to another record."""
    asked = pages.read(args)
    if args.get("saved_search_id"):
        raise NotSimulated("savedSearchId")
    key = _key(listing, args.get("sort_key") or listing.default)
    ascending = not args.get("reverse")
    clauses = [listing.where(shop), *more, _searched(listing, shop, args.get("query"), told, path)]
    for place, behind in ((asked.after, True), (asked.before, False)):
        if place:
            sign = ">" if ascending == behind else "<"
            clauses.append((f"({key.sql}, id) {sign} (?, ?)", _bound(key, place)))
    way = "ASC" if ascending != asked.backwards else "DESC"
    where, params = _joined(clauses)
    stale = index.behind(shop, _kind(listing), args.get("query"))
    order = f"{key.sql} {way}, id {way}"
    found = shop.find(_kind(listing), where, *params, order=order, limit=asked.size + 1, instead=stale)
    more_there, found = len(found) > asked.size, found[: asked.size]
    found = found[::-1] if asked.backwards else found
    make = listing.make or (lambda shop, document: thing(shop, listing.type, document))
    places = [(key.value(document), document["id"]) for document in found]
    fresh = {id: shop.get(_kind(listing), id) for _, id in places if id in stale}
    things = [make(shop, fresh.get(document["id"]) or document) for document in found]
    # Our reading: on the side that a cursor cuts off there is always more.
    has_next, has_previous = (bool(asked.before), more_there) if asked.backwards else (more_there, bool(asked.after))
    return Page(things, places, has_next, has_previous)


def count(listing: Listing, shop: Shop, args: Mapping[str, Any], told: Told, path: list[Any], *more: Clause) -> Any:
    """How many a query finds, up to `limit`; null is no limit."""
    if args.get("saved_search_id"):
        raise NotSimulated("savedSearchId")
    limit = args.get("limit", DEFAULT_COUNT_LIMIT)
    where, params = _joined([listing.where(shop), *more, _searched(listing, shop, args.get("query"), told, path, True)])
    stale = index.behind(shop, _kind(listing), args.get("query"))
    found = shop.site.count(_kind(listing).resource, where, params, stale)
    if limit is not None and found > limit:
        return {"count": max(limit, 0), "precision": "AT_LEAST"}
    return exactly(found)


def _searched(
    listing: Listing, shop: Shop, query: str | None, told: Told, path: list[Any], counting: bool = False
) -> Clause:
    fields, refused = listing.fields, listing.not_simulated
    if counting and listing.counted:
        fields, refused = {name: one for name, one in (SINCE | COUNTED | fields).items() if name in listing.counted}, ()
    found = searching.compiled(shop, query, fields, refused)
    if found.told:
        told.entries.append({"path": path} | found.told)
    return found.clause


def _key(listing: Listing, name: str) -> Key:
    if name not in listing.sort_keys:
        raise NotSimulated(f"the sort key {name} of {listing.type}")
    return listing.sort_keys[name]


def _bound(key: Key, place: Place) -> Place:
    """Where a cursor points; the id is a number in SQL."""
    return (place[1], place[1]) if key is BY_ID else place


def _kind(listing: Listing) -> Kind:
    return listing.kind or SORTS[listing.type].kind


def _joined(clauses: list[Clause]) -> Clause:
    where = " AND ".join(f"({where})" for where, _ in clauses)
    return where, tuple(param for _, params in clauses for param in params)


def made_variant(shop: Shop, entry: Document) -> Thing:
    found = products.with_variant(shop, entry["id"])
    assert found is not None
    return variant_thing(shop, *found)

"""One contact for several customers (I5), and the addresses that it has already (A7)."""

from __future__ import annotations

from typing import Any

from shopify_documents import CUSTOMER, SHOP

from sync_core.mappings import PIPELINES
from sync_core.pure.desired import desired
from sync_core.pure.model import Desired, Settings, Source, Surroundings

DEALS = Settings(SHOP, "America/New_York", "deals", PIPELINES["deals"].id, {})
OTHER = "other-shop.myshopify.com"


def customer(id: int, updated_at: str, **changes: Any) -> dict[str, Any]:
    return CUSTOMER | {"id": id, "email": "bob@example.com", "updated_at": updated_at} | changes


def contact(own: dict[str, Any], *others: Source, stores: frozenset[str] = frozenset()) -> Desired:
    around = Surroundings(1_790_000_000_000, siblings=others, stores=stores)
    decision = desired(Source(SHOP, "customer", str(own["id"]), own), around, DEALS)
    assert isinstance(decision, Desired)
    return decision


ADA = customer(1, "2026-11-20T08:00:00-05:00", first_name="Ada", phone="+15145550101", orders_count=2)
BEA = customer(2, "2026-11-20T09:00:00-05:00", first_name="Bea", phone=None, orders_count=3)


def test_I5_the_customer_that_was_changed_last_speaks_and_blanks_leave_the_word_to_the_others():
    shown = contact(ADA, Source(SHOP, "customer", "2", BEA)).properties

    assert ("Bea", "+15145550101", "5") == (shown["firstname"], shown["phone"], shown["shopify_orders_count"])


def test_I5_every_customer_of_a_contact_wants_the_same_of_it():
    one = contact(ADA, Source(OTHER, "customer", "2", BEA), stores=frozenset({SHOP, OTHER}))
    two = desired(
        Source(OTHER, "customer", "2", BEA),
        Surroundings(1, siblings=(Source(SHOP, "customer", "1", ADA),), stores=frozenset({SHOP, OTHER})),
        Settings(OTHER, "America/New_York", "deals", PIPELINES["deals"].id, {}),
    )

    assert one.properties == two.properties  # type: ignore[union-attr]


def test_I5_the_stores_of_a_contact_are_joined_by_semicolons():
    assert (
        f"{SHOP};{OTHER}"
        == contact(ADA, Source(OTHER, "customer", "2", BEA)).properties["ip__ecomm_bridge__source_store_id"]
    )


def test_I5_of_two_changes_in_one_second_all_customers_choose_the_same():
    twin = BEA | {"updated_at": ADA["updated_at"]}
    one = contact(ADA, Source(SHOP, "customer", "2", twin)).properties["firstname"]
    two = contact(twin, Source(SHOP, "customer", "1", ADA)).properties["firstname"]

    assert one == two

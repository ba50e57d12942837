"""The rules of abandoned checkouts, the deal or cart that they become, and the laws that hold for every decision."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from shopify_documents import (
    CHECKOUT,
    CHECKOUT_UPDATED_MS,
    HOUR_MS,
    MINUTE_MS,
    SETTINGS,
    SHOP,
    SOURCES,
    SURROUNDINGS,
    around,
    checkout,
    deleted,
    order,
    settings,
)

from sync_core.mappings import E_COMMERCE
from sync_core.pure.desired import desired, neighbours
from sync_core.pure.model import Absent, Desired, Excluded, Ref

DEALS, DATA_SYNC = settings("deals"), settings("data-sync")
BOTH = pytest.mark.parametrize("chosen", [DEALS, DATA_SYNC], ids=["deals", "data-sync"])

TOKEN = CHECKOUT["token"]
BOB = Ref("contacts", f"{SHOP}/customer/207119551")
DEAL = Ref("deals", f"{SHOP}/checkout/{TOKEN}")
CART = Ref("carts", f"{SHOP}/checkout/{TOKEN}")
ORDER = Ref("orders", f"{SHOP}/order/450789469")
PRODUCT = Ref("products", f"{SHOP}/product/632910392")


# --- checkouts: the deal ---


def test_A23_A26_a_checkout_is_a_pending_deal_until_it_counts_as_abandoned():
    abandoned_at_ms = CHECKOUT_UPDATED_MS + 10 * MINUTE_MS
    before = desired(checkout(), around(abandoned_at_ms - 1), DEALS)
    after = desired(checkout(), around(abandoned_at_ms), DEALS)

    assert ("checkout_pending", abandoned_at_ms) == (before.stage, before.next_change_ms)
    assert ("checkout_abandoned", None) == (after.stage, after.next_change_ms)
    assert after.properties["dealstage"] == "checkout_abandoned"


def test_A26_an_abandoned_checkout_is_never_pending_again():
    touched = checkout(updated_at="2026-11-21T18:00:00Z")

    assert desired(touched, around(stage="checkout_abandoned"), DEALS).stage == "checkout_abandoned"


STUCK = {"email": None, "phone": None, "customer": None}


def test_A25_a_checkout_without_contact_information_is_never_abandoned_but_expires_after_48_hours():
    since_ms = CHECKOUT_UPDATED_MS
    last = desired(checkout(**STUCK), around(since_ms + 48 * HOUR_MS - 1, pending_since_ms=since_ms), DEALS)
    over = desired(checkout(**STUCK), around(since_ms + 48 * HOUR_MS, pending_since_ms=since_ms), DEALS)

    assert ("checkout_pending", since_ms + 48 * HOUR_MS) == (last.stage, last.next_change_ms)
    assert ("", "", "") == (over.stage, over.properties["dealstage"], over.properties["pipeline"])
    assert over.properties["dealname"] == "#450789470"
    assert "pending_expired" in over.warnings[0]


def test_A25_the_48_hours_run_from_the_first_pending_moment_and_an_update_does_not_bring_the_deal_back():
    now_ms = CHECKOUT_UPDATED_MS + 49 * HOUR_MS
    touched = checkout(**STUCK, updated_at="2026-11-23T13:00:00Z")

    assert desired(touched, around(now_ms, pending_since_ms=CHECKOUT_UPDATED_MS), DEALS).stage == ""


def test_A25_S40_a_cleared_deal_is_back_once_shopify_lists_the_checkout_as_abandoned():
    now_ms = CHECKOUT_UPDATED_MS + 60 * HOUR_MS
    found = desired(checkout(), around(now_ms, pending_since_ms=CHECKOUT_UPDATED_MS), DEALS)

    assert ("checkout_abandoned", E_COMMERCE.id) == (found.stage, found.properties["pipeline"])


@pytest.mark.parametrize(
    ("changes", "memory"), [({"completed_at": "2026-11-21T12:07:00Z"}, {}), ({}, {"order_known": True})]
)
def test_I2_a_completed_checkout_leaves_its_deal_to_the_order(changes, memory):
    assert Excluded(DEAL, "became_order") == desired(checkout(**changes), around(**memory), DEALS)


@BOTH
def test_I9_a_checkout_that_shopify_drops_keeps_its_record(chosen):
    assert desired(deleted(checkout()), around(), chosen).reason == "deleted_in_shopify"


# --- checkouts: the cart ---


def test_B16_a_pending_checkout_is_no_cart():
    assert Excluded(CART, "pending_checkout", CHECKOUT_UPDATED_MS + 10 * MINUTE_MS) == desired(
        checkout(), around(), DATA_SYNC
    )
    assert Excluded(CART, "pending_checkout") == desired(checkout(**STUCK), around(), DATA_SYNC)


def test_I2_a_cart_whose_checkout_became_an_order_is_recovered_and_associated_with_it():
    found = desired(checkout(), around(stage="abandoned", order_known=True, order=ORDER), DATA_SYNC)

    assert ("recovered", "recovered") == (found.stage, found.properties["hs_external_status"])
    assert {BOB, ORDER} == found.associations


def test_a_recovered_cart_waits_for_no_order_that_is_excluded():
    memory = around(stage="abandoned", order_known=True, order=ORDER, gone=frozenset({ORDER}))

    assert {BOB} == desired(checkout(), memory, DATA_SYNC).associations


def test_B16_a_checkout_completed_before_it_was_abandoned_never_becomes_a_cart():
    assert Excluded(CART, "became_order") == desired(checkout(), around(order_known=True), DATA_SYNC)


# --- checkouts: who left them ---

ABANDONED = around(CHECKOUT_UPDATED_MS + HOUR_MS)
GUEST = Ref("contacts", f"{SHOP}/email/bob.norman@mail.example.com")


@BOTH
def test_A6_A24_an_abandoned_checkout_without_customer_brings_a_contact_of_its_email(chosen):
    found = desired(checkout(customer=None), ABANDONED, chosen)
    (guest,) = found.companions

    assert (GUEST, ("email", "bob.norman@mail.example.com")) == (guest.ref, guest.match)
    assert ("Bob", "Norman") == (guest.properties["firstname"], guest.properties["lastname"])
    assert "phone" not in guest.properties
    assert {GUEST} == found.associations


@BOTH
def test_A13_a_guest_deleted_in_hubspot_is_not_brought_back(chosen):
    memory = around(ABANDONED.now_ms, tombstoned_emails=frozenset({"bob.norman@mail.example.com"}))
    found = desired(checkout(customer=None), memory, chosen)

    assert ((), frozenset()) == (found.companions, found.associations)


def test_A24_a_pending_checkout_brings_no_contact():
    assert () == desired(checkout(customer=None), around(), DEALS).companions


@BOTH
def test_A29_a_customer_without_email_is_not_replaced_by_the_checkouts_email(chosen):
    found = desired(checkout(customer={"id": 9, "email": None}), ABANDONED, chosen)

    assert () == found.companions
    assert {Ref("contacts", f"{SHOP}/customer/9")} == found.associations  # decided with the customer


@BOTH
def test_lines_of_a_checkout_are_known_by_their_key(chosen):
    (line,) = desired(checkout(), ABANDONED, chosen).children

    assert f"{SHOP}/checkout/{TOKEN}/line/f32827a8d00b0a8d" == line.ref.key


# --- neighbours ---


def test_an_orders_neighbours_are_its_customer_its_products_and_its_checkout():
    found = neighbours(order(), DATA_SYNC)

    assert {("customer", "207119551"), ("product", "632910392")} == found.sources
    assert {BOB, PRODUCT} == found.refs
    assert {"bob.norman@mail.example.com"} == found.emails
    assert TOKEN == found.checkout_token


def test_a_guests_neighbours_are_its_contact_and_email():
    found = neighbours(checkout(customer=None), DEALS)

    assert GUEST in found.refs
    assert {"bob.norman@mail.example.com"} == found.emails


# --- the whole ---


@given(SOURCES, SURROUNDINGS, SETTINGS)
def test_every_document_has_one_decision_and_all_of_it_is_text(source, memory, chosen):
    decision = desired(source, memory, chosen)

    assert decision == desired(source, memory, chosen)
    if isinstance(decision, Desired):
        records = (decision, *decision.companions, *decision.children)
        assert all(isinstance(value, str) for record in records for value in record.properties.values())
        assert len({record.ref for record in records}) == len(records)


@given(SOURCES, SURROUNDINGS, SETTINGS)
def test_a_record_points_at_nothing_but_its_neighbours_and_what_it_brings(source, memory, chosen):
    decision = desired(source, memory, chosen)
    if isinstance(decision, Desired):
        records = (decision, *decision.companions, *decision.children)
        targets = {ref for record in records for ref in (*record.associations, *record.links.values())}

        assert targets <= neighbours(source, chosen).refs | {decision.ref}


@given(SOURCES, SURROUNDINGS, SETTINGS)
def test_time_changes_a_decision_only_at_the_moment_that_it_names(source, memory, chosen):
    memory = replace(memory, pending_since_ms=memory.pending_since_ms or memory.now_ms)
    decision = desired(source, memory, chosen)
    if not isinstance(decision, Absent) and decision.next_change_ms is not None:
        assert decision.next_change_ms > memory.now_ms
        assert decision == desired(source, replace(memory, now_ms=decision.next_change_ms - 1), chosen)
        assert decision != desired(source, replace(memory, now_ms=decision.next_change_ms), chosen)
    elif not isinstance(decision, Absent):
        assert decision == desired(source, replace(memory, now_ms=memory.now_ms + 99 * HOUR_MS), chosen)

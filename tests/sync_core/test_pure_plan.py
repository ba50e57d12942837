"""The planner's laws, on decisions about realistic documents, and examples that fix its order and its words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shopify_documents import (
    CHECKOUT_UPDATED_MS,
    HOUR_MS,
    LINE,
    SETTINGS,
    SOURCES,
    SURROUNDINGS,
    around,
    checkout,
    customer,
    deleted,
    order,
    product,
    settings,
)

from sync_core.pure.desired import desired
from sync_core.pure.model import (
    Actual,
    Archive,
    Associate,
    Blocked,
    Desired,
    Dissociate,
    Excluded,
    Ref,
    Update,
    Upsert,
)
from sync_core.pure.plan import apply, plan, waiting_for

DEALS, DATA_SYNC = settings("deals"), settings("data-sync")
LATER = around(CHECKOUT_UPDATED_MS + HOUR_MS)


def records(decision: Desired) -> tuple[Desired, ...]:
    return (decision, *decision.companions, *decision.children)


def ids_of(*decisions) -> dict[Ref, str]:
    """An id for every record that a plan of these may make."""
    refs = {each.ref for decision in decisions if isinstance(decision, Desired) for each in records(decision)}
    return {ref: f"id of {ref.object_type} {ref.key}" for ref in refs}


def targets_of(decision) -> frozenset[Ref]:
    if not isinstance(decision, Desired):
        return frozenset()
    return frozenset(ref for record in records(decision) for ref in (*record.associations, *record.links.values()))


def carried_out(decision, actual=None, exists=frozenset()) -> Actual | None:
    ops = plan(decision, actual, exists)
    return apply(decision.ref, actual, () if isinstance(ops, Blocked) else ops, ids_of(decision))


DECISIONS = st.builds(desired, SOURCES, SURROUNDINGS, SETTINGS)


@st.composite
def decisions_about_one_record(draw):
    """Two decisions about the same HubSpot record, as it changes in Shopify or as time passes."""
    chosen = draw(SETTINGS)
    first = desired(draw(SOURCES), draw(SURROUNDINGS), chosen)
    second = desired(draw(SOURCES.filter(lambda source: source.document is not None)), draw(SURROUNDINGS), chosen)
    if isinstance(second, Desired) and first.ref != second.ref:
        second = first
    return first, second


@st.composite
def some_of(draw, refs):
    return frozenset(draw(st.sets(st.sampled_from(sorted(refs))))) if refs else frozenset()


# --- laws ---


@given(DECISIONS)
def test_a_plan_for_what_is_already_so_is_empty(decision):
    exists = targets_of(decision)
    actual = carried_out(decision, exists=exists)

    assert () == plan(decision, actual, exists)


@given(DECISIONS, st.data())
def test_a_carried_out_plan_leaves_nothing_but_what_it_waits_for(decision, data):
    exists = data.draw(some_of(targets_of(decision)))
    actual = carried_out(decision, exists=exists)
    waiting = waiting_for(decision, actual, exists)

    assert (Blocked(waiting) if waiting else ()) == plan(decision, actual, exists)
    assert not set(waiting) & exists


@given(decisions_about_one_record(), st.data())
def test_what_was_written_before_does_not_matter_for_what_is_there_after(pair, data):
    first, second = pair
    exists = targets_of(first) | targets_of(second)
    actual = carried_out(first, exists=data.draw(some_of(exists)))
    after = carried_out(second, actual, exists)

    assert () == plan(second, after, exists)
    if isinstance(second, Desired):
        assert second.associations == after.associations
        assert {child.ref.key for child in second.children} == set(after.children)
        shown = {name: value for name, value in second.properties.items() if value or second.blank_erases}
        assert shown.items() <= after.properties.items()


@given(decisions_about_one_record())
def test_a_plan_touches_nothing_that_is_not_ours(pair):
    first, second = pair
    exists = targets_of(first) | targets_of(second)
    foreign = {"favourite_colour": "blue", "hubspot_owner_id": "7"}
    actual = carried_out(first, exists=exists)
    actual = replace(actual, properties={**actual.properties, **foreign}) if actual else None
    ops = plan(second, actual, exists)
    after = apply(second.ref, actual, ops, ids_of(second))

    for op in ops:
        if isinstance(op, Upsert | Update):
            assert not set(op.properties) & set(foreign)
    if actual and after:
        assert foreign.items() <= after.properties.items()


@given(decisions_about_one_record())
def test_a_plan_sends_only_what_has_changed(pair):
    first, second = pair
    exists = targets_of(first) | targets_of(second)
    actual = carried_out(first, exists=exists)
    for op in plan(second, actual, exists):
        if isinstance(op, Update) and op.ref == second.ref:
            assert all(actual.properties.get(name) != value for name, value in op.properties.items())
            assert op.properties or op.links


@given(DECISIONS, st.data())
def test_an_association_comes_after_the_records_that_it_joins(decision, data):
    exists = data.draw(some_of(targets_of(decision)))
    made = set(exists)
    ops = plan(decision, None, exists)
    for op in () if isinstance(ops, Blocked) else ops:
        if isinstance(op, Upsert):
            made.add(op.ref)
        if isinstance(op, Associate):
            assert {op.source, op.target} <= made


@given(DECISIONS)
def test_a_contact_or_a_product_is_never_blanked(decision):
    ops = plan(decision, None, frozenset())
    for op in () if isinstance(ops, Blocked) else ops:
        if isinstance(op, Upsert) and op.ref.object_type in ("contacts", "products"):
            assert "" not in op.properties.values()


# --- examples ---


def held(decision: Desired) -> Actual:
    actual = carried_out(decision, exists=targets_of(decision))
    assert actual is not None
    return actual


def test_a_new_order_is_written_with_its_lines_before_its_customer_is_there():
    wanted = desired(order(), around(), DEALS)
    ops = plan(wanted, None, frozenset())
    (line,) = wanted.children

    assert [
        Upsert(wanted.ref, wanted.match, wanted.properties, {}),
        Upsert(line.ref, line.match, line.properties, {}),
        Associate(line.ref, wanted.ref),
    ] == list(ops)
    assert waiting_for(wanted, None, frozenset()) == tuple(sorted(targets_of(wanted) - {wanted.ref}))


def test_a_changed_note_is_one_update_of_one_property():
    before = desired(order(), around(), DATA_SYNC)
    after = desired(order(note="Ring twice"), around(), DATA_SYNC)
    actual = held(before)

    assert (Update(after.ref, actual.id, {"hs_order_note": "Ring twice"}, {}),) == plan(
        after, actual, targets_of(after)
    )


def test_A10_a_note_taken_back_is_blanked_on_an_order_and_stays_on_a_contact():
    noted = desired(order(note="Ring twice"), around(), DATA_SYNC)
    blank = desired(order(note=None), around(), DATA_SYNC)

    assert {"hs_order_note": ""} == plan(blank, held(noted), targets_of(blank))[0].properties
    contact = desired(customer(note=None), around(), DEALS)
    assert () == plan(contact, held(desired(customer(), around(), DEALS)), frozenset())


def test_A16_a_newer_origin_leaves_nothing_of_an_older_one():
    unknown = desired(customer(), around(newcomer=True), DEALS)
    direct = desired(customer(), around(newcomer=True, first_sale={"source_name": "web", "landing_site": None}), DEALS)

    assert {
        "shopify_original_source": "DIRECT_TRAFFIC",
        "shopify_original_source_data_1": "",
        "shopify_original_source_data_2": "",
    } == plan(direct, held(unknown), frozenset())[0].properties


def test_A34_a_removed_line_is_archived_and_a_new_one_made():
    before = desired(order(), around(), DEALS)
    after = desired(order(line_items=[LINE | {"id": 2}]), around(), DEALS)
    actual = held(before)
    old, new = before.children[0], after.children[0]

    assert (
        Upsert(new.ref, new.match, new.properties, new.links),
        Archive(old.ref, actual.children[old.ref.key].id),
        Associate(new.ref, after.ref),
    ) == plan(after, actual, targets_of(after))


def test_I2_a_deal_moves_on_from_its_checkout_to_its_order():
    abandoned = desired(checkout(), LATER, DEALS)
    ordered = desired(order(), LATER, DEALS)
    ops = plan(ordered, held(abandoned), targets_of(ordered))

    assert isinstance(ops[0], Update)
    assert ops[0].properties["dealstage"] == "processed"
    assert not [op for op in ops if isinstance(op, Upsert) and op.ref.object_type == "deals"]


def test_a_cleared_stage_is_sent_as_blank():
    stuck = checkout(email=None, customer=None)
    pending = desired(stuck, around(pending_since_ms=CHECKOUT_UPDATED_MS), DEALS)
    expired = desired(stuck, around(CHECKOUT_UPDATED_MS + 48 * HOUR_MS, pending_since_ms=CHECKOUT_UPDATED_MS), DEALS)

    assert {"pipeline": "", "dealstage": ""} == plan(expired, held(pending), targets_of(expired))[0].properties


def test_a_deleted_order_is_archived_with_its_line_items_and_only_once():
    actual = held(desired(order(), around(), DATA_SYNC))
    gone = desired(deleted(order()), around(), DATA_SYNC)
    ops = plan(gone, actual, frozenset())

    assert ["line_items", "orders"] == [op.ref.object_type for op in ops]
    assert apply(gone.ref, actual, ops, {}) is None
    assert () == plan(gone, None, frozenset())


def test_an_excluded_record_is_left_as_it_is():
    decision = desired(customer(email=None), around(), DEALS)

    assert isinstance(decision, Excluded)
    assert () == plan(decision, held(desired(customer(), around(), DEALS)), frozenset())


def test_a_record_waits_for_its_customer_and_is_then_associated():
    wanted = desired(order(), around(), DEALS)
    (bob,) = wanted.associations
    others = targets_of(wanted) - {bob}
    actual = carried_out(wanted, exists=others)

    assert Blocked((bob,)) == plan(wanted, actual, others)
    assert (Associate(wanted.ref, bob),) == plan(wanted, actual, others | {bob})


def test_an_association_that_no_longer_holds_is_undone_while_the_other_record_exists():
    before = desired(order(), around(), DEALS)
    (bob,) = before.associations
    after = desired(order(customer=None), around(), DEALS)
    exists = targets_of(before)

    undone = [op for op in plan(after, held(before), exists) if isinstance(op, Dissociate)]
    assert [Dissociate(after.ref, bob)] == undone
    left = [op for op in plan(after, held(before), exists - {bob}) if isinstance(op, Dissociate)]
    assert [] == left


def test_A33_a_line_item_keeps_its_link_when_the_product_is_deleted():
    before = desired(order(), around(), DEALS)
    after = desired(order(line_items=[LINE | {"product_exists": False}]), around(), DEALS)

    assert () == plan(after, held(before), targets_of(after))


def test_the_contact_of_an_abandoned_cart_is_made_first_and_outlives_it():
    wanted = desired(checkout(customer=None), LATER, DATA_SYNC)
    ops = plan(wanted, None, targets_of(wanted) - {wanted.companions[0].ref})
    actual = apply(wanted.ref, None, ops, ids_of(wanted))

    assert Associate(wanted.ref, wanted.companions[0].ref) in ops
    assert {wanted.companions[0].ref.key} == set(actual.companions)
    without = replace(wanted, companions=(), associations=frozenset())
    assert not [op for op in plan(without, actual, targets_of(wanted)) if isinstance(op, Archive)]


@pytest.mark.parametrize("first_import", [True, False])
def test_marks_of_the_first_import_are_sent_with_the_first_write_alone(first_import):
    wanted = desired(customer(), around(first_import=first_import), DEALS)
    (op,) = plan(wanted, None, frozenset())

    assert wanted.create_only == op.create_only
    assert () == plan(wanted, held(wanted), frozenset())


def test_a_product_without_changes_needs_no_call():
    wanted = desired(product(), around(), DATA_SYNC)

    assert () == plan(wanted, held(wanted), frozenset())


def test_an_operation_on_a_record_that_is_not_there_is_a_programming_error():
    line = Ref("line_items", "a/order/1/line/2")

    with pytest.raises(ValueError, match="before the record"):
        apply(Ref("orders", "a/order/1"), None, [Upsert(line, ("shopify_sync_key", line.key), {}, {})], {line: "5"})

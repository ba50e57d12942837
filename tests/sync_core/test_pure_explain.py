"""What a tester reads about a decision."""

from __future__ import annotations

import json

from hypothesis import given
from shopify_documents import SETTINGS, SOURCES, SURROUNDINGS, around, customer, order, settings

from sync_core.pure.desired import desired
from sync_core.pure.explain import explain, lines
from sync_core.pure.model import Actual

DEALS = settings("deals")


def test_each_field_is_told_with_its_rule_its_source_and_both_values():
    source = customer()
    actual = Actual("501", {"firstname": "Robert", "lastname": "Norman"})
    told = explain(source, desired(source, around(), DEALS), actual, frozenset(), DEALS)
    fields = {field["property"]: field for field in told["image"]["fields"]}

    assert fields["firstname"] == {
        "property": "firstname",
        "from": ["first_name"],
        "rule": "A-CONTACT 3",
        "old": "Robert",
        "new": "Bob",
        "sent": True,
    }
    assert fields["lastname"]["sent"] is False
    assert "501" == told["record"]["id"]


def test_a_reader_sees_the_decision_the_changes_and_what_is_waited_for():
    source = order()
    text = "\n".join(lines(explain(source, desired(source, around(), DEALS), None, frozenset(), DEALS)))

    assert "order 450789469 of drill-shop.myshopify.com, version 2026-11-22T00:10:00-05:00" in text
    assert "decision: desired" in text
    assert "amount: nothing -> '418.90'   [A-ORDER 23, from total_price]" in text
    assert "waits for: contacts drill-shop.myshopify.com/customer/207119551" in text
    assert "to do: upsert deals" in text


def test_a_blank_of_a_contact_is_told_to_be_kept():
    source = customer(note=None)
    actual = Actual("501", {"shopify_note": "VIP"})
    text = "\n".join(lines(explain(source, desired(source, around(), DEALS), actual, frozenset(), DEALS)))

    assert "shopify_note: blank in Shopify, so HubSpot keeps its own" in text


def test_an_exclusion_names_its_reason():
    source = customer(email=None)
    text = lines(explain(source, desired(source, around(), DEALS), None, frozenset(), DEALS))

    assert "decision: excluded: no_email" in text


@given(SOURCES, SURROUNDINGS, SETTINGS)
def test_every_decision_can_be_told_as_json_and_as_lines(source, memory, chosen):
    told = explain(source, desired(source, memory, chosen), None, frozenset(), chosen)

    assert told == json.loads(json.dumps(told))
    assert lines(told)

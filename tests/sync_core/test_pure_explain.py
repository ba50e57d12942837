"""What a tester reads about a decision."""

from __future__ import annotations

import json

from hypothesis import given
from shopify_documents import SETTINGS, SOURCES, SURROUNDINGS, around, customer, order, settings

from sync_core.pure.desired import desired
from sync_core.pure.explain import explain
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


def test_the_record_the_changes_and_what_is_waited_for_are_told():
    source = order()
    told = explain(source, desired(source, around(), DEALS), None, frozenset(), DEALS)
    fields = {field["property"]: field for field in told["image"]["fields"]}
    buyer = {"object_type": "contacts", "key": "drill-shop.myshopify.com/customer/207119551"}

    assert ("order", "450789469", "2026-11-22T00:10:00-05:00") == tuple(
        told["source"][name] for name in ("kind", "id", "updated_at")
    )
    assert ("desired", None) == (told["decision"], told["reason"])
    assert (None, "418.90", "A-ORDER 23", ["total_price"]) == tuple(
        fields["amount"][name] for name in ("old", "new", "rule", "from")
    )
    assert buyer in told["blocked_on"]
    assert ("upsert", "deals") in [(op["op"], op.get("record", {}).get("object_type")) for op in told["ops"]]


def test_a_blank_of_a_contact_is_told_to_be_kept():
    source = customer(note=None)
    actual = Actual("501", {"shopify_note": "VIP"})
    told = explain(source, desired(source, around(), DEALS), actual, frozenset(), DEALS)
    note = next(field for field in told["image"]["fields"] if field["property"] == "shopify_note")

    assert ("VIP", "", False) == (note["old"], note["new"], note["sent"])


def test_an_exclusion_names_its_reason():
    source = customer(email=None)
    told = explain(source, desired(source, around(), DEALS), None, frozenset(), DEALS)

    assert ("excluded", "no_email") == (told["decision"], told["reason"])


@given(SOURCES, SURROUNDINGS, SETTINGS)
def test_every_decision_can_be_told_as_json(source, memory, chosen):
    told = explain(source, desired(source, memory, chosen), None, frozenset(), chosen)

    assert told == json.loads(json.dumps(told))

"""`desired` on documents that no Shopify has sent yet: the same answer twice, and no accident that nobody expects."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from shopify_documents import SETTINGS, SOURCES, SURROUNDINGS

from sync_core.pure.desired import desired
from sync_core.pure.model import Desired

ODD_VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=6))
ODD_TREES = st.recursive(
    ODD_VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)
SHAPED = {"customer", "line_items", "fulfillments", "updated_at"}  # what the rules walk into, or must read as a time
UNREADABLE = (AttributeError, KeyError, TypeError, ValueError)  # by these the engine knows a record as unreadable
LIVING = SOURCES.filter(lambda source: source.document is not None)


@settings(max_examples=40)
@given(LIVING, SURROUNDINGS, SETTINGS, ODD_VALUES, st.randoms(use_true_random=False))
def test_an_odd_value_is_a_warning_at_most(source, memory, chosen, value, rng):
    names = sorted(set(source.document) - SHAPED)
    odd = replace(source, document={**source.document, rng.choice(names): value})
    decision = desired(odd, memory, chosen)

    assert decision == desired(odd, memory, chosen)
    if isinstance(decision, Desired):
        assert all(isinstance(text, str) for text in decision.properties.values())


@settings(max_examples=40)
@given(LIVING, SURROUNDINGS, SETTINGS, ODD_TREES, st.randoms(use_true_random=False))
def test_a_document_in_another_shape_is_decided_on_or_unreadable_each_time_alike(source, memory, chosen, value, rng):
    odd = replace(source, document={**source.document, rng.choice(sorted(source.document)): value})

    def answer():
        try:
            return desired(odd, memory, chosen)
        except UNREADABLE as error:
            return repr(error)

    assert answer() == answer()

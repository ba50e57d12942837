"""B39: what counts as changed in HubSpot."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_core.pure.drift import alike, drifted


@pytest.mark.parametrize(
    ("held", "written"),
    [
        ("418.9", "418.90"),
        ("2026-07-04T23:37:19.000Z", "2026-07-04T23:37:19Z"),
        ("1783208239000", "2026-07-04T23:37:19Z"),
        ("ring twice", "ring twice\n"),
        ("", ""),
    ],
)
def test_another_spelling_of_a_value_is_no_change(held, written):
    assert alike(held, written)


@pytest.mark.parametrize(
    ("held", "written"),
    [("1.00", "418.90"), ("", "0"), ("false", "true"), ("1783208239001", "2026-07-04T23:37:19Z"), ("NaN", "1")],
)
def test_another_value_is_a_change(held, written):
    assert not alike(held, written)


def test_only_what_we_wrote_and_hubspot_told_can_have_drifted():
    written = {"hs_total_price": "12.50", "hs_tags": "", "hs_order_note": "ours"}
    held = {"hs_total_price": "1", "hs_tags": None, "own_property": "theirs"}

    assert {"hs_total_price": "1"} == drifted(written, held)


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=8)))
def test_nothing_has_drifted_where_hubspot_holds_what_we_wrote(written):
    assert {} == drifted(written, written)

"""Two sides change one record (I4)."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sync_core.pure.two_way import Conflict, Merged, merge, shared_fields

FIELDS = {"firstname": "first_name", "city": "default_address.city"}


def merged(agreed: str, held: str | None, wanted: str, winner: str = "shopify") -> Merged:
    return merge({"firstname": agreed}, {"firstname": held}, {"firstname": wanted}, FIELDS, winner)  # type: ignore[arg-type]


def test_I4_a_change_of_hubspot_alone_goes_to_shopify():
    assert Merged({"firstname": "Augusta"}, {"firstname": "Augusta"}) == merged("Ada", "Augusta", "Ada")


def test_I4_a_change_of_shopify_alone_is_no_conflict():
    assert Merged() == merged("Ada", "Ada", "Augusta")


def test_I4_of_a_conflict_the_winner_stands_and_the_loser_is_told():
    shopify = merged("Ada", "Annabella", "Augusta")
    hubspot = merged("Ada", "Annabella", "Augusta", "hubspot")

    assert Merged({}, {"firstname": "Annabella"}, (Conflict("firstname", "Augusta", "Annabella"),)) == shopify
    assert (
        Merged({"firstname": "Annabella"}, {"firstname": "Annabella"}, (Conflict("firstname", "Annabella", "Augusta"),))
        == hubspot
    )


def test_I4_an_empty_winner_does_not_erase():
    assert Merged({}, {"firstname": ""}) == merged("Ada", None, "Augusta", "hubspot")
    assert Merged({"firstname": "Augusta"}, {"firstname": "Augusta"}) == merged("Ada", "Augusta", "")


def test_I4_the_same_change_on_both_sides_is_agreed():
    assert Merged({}, {"firstname": "Augusta"}) == merged("Ada", "Augusta", "Augusta")


def test_I4_at_the_first_match_every_field_that_differs_counts():
    assert {"firstname": "Ann"} == merge({}, {"firstname": "Ann"}, {"firstname": ""}, FIELDS, "shopify").to_shopify
    assert {"firstname": "Ann"} == merge({}, {"firstname": "Ann"}, {"firstname": "Ada"}, FIELDS, "hubspot").to_shopify


def test_I4_deals_has_no_field_that_flows_back_and_data_sync_none_of_ours():
    assert {} == shared_fields("customer", "deals")
    assert not [name for name in shared_fields("customer", "data-sync") if name.startswith(("shopify_", "ip__"))]


TEXTS = st.sampled_from(["", "a", "b", "c"])


@given(TEXTS, TEXTS, TEXTS, st.sampled_from(["shopify", "hubspot"]))
@settings(max_examples=150, deadline=None)
def test_I4_once_carried_out_a_merge_finds_nothing_more(agreed, held, wanted, winner):
    found = merged(agreed, held, wanted, winner)
    in_shopify = found.to_shopify.get("firstname", wanted)
    in_hubspot = in_shopify or found.seen.get("firstname", held)  # a plan writes what differs, but no blank

    again = merge({"firstname": in_hubspot}, {"firstname": in_hubspot}, {"firstname": in_shopify}, FIELDS, winner)
    assert Merged() == again
    assert in_shopify or not (held or wanted) or held == agreed

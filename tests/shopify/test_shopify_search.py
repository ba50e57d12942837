"""The search syntax: a text becomes a tree of conditions, and no text is an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.shopify.search import All, Either, Not, Term, parse, terms

A, B, C = Term("", "a"), Term("", "b"), Term("", "c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", All(())),
        ("bob", Term("", "bob")),
        ("first_name:Bob", Term("first_name", "Bob")),
        ("-tag:vip", Not(Term("tag", "vip"))),
        ("NOT tag:vip", Not(Term("tag", "vip"))),
        ("NOT -tag:vip", Term("tag", "vip")),
        ("orders_count:>=2", Term("orders_count", "2", ">=")),
        ("id:<7", Term("id", "7", "<")),
        ("first_name:Jo*", Term("first_name", "Jo", match="prefix")),
        ("email:*", Term("email", "", match="exists")),
        ("""title:"Red coat" """, Term("title", "Red coat", match="phrase")),
        (r"title:'it\'s'", Term("title", "it's", match="phrase")),
        (r"title:a\:b\(c\)\*", Term("title", "a:b(c)*")),
        ("metafields.custom.size:XL", Term("metafields.custom.size", "XL")),
        (
            "updated_at:>='2026-01-01 00:00:00+00:00'",
            Term("updated_at", "2026-01-01 00:00:00+00:00", ">=", "phrase"),
        ),
        ("created_at:>2026-01-01T00:00:00Z", Term("created_at", "2026-01-01T00:00:00Z", ">")),
        ("total:10..20", All((Term("total", "10", ">="), Term("total", "20", "<=")))),
        ("o'brien", Term("", "o'brien")),
    ],
)
def test_a_condition_is_read(text, tree):
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a b", All((A, B))),
        ("a AND b", All((A, B))),
        ("a OR b", Either((A, B))),
        ("a OR b c", Either((A, All((B, C))))),
        ("(a OR b) c", All((Either((A, B)), C))),
        ("a -(b OR c)", All((A, Not(Either((B, C)))))),
        ("a NOT (b c)", All((A, Not(All((B, C)))))),
    ],
)
def test_conditions_are_joined(text, tree):
    assert parse(text) == tree


@pytest.mark.parametrize(
    "text", ["a)", "(a", "((a", "a AND", "OR a", "a OR", "a NOT", "a -", "a tag:", "a b:>", "a ()"]
)
def test_what_is_broken_is_passed_over(text):
    assert parse(text) == A


def test_a_quote_that_nothing_closes_ends_with_the_text():
    assert parse("title:'red coat") == Term("title", "red coat", match="phrase")


def test_the_terms_of_a_tree_are_listed_in_their_order():
    assert list(terms(parse("a -(b OR c) tag:x"))) == [A, B, C, Term("tag", "x")]


def test_parentheses_may_be_as_deep_as_anybody_likes():
    assert parse("(" * 5_000 + "a" + ")" * 5_000) == A


@given(st.text(alphabet="ab:()<>=*\\'\"- ANDORT", max_size=60))
def test_no_text_is_an_error(text):
    list(terms(parse(text)))

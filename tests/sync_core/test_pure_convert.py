"""The vocabulary of conversions."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_core.pure.convert import OF_ALL_VALUES, OF_ONE_VALUE, convert

EXAMPLES = [
    ("text", ("Zürich",), "Zürich"),
    ("text", ("  byte for byte \n",), "  byte for byte \n"),  # A3
    ("text", (None,), ""),
    ("text", (1001,), "1001"),
    ("email", ("  Bob@Example.COM ",), "bob@example.com"),
    ("boolean", (True,), "true"),
    ("boolean", (False,), "false"),
    ("boolean", (None,), ""),
    ("number", (0,), "0"),
    ("money", ("199.00",), "199.00"),
    ("money", ("68012",), "68012"),
    ("money", ("1.250",), "1.250"),
    ("money", ("0.00",), "0.00"),
    ("money", (89.99,), "89.99"),
    ("instant", ("2026-11-21T12:05:00-05:00",), "2026-11-21T17:05:00Z"),
    ("instant", ("2026-11-21T12:05:00.581Z",), "2026-11-21T12:05:00.581Z"),
    ("instant", ("2026-11-21T12:05:00.000Z",), "2026-11-21T12:05:00Z"),
    ("instant", (None, "2026-11-21T12:05:00Z"), "2026-11-21T12:05:00Z"),
    ("consent", ("subscribed",), "true"),
    ("consent", ("pending",), "false"),
    ("consent", ("unsubscribed",), "false"),
    ("consent", ("redacted",), "false"),
    ("consent", (None,), ""),
    ("payment_label", ("partially_paid",), "Partially paid"),
    ("payment_label", ("voided",), "Voided"),
    ("fulfillment_label", (None,), "Unfulfilled"),
    ("fulfillment_label", ("fulfilled",), "Fulfilled"),
    ("fulfillment_label", ("partial",), "Partially fulfilled"),
    ("cancellation_reason", ("inventory",), "Items unavailable"),
    ("cancellation_reason", ("staff",), "Staff error"),
    ("cancellation_reason", (None,), ""),
    ("tags", ("Léon, Noël",), "Léon, Noël"),
    ("tags", (["Léon", "Noël"],), "Léon, Noël"),
    ("joined", ("1 High Street", None), "1 High Street"),
    ("joined", ("1 High Street", "Floor 2"), "1 High Street, Floor 2"),
    ("joined", (["A", "B", "A"],), "A, B"),
    ("images", (["https://a.example/1", "https://a.example/2"],), "https://a.example/1;https://a.example/2"),
    ("title", ("Shoes", "Red / 42"), "Shoes - Red / 42"),
    ("title", ("Shoes", "Default Title"), "Shoes"),
    ("title", ("Shoes", None), "Shoes"),
    ("total", (["4.90", "2.10"],), "7.00"),
    ("total", ([],), ""),
    ("order_status", (None, None), "open"),
    ("order_status", (None, "2026-11-21T12:05:00Z"), "closed"),
    ("order_status", ("2026-11-21T12:05:00Z", "2026-11-21T12:05:00Z"), "cancelled"),
    ("order_url", ("a.myshopify.com", 7), "https://a.myshopify.com/admin/orders/7"),
    ("shop_date", (None, "America/New_York"), ""),
]


@pytest.mark.parametrize(("name", "values", "expected"), EXAMPLES)
def test_a_value_becomes_the_text_that_hubspot_writes(name, values, expected):
    assert expected == convert(name, values)


@pytest.mark.parametrize(
    ("instant", "timezone", "expected"),
    [
        ("2026-11-22T04:30:00Z", "America/New_York", "2026-11-21T00:00:00Z"),  # 23:30 there is still that day
        ("2026-11-21T11:30:00Z", "Pacific/Tongatapu", "2026-11-22T00:00:00Z"),  # UTC+13
        ("2026-03-08T06:59:59Z", "America/New_York", "2026-03-08T00:00:00Z"),  # the day that clocks change
        ("2026-03-09T03:59:59Z", "America/New_York", "2026-03-08T00:00:00Z"),
        ("2026-03-09T04:00:00Z", "America/New_York", "2026-03-09T00:00:00Z"),
    ],
)
def test_I6_a_day_is_cut_in_the_shops_zone_and_sent_as_midnight_utc(instant, timezone, expected):
    assert expected == convert("shop_date", (instant, timezone))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("money", "twelve"),
        ("money", "NaN"),
        ("money", "1e999"),
        ("money", True),
        ("instant", "yesterday"),
        ("instant", "2026-11-21T12:05:00"),
        ("instant", 5),
        ("boolean", "perhaps"),
    ],
)
def test_what_cannot_be_read_is_named_and_never_guessed(name, value):
    with pytest.raises(ValueError, match="is n"):
        convert(name, (value,))


ANYTHING = st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.floats(), st.lists(st.text(), max_size=2))


@given(st.sampled_from(sorted(OF_ONE_VALUE)), ANYTHING)
def test_a_conversion_gives_a_text_or_says_that_it_cannot(name, value):
    with suppress(ValueError):
        assert isinstance(convert(name, (value,)), str)


@given(st.decimals(min_value=0, max_value=10**12, places=3))
def test_I7_money_is_copied_to_the_last_digit(amount):
    assert f"{amount:f}" == convert("money", (f"{amount:f}",))


def test_a_conversion_reads_one_value_or_all():
    assert not set(OF_ONE_VALUE) & set(OF_ALL_VALUES)

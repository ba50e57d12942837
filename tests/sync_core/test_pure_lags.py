"""The histogram of lags: its percentiles are a little too long, never too short, and two of them add up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sync_core.pure.lags import BOUNDS_MS, GROWTH, Histogram, merged

PROMISE_MS = 600_000
lags = st.lists(st.integers(0, 10**9), min_size=1, max_size=50)


def histogram(took: list[int]) -> Histogram:
    made = Histogram()
    for ms in took:
        made.add(ms, PROMISE_MS)
    return made


@given(lags, st.sampled_from([50, 95, 99]))
def test_a_percentile_is_at_most_an_eighth_too_long(took, share):
    exact = sorted(took)[max(0, -(-len(took) * share // 100) - 1)]
    found = histogram(took).percentile_ms(share)

    assert exact <= found <= max(BOUNDS_MS[0], exact * GROWTH + 1)


@given(lags, lags)
def test_two_histograms_add_up(one, other):
    assert histogram(one + other) == merged([histogram(one), histogram(other)])


def test_what_took_longer_than_the_promise_is_counted_exactly():
    made = histogram([PROMISE_MS, PROMISE_MS + 1, 3 * PROMISE_MS])

    assert (3, 2, 3 * PROMISE_MS) == (made.count, made.late, made.as_json()["max_ms"])


def test_nothing_is_told_of_nothing():
    assert {"count": 0, "p50_ms": 0, "p95_ms": 0, "p99_ms": 0, "max_ms": 0, "late": 0} == Histogram().as_json()

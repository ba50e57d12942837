"""Limits: the bucket that leaks and the window that rolls."""

from hypothesis import given
from hypothesis import strategies as st

from simulator.kernel.limits import LeakyBucket, RollingWindow


def test_a_bucket_takes_its_size_at_once_and_then_what_leaks():
    bucket = LeakyBucket(size=40, per_second=2)

    assert [bucket.take(0) for _ in range(41)] == [True] * 40 + [False]
    assert bucket.wait_ms(0) == 501
    assert bucket.take(499) is False
    assert bucket.take(500) is True


def test_a_window_takes_its_size_and_again_when_the_first_has_rolled_out():
    window = RollingWindow(size=2, length_ms=10_000)

    assert [window.take(at) for at in (0, 5_000, 9_999, 10_000, 10_001)] == [True, True, False, True, False]
    assert window.left(15_000) == 1


@given(st.lists(st.integers(0, 3_000), min_size=1, max_size=100), st.integers(1, 5))
def test_no_window_ever_lets_more_than_its_size_through(gaps, size):
    window, at_ms, taken = RollingWindow(size, 10_000), 0, []
    for gap in gaps:
        at_ms += gap
        if window.take(at_ms):
            taken.append(at_ms)

    assert all(sum(start <= at < start + 10_000 for at in taken) <= size for start in taken)

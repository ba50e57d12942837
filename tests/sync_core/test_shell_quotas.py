"""HubSpot's limits in the ledger: known again after a restart, and shared by processes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from sync_core.pure.quota import limit
from sync_core.shell.clients.http import NotBefore
from sync_core.shell.clients.limits import InMemory, Window
from sync_core.shell.storage.database import LostLease, Wire
from sync_core.shell.storage.lease import Lease
from sync_core.shell.storage.quotas import shelves

NOW = 1_790_000_000_000
TEN = limit(10)


def window(wire: Wire, portal: str = "1", name: str = "burst") -> Window:
    return Window(shelves(wire, lambda: portal)(name, TEN))


def take_all(one: Window) -> int:
    """How many calls may begin now; all of them do."""
    taken = 0
    while True:
        try:
            one.take(NOW)
        except NotBefore:
            return taken
        taken += 1


def test_after_a_restart_the_calls_of_the_last_window_still_count(ledger_url):
    before = Wire(ledger_url)
    first = window(before)
    numbers = [first.take(NOW) for _ in range(7)]
    first.finished(numbers[0], NOW + 200, None)
    before.close()
    after = Wire(ledger_url)

    assert 3 == window(after).places_left(NOW + 300)
    assert 4 == window(after).places_left(NOW + 10_200)  # of that which was answered
    assert 10 == window(after).places_left(NOW + 60_000)  # those that nobody will hear of any more are over
    after.close()


def test_a_portal_goes_on_from_what_was_called_before_it_was_known(ledger_url):
    wire = Wire(ledger_url)
    portal = ""
    one = Window(shelves(wire, lambda: portal)("burst", TEN))
    one.take(NOW)
    portal = "1"
    one.take(NOW)

    assert (8, 10) == (one.places_left(NOW), window(wire, "1", "search").places_left(NOW))
    assert 8 == window(wire).places_left(NOW)
    wire.close()


def test_a_ledger_in_memory_keeps_its_limits_there():
    wire = Wire("sqlite://")

    assert isinstance(shelves(wire, str)("burst", TEN), InMemory)
    wire.close()


@pytest.mark.postgres
def test_processes_on_one_ledger_share_a_limit_and_never_overrun_it(postgres):
    url = postgres.ledger()
    wires = [Wire(url) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        taken = list(pool.map(lambda wire: take_all(window(wire)), wires))

    assert 10 == sum(taken)
    for wire in wires:
        wire.close()


@pytest.mark.postgres
def test_who_takes_over_knows_the_calls_of_the_former_owner(postgres):
    url = postgres.ledger()
    Wire(url).close()
    first, second = Lease(url, "one", "", 1), Lease(url, "other", "")
    one = Wire(url, first.hold())
    for _ in range(7):
        window(one).take(NOW)
    other = Wire(url, second.hold() or second.hold())

    assert 3 == window(other).places_left(NOW)
    with pytest.raises(LostLease):  # so no call of its own begins
        window(one).take(NOW)
    for open_one in (one, other, first, second):
        open_one.close()

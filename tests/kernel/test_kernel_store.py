"""The store: rows, the change log, transactions, tenants, restarts."""

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy import NOTES

from simulator.kernel.clock import Clock
from simulator.kernel.simulation import Simulation, Site
from simulator.kernel.store import Store


def anna(simulation) -> Site:
    return Site(simulation, "anna")


def test_what_one_tenant_writes_no_other_tenant_sees(simulation):
    anna(simulation).put(NOTES, 1, {"id": 1, "title": "mine"})

    assert Site(simulation, "ben").get(NOTES, 1) is None
    assert anna(simulation).get(NOTES, 1) == {"id": 1, "title": "mine"}


def test_every_write_is_in_the_change_log_with_its_time_verb_and_document(simulation):
    site = anna(simulation)
    site.put(NOTES, 1, {"title": "a"})
    simulation.clock.move_to(2_000_000)
    site.put(NOTES, 1, {"title": "b"})
    site.remove(NOTES, 1)

    logged = [(change.at_ms, change.verb, change.document) for change in simulation.store.changes()]
    assert logged == [
        (1_000_000, "create", {"title": "a"}),
        (2_000_000, "update", {"title": "b"}),
        (2_000_000, "delete", None),
    ]


def test_a_transaction_that_fails_leaves_nothing_behind(simulation):
    site = anna(simulation)

    def half() -> None:
        with site.transaction():
            site.put(NOTES, 1, {"title": "a"})
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        half()
    assert site.get(NOTES, 1) is None
    assert simulation.store.changes() == []


def test_a_unique_group_holds_within_a_tenant_only(simulation):
    anna(simulation).put(NOTES, 1, {"title": "same"})
    Site(simulation, "ben").put(NOTES, 1, {"title": "same"})

    with pytest.raises(sqlite3.IntegrityError):
        anna(simulation).put(NOTES, 2, {"title": "same"})


def test_an_id_is_never_given_twice_even_after_a_deletion(simulation):
    site = anna(simulation)
    first = site.next_id(NOTES)
    site.put(NOTES, first, {"title": "a"})
    site.remove(NOTES, first)

    assert (first, site.next_id(NOTES)) == (100, 101)


def test_removing_what_is_not_there_logs_nothing(simulation):
    assert anna(simulation).remove(NOTES, 77) is None
    assert simulation.store.changes() == []


def test_a_file_keeps_records_ids_and_log_over_a_restart(tmp_path):
    path = str(tmp_path / "world.db")
    first = Simulation("main", Clock(5), 1, (NOTES,), path=path)
    Site(first, "anna").put(NOTES, Site(first, "anna").next_id(NOTES), {"title": "kept"})
    first.close()

    second = Simulation("main", Clock(9), 1, (NOTES,), path=path)
    site = Site(second, "anna")
    assert site.find(NOTES) == [{"title": "kept"}]
    assert site.next_id(NOTES) == 101
    assert second.store.last_ms() == 5
    assert second.chance.boot == 1
    second.close()


def test_a_database_of_another_version_is_refused_with_the_way_out(tmp_path):
    path = str(tmp_path / "world.db")
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA user_version = 99")

    with pytest.raises(ValueError, match=r"schema 99.*begin with a new file"):
        Store(path, (NOTES,), lambda: 0)


@given(
    st.lists(
        st.tuples(st.sampled_from(["put", "remove"]), st.integers(1, 4), st.integers(0, 9)), min_size=1, max_size=40
    )
)
def test_replaying_the_change_log_gives_the_records(steps):
    simulation = Simulation("main", Clock(0), 1, (NOTES,))
    site = Site(simulation, "anna")
    for what, id, size in steps:
        if what == "put":
            site.put(NOTES, id, {"id": id, "size": size, "title": f"t{id}"})
        else:
            site.remove(NOTES, id)

    replayed: dict[int, object] = {}
    for change in simulation.store.changes():
        if change.verb == "delete":
            del replayed[change.id]
        else:
            assert (change.id in replayed) == (change.verb == "update")
            replayed[change.id] = change.document
    assert site.find(NOTES) == [replayed[id] for id in sorted(replayed)]
    simulation.close()

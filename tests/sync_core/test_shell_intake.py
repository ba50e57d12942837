"""The version guard: what came, in which order and how often, makes no difference to what is stored."""

from contextlib import suppress
from itertools import permutations

import pytest
import shell_bench
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from sync_core.shell.incoming.intake import Seen, intake
from sync_core.shell.storage.ledger import ConnectionState, Ledger
from sync_core.shell.storage.tables import METADATA
from sync_core.shell.storage.work import BACKFILL, LEASE_MS, LIVE, Later

NOON, LATER = "2026-11-02T12:00:00-05:00", "2026-11-02T12:00:01-05:00"


@pytest.fixture
def ledger():
    made = Ledger(shell_bench.new_ledger(), "a.myshopify.com")
    made.save_connection(ConnectionState(tenant="1", phase="live"))
    yield made
    made.close()


def order(at: str = NOON, origin: str = "webhook", id: str = "7", **fields) -> Seen:
    return Seen("order", id, {"id": int(id), "updated_at": at, **fields}, origin)  # type: ignore[arg-type]


def stored(ledger: Ledger, kind: str = "order", id: str = "7"):
    return ledger.sources.of([(kind, id)])[kind, id]  # type: ignore[list-item]


def test_I3_an_older_payload_never_wins(ledger):
    intake(ledger, [order(LATER, note="new")], 1)
    intake(ledger, [order(NOON, note="old")], 2)

    assert stored(ledger).document["note"] == "new"


def test_I3_every_order_of_arrival_ends_in_the_newest_state():
    seen = [order(f"2026-11-02T12:00:0{second}Z", note=str(second)) for second in range(4)]
    for arrival in permutations(seen):
        ledger = Ledger(shell_bench.new_ledger(), "a.myshopify.com")
        for one in arrival:
            intake(ledger, [one], 1)

        assert stored(ledger).document["note"] == "3"
        ledger.close()


def test_the_offset_of_a_time_zone_does_not_count_as_newer(ledger):
    intake(ledger, [order("2026-11-02T12:00:00-05:00", note="seventeen in London")], 1)
    intake(ledger, [order("2026-11-02T13:00:00+00:00", note="thirteen in London")], 2)

    assert stored(ledger).document["note"] == "seventeen in London"


def test_I3_two_states_of_one_second_are_read_again(ledger):
    intake(ledger, [order(note="one")], 1)
    intake(ledger, [order(note="other")], 2)

    assert (True, "one") == (stored(ledger).refetch, stored(ledger).document["note"])


def test_the_same_payload_twice_is_no_change(ledger):
    assert (1, 0) == (intake(ledger, [order(note="x")], 1), intake(ledger, [order(note="x")], 2))


def test_a_page_that_only_says_more_than_the_webhook_did_is_taken_without_reading_again(ledger):
    intake(ledger, [order(note="x")], 1)
    intake(ledger, [order(origin="page", note="x", checkout_id=5)], 2)

    assert (False, 5) == (stored(ledger).refetch, stored(ledger).document["checkout_id"])


def test_a_field_that_a_webhook_does_not_give_stays(ledger):
    intake(ledger, [order(origin="page", checkout_id=5)], 1)
    intake(ledger, [order(LATER, note="x")], 2)

    assert stored(ledger).document["checkout_id"] == 5


def test_a_customers_webhook_is_read_again_because_it_lacks_fields(ledger):
    intake(ledger, [Seen("customer", "7", {"id": 7, "updated_at": NOON}, "webhook")], 1)

    assert stored(ledger, "customer").refetch


def test_a_deletion_sticks(ledger):
    intake(ledger, [order()], 1)
    intake(ledger, [Seen("order", "7", None, "webhook")], 2)
    intake(ledger, [order(LATER, note="late")], 3)

    assert (None, 2) == (stored(ledger).document, stored(ledger).deleted_at_ms)


def test_a_deletion_that_overtakes_the_creation_sticks_too(ledger):
    intake(ledger, [Seen("order", "7", None, "webhook")], 1)
    intake(ledger, [order()], 2)

    assert stored(ledger).document is None


def test_of_a_checkouts_states_in_one_second_the_one_triggered_later_stays(ledger):
    for triggered, note in (("12:00:00.2", "second"), ("12:00:00.1", "first")):
        document = {"token": "t", "updated_at": NOON, "note": note}
        intake(ledger, [Seen("checkout", "t", document, "webhook", triggered)], 1)

    assert stored(ledger, "checkout", "t").document["note"] == "second"


def test_an_order_makes_its_checkout_due(ledger):
    intake(ledger, [Seen("checkout", "t", {"token": "t", "updated_at": NOON}, "page")], 1)
    ledger.work.settle([(claim, None) for claim in ledger.work.claim(1, 100)])
    intake(ledger, [order(checkout_token="t")], 2)

    assert 2 == ledger.work.count(2)
    assert {"t"} == ledger.sources.orders_of_checkouts(["t"]).keys()


def test_a_deleted_order_is_still_what_its_checkout_became(ledger):
    intake(ledger, [order(checkout_token="t")], 1)
    intake(ledger, [Seen("order", "7", None, "webhook")], 2)

    assert {"t"} == ledger.sources.orders_of_checkouts(["t"]).keys()


def test_a_change_during_the_work_stays_due(ledger):
    intake(ledger, [order()], 1)
    (claim,) = ledger.work.claim(1, 100)
    intake(ledger, [order(LATER)], 2)
    ledger.work.settle([(claim, None)])

    assert [2] == [again.gen for again in ledger.work.claim(3, 100)]


def test_a_claimed_key_is_not_claimed_again_until_its_lease_ends(ledger):
    intake(ledger, [order()], 1)
    ledger.work.claim(1, 100)

    assert ([], None) == (ledger.work.claim(2, 100), ledger.work.next_due(2))
    assert 1 == len(ledger.work.claim(1 + LEASE_MS, 100))


def test_S17_live_changes_come_before_the_import_and_customers_before_orders(ledger):
    intake(ledger, [order(id="1")], 1, BACKFILL)
    intake(ledger, [Seen("customer", "2", {"id": 2, "updated_at": NOON}, "page")], 1, BACKFILL)
    intake(ledger, [order(id="3")], 2, LIVE)
    claimed = []
    while claims := ledger.work.claim(9, 100):
        claimed += [claim.key for claim in claims]

    assert [("order", "3"), ("customer", "2"), ("order", "1")] == claimed


def test_what_only_waits_for_a_rules_time_is_no_work_until_then(ledger):
    intake(ledger, [order()], 1)
    (claim,) = ledger.work.claim(1, 100)
    ledger.work.settle([(claim, Later(1_000, rule=True))])

    assert (0, 1) == (ledger.work.count(999), ledger.work.count(1_000))


def test_what_is_rolled_back_was_never_there(ledger):
    with suppress(RuntimeError), ledger.transaction():
        intake(ledger, [order()], 1)
        raise RuntimeError

    assert (0, {}) == (ledger.work.count(1), ledger.sources.counts())


def test_a_restart_knows_everything_and_frees_the_leases(ledger_url):
    url = ledger_url
    before = Ledger(url, "a.myshopify.com")
    before.save_connection(ConnectionState(tenant="1", phase="live"))
    intake(before, [order(note="x")], 1)
    before.work.claim(1, 100)
    before.close()
    after = Ledger(url, "a.myshopify.com")

    assert ("live", "x") == (after.connection.phase, stored(after).document["note"])
    assert 1 == len(after.work.claim(2, 100))
    after.close()


def test_a_text_with_the_character_0_is_kept(ledger):
    intake(ledger, [order(checkout_token="a\0b", note="c\0d")], 1)

    assert ("a\0b", "c\0d") == tuple(stored(ledger).document[name] for name in ("checkout_token", "note"))


def test_the_tables_are_valid_on_postgresql_and_lead_with_the_portal():
    for table in METADATA.sorted_tables:
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=postgresql.dialect()))
        if table.name not in ("connection", "setting", "quota", "lease", "alembic_version"):  # not of one connection
            assert ["tenant", "shop"] == [column.name for column in table.primary_key][:2]

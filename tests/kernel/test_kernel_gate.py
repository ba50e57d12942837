"""The gate: whose world a credential opens, the journal, the faults."""

import pytest
import requests
from toy import NOTES, TOY, URL

from simulator.kernel.clock import Clock
from simulator.kernel.faults import Fault
from simulator.kernel.simulation import Simulation, Site


def test_a_credential_opens_its_own_tenant_and_no_other(client):
    client("anna-token").post(f"{URL}/notes", json={"title": "anna's"})

    assert client("ben-token").get(f"{URL}/notes").json() == []
    assert [note["title"] for note in client("anna-token").get(f"{URL}/notes").json()] == ["anna's"]


def test_a_credential_opens_its_own_world_and_no_other(gate, client):
    other = Simulation("other", Clock(0), 1, (NOTES,))
    other.grant("toy", "anna", "app", "other-token", (), "secret")
    gate.open(other)
    client("other-token").post(f"{URL}/notes", json={"title": "elsewhere"})

    assert client("anna-token").get(f"{URL}/notes").json() == []
    other.close()


@pytest.mark.parametrize("token", ["", "nobody's"])
def test_a_stranger_gets_the_vendors_own_refusal_and_leaves_no_trace(simulation, client, token):
    response = client(token).post(f"{URL}/notes", json={"title": "x"})

    assert (response.status_code, response.text) == (401, "who are you?")
    assert simulation.store.changes() == []
    assert simulation.journal.count == 0


def test_a_world_that_was_shut_lets_nobody_in(gate, client):
    gate.shut("main")

    assert client("anna-token").get(f"{URL}/notes").status_code == 401


def test_every_call_is_journaled_without_its_body_or_token(simulation, client):
    client("anna-token").post(f"{URL}/notes?x=1", json={"title": "private"})

    (entry,) = simulation.journal.tail(10)
    assert (entry["source"], entry["target"], entry["method"]) == ("app", "toy", "POST")
    assert (entry["path"], entry["status"], entry["injected"]) == ("/notes?x=1", 201, "")
    assert "private" not in str(entry)
    assert "token" not in str(entry)


def test_the_same_calls_give_the_same_digest_and_one_other_byte_another():
    digests = []
    for title in ("a", "a", "b"):
        simulation = Simulation("main", Clock(0), 1, (NOTES,))
        simulation.journal.add(
            at_ms=0,
            source="s",
            target="t",
            method="GET",
            path="/",
            status=200,
            injected="",
            sent=title.encode(),
            got=b"",
        )
        digests.append(simulation.journal.digest)
        simulation.close()

    assert digests[0] == digests[1] != digests[2]


def test_the_journal_keeps_the_newest_entries_and_counts_all():
    from simulator.kernel.journal import Journal

    journal = Journal(kept=2)
    for path in "abc":
        journal.add(
            at_ms=0, source="s", target="t", method="GET", path=path, status=200, injected="", sent=b"", got=b""
        )

    assert [entry["path"] for entry in journal.tail(10)] == ["b", "c"]
    assert [entry["path"] for entry in journal.tail(10, after=2)] == ["c"]
    assert journal.count == 3


@pytest.mark.parametrize(("effect", "status", "text"), [("throttle", 429, "slow down"), ("break", 502, "ouch")])
def test_an_injected_answer_is_in_the_vendors_words_and_marked_and_nothing_is_written(
    simulation, client, effect, status, text
):
    simulation.faults.replace((Fault("storm", effect, status=502),))
    response = client("anna-token").post(f"{URL}/notes", json={"title": "x"})

    assert (response.status_code, response.text) == (status, text)
    assert simulation.store.changes() == []
    assert simulation.journal.tail(1)[0]["injected"] == "storm"
    assert simulation.faults.met == {"storm": 1}


def test_a_lost_answer_was_carried_out_but_its_caller_sees_a_cut_connection(simulation, client):
    simulation.faults.replace((Fault("gap", "lose_answer", method="POST"),))

    with pytest.raises(requests.ConnectionError):
        client("anna-token").post(f"{URL}/notes", json={"title": "written"})
    assert [note["title"] for note in Site(simulation, "anna").find(NOTES)] == ["written"]


def test_a_fault_hits_only_what_it_matches(simulation, client):
    simulation.faults.replace(
        (
            Fault("other method", "throttle", method="DELETE"),
            Fault("other path", "throttle", path="/orders"),
            Fault("other vendor", "throttle", vendor="somebody"),
            Fault("other app", "throttle", app="somebody else's"),
            Fault("not yet", "throttle", from_ms=simulation.clock.now() + 1),
            Fault("no longer", "throttle", until_ms=simulation.clock.now()),
            Fault("never", "throttle", per_mille=0),
            Fault("webhooks only", "lose"),
        )
    )

    assert client("anna-token").post(f"{URL}/notes", json={"title": "x"}).status_code == 201
    assert not simulation.faults.met


def test_a_share_of_calls_is_hit_and_the_seed_decides_which():
    def hits(seed: int) -> list[bool]:
        from simulator.kernel.faults import AT_THE_GATE, Event

        simulation = Simulation("main", Clock(0), seed, (NOTES,))
        simulation.faults.replace((Fault("some", "throttle", per_mille=300),))
        event = Event(0, AT_THE_GATE, "toy", "app", "GET", "/")
        drawn = [simulation.faults.choose(event) is not None for _ in range(1000)]
        simulation.close()
        return drawn

    assert hits(1) == hits(1) != hits(2)
    assert 230 < sum(hits(1)) < 370


@pytest.mark.parametrize(
    "wrong", [{"effect": "explode"}, {"effect": "lose", "per_mille": 1001}, {"effect": "delay", "delay_ms": -1}]
)
def test_a_fault_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"effect|per_mille|delay_ms"):
        Fault("wrong", **wrong)


@pytest.mark.parametrize(
    ("host", "own"),
    [("a.toy.example", True), ("a.b.toy.example", False), ("toy.example", False), ("atoy.example", False)],
)
def test_a_vendors_host_is_known_as_a_certificate_would(host, own):
    assert own == TOY.owns_host(host)

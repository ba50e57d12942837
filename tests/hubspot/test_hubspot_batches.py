"""Batches: all or nothing, unless every input can be told apart."""

from __future__ import annotations

import time
from collections.abc import Callable

from hubspot_world import Client, World

CONTACTS = "/crm/v3/objects/contacts/batch"


def emails(hub: Client) -> list[str]:
    return [row["properties"]["email"] for row in hub.get("/crm/v3/objects/contacts", limit=100).json()["results"]]


def inputs(*addresses: str) -> dict[str, object]:
    return {"inputs": [{"properties": {"email": address}} for address in addresses]}


def test_one_bad_input_fails_the_whole_batch_with_its_own_status(hub: Client) -> None:
    made = hub.make("contacts", email="old@example.com")

    clash = hub.post(f"{CONTACTS}/create", inputs("new@example.com", "old@example.com"))
    wrong = hub.post(f"{CONTACTS}/create", inputs("new@example.com", "000"))

    assert (409, f"Contact already exists. Existing ID: {made['id']}") == (clash.status_code, clash.json()["message"])
    assert (400, "INVALID_EMAIL") == (wrong.status_code, wrong.json()["errors"][0]["code"])
    assert ["old@example.com"] == emails(hub)


def test_with_a_trace_id_of_its_own_each_input_stands_alone(hub: Client) -> None:
    hub.make("contacts", email="old@example.com")
    body = inputs("new@example.com", "000", "old@example.com")
    for number, item in enumerate(body["inputs"]):
        item["objectWriteTraceId"] = f"t{number}"

    answer = hub.post(f"{CONTACTS}/create", body)

    told = answer.json()
    assert 207 == answer.status_code
    assert ["status", "results", "numErrors", "errors", "startedAt", "completedAt"] == list(told)
    assert [("new@example.com", "t0")] == [
        (row["properties"]["email"], row["objectWriteTraceId"]) for row in told["results"]
    ]
    assert 2 == told["numErrors"]
    assert [("VALIDATION_ERROR", ["t1"]), ("CONFLICT", ["t2"])] == [
        (row["category"], row["context"]["objectWriteTraceId"]) for row in told["errors"]
    ]
    assert ["status", "category", "message", "context"] == list(told["errors"][0])
    assert ["old@example.com", "new@example.com"] == emails(hub)


def test_ids_that_are_not_there_are_listed_in_a_207_of_read_and_update(hub: Client) -> None:
    made = hub.make("contacts", email="a@example.com")

    read = hub.post(f"{CONTACTS}/read", {"inputs": [{"id": made["id"]}, {"id": "1"}, {"id": "2"}]})
    change = {"properties": {"city": "Oslo"}}
    update = hub.post(f"{CONTACTS}/update", {"inputs": [{"id": made["id"]} | change, {"id": "1"} | change]})

    message = "Could not get CONTACT objects, it's possible they are deleted or don't exist. Check the ids"
    for answer, ids in ((read, ["1", "2"]), (update, ["1"])):
        error = {"status": "error", "category": "OBJECT_NOT_FOUND", "message": message, "context": {"ids": ids}}
        assert (207, 1, [error]) == (answer.status_code, answer.json()["numErrors"], answer.json()["errors"])
        assert [made["id"]] == [row["id"] for row in answer.json()["results"]]
    read = hub.get(f"/crm/v3/objects/contacts/{made['id']}", properties="city").json()
    assert "Oslo" == read["properties"]["city"]


def test_an_upsert_finds_by_email_or_creates_and_says_which(hub: Client) -> None:
    made = hub.make("contacts", email="a@example.com", firstname="A")
    rows = [("A@example.com", "B"), ("new@example.com", "N")]

    answer = hub.post(
        f"{CONTACTS}/upsert",
        {"inputs": [{"id": id, "idProperty": "email", "properties": {"firstname": name}} for id, name in rows]},
    )

    told = [(row["new"], row["properties"]["firstname"]) for row in answer.json()["results"]]
    assert (200, [(False, "B"), (True, "N")]) == (answer.status_code, told)
    assert made["id"] == answer.json()["results"][0]["id"]
    assert ["a@example.com", "new@example.com"] == emails(hub)


def test_an_upsert_needs_a_property_that_identifies(hub: Client) -> None:
    rows = [{"id": "x", "idProperty": name, "properties": {}} for name in ("firstname", "nonsense")]

    assert [400, 400] == [hub.post(f"{CONTACTS}/upsert", {"inputs": [row]}).status_code for row in rows]
    assert 400 == hub.post(f"{CONTACTS}/upsert", {"inputs": [{"id": "x", "properties": {}}]}).status_code


def test_one_record_twice_in_a_batch_is_refused(hub: Client) -> None:
    row = {"id": "a@example.com", "idProperty": "email", "properties": {}}

    answer = hub.post(f"{CONTACTS}/upsert", {"inputs": [row, row | {"id": "A@example.com"}]})

    message = "Duplicate IDs found in batch input: [a@example.com]. IDs must be unique"
    assert (400, message) == (answer.status_code, answer.json()["message"])
    assert [] == emails(hub)


def test_a_batch_has_at_most_100_inputs_and_50_with_history(hub: Client) -> None:
    many = {"inputs": [{"id": str(number)} for number in range(1, 102)]}
    histories = {"inputs": many["inputs"][:51], "propertiesWithHistory": ["email"]}

    too_many, too_deep = hub.post(f"{CONTACTS}/read", many), hub.post(f"{CONTACTS}/read", histories)

    words = "The maximum number of inputs supported in a batch"
    assert (400, 400) == (too_many.status_code, too_deep.status_code)
    assert f"{words} is 100. Please reduce the number of items and try again" == too_many.json()["message"]
    assert f"{words} request for property histories is 50" == too_deep.json()["message"]


def test_archiving_passes_over_what_is_not_there(hub: Client) -> None:
    made = hub.make("contacts", email="a@example.com")

    answer = hub.post(f"{CONTACTS}/archive", {"inputs": [{"id": made["id"]}, {"id": "1"}, {"id": "x"}]})

    assert (204, "", []) == (answer.status_code, answer.text, emails(hub))


def test_results_come_in_another_order_than_the_inputs(open_world: Callable[..., World]) -> None:
    addresses = [f"{number}@example.com" for number in range(30)]
    orders = []
    for seed in (1, 1, 2):
        answer = open_world(calm=False, seed=seed).client().post(f"{CONTACTS}/create", inputs(*addresses))
        orders.append([row["properties"]["email"] for row in answer.json()["results"]])

    assert orders[0] == orders[1]
    assert orders[0] != orders[2]
    assert orders[0] != addresses
    assert sorted(addresses) == sorted(orders[0])


def test_an_upsert_of_a_hundred_is_quick(hub: Client) -> None:
    rows = [{"id": f"{n}@example.com", "idProperty": "email", "properties": {"firstname": "A"}} for n in range(100)]
    hub.post(f"{CONTACTS}/upsert", {"inputs": rows})
    began = time.process_time()

    hub.post(f"{CONTACTS}/upsert", {"inputs": [row | {"properties": {"firstname": "B"}} for row in rows]})

    assert time.process_time() - began < 0.3  # measured 0.04; a scan for each look-up would take seconds


def hundred(bad: int) -> list[dict[str, object]]:
    """A hundred contacts, one of which has no address that is one."""
    addresses = [f"{number}@example.com" for number in range(100)]
    addresses[bad] = "000"
    return [{"properties": {"email": address}} for address in addresses]


def test_of_a_hundred_with_one_bad_record_all_or_all_but_one_are_made(hub: Client) -> None:
    plain = hub.post(f"{CONTACTS}/create", {"inputs": hundred(57)})
    assert (400, []) == (plain.status_code, emails(hub))

    traced = [item | {"objectWriteTraceId": f"t{number}"} for number, item in enumerate(hundred(57))]
    answer = hub.post(f"{CONTACTS}/create", {"inputs": traced}).json()

    assert (99, 1, [["t57"]]) == (
        len(answer["results"]),
        answer["numErrors"],
        [error["context"]["objectWriteTraceId"] for error in answer["errors"]],
    )
    assert {f"{number}@example.com" for number in range(100)} - {"57@example.com"} == set(emails(hub))


def test_the_newest_version_tells_errors_under_the_status_of_success(hub: Client) -> None:
    made = hub.make("contacts", email="a@example.com")
    body = {"inputs": [{"id": made["id"]}, {"id": "1"}]}

    answers = [hub.post(f"/crm/objects/{version}/contacts/batch/read", body) for version in ("2026-03", "2026-09")]

    assert [207, 200] == [answer.status_code for answer in answers]
    assert [1, 1] == [answer.json()["numErrors"] for answer in answers]


def test_a_search_that_misses_a_new_contact_leads_to_a_conflict(open_world: Callable[..., World]) -> None:
    """The race of two workers: the index lags, the unique address does not (reference 3.4)."""
    hub = open_world(calm=False).client()
    person = {"email": "a@example.com"}
    sought = {"filters": [{"propertyName": "email", "operator": "EQ", "value": "a@example.com"}]}
    first = hub.post("/crm/v3/objects/contacts", {"properties": person})
    hub.wait(1_000)

    missed = hub.post("/crm/v3/objects/contacts/search", sought)
    second = hub.post("/crm/v3/objects/contacts", {"properties": person})
    hub.wait(5_000)
    found = hub.post("/crm/v3/objects/contacts/search", sought)

    assert (201, 0, 409, 1) == (first.status_code, missed.json()["total"], second.status_code, found.json()["total"])
    assert f"Contact already exists. Existing ID: {first.json()['id']}" == second.json()["message"]

"""Webhooks that a fake owes to the world: rows with a due time, written in the transaction of the change.

Each delivery runs on its own (`spawn`), so a receiver that is slow delays nobody else's. A vendor's `Courier` says
how its webhooks are signed, how long it waits, when it tries again and what follows when it gives up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol
from urllib.parse import urlsplit

import orjson
import requests

from simulator.kernel.store import Store

IN_FLIGHT_PER_RECEIVER = 10  # so that one receiver that hangs cannot take every place
IN_FLIGHT = 100


@dataclass(frozen=True, slots=True)
class Message:
    """One webhook to deliver.

    Args:
        subscription: the id of the subscription that it serves; of a batch, whatever its vendor batches by.
        topic: the vendor's name of the event.
        headers: those that stay the same on every attempt.
        attempt: how many attempts were made before this one.
        triggered_ms: when the change was committed.
    """

    id: int
    vendor: str
    tenant: str
    subscription: int
    topic: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    attempt: int
    triggered_ms: int


class Courier(Protocol):
    """A vendor's way of delivering."""

    connect_timeout_ms: int
    total_timeout_ms: int

    def body(self, message: Message) -> bytes:
        """What this attempt sends; the lines of a batch become one body."""

    def signed(self, message: Message) -> Mapping[str, str]:
        """All headers of this attempt, the signature included; `message` has the body that is sent."""

    def retry_after_ms(self, attempts: int) -> int | None:
        """How long after the `attempts`-th failure the next attempt is due; None gives up."""

    def at_once(self, message: Message) -> int:
        """How many may be on their way to its receiver."""

    def delivered(self, message: Message) -> None:
        """The receiver took it."""

    def gave_up(self, message: Message) -> None:
        """The last attempt failed."""


class Outbox:
    """The rows, and the step that sends what is due.

    Args:
        couriers: by vendor.
        session: the transport to receivers.
        wake: told when something new falls due, with its time.
    """

    def __init__(
        self,
        store: Store,
        now: Callable[[], int],
        couriers: Mapping[str, Courier],
        session: requests.Session,
        wake: Callable[[int], None],
    ) -> None:
        self._store, self._now, self._couriers, self._session, self._wake = store, now, couriers, session, wake
        self._in_flight: Counter[str] = Counter()
        self._create()

    def enqueue(self, message: Mapping[str, Any], due_ms: int) -> None:
        """Owe one webhook; call it inside the transaction of the change."""
        row = dict(message) | {"due_ms": due_ms, "sending": 0, "items": 1, "receiver": urlsplit(message["url"]).netloc}
        row["headers"] = orjson.dumps(row["headers"]).decode()
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        self._store.execute(f"INSERT INTO outbox ({names}) VALUES ({marks})", tuple(row.values()))  # noqa: S608
        self._wake(due_ms)

    def join(self, message: Mapping[str, Any], due_ms: int, most: int) -> None:
        """Owe one item of a batch: it becomes a line of the batch that waits for its first attempt, if it has room."""
        row = self._store.execute(
            "SELECT id, body FROM outbox WHERE vendor = ? AND tenant = ? AND subscription = ? AND url = ? "
            "AND attempt = 0 AND sending = 0 AND items < ? ORDER BY id LIMIT 1",
            (*(message[name] for name in ("vendor", "tenant", "subscription", "url")), most),
        ).fetchone()
        if row is None:
            self.enqueue(message, due_ms)
            return
        body = bytes(row["body"]) + b"\n" + message["body"]
        self._store.execute("UPDATE outbox SET body = ?, items = items + 1 WHERE id = ?", (body, row["id"]))

    def withdraw(self, vendor: str, tenant: str, topic: str, subscriptions: Iterable[int]) -> None:
        """Owe no longer what these subscriptions were to be told of a topic, unless it is on its way."""
        for subscription in subscriptions:
            self._store.execute(
                "DELETE FROM outbox WHERE vendor = ? AND tenant = ? AND topic = ? AND subscription = ? AND sending = 0",
                (vendor, tenant, topic, subscription),
            )

    def step(self, now_ms: int, spawn: Callable[[Callable[[], None]], object]) -> int | None:
        """Begin every delivery that is due; returns when the next one will be."""
        for message in self._due(now_ms):
            host = urlsplit(message.url).netloc
            most = min(IN_FLIGHT_PER_RECEIVER, self._couriers[message.vendor].at_once(message))
            if self._in_flight[host] < most and self._in_flight.total() < IN_FLIGHT:
                self._in_flight[host] += 1
                self._store.execute("UPDATE outbox SET sending = 1 WHERE id = ?", (message.id,))
                spawn(lambda message=message, host=host: self._deliver(message, host))
        row = self._store.execute(
            "SELECT min(due_ms) FROM outbox WHERE sending = 0 AND due_ms > ?", (now_ms,)
        ).fetchone()
        return row[0]

    def waiting(self) -> list[dict[str, Any]]:
        """Every row, without its body, in the order of due times."""
        columns = "id, vendor, tenant, subscription, topic, url, attempt, triggered_ms, due_ms, sending"
        rows = self._store.execute(f"SELECT {columns} FROM outbox ORDER BY due_ms, id")  # noqa: S608
        return [dict(row) for row in rows]

    def _due(self, now_ms: int) -> list[Message]:
        """The first due rows of each receiver: a long queue of one does not hide the others' rows.

        They are chosen from the index alone: bodies are large, and the queue after an import is long.
        """
        first = (
            "SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY receiver ORDER BY due_ms, id) AS place "
            "FROM outbox WHERE sending = 0 AND due_ms <= ?) WHERE place <= ?"
        )
        rows = self._store.execute(
            f"SELECT * FROM outbox WHERE id IN ({first}) ORDER BY due_ms, id",  # noqa: S608
            (now_ms, IN_FLIGHT_PER_RECEIVER),
        ).fetchall()
        return [_message(row) for row in rows]

    def _deliver(self, message: Message, host: str) -> None:
        courier = self._couriers[message.vendor]
        try:
            taken = self._post(message, courier)
        finally:
            self._in_flight[host] -= 1
        with self._store.transaction():
            self._settle(message, courier, taken)
        self._wake(self._now())

    def _post(self, message: Message, courier: Courier) -> bool:
        message = replace(message, body=courier.body(message))
        try:
            response = self._session.post(
                message.url,
                data=message.body,
                headers=dict(courier.signed(message)),
                timeout=(courier.connect_timeout_ms / 1000, courier.total_timeout_ms / 1000),
                allow_redirects=False,
            )
        except requests.RequestException:
            return False
        return 200 <= response.status_code < 300

    def _settle(self, message: Message, courier: Courier, taken: bool) -> None:
        wait_ms = None if taken else courier.retry_after_ms(message.attempt + 1)
        if wait_ms is not None:
            self._store.execute(
                "UPDATE outbox SET sending = 0, attempt = attempt + 1, due_ms = ? WHERE id = ?",
                (self._now() + wait_ms, message.id),
            )
            return
        self._store.execute("DELETE FROM outbox WHERE id = ?", (message.id,))
        if taken:
            courier.delivered(message)
        else:
            courier.gave_up(message)

    def _create(self) -> None:
        columns = (
            "id INTEGER PRIMARY KEY, due_ms INTEGER NOT NULL, sending INTEGER NOT NULL, receiver TEXT, vendor TEXT, "
            "tenant TEXT, subscription INTEGER, topic TEXT, url TEXT, headers TEXT, body BLOB, attempt INTEGER, "
            "triggered_ms INTEGER, items INTEGER NOT NULL"
        )
        self._store.execute(f"CREATE TABLE IF NOT EXISTS outbox ({columns})")
        self._store.execute("CREATE INDEX IF NOT EXISTS outbox_due ON outbox (sending, due_ms)")
        self._store.execute("CREATE INDEX IF NOT EXISTS outbox_queues ON outbox (sending, receiver, due_ms)")
        self._store.execute("CREATE INDEX IF NOT EXISTS outbox_open ON outbox (vendor, tenant, subscription, attempt)")
        self._store.execute("UPDATE outbox SET sending = 0")  # what was on its way when the process ended is sent again


def _message(row: Any) -> Message:
    values = {name: row[name] for name in Message.__slots__}
    return Message(**(values | {"headers": orjson.loads(row["headers"])}))

"""Shoppers and merchants trade in a fake shop, at a rate that does not wait for answers; a watcher measures the sync.

    locust -f loadtests/locustfile.py --headless -H http://127.0.0.1:5005 -u 10 --rate 2 --trade-seconds 60

The watcher reads both vendors' change logs under `/_sim/`, which costs nobody's quota, and reports each change as
SYNC: milliseconds from its commit in Shopify to its sight in HubSpot. TRADE is measured from the instant at which a
change was meant to begin, so that a server that stalls cannot hide behind clients that wait (coordinated omission).
With `--changes-file` each change is written down as well, as Locust rounds its figures to two digits. When trade has
ended the watcher waits for what is still on its way, as long as the promise allows.
"""

from __future__ import annotations

import csv
import itertools
import json
import random
import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

import gevent
from locust import FastHttpUser, constant, events, task

from loadtests.propagation import Commit, Sight, Tracker, marker

PROMISE_MS = 600_000  # HubSpot: records sync within 10 minutes after a change
CONFIRM_EVERY = 20  # of the sights in the log, one in so many is confirmed through HubSpot's own API
LOOK_EVERY_S = 0.5
WRITTEN_S = 2.0  # Locust writes its CSV once a second, and not once more at the end
CHANGES = (
    "kind",
    "record",
    "committed_at_ms",
    "seen_at_ms",
)  # columns; the last is blank where HubSpot never showed it
ROWS_PER_LOOK = 1_000
MOST_TRIES = 5  # of a call that Shopify throttles
VERSION = "2026-07"


@events.init_command_line_parser.add_listener
def _options(parser: ArgumentParser) -> None:
    parser.add_argument("--rate", type=float, default=2.0, help="Changes a second, of all users together")
    parser.add_argument("--trade-seconds", type=float, default=60.0, help="How long they trade")
    parser.add_argument("--world", default="main", help="The world to trade in")
    parser.add_argument("--changes-file", default="", help="Write each change to this CSV")
    parser.add_argument("--drill-seed", type=int, default=1, help="Who buys and changes what follows from it")


class Trader(FastHttpUser):
    """Somebody who does one thing after the other at instants fixed beforehand."""

    abstract = True
    wait_time = constant(0)
    _numbers = itertools.count()

    def on_start(self) -> None:
        options = self.environment.parsed_options
        worker = getattr(self.environment.runner, "worker_index", 0)
        self.chance = random.Random(f"{options.drill_seed}/{worker}/{next(Trader._numbers)}")
        told = self.client.get(f"/_sim/worlds/{options.world}", name="/_sim/worlds/[world]").json()
        self.shop = f"/_sim/worlds/{options.world}/shopify/{told['shop']}"
        self.token = {"X-Shopify-Access-Token": told["apps"]["drill"]["shopify_token"]}
        self.products: list[dict[str, Any]] = self._listed("products")
        # Those without an e-mail are not synced, so nobody could say when HubSpot shows a change of theirs.
        self.customers = [customer for customer in self._listed("customers") if customer["email"]]
        traders = max(1, options.num_users - Watcher.fixed_count)
        self.every_s = traders / options.rate
        self.due_s = time.perf_counter() + self.chance.random() * self.every_s
        self.end_s = time.perf_counter() + options.trade_seconds

    def on_time(self, change: Callable[[], tuple[str, str]]) -> None:
        """One change, measured from the instant at which it was due.

        Args:
            change: does something; returns its name, and what went wrong if anything did.
        """
        if self.due_s >= self.end_s:
            gevent.sleep(LOOK_EVERY_S)
            return
        gevent.sleep(max(0.0, self.due_s - time.perf_counter()))
        what, problem = change()
        took_ms = (time.perf_counter() - self.due_s) * 1000
        _report("TRADE", what, took_ms, problem)
        self.due_s += self.every_s

    def marked(self, kind: str) -> str:
        return marker(kind, self.chance.getrandbits(48))

    def api(self, method: str, path: str, name: str, body: Any = None) -> Any:
        """A call of Shopify's Admin API; it waits as long as Shopify asks when throttled. None when refused."""
        for _ in range(MOST_TRIES):
            headers = {**self.token, "Content-Type": "application/json"}
            path_and_version = f"/admin/api/{VERSION}/{path}"
            with self.client.request(
                method, path_and_version, name=name, json=body, headers=headers, catch_response=True
            ) as response:
                if response.status_code != 429:
                    return response.json() if response.ok else None
                response.success()  # a throttled call is Shopify's way, not a failure
            gevent.sleep(float(response.headers.get("Retry-After", 1)))
        return None

    def shopper(self, method: str, path: str, name: str, body: Any) -> Any:
        """A call of the shop's front, which no limit holds."""
        response = self.client.request(method, f"{self.shop}/{path}", name=f"shop {name}", json=body)
        return response.json() if response.ok else None

    def _listed(self, resource: str) -> list[dict[str, Any]]:
        found = self.api("GET", f"{resource}.json?limit=50", f"GET {resource}")
        return found[resource] if found else []


class Shopper(Trader):
    """Fills a cart and buys it."""

    weight = 3

    @task
    def act(self) -> None:
        self.on_time(self.buy)

    def buy(self) -> tuple[str, str]:
        lines = [{"title": "Gift wrap", "price": "2.50", "quantity": 1}]
        if self.products:
            product = self.chance.choice(self.products)
            variant = self.chance.choice(product["variants"])
            lines.append({"variant_id": variant["id"], "quantity": self.chance.randint(1, 3)})
        cart = self.shopper("POST", "carts", "POST carts", {"line_items": lines})
        if cart is None:
            return "buy", "the cart was refused"
        contact = {
            "email": f"shopper-{self.chance.getrandbits(32):08x}@example.com",
            "customer": {"first_name": "Sam", "last_name": self.marked("customer")},
            "note": self.marked("order"),
        }
        contact["customer"]["email"] = contact["email"]
        started = self.shopper("POST", f"carts/{cart['cart']['token']}/checkout", "POST checkout", contact)
        if started is None:
            return "buy", "the checkout was refused"
        token = started["checkout"]["token"]
        done = self.shopper("POST", f"checkouts/{token}/complete", "POST complete", {"financial_status": "paid"})
        return "buy", "" if done else "the order was refused"


class Merchant(Trader):
    """Changes products and customers through the Admin API."""

    weight = 1

    @task
    def act(self) -> None:
        self.on_time(self.edit)

    def edit(self) -> tuple[str, str]:
        kind = self.chance.choice(["product", "customer"])
        known = self.products if kind == "product" else self.customers
        field = "title" if kind == "product" else "last_name"
        if known and self.chance.random() < 0.7:
            record = self.chance.choice(known)
            path, name, method = f"{kind}s/{record['id']}.json", f"PUT {kind}", "PUT"
            body = {"id": record["id"], field: self.marked(kind)}
        else:
            path, name, method = f"{kind}s.json", f"POST {kind}", "POST"
            body = {field: self.marked(kind)}
            if kind == "customer":
                body["email"] = f"member-{self.chance.getrandbits(32):08x}@example.com"
        answer = self.api(method, path, name, {kind: body})
        if answer is None:
            return name, "refused, or throttled too long"
        if method == "POST":
            known.append(answer[kind])
        return name, ""


class Watcher(FastHttpUser):
    """Reads the change logs, reports each change when HubSpot shows it, and ends the run when all are shown."""

    fixed_count = 1
    wait_time = constant(0)

    def on_start(self) -> None:
        options = self.environment.parsed_options
        told = self.client.get(f"/_sim/worlds/{options.world}", name="/_sim/worlds/[world]").json()
        self.token = {"Authorization": f"Bearer {told['apps']['drill']['hubspot_token']}"}
        self.log = f"/_sim/worlds/{options.world}/changes"
        self.tracker = Tracker()
        self.seq = self.seen = 0
        self.trade_ends_s = time.perf_counter() + options.trade_seconds + 1
        self.changes = None
        if options.changes_file:
            self.opened = open(options.changes_file, "w", newline="", encoding="utf-8")  # noqa: SIM115  until on_stop
            self.changes = csv.writer(self.opened, lineterminator="\n")
            self.changes.writerow(CHANGES)

    def on_stop(self) -> None:
        if self.changes:
            self.opened.close()

    @task
    def watch(self) -> None:
        page = self.client.get(f"{self.log}?after={self.seq}&limit={ROWS_PER_LOOK}", name="change logs").json()
        for row in page["changes"]:
            self.seq = row["seq"]
            for sight in self.tracker.take(row):
                self._saw(sight)
        if len(page["changes"]) < ROWS_PER_LOOK:
            self._end_if_done(page["now_ms"])
            gevent.sleep(LOOK_EVERY_S)

    def _saw(self, sight: Sight) -> None:
        _report("SYNC", sight.commit.kind, sight.took_ms)
        self._note(sight.commit, sight.at_ms)
        self.seen += 1
        if self.seen % CONFIRM_EVERY == 0:
            self._confirm(sight)

    def _confirm(self, sight: Sight) -> None:
        """What the log shows, HubSpot's own API must show too: this version, or a later one."""
        object_type, id = sight.record
        properties = {"contacts": "lastname", "products": "name", "deals": "shopify_note", "orders": "hs_order_note"}
        path = f"/crm/v3/objects/{object_type}/{id}?properties={properties[object_type]}"
        with self.client.get(path, name="CONFIRM", headers=self.token, catch_response=True) as response:
            if response.ok and f"drill-{sight.commit.kind}-" not in json.dumps(response.json()["properties"]):
                response.failure(f"{sight.commit.marker} stands in the change log, but not in HubSpot's answer")

    def _end_if_done(self, now_ms: int) -> None:
        waiting = self.tracker.waiting()
        if time.perf_counter() < self.trade_ends_s:
            return
        if waiting and now_ms - max(commit.at_ms for commit in waiting) <= PROMISE_MS:
            return
        for commit in waiting:
            _report("SYNC", commit.kind, now_ms - commit.at_ms, f"{_named(commit)} is not in HubSpot")
            self._note(commit, None)
        gevent.sleep(WRITTEN_S)
        gevent.spawn(self.environment.runner.quit)  # not from here: it ends this user first, and waits for that
        gevent.sleep(PROMISE_MS)

    def _note(self, commit: Commit, seen_at_ms: int | None) -> None:
        if self.changes:
            self.changes.writerow((commit.kind, _named(commit), commit.at_ms, seen_at_ms))


def _named(commit: Commit) -> str:
    return f"{commit.record[0]}/{commit.record[1]}"


def _report(request_type: str, name: str, took_ms: float, problem: str = "") -> None:
    events.request.fire(
        request_type=request_type,
        name=name,
        response_time=took_ms,
        response_length=0,
        exception=RuntimeError(problem) if problem else None,
        context={},
    )

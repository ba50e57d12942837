"""Every customer, order, product and abandoned checkout that Shopify recorded, as signed webhooks, against both fakes.

Many of the recorded documents show one record in different states. Each state comes to a shop of its own, so that each
is decided on; the same document twice is the same webhook twice.

What is expected. The shop's store knows every recorded record: a customer's webhook lacks fields, so the customer is
read again by id, and so is a record without `updated_at` (an answer with chosen fields). Products that only an order's
lines name are not in the store: they read as deleted, and the line items stand without a product (scenario 38).
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from shell_bench import MINUTE, Bench, signed

from simulator.kernel.simulation import Site
from simulator.shopify.kinds import CUSTOMERS, ORDERS, PRODUCTS

Json = dict[str, Any]

SAMPLES = {"customer": "customer", "order": "order", "product": "product", "abandoned_checkout": "checkout"}
TOPICS = {
    "customer": "customers/update",
    "order": "orders/updated",
    "product": "products/update",
    "checkout": "checkouts/update",
}
STORED = {"customer": CUSTOMERS, "order": ORDERS, "product": PRODUCTS}  # the API reads no checkout by id


@pytest.fixture(scope="module")
def answers(shared) -> dict[str, list[Json]]:
    packed = shared("reference/shopify/rest_samples_2026-07.json.gz").read_bytes()
    found = json.loads(gzip.decompress(packed))
    return {sample: [one["response"] for one in found[sample]] for sample in SAMPLES}


def documents(answers: dict[str, list[Json]]) -> list[tuple[str, Json]]:
    """(kind, document) of all answers, alone or in lists."""
    found = []
    for response in (response for responses in answers.values() for response in responses):
        for kind in TOPICS:
            alone, listed = response.get(kind), response.get(f"{kind}s", [])
            found += [(kind, one) for one in ([alone] if alone else listed)]
    return found


def waves(found: list[tuple[str, Json]]) -> list[list[tuple[str, Json]]]:
    """Groups that one shop can hold: no record in two states, no address, phone or handle twice."""
    grouped: list[tuple[Json, list[tuple[str, Json]]]] = []
    for kind, document in found:
        owner = document if kind in ("customer", "product") else document.get("customer") or {}
        claims: Json = {(kind, id_of(kind, document)): document}
        claims |= {(name, owner[name]): owner["id"] for name in ("email", "phone", "handle") if owner.get(name)}
        fitting = (one for one in grouped if all(one[0].get(name, value) == value for name, value in claims.items()))
        taken, group = next(fitting, ({}, []))
        grouped += [(taken, group)] if not group else []
        taken.update(claims)
        group.append((kind, document))
    return [group for _, group in grouped]


def id_of(kind: str, document: Json) -> str:
    return str(document["token" if kind == "checkout" else "id"])


@pytest.mark.slow
@pytest.mark.parametrize("integration", ["deals", "data-sync"])
def test_every_recorded_document_ends_in_sync_or_excluded_with_a_reason_and_stands_once(answers, patterns, integration):
    found = documents(answers)
    counted = sum(
        1 if isinstance(value, dict) else len(value)
        for responses in answers.values()
        for response in responses
        for name, value in response.items()
        if name.removesuffix("s") in TOPICS
    )
    assert counted == len(found) > 90
    fed: Counter[str] = Counter()
    for wave in waves(found):
        fed += feed(integration, wave, patterns)

    assert {kind: sum(1 for other, _ in found if other == kind) for kind in TOPICS} == fed


def feed(integration: str, wave: list[tuple[str, Json]], patterns: dict[str, Json]) -> Counter[str]:
    """Bring one wave to a shop of its own and look at the end; returns how many documents of each kind were fed."""
    bench = Bench(integration, calm=True)
    bench.until_live()
    bench.portal_settings({"currencies": sorted({one["currency"] for _, one in wave if one.get("currency")})})
    prepare(bench, wave, patterns)
    for place, (kind, document) in enumerate(wave):
        answer = signed(bench, TOPICS[kind], document, **{"X-Shopify-Webhook-Id": str(place)})
        assert answer.status_code == 200, (kind, id_of(kind, document), answer.text)
    until_ms = bench.clock.now() + 10 * MINUTE
    while (what := bench.core.pending()) is not None:
        assert bench.clock.now() < until_ms, what
        bench.run(5_000)

    truths = {(kind, id_of(kind, one)): truth(bench, kind, one) for kind, one in wave}
    for (kind, id_), document in truths.items():
        standing = bench.core.explain(kind, id_)["standing"]
        assert expected_standing(kind, document) == (standing["status"], standing["reason"]), (kind, id_, standing)
    assert expected_records(integration, bench, truths) == {
        name: len(bench.records(name)) for name in ("contacts", "products", "deals", "orders", "carts", "line_items")
    }
    bench.close()
    return Counter(kind for kind, _ in wave)


# --- the shop's store ---


def prepare(bench: Bench, wave: list[tuple[str, Json]], patterns: dict[str, Json]) -> None:
    """Have the shop know the records of the wave, and the customers that orders and checkouts name."""
    buyers = [("customer", one["customer"]) for _, one in wave if one.get("customer")]
    whole = {("customer", one["id"]): one for _, one in buyers} | {
        (kind, one.get("id")): one for kind, one in wave if kind in STORED
    }
    site = Site(bench.simulation, bench.settings.shop)
    for kind in STORED:
        for id_, one in ((id_, one) for (other, id_), one in whole.items() if other == kind):
            site.put(STORED[kind].resource, id_, stored(patterns[kind], one))


@pytest.fixture(scope="module")
def patterns() -> dict[str, Json]:
    """A record of each kind as the fake stores it, from a shop of its own."""
    bodies = {
        "customer": {"email": "nobody@example.com"},
        "order": {"line_items": [{"title": "Mug", "price": "3.00", "quantity": 1}]},
        "product": {"title": "Mug", "variants": [{"price": "3.00"}]},
    }
    bench = Bench(calm=True)
    for kind, body in bodies.items():
        bench.shop("POST", f"{kind}s.json", {kind: body})
    found = {kind: Site(bench.simulation, bench.settings.shop).find(STORED[kind].resource)[0] for kind in bodies}
    bench.close()
    return found


def stored(pattern: Json, recorded: Json) -> Json:
    """The recorded plain values and times in the fake's form; lists stay those of the pattern."""
    values = {name: recorded[name] for name in pattern if not isinstance(recorded.get(name, []), list | dict)}
    times = {
        f"{name}_ms": round(datetime.fromisoformat(recorded[name]).timestamp() * 1000)
        for name in ("created_at", "updated_at")
        if recorded.get(name)
    }
    return pattern | {"handle": str(recorded["id"])} | values | times | {"id": recorded["id"]}


# --- what is expected, from the documents alone ---


def truth(bench: Bench, kind: str, document: Json) -> Json:
    """What Shopify says of the record: the webhook, or where that is not whole the answer by id."""
    if kind == "customer" or "updated_at" not in document:
        return bench.shop("GET", f"{kind}s/{document['id']}.json")[kind]
    return document


def expected_standing(kind: str, document: Json) -> tuple[str, str]:
    if kind == "customer" and not document["email"]:
        return "excluded", "no_email"  # A8
    if kind == "order" and document["test"]:
        return "excluded", "test_order"  # I8
    return "in_sync", ""


def expected_records(integration: str, bench: Bench, truths: dict[tuple[str, str], Json]) -> dict[str, int]:
    by_kind = {kind: [one for (other, _), one in truths.items() if other == kind] for kind in TOPICS}
    orders = [one for one in by_kind["order"] if not one["test"]]
    became_orders = {one["checkout_token"] for one in orders}
    checkouts = [one for one in by_kind["checkout"] if one["token"] not in became_orders]
    buyers = [truth(bench, "customer", one["customer"]) for one in (*orders, *checkouts) if one.get("customer")]
    emails = {one["email"] for one in (*by_kind["customer"], *buyers)} | {one["email"] for one in checkouts}
    lines = [line for one in (*orders, *checkouts) for line in one["line_items"]]
    deals = integration == "deals"
    return {
        "contacts": len({email.lower() for email in emails if email}),
        "products": len(by_kind["product"]),
        "deals": len(orders) + len(checkouts) if deals else 0,
        "orders": 0 if deals else len(orders),
        "carts": 0 if deals else len(checkouts),
        "line_items": sum(1 for line in lines if line.get("current_quantity", line["quantity"])),
    }

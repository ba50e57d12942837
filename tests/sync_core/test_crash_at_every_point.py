"""A day of a shop, lived once undisturbed and then again and again with one death each, at another point every time.

The slow suite takes every so many of the points; CRASHES=all takes all (`make crashes`). The clock, the shop and the
people are the same each time.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from crashes import Mortal
from histories import Portrait, differences, portrait
from shell_bench import MINUTE, OPENED, PORTAL

pytestmark = pytest.mark.slow

TRIED = os.environ.get("CRASHES", "20")  # points of a day, spread evenly; "all" for all


def day(bench: Mortal) -> None:
    """An import, and then something of everything; one contact is deleted in HubSpot and must stay away (A13)."""
    bench.shopper("POST", "seed", {"products": 2, "customers": 3, "orders": 2, "checkouts": 0})
    bench.until_live()
    mug = bench.shop("POST", "products.json", {"product": {"title": "Mug", "variants": [{"price": "3.00"}]}})["product"]
    ann, bob = (
        bench.shop("POST", "customers.json", {"customer": {"email": f"{name}@example.com"}})["customer"]
        for name in ("ann", "bob")
    )
    first = order(bench, ann, mug)
    cart = bench.shopper("POST", "carts", {"line_items": [line(mug)]})["cart"]["token"]
    bench.shopper("POST", f"carts/{cart}/checkout", {"email": "guest@example.com"})
    bench.run(MINUTE)

    ids = {row["properties"]["email"]: row["id"] for row in bench.records("contacts", "email")}
    bench.portal("DELETE", f"/crm/v3/objects/contacts/{ids['ann@example.com']}")
    bench.portal("PATCH", f"/crm/v3/objects/contacts/{ids['bob@example.com']}", {"properties": {"city": "Lund"}})
    second = order(bench, bob, mug)
    bench.run(4 * MINUTE)

    bench.shop("PUT", f"customers/{ann['id']}.json", {"customer": {"note": "is back"}})
    bench.shop("PUT", f"customers/{bob['id']}.json", {"customer": {"email": "robert@example.com"}})
    order(bench, ann, mug)
    bench.shop("POST", f"orders/{second['id']}/cancel.json", {"reason": "customer"})
    bench.shop("DELETE", f"orders/{first['id']}.json")
    bench.shop("DELETE", f"products/{mug['id']}.json")
    bench.run(7 * MINUTE)

    bench.survive(lambda: bench.core.resync())
    bench.run(4 * MINUTE)


def order(bench: Mortal, buyer: dict, product: dict) -> dict:
    wanted = {"line_items": [line(product), {"title": "Wrap", "price": "1.00", "quantity": 1}]}
    return bench.shop("POST", "orders.json", {"order": wanted | {"customer": {"id": buyer["id"]}}})["order"]


def line(product: dict) -> dict:
    return {"variant_id": product["variants"][0]["id"], "quantity": 1}


def lived(integration: str, folder: Path, dies_at: int = 0) -> tuple[Mortal, Portrait]:
    bench = Mortal(integration, calm=True, ledger_url=f"sqlite:///{folder / f'{dies_at}.db'}", dies_at=dies_at)
    try:
        day(bench)
        assert bench.core.pending() is None, bench.core.pending()
        return bench, portrait(bench.simulation.store.dump("hubspot", PORTAL))
    finally:
        OPENED.pop().close()


@pytest.mark.parametrize("integration", ["deals", "data-sync"])
def test_wherever_the_core_dies_the_day_ends_in_the_same_state(integration, tmp_path, record_property):
    undisturbed, wanted = lived(integration, tmp_path)
    assert "ann@example.com" not in str(sorted(wanted))
    assert len(wanted) > 15
    points = undisturbed.points.total()
    stride = 1 if TRIED == "all" else max(1, points // int(TRIED))
    died: Counter[str] = Counter()
    for point in range(1, points + 1, stride):
        bench, found = lived(integration, tmp_path, point)
        died[bench.where] += 1
        assert [] == differences(wanted, found), f"it died at point {point} ({bench.where}) of {points}"
    told = ", ".join(f"{count} {where}" for where, count in sorted(died.items()))
    record_property("told", f"deaths, {integration}: {died.total()} of {points} points, all converged ({told})")

    assert "" not in died

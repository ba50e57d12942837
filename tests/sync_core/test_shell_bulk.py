"""A large store's customers come in one file of a bulk operation, and make the same contacts as page by page."""

from __future__ import annotations

import pytest
from shell_bench import Bench

CUSTOMERS = 30
PRODUCTS = "{ products { edges { node { id } } } }"


def imported(bulk_from: int) -> Bench:
    bench = Bench(calm=True, bulk_from=bulk_from)
    bench.shopper("POST", "seed", {"products": 0, "customers": CUSTOMERS, "orders": 10, "checkouts": 0})
    bench.shop("POST", "customers.json", {"customer": ODD})
    bench.shop("POST", "customers.json", {"customer": {"phone": "+15555550123"}})
    bench.until_live()
    return bench


ODD = {
    "email": "Ümlaut@Example.com",
    "first_name": "Zoë\u2028\n",
    "note": 'a line\nand "another", \\ too',
    "tags": "b, a, VIP",
    "phone": "+15555550124",
    "tax_exempt": True,
    "email_marketing_consent": {"state": "subscribed", "opt_in_level": "single_opt_in"},
    "addresses": [{"address1": "1 High St", "address2": "Flat 2", "city": "Ottawa", "province": "ON", "country": "CA"}],
}


def contacts(bench: Bench) -> list[dict]:
    defined = [row["name"] for row in bench.portal("GET", "/crm/v3/properties/contacts")["results"]]
    names = [name for name in defined if not name.startswith("hs_")]
    found = [one["properties"] for one in bench.records("contacts", *names)]
    own = {"createdate", "lastmodifieddate", "first_deal_created_date", "hs_object_id"}  # HubSpot's: when, and a number
    kept = [{name: value for name, value in one.items() if name not in own} for one in found]
    return sorted(kept, key=lambda one: one["email"])


def known(bench: Bench) -> int:
    return len([kind for kind, _ in bench.core.ledger.sources.known() if kind == "customer"])


def pages_read(bench: Bench) -> int:
    """Pages of customers that the import has read; a poll asks for the newest one alone."""
    asked = [one for one in bench.simulation.journal.entries if one.source == "sync" and one.method == "GET"]
    return len([one for one in asked if "/customers.json" in one.path and "created_at" in one.path])


@pytest.mark.slow
def test_S58_a_file_and_pages_make_the_same_contacts():
    by_file, by_page = imported(bulk_from=CUSTOMERS), imported(bulk_from=10**6)
    told = [bench.core.status()["import"]["customer"] for bench in (by_file, by_page)]

    assert 20 < len(contacts(by_page))  # some have no e-mail address
    assert contacts(by_page) == contacts(by_file)
    assert [{"done": CUSTOMERS + 2, "total": CUSTOMERS + 2}] * 2 == told
    assert (0, 1) == (pages_read(by_file), pages_read(by_page))


@pytest.mark.slow
def test_S21_a_file_is_read_on_where_it_was_left(tmp_path, monkeypatch):
    monkeypatch.setattr("sync_core.shell.incoming.bulk.PART", 4_000)  # bytes: some customers
    bench = Bench(calm=True, bulk_from=1, ledger_url=f"sqlite:///{tmp_path / 'ledger.db'}")
    bench.shopper("POST", "seed", {"products": 0, "customers": CUSTOMERS, "orders": 0, "checkouts": 0})
    until(bench, lambda cursor: cursor.done)
    read = bench.core.ledger.cursors()["import customer"].done
    bench.restart()
    bench.until_live()

    assert 0 < read < CUSTOMERS == bench.core.ledger.cursors()["import customer"].done
    assert CUSTOMERS == known(bench)
    assert 0 == pages_read(bench)


def test_where_shopify_takes_no_operation_pages_are_read():
    bench = Bench(calm=True, bulk_from=1)
    bench.shopper("POST", "seed", {"products": 0, "customers": CUSTOMERS, "orders": 0, "checkouts": 0})
    for _ in range(5):  # Shopify runs five of an app at a time
        as_the_app(bench, f'mutation {{ bulkOperationRunQuery(query: "{PRODUCTS}") {{ userErrors {{ code }} }} }}')
    bench.until_live()

    assert (CUSTOMERS, 1) == (known(bench), pages_read(bench))


def test_an_operation_that_is_cancelled_leaves_the_rest_to_pages():
    bench = Bench(calm=True, bulk_from=1)
    bench.shopper("POST", "seed", {"products": 0, "customers": CUSTOMERS, "orders": 0, "checkouts": 0})
    until(bench, lambda cursor: cursor.page)
    id_ = bench.core.ledger.cursors()["import customer"].page
    as_the_app(bench, f'mutation {{ bulkOperationCancel(id: "{id_}") {{ userErrors {{ message }} }} }}')
    bench.until_live()

    assert (CUSTOMERS, 1) == (known(bench), pages_read(bench))


def until(bench: Bench, reached) -> None:
    """Turn by turn, no further than the cursor of the customers' import."""
    for _ in range(200):
        cursor = bench.core.ledger.cursors().get("import customer")
        if cursor and reached(cursor):
            return
        at_ms, name = min((at, name) for name, at in bench.due.items() if at is not None)
        bench.clock.move_to(max(at_ms, bench.clock.now()))
        bench.turn(name)
    raise AssertionError("the import did not come so far")


def as_the_app(bench: Bench, query: str) -> None:
    answer = bench.wire.post(
        "http://127.0.0.1:5005/admin/api/2026-07/graphql.json",
        json={"query": query},
        headers={"X-Shopify-Access-Token": bench.tokens["sync"][0]},
    )
    assert "errors" not in answer.json()

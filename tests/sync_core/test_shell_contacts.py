"""Contacts of several customers, and contacts that HubSpot has already by another address."""

from __future__ import annotations

from shell_bench import Bench, signed


def test_I5_a_deleted_customer_no_longer_counts_among_the_orders_of_the_contact():
    bench = Bench(calm=True)
    bench.until_live()
    twins = [{"email": "ada@example.com", "first_name": name} for name in ("Ada", "Augusta")]
    bench.shopper("POST", "import/customers", {"customers": twins, "as_imported_long_ago": True})
    ada, augusta = bench.shop("GET", "customers.json")["customers"]
    line = {"title": "Mug", "price": "5.00", "quantity": 1}
    bench.shop("POST", "orders.json", {"order": {"customer": {"id": ada["id"]}, "line_items": [line]}})
    bench.run()
    bench.shop("DELETE", f"customers/{augusta['id']}.json")
    bench.run()

    (contact,) = bench.records("contacts", "email", "firstname", "shopify_orders_count")
    shown = contact["properties"]
    assert ("ada@example.com", "1") == (shown["email"], shown["shopify_orders_count"])


def test_A7_a_contact_is_found_by_a_secondary_address_and_keeps_its_primary_one():
    bench = Bench(calm=True)
    bench.until_live()
    kept, gone = (
        bench.portal("POST", "/crm/v3/objects/contacts", {"properties": {"email": email}})["id"]
        for email in ("main@example.com", "second@example.com")
    )
    bench.portal("POST", "/crm/v3/objects/contacts/merge", {"primaryObjectId": kept, "objectIdToMerge": gone})
    bench.shop("POST", "customers.json", {"customer": {"email": "Second@example.com", "first_name": "Ada"}})
    bench.run()

    shown = [
        (row["id"], row["properties"]["email"], row["properties"]["firstname"])
        for row in bench.records("contacts", "email", "firstname")
    ]
    assert [(kept, "main@example.com", "Ada")] == shown


def merged(bench, kept_email, gone_email):
    """A contact of HubSpot's with a secondary address."""
    kept, gone = (
        bench.portal("POST", "/crm/v3/objects/contacts", {"properties": {"email": email}})["id"]
        for email in (kept_email, gone_email)
    )
    bench.portal("POST", "/crm/v3/objects/contacts/merge", {"primaryObjectId": kept, "objectIdToMerge": gone})


def to_hubspot(bench, path):
    """The sync core's calls of a path, as HubSpot has seen them."""
    entries = bench.simulation.journal.entries
    return sum(one.source == "sync" and one.path.endswith(path) for one in entries)


def test_A7_a_customer_who_takes_a_secondary_address_leaves_the_contact_its_primary_one():
    bench = Bench(calm=True)
    bench.until_live()
    merged(bench, "main@example.com", "second@example.com")
    ada = bench.shop("POST", "customers.json", {"customer": {"email": "main@example.com"}})["customer"]
    bench.run(60_000)
    for name in ("Ada", "Augusta"):
        change = {"customer": {"email": "second@example.com", "first_name": name}}
        bench.shop("PUT", f"customers/{ada['id']}.json", change)
        bench.run(60_000)

    shown = [
        (row["properties"]["email"], row["properties"]["firstname"])
        for row in bench.records("contacts", "email", "firstname")
    ]
    assert [("main@example.com", "Augusta")] == shown
    assert 1 == to_hubspot(bench, "/contacts/batch/read")


def test_contacts_that_hubspot_had_before_are_written_without_being_read():
    bench = Bench(calm=True)
    emails = [f"c{n}@example.com" for n in range(20)]
    inputs = [{"properties": {"email": email}} for email in emails]
    bench.portal("POST", "/crm/v3/objects/contacts/batch/create", {"inputs": inputs})
    customers = [{"email": email, "first_name": "C"} for email in emails]
    bench.shopper("POST", "import/customers", {"customers": customers})
    bench.until_live()

    named = [row for row in bench.records("contacts", "firstname") if row["properties"]["firstname"] == "C"]
    assert 20 == len(named)
    assert 0 == to_hubspot(bench, "/contacts/batch/read")


def test_S26_a_merge_of_customers_that_failed_changes_nothing():
    bench = Bench(calm=True)
    bench.until_live()
    ada = bench.shop("POST", "customers.json", {"customer": {"email": "ada@example.com"}})["customer"]
    bench.run()
    told = {
        "admin_graphql_api_customer_kept_id": "gid://shopify/Customer/1",
        "admin_graphql_api_customer_deleted_id": ada["admin_graphql_api_id"],
        "admin_graphql_api_job_id": None,
        "status": "failed",
        "errors": [],
    }
    signed(bench, "customers/merge", told)
    bench.run()

    assert "in_sync" == bench.core.explain("customer", str(ada["id"]))["standing"]["status"]


def test_A16_the_earliest_order_decides_whichever_arrives_first():
    bench = Bench(calm=True)
    bench.until_live()
    ada = bench.shop("POST", "customers.json", {"customer": {"email": "ada@example.com"}})["customer"]
    line = {"title": "Mug", "price": "5.00", "quantity": 1}

    wanted = {"customer": {"id": ada["id"]}, "line_items": [line]}
    order = bench.shop("POST", "orders.json", {"order": wanted | {"source_name": "kiosk"}})["order"]
    bench.run()
    for place, (created_at, source) in enumerate((("2026-09-19T10:00:00Z", "fair"), ("2026-09-20T10:00:00Z", "phone"))):
        told = {"id": order["id"] + 10 + place, "name": f"#{place}", "created_at": created_at, "source_name": source}
        signed(bench, "orders/create", order | told)
        bench.run()
    names = ("shopify_original_source", "shopify_original_source_data_1", "shopify_original_source_data_2")
    (contact,) = bench.records("contacts", *names, "hs_analytics_source_data_1")

    assert ["OFFLINE", "INTEGRATION", "fair"] == [contact["properties"][name] for name in names]
    assert "INTEGRATION_SYNC" != contact["properties"]["hs_analytics_source_data_1"]

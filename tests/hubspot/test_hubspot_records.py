"""Single records: what is stored, what follows, what an answer shows."""

from __future__ import annotations

import pytest
from hubspot_world import PORTAL, START_MS, Client, World

from simulator.hubspot.objects import OBJECT_TYPES
from simulator.hubspot.portal import app_id

NOW = "2026-05-28T20:26:40.500Z"


@pytest.mark.parametrize("row", OBJECT_TYPES, ids=lambda row: row.name)
def test_every_spelling_and_both_path_families_reach_the_same_record(hub: Client, row) -> None:
    made = hub.make(row.name)

    for word in (row.name, row.singular, row.fqn, row.type_id):
        for family in ("/crm/v3/objects", "/crm/objects/2026-03", "/crm/objects/2026-09"):
            for slash in ("", "/"):
                answer = hub.call("GET", f"{family}/{word}/{made['id']}{slash}", allow_redirects=False)
                assert (200, made["id"]) == (answer.status_code, answer.json()["id"])


def test_a_new_contact_shows_what_was_sent_and_what_the_system_adds(hub: Client) -> None:
    answer = hub.post("/crm/v3/objects/contacts", {"properties": {"email": " Jo@Example.COM ", "firstname": "Jo"}})

    made = answer.json()
    app = app_id(hub.grant)
    assert {
        "createdate": NOW,
        "email": "jo@example.com",
        "firstname": "Jo",
        "hs_all_contact_vids": made["id"],
        "hs_analytics_source": "OFFLINE",
        "hs_analytics_source_data_1": "INTEGRATION",
        "hs_analytics_source_data_2": app,
        "hs_email_domain": "example.com",
        "hs_is_contact": "true",
        "hs_is_unworked": "true",
        "hs_latest_source": "OFFLINE",
        "hs_latest_source_data_1": "INTEGRATION",
        "hs_latest_source_data_2": app,
        "hs_lifecyclestage_lead_date": NOW,
        "hs_marketable_status": "false",
        "hs_marketable_until_renewal": "false",
        "hs_object_id": made["id"],
        "hs_pipeline": "contacts-lifecycle-pipeline",
        "lastmodifieddate": NOW,
        "lifecyclestage": "lead",
    } == made["properties"]
    assert sorted(made["properties"]) == list(made["properties"])
    assert (NOW, NOW, False) == (made["createdAt"], made["updatedAt"], made["archived"])
    assert answer.headers["Location"].endswith(f"/crm/v3/objects/contacts/{made['id']}")


def test_an_update_of_a_contact_answers_with_the_changed_and_derived_properties_alone(hub: Client) -> None:
    made = hub.make("contacts", email="a@example.com", firstname="A", lastname="B")
    hub.wait(1_000)

    answer = hub.call(
        "PATCH", f"/crm/v3/objects/contacts/{made['id']}", {"properties": {"email": "c@other.org", "firstname": "C"}}
    )

    changed = {"email": "c@other.org", "firstname": "C", "hs_email_domain": "other.org"}
    assert changed | {"lastmodifieddate": "2026-05-28T20:26:41.500Z"} == answer.json()["properties"]


def test_an_update_of_any_other_object_also_shows_its_creation_and_id(hub: Client) -> None:
    made = hub.make("products", name="Tee", price="10")
    hub.wait(500)

    answer = hub.call("PATCH", f"/crm/v3/objects/products/{made['id']}", {"properties": {"price": 12.5}})

    system = {"createdate": NOW, "hs_lastmodifieddate": "2026-05-28T20:26:41Z", "hs_object_id": made["id"]}
    assert {"price": "12.5"} | system == answer.json()["properties"]  # no fraction where the milliseconds are 0


def test_an_update_that_changes_nothing_leaves_the_record_alone(hub: Client) -> None:
    made = hub.make("contacts", email="a@example.com")
    changes = len(hub.simulation.store.changes())
    hub.wait(1_000)

    hub.call("PATCH", f"/crm/v3/objects/contacts/{made['id']}", {"properties": {"email": "A@example.com"}})

    assert changes == len(hub.simulation.store.changes())


def test_a_read_shows_defaults_or_what_was_asked_with_null_for_unset_and_nothing_for_unknown(hub: Client) -> None:
    made = hub.make("contacts", email="a@example.com", firstname="A")
    path = f"/crm/v3/objects/contacts/{made['id']}"
    system = {"createdate": NOW, "hs_object_id": made["id"], "lastmodifieddate": NOW}

    assert system | {"email": "a@example.com", "firstname": "A", "lastname": None} == hub.get(path).json()["properties"]
    wanted = system | {"city": None, "firstname": "A"}
    for properties in (["firstname", "city", "nonsense"], "firstname,city,nonsense"):
        assert wanted == hub.get(path, properties=properties).json()["properties"]


def test_an_empty_text_clears_a_property(hub: Client) -> None:
    made = hub.make("contacts", email="a@example.com", city="Oslo")
    path = f"/crm/v3/objects/contacts/{made['id']}"

    hub.call("PATCH", path, {"properties": {"city": ""}})

    assert hub.get(path, properties="city").json()["properties"]["city"] is None


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("2022-02-17T19:22:45.581Z", "2022-02-17T19:22:45.581Z"),
        ("2022-02-17T20:22:45+01:00", "2022-02-17T19:22:45Z"),
        (1645125765581, "2022-02-17T19:22:45.581Z"),
        ("1645125765000", "2022-02-17T19:22:45Z"),
        ("2022-02-17", "2022-02-17T00:00:00Z"),
    ],
)
def test_a_datetime_is_taken_as_iso_or_epoch_milliseconds_and_given_as_iso(hub: Client, sent, kept) -> None:
    made = hub.make("deals", dealname="d", closedate=sent)

    assert kept == made["properties"]["closedate"]


def test_a_list_is_in_the_order_of_ids_and_pages_by_the_last_id(hub: Client) -> None:
    ids = [hub.make("products", name=str(number))["id"] for number in range(5)]

    first = hub.get("/crm/v3/objects/products", limit=2, properties="name").json()
    second = hub.get("/crm/v3/objects/products", limit=2, after=first["paging"]["next"]["after"]).json()
    third = hub.session.get(
        second["paging"]["next"]["link"], headers={"Authorization": f"Bearer {hub.grant.token}"}
    ).json()

    pages = [[row["id"] for row in page["results"]] for page in (first, second, third)]
    assert [ids[:2], ids[2:4], ids[4:]] == pages
    assert "paging" not in third


def test_an_archived_record_is_in_the_recycle_bin_and_its_email_is_free(hub: Client) -> None:
    made = hub.make("contacts", email="a@example.com")
    deal = hub.make("deals", dealname="d")
    path = f"/crm/v3/objects/contacts/{made['id']}"
    hub.call("PUT", f"/crm/v4/objects/contacts/{made['id']}/associations/default/deals/{deal['id']}")

    assert 204 == hub.call("DELETE", path).status_code
    assert 204 == hub.call("DELETE", path).status_code

    assert 404 == hub.get(path).status_code
    assert [] == hub.get("/crm/v3/objects/contacts").json()["results"]
    gone = hub.get("/crm/v3/objects/contacts", archived="true").json()["results"]
    assert [(made["id"], True, NOW)] == [(row["id"], row["archived"], row["archivedAt"]) for row in gone]
    assert 200 == hub.get(path, archived="true").status_code
    assert [] == hub.get(f"/crm/v4/objects/deals/{deal['id']}/associations/contacts").json()["results"]
    assert made["id"] != hub.make("contacts", email="a@example.com")["id"]


def test_a_record_is_found_by_a_unique_property_whatever_its_case_for_emails(hub: Client) -> None:
    made = hub.make("contacts", email="a@example.com")

    found = hub.get("/crm/v3/objects/contacts/A%40Example.com", idProperty="email")
    missed = hub.get("/crm/v3/objects/contacts/b%40example.com", idProperty="email")

    assert (made["id"], 404) == (found.json()["id"], missed.status_code)


def test_a_record_is_created_with_its_associations_or_not_at_all(hub: Client) -> None:
    contact = hub.make("contacts", email="a@example.com")
    link = {"types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3}]}
    deal = {"properties": {"dealname": "d"}}

    good = hub.post("/crm/v3/objects/deals", deal | {"associations": [link | {"to": {"id": contact["id"]}}]})
    bad = hub.post("/crm/v3/objects/deals", deal | {"associations": [link | {"to": {"id": "999"}}]})

    assert (201, 400) == (good.status_code, bad.status_code)
    assert 1 == len(hub.get("/crm/v3/objects/deals").json()["results"])
    read = hub.get(f"/crm/v3/objects/deals/{good.json()['id']}", associations="contacts,companies").json()
    assert {"contacts": {"results": [{"id": contact["id"], "type": "deal_to_contact"}]}} == read["associations"]


def test_history_keeps_the_versions_of_a_property_newest_first(hub: Client) -> None:
    made = hub.make("deals", dealname="one")
    for name in ("two", "three"):
        hub.wait(1_000)
        hub.call("PATCH", f"/crm/v3/objects/deals/{made['id']}", {"properties": {"dealname": name}})

    read = hub.get(f"/crm/v3/objects/deals/{made['id']}", propertiesWithHistory="dealname").json()

    source = {"sourceType": "INTEGRATION", "sourceId": app_id(hub.grant)}
    seconds = {"three": 42, "two": 41, "one": 40}
    expected = [{"value": v, "timestamp": f"2026-05-28T20:26:{s}.500Z"} | source for v, s in seconds.items()]
    assert expected == read["propertiesWithHistory"]["dealname"]


def test_history_is_bounded(hub: Client) -> None:
    made = hub.make("deals", dealname="0")
    for number in range(1, 30):
        hub.call("PATCH", f"/crm/v3/objects/deals/{made['id']}", {"properties": {"dealname": str(number)}})

    read = hub.get(f"/crm/v3/objects/deals/{made['id']}", propertiesWithHistory="dealname").json()

    assert [str(n) for n in range(29, 9, -1)] == [row["value"] for row in read["propertiesWithHistory"]["dealname"]]


def test_a_line_item_copies_its_product_and_computes_its_amount(hub: Client) -> None:
    product = hub.make("products", name="Tee", price="10.00", hs_sku="T-1")

    line = hub.make("line_items", hs_product_id=product["id"], quantity=3, discount="1.50", price="20")

    properties = line["properties"]
    assert ("Tee", "T-1", "20") == tuple(properties[name] for name in ("name", "hs_sku", "price"))
    computed = ("hs_pre_discount_amount", "hs_total_discount", "amount", "hs_effective_unit_price")
    assert ("60", "4.5", "55.5", "18.5") == tuple(properties[name] for name in computed)


def test_the_external_id_of_a_line_item_is_discarded_without_a_word(hub: Client) -> None:
    line = hub.make("line_items", name="x", hs_external_id="7")

    read = hub.get(f"/crm/v3/objects/line_items/{line['id']}", properties="hs_external_id").json()

    assert read["properties"]["hs_external_id"] is None


def test_a_deal_follows_its_stage_and_its_contact_counts_it(hub: Client) -> None:
    contact = hub.make("contacts", email="a@example.com")
    deal = hub.make("deals", dealname="d", amount="100.50", dealstage="contractsent", closedate="2026-05-28T10:00:00Z")
    path = f"/crm/v3/objects/deals/{deal['id']}"
    hub.call("PUT", f"/crm/v4/objects/contacts/{contact['id']}/associations/default/deals/{deal['id']}")
    assert ("default", "0.9", "false", "0") == tuple(
        deal["properties"][name]
        for name in ("pipeline", "hs_deal_stage_probability", "hs_is_closed", "hs_closed_amount")
    )
    hub.wait(60_000)

    won = hub.call("PATCH", path, {"properties": {"dealstage": "closedwon"}}).json()["properties"]

    assert ("1.0", "true", "true", "100.50") == tuple(
        won[name] for name in ("hs_deal_stage_probability", "hs_is_closed", "hs_is_closed_won", "hs_closed_amount")
    )
    dates = ("hs_v2_date_entered_contractsent", "hs_v2_date_exited_contractsent", "hs_v2_date_entered_closedwon")
    read = hub.get(path, properties=",".join(dates)).json()["properties"]
    assert [NOW, "2026-05-28T20:27:40.500Z", "2026-05-28T20:27:40.500Z"] == [read[name] for name in dates]
    rollups = "num_associated_deals,total_revenue,recent_deal_amount,first_deal_created_date"
    counted = hub.get(f"/crm/v3/objects/contacts/{contact['id']}", properties=rollups).json()["properties"]
    assert ("1", "100.5", "100.50", NOW) == tuple(counted[name] for name in rollups.split(","))


def test_pipeline_and_stage_of_a_deal_may_be_cleared_together_but_not_alone(hub: Client) -> None:
    deal = hub.make("deals", dealname="d", pipeline="default", dealstage="contractsent")
    path = f"/crm/v3/objects/deals/{deal['id']}"

    assert 400 == hub.call("PATCH", path, {"properties": {"dealstage": ""}}).status_code
    assert 200 == hub.call("PATCH", path, {"properties": {"dealstage": "", "pipeline": ""}}).status_code

    read = hub.get(path, properties="hs_is_closed").json()["properties"]
    whole = hub.get(path).json()["properties"]
    assert (None, None, "false") == (whole["pipeline"], whole["dealstage"], read["hs_is_closed"])
    assert hub.make("deals", dealname="none")["properties"].get("dealstage") is None


def test_an_order_without_a_pipeline_is_open_in_the_order_pipeline(hub: Client) -> None:
    order = hub.make("orders", hs_order_name="#1", hs_total_price="12.30", hs_currency_code="USD")["properties"]

    assert "14a2e10e-5471-408a-906e-c51f3b04369e" == order["hs_pipeline"]
    assert "4b27b500-f031-4927-9811-68a0b525cbae" == order["hs_pipeline_stage"]
    assert ("12.3", "1", "false") == tuple(
        order[name] for name in ("hs_homecurrency_amount", "hs_exchange_rate", "hs_is_closed")
    )


def test_only_the_native_app_writes_the_drill_downs_and_only_on_create(world: World) -> None:
    drill = {"hs_analytics_source_data_1": "INTEGRATION_SYNC", "hs_analytics_source_data_2": "integrations-sync"}
    private, native = world.client("other"), world.client("shopify", kind="native")

    refused = private.post("/crm/v3/objects/contacts", {"properties": {"email": "a@example.com"} | drill})
    made = native.make("contacts", email="a@example.com", **drill)
    late = native.call("PATCH", f"/crm/v3/objects/contacts/{made['id']}", {"properties": drill})

    assert (400, 400) == (refused.status_code, late.status_code)
    assert {"READ_ONLY_VALUE"} == {error["code"] for error in refused.json()["errors"]}
    assert drill == {name: made["properties"][name] for name in drill}
    assert "OFFLINE" == made["properties"]["hs_analytics_source"]


def test_only_the_native_app_closes_orders(world: World) -> None:
    body = {"properties": {"hs_order_name": "#1", "hs_closed_date": "2026-01-01T00:00:00Z"}}

    answers = [world.client(kind, kind=kind).post("/crm/v3/objects/orders", body) for kind in ("private", "native")]

    assert [400, 201] == [answer.status_code for answer in answers]


def test_a_currency_must_be_enabled_in_the_portal(world: World) -> None:
    from simulator.hubspot import portal

    hub = world.client()
    order = {"properties": {"hs_order_name": "#1", "hs_total_price": "10", "hs_currency_code": "EUR"}}

    refused = hub.post("/crm/v3/objects/orders", order)
    portal.change(hub.grant.site, rates={"EUR": "1.08"})
    taken = hub.post("/crm/v3/objects/orders", order)

    assert ("INVALID_OPTION", "hs_currency_code") == (
        refused.json()["errors"][0]["code"],
        refused.json()["errors"][0]["context"]["propertyName"][0],
    )
    assert "10.8" == taken.json()["properties"]["hs_homecurrency_amount"]
    assert ["EUR"] == hub.get("/account-info/v3/details").json()["additionalCurrencies"]


def test_the_change_log_holds_one_line_a_write_with_the_record_after_it(hub: Client) -> None:
    contact, deal = hub.make("contacts", email="a@example.com"), hub.make("deals", dealname="d")
    hub.call("PUT", f"/crm/v4/objects/contacts/{contact['id']}/associations/default/deals/{deal['id']}")
    hub.call("DELETE", f"/crm/v3/objects/deals/{deal['id']}")

    names = ("contacts", "deals", "associations")
    log = [row for row in hub.simulation.store.changes(vendor="hubspot") if row.resource in names]
    told = [(row.resource, row.verb) for row in log]
    made = [("contacts", "create"), ("deals", "create"), ("associations", "create")]
    assert [*made, ("deals", "update"), ("associations", "delete")] == told
    assert (int(contact["id"]), PORTAL, START_MS) == (log[0].id, log[0].tenant, log[0].at_ms)
    assert "a@example.com" == log[0].document["properties"]["email"]
    assert log[3].document["archived"] is True

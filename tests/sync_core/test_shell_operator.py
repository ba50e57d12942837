"""The operator's pages: who may see them, what they take and refuse, and the stage mapping (B26 to B36)."""

from __future__ import annotations

import pytest
from shell_bench import KEY, MINUTE, SHOP, Bench, ask, of_shop

pytestmark = pytest.mark.slow  # a world for each page

ORDERS = "/crm/v3/pipelines/orders"


@pytest.fixture
def bench():
    made = Bench("data-sync", calm=True, operator_key=KEY)
    made.until_live()
    return made


def order(bench: Bench, **fields) -> dict:
    wanted = {"line_items": [{"title": "Mug", "price": "3.00", "quantity": 1}], **fields}
    return bench.shop("POST", "orders.json", {"order": wanted})["order"]


def stages(bench: Bench) -> dict[str, str]:
    """Label of the stage of each order in HubSpot, by the order's name."""
    labels = {stage["id"]: stage["label"] for stage in pipeline(bench)["stages"]}
    found = bench.records("orders", "hs_order_name", "hs_pipeline_stage")
    return {
        one["properties"]["hs_order_name"]: labels.get(one["properties"]["hs_pipeline_stage"], "?") for one in found
    }


def pipeline(bench: Bench) -> dict:
    (found,) = bench.portal("GET", ORDERS)["results"]
    return found


def add_stage(bench: Bench, label: str) -> str:
    wanted = {"label": label, "displayOrder": 9, "metadata": {"state": "OPEN"}}
    return bench.portal("POST", f"{ORDERS}/{pipeline(bench)['id']}/stages", wanted)["id"]


def id_of(bench: Bench, label: str) -> str:
    return next(stage["id"] for stage in pipeline(bench)["stages"] if stage["label"] == label)


def draft(bench: Bench, mapping: dict, **options):
    return of_shop(bench, "PUT", "/pipeline/draft", {"stages": mapping}, **options)


# --- who may ---


def test_nobody_without_the_key_sees_or_changes_anything(bench):
    ask(bench, "GET", "/connections", key="another", status=401)
    of_shop(bench, "PUT", "/objects/contacts", {"sync": "off"}, key="", status=401)

    assert "on" == of_shop(bench, "GET", "")["objects"]["contacts"]["sync"]


def test_without_a_key_in_the_settings_nobody_is_let_in():
    bench = Bench(calm=True)

    ask(bench, "GET", "/connections", key="", status=401)


def test_another_hosts_name_is_refused(bench):
    answer = bench.core.receiver.test_client().get(
        "/connections", headers={"Authorization": f"Bearer {KEY}"}, base_url="http://evil.example"
    )

    assert 403 == answer.status_code


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("PUT", "/objects/contacts", {"sync": "maybe"}, "sync"),
        ("PUT", "/objects/deals", {"sync": "off"}, "object"),
        ("PUT", "/objects/contacts", {"sync": "deleted"}, "object"),
        ("PATCH", "/settings", {"skip_test_orders": "yes"}, "skip_test_orders"),
        ("PATCH", "/settings", {"pending_expires_hours": 0}, "pending_expires_hours"),
        ("PATCH", "/settings", {"colour": "red"}, "colour"),
        ("PATCH", "/settings", ["list"], "body"),
        ("PUT", "/pipeline/draft", {"stages": {"none": "open"}}, "stages.none"),
        ("PUT", "/pipeline/draft", {}, "stages"),
    ],
)
def test_bad_input_is_refused_with_the_name_of_the_field(bench, method, path, body, field):
    assert field == of_shop(bench, method, path, body, status=400)["field"]


def test_B6_a_store_is_connected_once(bench):
    again = {"shop": SHOP, "shopify_token": "shpat_x"}

    assert "connected already" in ask(bench, "POST", "/connections", again, status=400)["error"]


# --- settings ---


def test_B11_I8_test_orders_sync_once_the_setting_says_so(bench):
    order(bench, test=True)
    bench.run(2 * MINUTE)
    assert {} == stages(bench)

    of_shop(bench, "PATCH", "/settings", {"skip_test_orders": False})
    bench.run(2 * MINUTE)

    assert {"#1001": "Processed"} == stages(bench)


def test_A29_an_orders_own_email_makes_a_contact_once_the_setting_says_so_and_yields_to_the_customers(bench):
    mia = bench.shop("POST", "customers.json", {"customer": {"first_name": "Mia", "phone": "+16135550123"}})["customer"]
    order(bench, customer={"id": mia["id"]}, email="desk@example.com")
    bench.run(2 * MINUTE)
    assert [] == bench.records("contacts")

    of_shop(bench, "PATCH", "/settings", {"use_order_email": True})
    bench.run(2 * MINUTE)
    assert ["desk@example.com"] == _buyers(bench)

    bench.shop("PUT", f"customers/{mia['id']}.json", {"customer": {"email": "mia@example.com"}})
    bench.run(3 * MINUTE)
    assert ["mia@example.com"] == _buyers(bench)


def _buyers(bench: Bench) -> list[str]:
    """The e-mails of the contacts of the one order."""
    (found,) = bench.records("orders", associations="contacts")
    ids = {one["id"] for one in found.get("associations", {}).get("contacts", {}).get("results", ())}
    return [one["properties"]["email"] for one in bench.records("contacts", "email") if one["id"] in ids]


def test_a_refunded_order_goes_to_cancelled_once_the_setting_says_so():
    bench = Bench("deals", calm=True, operator_key=KEY)
    bench.until_live()
    order(bench, financial_status="refunded")
    bench.run(2 * MINUTE)
    assert ["processed"] == [one["properties"]["dealstage"] for one in bench.records("deals", "dealstage")]

    of_shop(bench, "PATCH", "/settings", {"refunded_is_cancelled": True})
    bench.run(2 * MINUTE)

    assert ["cancelled"] == [one["properties"]["dealstage"] for one in bench.records("deals", "dealstage")]


# --- the summary and the states ---


def test_A5_the_summary_equals_a_recount_from_the_api(bench):
    buyer = bench.shop("POST", "customers.json", {"customer": {"email": "ann@example.com"}})["customer"]
    bench.shop("POST", "products.json", {"product": {"title": "Mug"}})
    order(bench, customer={"id": buyer["id"]})
    order(bench)
    bench.run(2 * MINUTE)
    told = ask(bench, "GET", "/summary")
    recount = {name: len(bench.records(name)) for name in ("contacts", "products", "orders", "carts")}

    assert {"contacts": 1, "products": 1, "orders": 2, "carts": 0} == recount == told["total"] == told["stores"][SHOP]


def test_the_states_of_an_object_add_up_to_what_the_shop_holds(bench):
    for email in ("ann@example.com", None, "bob@example.com"):
        wanted = {"email": email} if email else {"phone": "+4545454545"}
        bench.shop("POST", "customers.json", {"customer": wanted})
    order(bench, test=True)
    order(bench)
    bench.run(2 * MINUTE)
    objects = of_shop(bench, "GET", "")["objects"]

    assert {"excluded": 1, "in_sync": 2} == objects["contacts"]["states"]
    assert {"excluded": 1, "in_sync": 1} == objects["orders"]["states"]


def test_B13_what_waits_while_an_object_is_off_is_told_as_pending(bench):
    first = order(bench)
    order(bench)
    bench.run(2 * MINUTE)
    of_shop(bench, "PUT", "/objects/orders", {"sync": "off"})
    order(bench)
    bench.shop("PUT", f"orders/{first['id']}.json", {"order": {"note": "by the door"}})
    bench.run(2 * MINUTE)
    told = of_shop(bench, "GET", "")["objects"]["orders"]

    assert ("off", {"in_sync": 1, "pending": 2}) == (told["sync"], told["states"])


# --- the Order pipeline ---


def test_B34_a_new_stage_is_shown_only_once_the_pipelines_are_refreshed(bench):
    packed = add_stage(bench, "Packed")
    before = {stage["id"] for stage in of_shop(bench, "GET", "/pipeline")["stages"]}
    after = {stage["id"] for stage in of_shop(bench, "POST", "/pipeline/refresh")["stages"]}

    assert {packed} == after - before
    draft(bench, {packed: "delivered"})


def test_B33_B36_the_mapping_counts_once_it_is_saved_and_for_all_orders(bench):
    order(bench, financial_status="paid")
    bench.run(2 * MINUTE)
    packed = add_stage(bench, "Packed")
    of_shop(bench, "POST", "/pipeline/refresh")
    draft(bench, {id_of(bench, "Processed"): None, packed: "processed"})
    assert {
        "orders": 1,
        "changes": [{"from": "Processed", "to": "Packed", "orders": 1}],
        "unmapped": ["delivered"],
    } == of_shop(bench, "GET", "/pipeline/review")
    bench.run(2 * MINUTE)
    assert {"#1001": "Processed"} == stages(bench)  # B31

    of_shop(bench, "POST", "/pipeline/save")
    bench.run(2 * MINUTE)

    assert {"#1001": "Packed"} == stages(bench)


def test_B33_a_status_chosen_for_two_stages_is_refused_as_a_whole(bench):
    draft(bench, {id_of(bench, "Open"): "shipped", id_of(bench, "Processed"): "open"})
    before = of_shop(bench, "GET", "/pipeline")

    assert "shipped" in of_shop(bench, "POST", "/pipeline/save", status=400)["error"]
    assert before == of_shop(bench, "GET", "/pipeline")


def test_B35_orders_of_a_skipped_stage_are_excluded_and_all_catch_up_on_remapping(bench):
    first = order(bench, financial_status="pending")
    bench.run(2 * MINUTE)
    draft(bench, {id_of(bench, "Processed"): None, id_of(bench, "Cancelled"): None})
    of_shop(bench, "POST", "/pipeline/save")
    order(bench, financial_status="paid")
    bench.shop("POST", f"orders/{first['id']}/cancel.json", {})
    bench.run(2 * MINUTE)
    standing = bench.core.explain("order", str(first["id"]))["standing"]
    assert ("excluded", "stage_unmapped") == (standing["status"], standing["reason"])
    assert {"#1001": "Open"} == stages(bench)  # it stays as last written, the new one does not come

    draft(bench, {id_of(bench, "Processed"): "processed", id_of(bench, "Cancelled"): "cancelled"})
    of_shop(bench, "POST", "/pipeline/save")
    bench.run(2 * MINUTE)

    assert {"#1001": "Cancelled", "#1002": "Processed"} == stages(bench)


def test_B28_a_stage_deleted_in_hubspot_loses_its_status(bench):
    shipped = id_of(bench, "Shipped")
    bench.portal("DELETE", f"{ORDERS}/{pipeline(bench)['id']}/stages/{shipped}")
    bench.run(6 * MINUTE)
    told = of_shop(bench, "GET", "/pipeline")

    assert ["shipped", "delivered"] == told["unmapped"]
    assert shipped in {stage["id"] for stage in told["stages"]}  # the copy is as it was refreshed last


def test_B30_a_renamed_stage_keeps_its_status_and_its_orders(bench):
    order(bench)
    bench.run(2 * MINUTE)
    writes = len(bench.writes())
    opened = id_of(bench, "Open")
    bench.portal("PATCH", f"{ORDERS}/{pipeline(bench)['id']}/stages/{opened}", {"label": "Received"})
    of_shop(bench, "POST", "/pipeline/refresh")
    bench.run(6 * MINUTE)

    found = next(one for one in of_shop(bench, "GET", "/pipeline")["stages"] if one["id"] == opened)
    assert ("Received", "open", writes) == (found["label"], found["status"], len(bench.writes()))

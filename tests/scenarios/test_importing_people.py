"""Shopify's customer and order CSV: what is read, what the shop then holds, and how a bad place is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scenarios.importing import Unreadable, read_customers, read_orders
from scenarios.verbs import Drill
from scenarios.world import WorldSpec
from scenarios.worlds import Registry

CUSTOMERS = (
    "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Default Address Address1,"
    "Default Address Address2,Default Address City,Default Address Province Code,Default Address Country Code,"
    "Default Address Zip,Default Address Phone,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Note,Tax Exempt,"
    "Tags\n"
)
ANNA = (
    "'7210448301122,Anna,Berg,Anna.Berg@Example.com,yes,,Storgatan 1,,Lund,,SE,'22350,,'+46701234567,no,99.00,3,"
    '"Pays late,\nalways",no,"vip, b2b"\n'
)
NOBODY = "'7210448301123,,,,no,,,,,,,,,'+61412000999,no,0.00,0,,yes,\n"

ORDERS = (
    "Name,Email,Financial Status,Fulfillment Status,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,"
    "Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,"
    "Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,Billing Name,Billing City,"
    "Billing Country,Notes,Note Attributes,Cancelled at,Payment Method,Refunded Amount,Outstanding Balance,Id,Tags,"
    "Lineitem discount,Tax 1 Name,Tax 1 Value\n"
)
# 2 x 10.00 + 5.50 - 5.50 off + 4.90 shipping + 2.00 tax
PAID = (
    "#1001,ANNA.BERG@example.com,paid,partial,yes,USD,20.00,4.90,2.00,26.90,SAVE,5.50,Post,2025-10-07 09:50:26 +0200,2,"
    'Cup - Small,10.00,CUP-S,true,true,fulfilled,Anna Maria Berg,Lund,SE,Ring twice,"gift: yes\nfrom: Bo: Ek",,'
    "Visa,,0.00,'5500000000001,web,0.00,VAT 10%,2.00\n"
    "#1001,ANNA.BERG@example.com,,,,,,,,,,,,2025-10-07 09:50:26 +0200,1,Gift wrap,5.50,,false,true,pending,"
    ",,,,,,,,,,,0.00,,\n"
)
# Tax within the price, half paid back; nobody's.
REFUNDED = (
    "#1000,,partially_refunded,unfulfilled,no,USD,12.00,0.00,2.00,12.00,,0.00,,2025-10-01 00:00:00 +0000,1,Bag,12.00,"
    ",true,true,pending,,,,,,,Visa,6.00,0.00,'5500000000000,,0.00,MwSt 20%,2.00\n"
)
CANCELLED = (
    "#0999,,refunded,unfulfilled,no,USD,12.00,0.00,0.00,12.00,,0.00,,2025-09-30 00:00:00 +0000,1,Bag,12.00,"
    ",true,true,pending,,,,,,2025-10-02 00:00:00 +0000,Visa,12.00,0.00,'5500000000002,,0.00,,\n"
)


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    def written(content: str) -> Path:
        path = tmp_path / "export.csv"
        path.write_bytes(content.encode())
        return path

    return written


@pytest.fixture(scope="module")
def drill() -> Iterator[Drill]:
    registry = Registry()
    world = registry.open(WorldSpec(seed=1))
    yield Drill(registry.session(), registry.fakes_url, world.describe())
    registry.close()


def brought(drill: Drill, kind: str, bodies: list[dict[str, Any]]) -> Any:
    return drill.shop.storefront("POST", f"import/{kind}", {kind: bodies})


def test_a_customer_s_row_becomes_a_body_with_consent_address_and_values_without_their_guards(file):
    anna, nobody = [record.body for record in read_customers([file(CUSTOMERS + ANNA + NOBODY)], print)]

    assert {
        "first_name": "Anna",
        "last_name": "Berg",
        "email": "Anna.Berg@Example.com",
        "phone": "+46701234567",
        "note": "Pays late,\nalways",
        "tax_exempt": False,
        "tags": "vip, b2b",
        "addresses": [
            {
                "first_name": "Anna",
                "last_name": "Berg",
                "address1": "Storgatan 1",
                "city": "Lund",
                "country_code": "SE",
                "zip": "22350",
            }
        ],
        "email_marketing_consent": {"state": "subscribed"},
        "sms_marketing_consent": {"state": "not_subscribed"},
    } == anna
    assert {"phone": "+61412000999", "tax_exempt": True, "sms_marketing_consent": {"state": "not_subscribed"}} == nobody


def test_orders_come_oldest_first_though_a_file_begins_with_the_newest(file):
    found = read_orders([file(ORDERS + PAID + REFUNDED + CANCELLED)], print)

    assert ["#0999", "#1000", "#1001"] == [record.body["order"]["name"] for record in found]
    assert ["export.csv, line 6", "export.csv, line 5", "export.csv, line 2"] == [
        record.place.rsplit("/", 1)[-1] for record in found
    ]


def test_what_is_imported_stands_in_the_shop_with_the_money_of_the_file(drill, file):
    product = {"title": "Cup", "options": [{"name": "Size"}], "variants": [{"option1": "Small", "sku": "CUP-S"}]}
    brought(drill, "products", [product])
    brought(drill, "customers", [record.body for record in read_customers([file(CUSTOMERS + ANNA)], print)])
    bodies = [record.body for record in read_orders([file(ORDERS + PAID + REFUNDED + CANCELLED)], print)]
    assert {"orders": 3} == brought(drill, "orders", bodies)

    orders = {one["name"]: one for one in drill.shop.read("orders", status="any")["orders"]}
    told = {
        name: (one["total_price"], one["total_tax"], one["financial_status"], one["fulfillment_status"])
        for name, one in orders.items()
    }
    assert {
        "#0999": ("12.00", "0.00", "refunded", None),
        "#1000": ("12.00", "2.00", "partially_refunded", None),
        "#1001": ("26.90", "2.00", "paid", "partial"),
    } == told
    paid = orders["#1001"]
    assert ("20.00", "5.50", False) == (paid["subtotal_price"], paid["total_discounts"], paid["taxes_included"])
    assert "4.90" == paid["total_shipping_price_set"]["shop_money"]["amount"]
    assert "2025-10-07T03:50:26-04:00" == paid["processed_at"]
    assert [("CUP-S", "Small", "fulfilled"), (None, None, None)] == [
        (line["sku"], line["variant_title"], line["fulfillment_status"]) for line in paid["line_items"]
    ]
    assert [{"name": "gift", "value": "yes"}, {"name": "from", "value": "Bo: Ek"}] == paid["note_attributes"]
    assert ("Anna Maria", "Berg") == (paid["billing_address"]["first_name"], paid["billing_address"]["last_name"])
    assert "Anna.Berg@Example.com" == paid["customer"]["email"]
    assert [0.1] == [tax["rate"] for tax in paid["tax_lines"]]
    assert (True, None) == (
        orders["#1000"]["taxes_included"],
        orders["#1000"].get("customer"),
    )
    assert orders["#0999"]["cancelled_at"] is not None
    assert ["6.00"] == [one["amount"] for refund in orders["#1000"]["refunds"] for one in refund["transactions"]]


def test_an_import_with_one_bad_order_leaves_nothing_behind_and_names_it(drill):
    before = drill.shop.read("orders/count", status="any")
    good = {"order": {"name": "#7", "line_items": [{"title": "Cup", "price": "1.00"}]}}
    bad = {"order": {"name": "#8", "line_items": []}}

    with pytest.raises(Exception, match=r"orders\[1\] '#8'"):
        brought(drill, "orders", [good, bad])

    assert before == drill.shop.read("orders/count", status="any")


@pytest.mark.parametrize(
    ("content", "line", "column", "reason"),
    [
        (ORDERS + PAID.replace("26.90", "27.90", 1), 2, "Total", "do not make 27.90"),
        (ORDERS + PAID.replace("USD,20.00", "USD,21.00", 1), 2, "Subtotal", "add up to 25.50"),
        (ORDERS + PAID.replace("10%,2.00", "10%,3.00", 1), 2, "Taxes", "do not add up to 2.00"),
        (ORDERS + PAID.replace(",2,", ",0,", 1), 2, "Lineitem quantity", "one or more"),
        (ORDERS + PAID + PAID, 5, "Name", "'#1001' began on line 2"),
        (ORDERS + PAID.replace("2025-10-07 09:50:26 +0200", "7 Oct", 1), 2, "Created at", "is not a time"),
        (ORDERS + PAID.replace("paid", "settled", 1), 2, "Financial Status", "is none of pending"),
        (ORDERS + PAID.replace("fulfilled,Anna", "pending,Anna", 1), 2, "Fulfillment Status", "none of its lines"),
        (ORDERS + PAID.replace("#1001", "", 1), 2, "Name", "which order"),
        (CUSTOMERS, 1, "Name", "is this Shopify's order CSV"),
    ],
)
def test_a_place_of_an_order_file_that_cannot_be_believed_is_named(file, content, line, column, reason):
    with pytest.raises(Unreadable) as caught:
        read_orders([file(content)], print)

    assert (line, column) == (caught.value.line, caught.value.column)
    assert reason in caught.value.reason


def test_a_customer_of_whom_nothing_is_known_is_refused(file):
    with pytest.raises(Unreadable, match="a name, a phone number or an e-mail address"):
        read_customers([file(CUSTOMERS + "'1,,,,no,,,,,,,,,,no,0.00,0,,no,lost\n")], print)

"""Answers have the keys and JSON types of the samples that were recorded for 2026-07.

A sample's request is played against a shop in a like state; its ids are not the same, so only shapes are compared.
Where the fake differs, the difference stands in DIFFERENCES with its reason.
"""

import gzip
import json
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from simulator.kernel.clock import MINUTE

SAMPLES = Path(__file__).parents[3] / "shared/reference/shopify/rest_samples_2026-07.json.gz"
needs_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="the recorded samples are not on this machine")

# Path inside the answer -> why it is not as recorded. "[]" is any item of a list.
DIFFERENCES = {
    "variant.tax_code": "only one recorded answer has it: the shop used a tax service",
    "image.width": "the fake does not fetch images, so it knows the size of those alone whose bytes were sent",
    "image.height": "as image.width",
    "images[].width": "as image.width",
    "images[].height": "as image.width",
    "products[].image.width": "as image.width",
    "products[].image.height": "as image.width",
    "products[].images[].width": "as image.width",
    "products[].images[].height": "as image.width",
    "product.image.width": "as image.width",
    "product.image.height": "as image.width",
    "product.images[].width": "as image.width",
    "product.images[].height": "as image.width",
    "order.fulfillments[]": "an order that is fulfilled cannot be cancelled; the created ones show fulfillments",
    "orders[].fulfillments[]": "as order.fulfillments[]",
    **{
        f"{owner}.discount_applications[].{key}": "recorded of a storefront's order; the API's have others [FAKE30]"
        for owner in ("order", "orders[]")
        for key in ("code", "title", "description")
    },
    "order.line_items[].attributed_staffs": "the recorded answer with `fields` lacks what the one without has",
    "fulfillments[]": "asked behind the first fulfillment, and the stage's order has no second one",
    **{
        f"{owner}.receipt.{key}": "recorded of a fulfillment that failed in a test; the fake's do not fail"
        for owner in ("fulfillment", "fulfillments[]")
        for key in ("testcase", "authorization")
    },
    **{
        f"{owner}{place}.tax_lines[]": "taxes of drafts are not simulated"
        for owner in ("draft_order", "draft_orders[]")
        for place in ("", ".line_items[]")
    },
    **{
        f"draft_order.{name}": "the recorded answer to a get is older than the other ones and lacks it"
        for name in (
            *("presentment_currency", "total_line_items_price_set", "total_price_set", "subtotal_price_set"),
            *("total_tax_set", "total_discounts_set", "total_shipping_price_set", "total_additional_fees_set"),
            *("total_duties_set", "amount_due_now_set", "amount_due_later_set"),
        )
    },
    "order.client_details": "orders of the API have none, as those recorded have",
    "orders[].client_details": "as order.client_details",
    "checkouts[].shipping_lines[]": "shipping rates of the storefront are not simulated",
    "checkouts[].tax_lines[]": "taxes of the storefront are not simulated",
    "checkouts[].discount_codes[]": "discounts of the storefront are not simulated",
    "checkouts[].line_items[].discount_allocations[]": "discounts of the storefront are not simulated",
}
# The recorded order is listed as authorized although money went back from it; the fake's is then partially refunded.
ASKED_INSTEAD = {("financial_status", "authorized"): "partially_refunded"}
# Requests that Shopify takes and the fake refuses by name.
NOT_SIMULATED = (
    *(f"{owner}/" for owner in ("blogs", "collections", "pages", "articles")),
    "collection_id",
    "presentment_currencies",
    "pubsub://",
    "arn:aws",
    "inventory_levels",
)
RESOURCES = (
    *("customer", "order", "product", "variant", "image", "abandoned_checkout", "webhook", "shop", "access_scope"),
    *("event", "transaction", "refund", "fulfillment", "location", "metafield", "draft_order"),
)


def samples():
    if not SAMPLES.exists():
        return []
    with gzip.open(SAMPLES) as opened:
        recorded = json.load(opened)
    return [
        pytest.param(one, id=f"{name}-{place}-{one['method']}")
        for name in RESOURCES
        for place, one in enumerate(recorded[name])
    ]


class Stage:
    """A shop in the state that the samples speak of, and the ids that stand for theirs."""

    def __init__(self, shop, sample):
        self.shop, self.ids = shop, {}
        self._catalogue()
        self._buyer()
        self._checkout()
        self._order()  # the newest one, which lists show first
        if not (sample["path"].endswith("cancel.json") and '"refund":' in sample["request"]):
            self._refund()
        if "draft_orders" in sample["path"]:
            self._drafts()
        if "metafields" in sample["path"]:
            self._metafields()
        if "fulfillment" in sample["path"]:
            self._shipments()
        self._subscriptions()

    def mine(self, text):
        """A recorded text with our ids in the place of theirs."""
        for theirs, ours in self.ids.items():
            text = text.replace(str(theirs), str(ours))
        return text

    def _catalogue(self):
        colours = ("Pink", "Red", "Green", "Black")
        images = [{"src": f"http://example.com/{name}.png"} for name in "abc"]
        options, variants = [{"name": "Color"}], [{"option1": colour, "price": "199.00"} for colour in colours]
        ipod = self.shop.product(title="IPod Nano - 8GB", options=options, variants=variants, images=images, tags="MP3")
        touch = self.shop.product(title="IPod Touch 8GB", variants=[{"option1": "Black", "price": "199.00"}])
        self.ids |= {632910392: ipod["id"], 921728736: touch["id"], 447654529: touch["variants"][0]["id"]}
        theirs = (808950810, 49148385, 39072856, 457924702)
        self.ids |= dict(zip(theirs, (one["id"] for one in ipod["variants"]), strict=True))
        self.ids |= dict(zip((850703190, 562641783, 378407906), (one["id"] for one in ipod["images"]), strict=True))

    def _buyer(self):
        home = {"address1": "Chestnut Street 92", "city": "Louisville", "province": "KY", "country": "US"}
        fields = {"last_name": "Norman", "email": "bob.norman@mail.example.com", "tags": "Léon, Noël"}
        self.buyer = self.shop.customer(first_name="Bob", phone="+16136120707", addresses=[home], **fields)
        fields = {"email": "ann@example.com", "phone": "+16136120708", "tags": "New Customer"}
        new = self.shop.customer(first_name="Ann", addresses=[home], **fields)
        self.ids |= {207119551: self.buyer["id"], 1073339462: new["id"]}

    def _order(self):
        address = {"first_name": "Bob", "last_name": "Norman", "address1": "Chestnut Street 92", "country": "US"}
        engraved = [{"name": "Custom Engraving Front", "value": "Happy Birthday"}]
        variants = (39072856, 49148385, 457924702)
        order = self.shop.order(
            line_items=[{"variant_id": self.ids[one], "quantity": 1, "properties": engraved} for one in variants],
            customer={"id": self.buyer["id"]},
            discount_codes=[{"code": "TENOFF", "amount": "10.00", "type": "fixed_amount"}],
            tax_lines=[{"price": "11.94", "rate": 0.06, "title": "State Tax"}],
            shipping_lines=[{"title": "Free Shipping", "price": "5.00"}],
            note_attributes=[{"name": "colour", "value": "green"}],
            billing_address=address, shipping_address=address,
            transactions=[
                {"kind": "authorization", "amount": "598.94", "gateway": "bogus", "authorization": "authorization-key"},
                {"kind": "capture", "amount": "250.94", "gateway": "bogus"},
                {"kind": "sale", "amount": "100.00", "gateway": "gift_card"},
            ],
        )  # fmt: skip
        self.ids |= {450789469: order["id"], 1073459969: order["id"]}
        lines = (466157049, 518995019, 703073504)
        self.ids |= dict(zip(lines, (one["id"] for one in order["line_items"]), strict=True))
        self.order, paid = order, self.shop.ok("GET", f"orders/{order['id']}/transactions")
        self.ids |= dict(zip((389404469, 801038806), (one["id"] for one in paid), strict=False))
        self.ids |= {1068278485: paid[1]["id"], 1068278486: paid[2]["id"]}

    def _refund(self):
        broken = [{"line_item_id": self.ids[one], "quantity": 1} for one in (703073504, 466157049)]
        money = [{"parent_id": self.ids[801038806], "amount": "209.00", "kind": "refund"}]
        wanted = {"note": "it broke during shipping", "restock": True, "transactions": money}
        place = f"orders/{self.order['id']}"
        made = self.shop.ok("POST", f"{place}/refunds", {"refund": wanted | {"refund_line_items": broken}})
        self.ids[509562969] = made["id"]
        self.shop.ok("POST", f"{place}/transactions", {"transaction": {"kind": "capture", "amount": "10.00"}})

    def _drafts(self):
        wanted = {
            "line_items": [{"variant_id": self.ids[39072856], "quantity": 1}],
            "customer": {"id": self.buyer["id"]},
            "use_customer_default_address": True,
            "applied_discount": {"title": "$5promo", "value": "5.0", "value_type": "fixed_amount"},
            "shipping_line": {"title": "UPS Ground", "price": "12.25"},
        }
        for theirs in (994118539, 622762746):
            self.ids[theirs] = self.shop.ok("POST", "draft_orders", {"draft_order": wanted})["id"]

    def _metafields(self):
        theirs = {
            "customers/207119551/": 220591908,
            "products/632910392/": 1001077698,
            "variants/49148385/": 323119633,
            "product_images/850703190/": 625663657,
            "orders/450789469/": 915396079,
            "": 721389482,
        }
        if 622762746 in self.ids:
            theirs["draft_orders/622762746/"] = 106172460
        field = {"namespace": "my", "value": "Hello", "type": "single_line_text_field"}
        for place, id in theirs.items():
            path = f"{self.mine(place)}metafields"
            self.ids[id] = self.shop.ok("POST", path, {"metafield": field | {"key": "my_key"}})["id"]
            self.shop.ok("POST", path, {"metafield": field | {"key": "other_key"}})

    def _shipments(self):
        """Orders of which nothing, or all, was sent: the ones that the samples of fulfillments speak of."""
        origin = {"address1": "150 Elgin St", "city": "Ottawa", "zip": "K2P 1L4", "province_code": "ON"}
        plans = (1046000816, 1046000813, 1046000814, 1046000811, 1046000815)
        lines = [{"variant_id": self.ids[447654529], "quantity": 1}]
        for theirs in (*plans, 1046000819):
            order = self.shop.order(line_items=lines)
            (plan,) = self.shop.ok("GET", f"orders/{order['id']}/fulfillment_orders")
            self.ids[theirs] = plan["id"]
            if theirs == 1046000811:
                self.ids[1072503316] = plan["line_items"][0]["id"]
        first = self.shop.ok("GET", f"orders/{self.order['id']}/fulfillment_orders")[0]
        half = {"fulfillment_order_line_items": [{"id": first["line_items"][1]["id"], "quantity": 1}]}
        self.ids[255858046] = self._send(first["id"], origin, **half)["id"]
        sent = self._send(self.ids[1046000819], origin)
        self.ids |= dict.fromkeys((1069019869, 1069019866, 1069019879), sent["id"])

    def _send(self, plan, origin, **more):
        asked = {"line_items_by_fulfillment_order": [{"fulfillment_order_id": plan, **more}]}
        wanted = asked | {"origin_address": origin, "tracking_info": {"number": "1Z001985YW99744790"}}
        return self.shop.ok("POST", "fulfillments", {"fulfillment": wanted})

    def _checkout(self):
        lines = [{"variant_id": self.ids[49148385], "quantity": 1}]
        address = {"first_name": "Bob", "last_name": "Norman", "country": "US", "province": "KY"}
        fields = {"email": "bob.norman@mail.example.com", "shipping_address": address, "billing_address": address}
        fields |= {"note_attributes": [{"name": "colour", "value": "green"}], "customer": {"id": self.buyer["id"]}}
        for finish in (False, True):
            cart = self.shop.control("POST", "carts", {"line_items": lines})["cart"]
            token = self.shop.control("POST", f"carts/{cart['token']}/checkout", fields)["checkout"]["token"]
            if finish:
                self.shop.control("POST", f"checkouts/{token}/complete")
        self.shop.clock.move_to(self.shop.clock.now() + 11 * MINUTE)

    def _subscriptions(self):
        first, *_ = self.shop.subscribe("orders/create", "orders/cancelled", "app/uninstalled")
        self.ids |= {4759306: first["id"], 487838322: self.shop.ok("GET", "locations")[0]["id"]}
        events = self.shop.ok("GET", "events")
        self.ids |= {164748010: events[0]["id"], 677313116: events[1]["id"]}


@pytest.fixture(scope="module")
def shared_stage(open_for_all):
    """Samples that only read share a stage; each that writes has its own."""
    stages = {}

    def shared(sample):
        alike = tuple(word in sample["path"] for word in ("draft_orders", "metafields", "fulfillment"))
        if alike not in stages:
            stages[alike] = Stage(open_for_all(), sample)
        return stages[alike]

    return shared


@needs_samples
@pytest.mark.parametrize("sample", samples())
def test_an_answer_has_the_keys_and_types_of_the_recorded_one(shared_stage, open_harness, sample):
    stage = shared_stage(sample) if sample["method"] == "GET" else Stage(open_harness(), sample)
    shop = stage.shop
    if sample["method"] == "DELETE" and sample["path"].endswith("customers/207119551.json"):
        stage.ids[207119551] = shop.customer()["id"]  # one without orders, as theirs must have been
    query = [(name, value) for name, value in parse_qsl(sample["query"]) if not name.endswith(("_min", "_max"))]
    request = "" if sample["request"] == "undefined" else stage.mine(sample["request"])
    request = request.replace("https://example.hostname.com/", "http://localhost/").replace(
        "https://somewhere-else.com/", "http://localhost/"
    )

    response = shop.plain(
        sample["method"],
        stage.mine(sample["path"]),
        params=[(name, stage.mine(ASKED_INSTEAD.get((name, value), value))) for name, value in query],
        data=request.encode() or None,
    )

    if any(mark in f"{sample['path']}?{sample['query']} {request}" for mark in NOT_SIMULATED):
        assert (response.status_code, "is not simulated by syncdrill" in response.text) == (501, True)
        return
    assert response.status_code in (200, 201), response.text
    found = set(differences(sample["response"], response.json()))
    assert {place for place in found if place not in DIFFERENCES} == set()


def differences(recorded, answered, path=""):
    """The places where one has a key that the other has not, or both have a value of another type.

    null may stand for anything: a field that is empty in one shop is full in another. Of a list the first recorded
    item is compared with the item that is most like it; a list that is empty here and not there is a difference.
    """
    if isinstance(recorded, dict) and isinstance(answered, dict):
        for key in sorted(set(recorded) ^ set(answered)):
            yield f"{path}.{key}".lstrip(".")
        for key in sorted(set(recorded) & set(answered)):
            yield from differences(recorded[key], answered[key], f"{path}.{key}".lstrip("."))
    elif isinstance(recorded, list) and isinstance(answered, list):
        if recorded and answered:
            found = [list(differences(recorded[0], one, f"{path}[]")) for one in answered]
            yield from min(found, key=len)
        elif recorded and isinstance(recorded[0], dict):
            yield f"{path}[]"
    elif recorded is not None and answered is None:
        if isinstance(recorded, dict):
            yield path
    elif None not in (recorded, answered) and type(recorded) is not type(answered):
        yield path

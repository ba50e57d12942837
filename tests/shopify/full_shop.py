"""A shop in which there is one of everything that GraphQL can show."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

ADDRESS = {
    "first_name": "Ada",
    "last_name": "Byron",
    "company": "Engines",
    "address1": "150 Elgin Street",
    "address2": "8th Floor",
    "city": "Ottawa",
    "province": "ON",
    "country": "CA",
    "zip": "K2P 1L4",
    "phone": "+16135550100",
}
METAFIELD = {"namespace": "crm", "key": "score", "type": "number_integer", "value": 25}
OFF = {"value_type": "percentage", "value": "10.0", "title": "Friend", "description": "A friend"}
DRAFT = {
    "line_items": [{"title": "Custom", "price": "20.00", "quantity": 2, "applied_discount": OFF}],
    "applied_discount": OFF,
    "shipping_line": {"title": "Standard", "price": "5.00"},
    "shipping_address": ADDRESS,
    "billing_address": ADDRESS,
    "note_attributes": [{"name": "gift", "value": "yes"}],
    "tags": "b2b",
}
PIXEL = base64.b64encode(
    base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
).decode()


@dataclass
class FullShop:
    """`shop` is the harness; the others are records as REST answered."""

    shop: Any
    customer: Any
    product: Any
    order: Any
    subscription: Any
    operation: str
    draft: Any
    plan: Any

    def arguments(self, field: str) -> str:
        """What a root field must be asked with."""
        ids = {
            "customer": ("Customer", self.customer["id"]),
            "node": ("Order", self.order["id"]),
            "order": ("Order", self.order["id"]),
            "product": ("Product", self.product["id"]),
            "productVariant": ("ProductVariant", self.product["variants"][0]["id"]),
            "inventoryItem": ("InventoryItem", self.product["variants"][0]["inventory_item_id"]),
            "webhookSubscription": ("WebhookSubscription", self.subscription["id"]),
            "bulkOperation": ("BulkOperation", self.operation),
            "draftOrder": ("DraftOrder", self.draft["id"]),
            "fulfillment": ("Fulfillment", self.order["fulfillments"][0]["id"]),
            "fulfillmentOrder": ("FulfillmentOrder", self.plan["id"]),
            "inventoryLevel": ("InventoryLevel", self.product["variants"][0]["inventory_item_id"]),
            "location": ("Location", self.shop.ok("GET", "locations")[0]["id"]),
            "refund": ("Refund", self.order["refunds"][0]["id"]),
            "job": ("Job", "6b52b5cf-0c1e-4e5c-9d0c-3b4e5f7a8c9d"),
            "event": ("BasicEvent", self.shop.ok("GET", "events")[0]["id"]),
        }
        if field in ids:
            type_name, id = ids[field]
            return f'(id: "gid://shopify/{type_name}/{id}")'
        others = {
            "nodes": f'(ids: ["gid://shopify/Product/{self.product["id"]}", "gid://shopify/Shop/1"])',
            "customerByIdentifier": f'(identifier: {{emailAddress: "{self.customer["email"]}"}})',
            "orderByIdentifier": f'(identifier: {{id: "gid://shopify/Order/{self.order["id"]}"}})',
            "productByIdentifier": f'(identifier: {{handle: "{self.product["handle"]}"}})',
            "collection": '(id: "gid://shopify/Collection/1")',
            "productByHandle": f'(handle: "{self.product["handle"]}")',
            "productVariantByIdentifier": (
                f'(identifier: {{id: "gid://shopify/ProductVariant/{self.product["variants"][0]["id"]}"}})'
            ),
        }
        if field in others:
            return others[field]
        if field == "metafieldDefinitions":
            return "(first: 3, ownerType: CUSTOMER)"
        single = field.endswith("Count") or field in (
            "shop",
            "currentAppInstallation",
            "currentBulkOperation",
            "publicApiVersions",
        )
        return "" if single else "(first: 3)"


def fill(shop: Any) -> FullShop:
    customer = shop.customer(
        first_name="Ada",
        last_name="Byron",
        email="ada@example.com",
        phone="+16135550100",
        note="Prefers e-mail",
        tags="vip, newsletter",
        addresses=[ADDRESS],
        email_marketing_consent={"state": "subscribed", "opt_in_level": "single_opt_in"},
    )
    product = shop.product(
        title="Burton Custom",
        body_html="<p>Good <b>board</b></p>",
        vendor="Burton",
        product_type="Snowboard",
        tags="sale, board",
        options=[{"name": "Size"}],
        variants=[
            {"option1": "S", "price": "199.00", "compare_at_price": "249.00", "sku": "BC-S", "grams": 900},
            {"option1": "L", "price": "209.00", "sku": "BC-L"},
        ],
        images=[{"attachment": PIXEL, "alt": "Front", "filename": "front.png"}],
    )
    image = product["images"][0]
    shop.call(
        "PUT",
        f"products/{product['id']}/images/{image['id']}",
        {"image": {"variant_ids": [product["variants"][0]["id"]]}},
    )
    order = shop.order(
        customer={"id": customer["id"]},
        email="ada@example.com",
        phone="+16135550100",
        note="Leave at the door",
        note_attributes=[{"name": "gift", "value": "yes"}],
        tags="first, gift",
        line_items=[
            {
                "variant_id": product["variants"][0]["id"],
                "quantity": 2,
                "properties": [{"name": "engraving", "value": "A"}],
            },
            {"title": "Wax", "price": "9.50", "quantity": 1},
        ],
        billing_address=ADDRESS,
        shipping_address=ADDRESS,
        shipping_lines=[{"title": "Standard", "price": "4.90", "code": "STD"}],
        tax_lines=[{"title": "HST", "price": "52.98", "rate": 0.13}],
        discount_codes=[{"code": "TEN", "amount": "10.00", "type": "fixed_amount"}],
        transactions=[{"kind": "sale", "status": "success", "amount": "455.38", "gateway": "bogus"}],
    )
    checkouts(shop, product)
    refund_and_fulfil(shop, order)
    others(shop)
    draft = draft_and_metafields(shop, customer, product, order)
    order = shop.ok("GET", f"orders/{order['id']}")
    plan = shop.ok("GET", f"orders/{order['id']}/fulfillment_orders")[0]
    return FullShop(shop, customer, product, order, subscribe(shop), export(shop), draft, plan)


def export(shop: Any) -> str:
    """A bulk operation that has ended; the number in its id."""
    text = "mutation ($q: String!) { bulkOperationRunQuery(query: $q) { bulkOperation { id } } }"
    found = shop.query(text, {"q": "{ products { edges { node { id } } } }"})["data"]["bulkOperationRunQuery"]
    shop.let_pass(5_000)
    return str(found["bulkOperation"]["id"].rpartition("/")[2])


def draft_and_metafields(shop: Any, customer: Any, product: Any, order: Any) -> Any:
    for owner in ("", f"customers/{customer['id']}/", f"products/{product['id']}/", f"orders/{order['id']}/"):
        shop.ok("POST", f"{owner}metafields", {"metafield": METAFIELD})
    return shop.ok("POST", "draft_orders", {"draft_order": DRAFT | {"customer": {"id": customer["id"]}}})


def others(shop: Any) -> None:
    """An order that is cancelled, one of which nothing is sent yet, a product that is gone."""
    dear = shop.order(discount_codes=[{"code": "NINE", "amount": "9.0", "type": "percentage"}])
    shop.ok("POST", f"orders/{dear['id']}/cancel", {"reason": "customer"})
    shop.order(shipping_address=ADDRESS)
    gone = shop.product(title="Gone")
    shop.ok("DELETE", f"products/{gone['id']}")


def subscribe(shop: Any) -> Any:
    """A subscription that asks for a metafield, which only GraphQL can."""
    subscription = shop.subscribe("orders/create")[0]
    named = '{metafields: [{namespace: "custom", key: "gift"}]}'
    gid = f"gid://shopify/WebhookSubscription/{subscription['id']}"
    update = f'mutation {{ webhookSubscriptionUpdate(id: "{gid}", webhookSubscription: {named}) {{ __typename }} }}'
    assert "errors" not in shop.query(update)
    return subscription


def checkouts(shop: Any, product: Any) -> None:
    """One that was left alone eleven minutes ago."""
    line = {"variant_id": product["variants"][0]["id"], "quantity": 1}
    cart = shop.control("POST", "carts", {"line_items": [line], "note": "soon"})["cart"]
    details = {"email": "grace@example.com", "shipping_address": ADDRESS, "billing_address": ADDRESS}
    shop.control("POST", f"carts/{cart['token']}/checkout", details)
    shop.let_pass(11 * 60_000)


def refund_and_fulfil(shop: Any, order: Any) -> None:
    plans = shop.ok("GET", f"orders/{order['id']}/fulfillment_orders")
    sent = {
        "line_items_by_fulfillment_order": [{"fulfillment_order_id": plans[0]["id"]}],
        "tracking_info": {"company": "UPS", "number": "1Z", "url": "https://example.com/1Z"},
        "origin_address": {
            "address1": "Dock 4",
            "city": "Ottawa",
            "zip": "K2P",
            "province_code": "ON",
            "country_code": "CA",
        },
    }
    made = shop.ok("POST", "fulfillments", {"fulfillment": sent})
    for status in ("in_transit", "delivered"):
        event = {"event": {"status": status, "city": "Ottawa", "estimated_delivery_at": "2026-11-05T12:00:00Z"}}
        shop.ok("POST", f"orders/{order['id']}/fulfillments/{made['id']}/events", event)
    line = order["line_items"][1]
    parent = shop.ok("GET", f"orders/{order['id']}/transactions")[0]
    money = [{"kind": "refund", "amount": "9.50", "parent_id": parent["id"]}]
    back = {"refund_line_items": [{"line_item_id": line["id"], "quantity": 1}], "transactions": money}
    shop.ok("POST", f"orders/{order['id']}/refunds", {"refund": back | {"note": "Too sticky"}})

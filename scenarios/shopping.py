"""What merchants and shoppers do in the Shopify store, as verbs of a drill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from scenarios.verbs import Drill

API = "/admin/api/2026-07"

BEGIN = "mutation ($id: ID!) { orderEditBegin(id: $id) { calculatedOrder { id } userErrors { message } } }"
ADD_VARIANT = """mutation ($id: ID!, $variant: ID!, $quantity: Int!) {
  orderEditAddVariant(id: $id, variantId: $variant, quantity: $quantity) { userErrors { message } } }"""
SET_QUANTITY = """mutation ($id: ID!, $line: ID!, $quantity: Int!) {
  orderEditSetQuantity(id: $id, lineItemId: $line, quantity: $quantity) { userErrors { message } } }"""
COMMIT = "mutation ($id: ID!) { orderEditCommit(id: $id) { userErrors { message } } }"
MERGE = """mutation($one: ID!, $two: ID!) {
    customerMerge(customerOneId: $one, customerTwoId: $two) { resultingCustomerId userErrors { message } }
}"""

Json = dict[str, Any]


class RefusedError(Exception):
    """A mutation's own word on why it did nothing."""


def gid(type_name: str, record: Json) -> str:
    """A record's id as GraphQL writes it."""
    return f"gid://shopify/{type_name}/{record['id']}"


class ShopVerbs:
    """What merchants and shoppers do in the Shopify store."""

    def __init__(self, drill: Drill, domain: str) -> None:
        self.drill, self.domain = drill, domain

    # --- the merchant ---

    def read(self, path: str, **query: str) -> Json:
        """What the Admin API answers to a GET: `read("orders", status="any")`."""
        answer: Json = self._api("GET", path, query=query)
        return answer

    def customer(self, **fields: Any) -> Json:
        """A new customer."""
        return self._write("POST", "customers", "customer", fields)

    def update_customer(self, customer: Json, **changes: Any) -> Json:
        return self._write("PUT", f"customers/{customer['id']}", "customer", changes)

    def delete_customer(self, customer: Json) -> None:
        self._api("DELETE", f"customers/{customer['id']}")

    def merge_customers(self, kept: Json, gone: Json) -> None:
        """Make one customer of two (GraphQL alone can)."""
        ids = {"one": kept["admin_graphql_api_id"], "two": gone["admin_graphql_api_id"]}
        self._graphql(MERGE, **ids)

    def product(self, title: str, price: str = "10.00", sku: str = "", **fields: Any) -> Json:
        """A new product, with one variant unless `variants` are given."""
        return self._write(
            "POST", "products", "product", {"title": title, "variants": [{"price": price, "sku": sku}]} | fields
        )

    def update_product(self, product: Json, **changes: Any) -> Json:
        return self._write("PUT", f"products/{product['id']}", "product", changes)

    def delete_product(self, product: Json) -> None:
        self._api("DELETE", f"products/{product['id']}")

    def order(self, *products: Json, customer: Json | None = None, **fields: Any) -> Json:
        """A paid order of one of each product."""
        wanted = {"line_items": _lines(products), "financial_status": "paid"} | fields
        if customer:
            wanted["customer"] = {"id": customer["id"]}
        return self._write("POST", "orders", "order", wanted)

    def update_order(self, order: Json, **changes: Any) -> Json:
        return self._write("PUT", f"orders/{order['id']}", "order", changes)

    def cancel(self, order: Json, reason: str = "customer") -> None:
        self._api("POST", f"orders/{order['id']}/cancel", {"reason": reason})

    def refund(self, order: Json, amount: str, *line_items: Json) -> Json:
        """Pay this much of an order back, and take these of its lines back."""
        (sale,) = self.read(f"orders/{order['id']}/transactions")["transactions"][:1]
        lines = [{"line_item_id": line["id"], "quantity": line["quantity"]} for line in line_items]
        back = [{"kind": "refund", "parent_id": sale["id"], "amount": amount}]
        return self._write(
            "POST", f"orders/{order['id']}/refunds", "refund", {"refund_line_items": lines, "transactions": back}
        )

    def ship(self, order: Json) -> Json:
        """Send all that is left of an order."""
        plans = self.read(f"orders/{order['id']}/fulfillment_orders")["fulfillment_orders"]
        parcels = [{"fulfillment_order_id": plan["id"]} for plan in plans if plan["status"] == "open"]
        return self._write("POST", "fulfillments", "fulfillment", {"line_items_by_fulfillment_order": parcels})

    def delete_order(self, order: Json) -> None:
        self._api("DELETE", f"orders/{order['id']}")

    def edit_order(self, order: Json, *added: Json, removed: Sequence[Json] = ()) -> Json:
        """Take lines out of an order, and add one of each of these products; only GraphQL can."""
        edit = self._graphql(BEGIN, id=gid("Order", order))["calculatedOrder"]["id"]
        for line in removed:
            self._graphql(SET_QUANTITY, id=edit, line=gid("CalculatedLineItem", line), quantity=0)
        for product in added:
            self._graphql(ADD_VARIANT, id=edit, variant=gid("ProductVariant", product["variants"][0]), quantity=1)
        self._graphql(COMMIT, id=edit)
        edited: Json = self.read(f"orders/{order['id']}")["order"]
        return edited

    def draft(self, *products: Json, **fields: Any) -> Json:
        """A draft order of one of each product."""
        return self._write("POST", "draft_orders", "draft_order", {"line_items": _lines(products)} | fields)

    def complete_draft(self, draft: Json) -> Json:
        """The order that a draft becomes, paid."""
        done = self._api("PUT", f"draft_orders/{draft['id']}/complete")["draft_order"]
        order: Json = self.read(f"orders/{done['order_id']}")["order"]
        return order

    def sells_in(self, **rates: str) -> None:
        """Currencies besides its own in which the shop's buyers may pay, with their rates."""
        self.storefront("PUT", "shop", {"presentment_rates": rates})

    def bring(self, kind: str, *bodies: Json, as_imported_long_ago: bool = False) -> None:
        """A merchant's import of records, all or none; `as_imported_long_ago` lets customers share an e-mail."""
        flags = {"as_imported_long_ago": True} if as_imported_long_ago else {}
        self.storefront("POST", f"import/{kind}", {kind: list(bodies)} | flags)

    def seed(self, days: int = 30, **counts: int) -> Json:
        """Records that were there before anybody connected: no webhooks tell of them."""
        seeded: Json = self.storefront("POST", "seed", {"days": days, **counts})["seeded"]
        return seeded

    # --- the shopper ---

    def cart(self, *products: Json) -> Cart:
        """A shopper's cart with one of each product."""
        return Cart(self, products)

    def storefront(self, method: str, path: str, body: Any = None) -> Any:
        """What a shopper's browser does; no API of Shopify's shows it."""
        return self.drill.control(method, f"shopify/{quote(self.domain)}/{path}", body)

    def _write(self, method: str, path: str, root: str, fields: Mapping[str, Any]) -> Json:
        written: Json = self._api(method, path, {root: dict(fields)})[root]
        return written

    def _api(self, method: str, path: str, body: Any = None, query: Mapping[str, str] | None = None) -> Any:
        return self._send(method, f"{path}.json" + (f"?{urlencode(query)}" if query else ""), body)

    def _graphql(self, text: str, **variables: Any) -> Any:
        """What a mutation answers; what it refuses raises."""
        answer = self._send("POST", "graphql.json", {"query": text, "variables": variables})
        (payload,) = (answer.get("data") or {"refused": {"userErrors": answer.get("errors")}}).values()
        if payload["userErrors"]:
            raise RefusedError(f"{text.partition('(')[0]}: {payload['userErrors']}")
        return payload

    def _send(self, method: str, path: str, body: Any) -> Any:
        world = self.drill.world
        tokens = world["other_shops"].get(self.domain)
        token = tokens["drill"] if tokens else world["apps"]["drill"]["shopify_token"]
        return self.drill.vendor(method, f"{API}/{path}", {"X-Shopify-Access-Token": token}, body)


class Cart:
    """A shopper's way from the cart to an order, or away from it."""

    def __init__(self, shop: ShopVerbs, products: tuple[Json, ...]) -> None:
        self._shop, self.products = shop, list(products)
        self.token: str = shop.storefront("POST", "carts", {"line_items": _lines(products)})["cart"]["token"]
        self.checkout_token = ""

    def checkout(self, **contact: Any) -> Cart:
        """Go to the checkout; `email`, `phone` or `customer` say who is shopping."""
        started = self._shop.storefront("POST", f"carts/{self.token}/checkout", contact)["checkout"]
        self.checkout_token = started["token"]
        return self

    def enters(self, **contact: Any) -> Cart:
        """Fill in more at the checkout."""
        return self._step(contact)

    def remove_line(self, product: Json) -> Cart:
        """Take a product out again."""
        self.products.remove(product)
        return self._step({"line_items": _lines(self.products)})

    def leave(self) -> Cart:
        """Go away: ten minutes later Shopify counts the checkout as abandoned [HLP]."""
        self._shop.drill.passes(minutes=10)
        return self

    def complete(self, **how: Any) -> Json:
        """Pay; returns the order."""
        order: Json = self._shop.storefront("POST", f"checkouts/{self.checkout_token}/complete", how)["order"]
        return order

    @property
    def shown(self) -> Json:
        """The checkout as Shopify shows it."""
        checkout: Json = self._shop.storefront("GET", f"checkouts/{self.checkout_token}")["checkout"]
        return checkout

    @property
    def name(self) -> str:
        name: str = self.shown["name"]
        return name

    def _step(self, changes: Json) -> Cart:
        self._shop.storefront("PUT", f"checkouts/{self.checkout_token}", changes)
        return self


def _lines(products: Any) -> list[Json]:
    return [{"variant_id": product["variants"][0]["id"], "quantity": 1} for product in products]

"""Requests that a client might send by mistake or in anger: real routes and names, odd values."""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Sequence
from typing import Any

from fuzz_world import PORTAL, SHOP, VERSION, Request, World
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)

from simulator import hubspot, shopify
from simulator.shopify import rules
from simulator.shopify.graphql.schema import schema
from simulator.shopify.resources import ROWS
from simulator.shopify.rules.inputs import Field

OTHER = "graphql"  # a route with requests of its own
ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2**31, 2**63 - 1, 2**63, 2**64, -(2**63) - 1, 10**400, 0.1, -0.0, 1e308, 1.5e-300, "",
    " ", "0", "1", "-1", "00", "1e3", "NaN", "Infinity", "1" * 400, "9.999", "null", "true", "ada@example.com", "a@b",
    "\x00", "\ud800", "é", "\u202e", "𝕊" * 70, "a" * 70_000, "' OR 1=1 --", "%", "a,b,,", ",", "2026-11-02T12:00:00Z",
    "2026-11-02", "0000-00-00", "9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00-14:00", "+16135550100", "EUR", "JPY",
    "XXX", "any", "open", "paid", "gid://shopify/Order/1", "gid://shopify/Order/x", "gid://shopify/Order/" + "9" * 30,
    "http://127.0.0.1:7007/x", "http://[::1", "https://example.com:99999/", [], {}, [[]], [{}], [None], {"": None},
    {"id": {}}, [1] * 300, {"a": {"b": {"c": [{}]}}},
)  # fmt: skip
PATHS = ("0", "1", "-1", "9" * 30, "x", "é", "%00", "contacts", "0-1", "a" * 300, " ")

ADDRESS = {"first_name": "Ada", "address1": "1 Street", "city": "Ottawa", "country": "CA", "province": "ON", "zip": "1"}
LINE = {"title": "Wax", "price": "9.50", "quantity": 2, "taxable": True, "grams": 5}
SALE = {"kind": "sale", "status": "success", "amount": "5.00", "gateway": "bogus"}
# what a body may look like when all is well: under its envelope's key
BODIES: dict[str, Any] = {
    "address": ADDRESS,
    "customer": {"first_name": "Ada", "email": "grace@example.com", "tags": "a, b", "addresses": [ADDRESS],
                 "email_marketing_consent": {"state": "subscribed", "opt_in_level": "single_opt_in"}},
    "product": {"title": "Board", "body_html": "<p>x</p>", "options": [{"name": "Size"}], "status": "active",
                "variants": [{"option1": "S", "price": "1.00", "sku": "S"}], "images": [{"src": "http://a.b/c.png"}]},
    "variant": {"option1": "M", "price": "2.00", "sku": "M", "weight": 1.5, "weight_unit": "kg"},
    "image": {"src": "http://a.b/c.png", "alt": "x", "position": 1},
    "order": {"line_items": [LINE], "email": "ada@example.com", "shipping_address": ADDRESS, "transactions": [SALE],
              "tax_lines": [{"title": "VAT", "price": "1.00", "rate": 0.2}], "financial_status": "paid",
              "discount_codes": [{"code": "TEN", "amount": "1.00", "type": "fixed_amount"}], "currency": "USD",
              "shipping_lines": [{"title": "Post", "price": "4.00", "code": "P"}], "note": "x", "tags": "a"},
    "draft_order": {"line_items": [LINE], "email": "ada@example.com", "note": "x",
                    "applied_discount": {"value": "1.0", "value_type": "percentage", "title": "x"}},
    "transaction": SALE,
    "refund": {"note": "x", "shipping": {"full_refund": True},
               "refund_line_items": [{"line_item_id": 1, "quantity": 1}],
               "transactions": [{"kind": "refund", "amount": "1.00", "parent_id": 1}]},
    "fulfillment": {"line_items_by_fulfillment_order": [{"fulfillment_order_id": 1}],
                    "tracking_info": {"number": "1Z", "company": "UPS"}, "notify_customer": False},
    "event": {"status": "delivered", "message": "x"},
    "metafield": {"namespace": "my", "key": "size", "value": "1", "type": "number_integer"},
    "webhook": {"topic": "orders/create", "address": "http://127.0.0.1:7007/x", "format": "json", "fields": ["id"]},
    "draft_order_invoice": {"to": "ada@example.com"},
}  # fmt: skip
ASSOCIATION = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3}
HUBSPOT_BODIES: tuple[Any, ...] = (
    {"properties": {"email": "x@example.com", "firstname": "Ada"}},
    {"properties": {"dealname": "x", "amount": "1", "dealstage": "appointmentscheduled"},
     "associations": [{"to": {"id": "1"}, "types": [ASSOCIATION]}]},
    {"inputs": [{"properties": {"email": "y@example.com"}}]},
    {"inputs": [{"id": "1", "properties": {"firstname": "x"}}]},
    {"inputs": [{"id": "y@example.com", "idProperty": "email", "properties": {"firstname": "x"}}]},
    {"inputs": [{"id": "1"}], "properties": ["email"], "propertiesWithHistory": ["email"]},
    {"inputs": [{"from": {"id": "1"}, "to": {"id": "2"}, "types": [ASSOCIATION]}]},
    {"filterGroups": [{"filters": [{"propertyName": "email", "operator": "EQ", "value": "x"}]}], "limit": 10,
     "sorts": [{"propertyName": "createdate", "direction": "DESCENDING"}], "properties": ["email"], "after": "0"},
    {"filterGroups": [{"filters": [
        {"propertyName": "createdate", "operator": "BETWEEN", "value": "1", "highValue": "2"},
        {"propertyName": "email", "operator": "IN", "values": ["a"]}]}], "query": "x"},
    {"name": "colour", "label": "Colour", "type": "enumeration", "fieldType": "select",
     "groupName": "contactinformation",
     "options": [{"label": "Red", "value": "red", "displayOrder": 1, "hidden": False}]},
    {"name": "mine", "label": "Mine", "displayOrder": 1},
    {"label": "P", "displayOrder": 1,
     "stages": [{"label": "S", "displayOrder": 0, "metadata": {"probability": "0.5"}}]},
    {"label": "S", "displayOrder": 0, "metadata": {"probability": "0.5"}},
    [ASSOCIATION],
    {"name": "L", "objectTypeId": "0-1", "processingType": "MANUAL"},
    {"name": "L", "objectTypeId": "0-1", "processingType": "DYNAMIC", "filterBranch": {
        "filterBranchType": "OR", "filters": [], "filterBranches": [{"filterBranchType": "AND", "filterBranches": [],
        "filters": [{"filterType": "PROPERTY", "property": "email", "operation": {
            "operationType": "STRING", "operator": "IS_EQUAL_TO", "value": "x"}}]}]}},
    ["1", "2"],
)  # fmt: skip


class Pools:
    """What requests are made of: routes, names and ids of the fakes as they stand."""

    def __init__(self, world: World) -> None:
        self.shopify = _routes(shopify.VENDOR)
        self.hubspot = _routes(hubspot.VENDOR)
        self.shopify_ids, self.hubspot_ids = world.ids("shopify", SHOP), world.ids("hubspot", PORTAL)
        filters = {one.name for row in ROWS for one in row.filters}
        self.parameters = sorted(filters | {"limit", "fields", "page_info", "order", "query"})
        tables = [table for module in _modules() for table in vars(module).values() if isinstance(table, tuple)]
        self.fields = sorted({one.name for table in tables for one in table if isinstance(one, Field)})


def _modules() -> list[Any]:
    return [one for one in vars(rules).values() if hasattr(one, "__file__")]


def _routes(vendor: Any) -> list[tuple[str, str]]:
    """Those that take every method answer "not simulated" to each."""
    every = [(rule.rule, rule.methods - {"HEAD", "OPTIONS"}) for rule in vendor.app().url_map.iter_rules()]
    return sorted(
        (method, rule) for rule, methods in every if len(methods) < 5 for method in methods if OTHER not in rule
    )


# --- REST ---


def shopify_rest(rng: random.Random, pools: Pools) -> Request:
    method, rule = rng.choice(pools.shopify)
    rule = rule.replace("<version>", VERSION)
    path = re.sub(r"<int:\w+>", lambda _: str(_number(rng, pools.shopify_ids)), rule)
    path = re.sub(r"<\w+>", lambda _: rng.choice(PATHS), path)
    params = _params(rng, pools.parameters) if rng.random() < 0.6 else ()
    body = b"" if method == "GET" else _shopify_body(rng, pools, rule)
    return Request("shopify", method, path, params, body)


def _shopify_body(rng: random.Random, pools: Pools, rule: str) -> bytes:
    named = [name for name in BODIES if f"{name}s" in rule or f"{name}es" in rule] or list(BODIES)
    name = named[-1] if rng.random() < 0.9 else rng.choice(list(BODIES))
    made = copy.deepcopy(BODIES[name])
    for _ in range(rng.choice((0, 1, 1, 2, 4))):
        made = _changed(rng, made, pools.fields, pools.shopify_ids)
    return _written(rng, {name: made} if rng.random() < 0.95 else made)


def hubspot_rest(rng: random.Random, pools: Pools) -> Request:
    method, rule = rng.choice(pools.hubspot)
    types = ("contacts", "deals", "products", "line_items", "companies", "orders", "carts", "0-1", "x")

    def part(found: re.Match[str]) -> str:
        name = found[1]
        if "any(" in name:
            return "2026-03"
        if name in ("type", "to") and rng.random() < 0.9:
            return rng.choice(types)
        if name in ("id", "to_id", "record") and rng.random() < 0.8:
            return str(_number(rng, pools.hubspot_ids))
        return rng.choice((*PATHS, "email", "default", "contactinformation", "appointmentscheduled"))

    path = re.sub(r"<(.*?)>", part, rule)
    names = ("limit", "after", "properties", "propertiesWithHistory", "associations", "archived", "idProperty", "x")
    params = _params(rng, names) if rng.random() < 0.5 else ()
    if method == "GET":
        return Request("hubspot", method, path, params)
    made = copy.deepcopy(rng.choice(HUBSPOT_BODIES))
    for _ in range(rng.choice((0, 0, 1, 2, 4))):
        made = _changed(rng, made, ("id", "properties", "inputs", "name", "email", "amount"), pools.hubspot_ids)
    return Request("hubspot", method, path, params, _written(rng, made))


def _number(rng: random.Random, ids: Sequence[int]) -> int:
    return rng.choice(ids) if ids and rng.random() < 0.85 else rng.choice((0, 1, 2**63 - 1, 2**63, 10**30))


def _params(rng: random.Random, names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    values = [str(one)[:2_000].encode("utf-8", "replace").decode() for one in ODD]
    return tuple((rng.choice(names), rng.choice(values)) for _ in range(rng.randrange(1, 4)))


def _changed(rng: random.Random, value: Any, names: Sequence[str], ids: Sequence[int]) -> Any:
    """The value with one thing in it replaced, left out or added."""
    if isinstance(value, dict) and value and rng.random() < 0.9:
        name = rng.choice(sorted(value))
        how = rng.random()
        if how < 0.1:
            return {key: one for key, one in value.items() if key != name}
        if how < 0.35:
            return value | {rng.choice(names): _odd(rng, ids)}
        return value | {name: _changed(rng, value[name], names, ids)}
    if isinstance(value, list) and value and rng.random() < 0.8:
        place = rng.randrange(len(value))
        return [*value[:place], _changed(rng, value[place], names, ids), *value[place + rng.randrange(2) :]]
    return _odd(rng, ids)


def _odd(rng: random.Random, ids: Sequence[int]) -> Any:
    return rng.choice(ids) if ids and rng.random() < 0.25 else rng.choice(ODD)


def _written(rng: random.Random, value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")
    if rng.random() < 0.03:
        place = rng.randrange(len(text) + 1)
        return text[:place] + rng.choice((b"", b"\xff", b"{", b"[" * 5_000, b"\x00")) + text[place + 1 :]
    return text


# --- GraphQL ---


def shopify_graphql(rng: random.Random, pools: Pools) -> Request:
    root = schema().mutation_type if rng.random() < 0.4 else schema().query_type
    fields = rng.sample(sorted(root.fields), rng.choice((1, 1, 1, 2)))
    text = " ".join(f"f{place}: {_field(rng, root.fields[name], name, pools, 0)}" for place, name in enumerate(fields))
    text = f"{'mutation' if root is schema().mutation_type else 'query'} {{ {text} }}"
    if rng.random() < 0.1:
        place = rng.randrange(len(text) + 1)
        text = (
            text[:place] + rng.choice(("{", "}", "$x", '"', "é", "...F", "@skip", "\x00", "#", "")) + text[place + 1 :]
        )
    body: Any = {"query": text, "variables": rng.choice((None, None, {}, {"x": 1}, [], "{}"))}
    if rng.random() < 0.05:
        body = _changed(rng, body, ("query", "operationName"), pools.shopify_ids)
    return Request("shopify", "POST", f"/admin/api/{VERSION}/graphql.json", (), _written(rng, body))


def _field(rng: random.Random, field: Any, name: str, pools: Pools, depth: int) -> str:
    arguments = []
    for key, one in field.args.items():
        needed = isinstance(one.type, GraphQLNonNull)
        if needed or rng.random() < 0.3 or (key == "first" and rng.random() < 0.8):
            arguments.append(f"{key}: {_literal(rng, one.type, pools, 0, key)}")
    asked = f"({', '.join(arguments)})" if arguments else ""
    return f"{name}{asked}{_selection(rng, field.type, pools, depth + 1)}"


def _selection(rng: random.Random, type_: Any, pools: Pools, depth: int) -> str:
    named = get_named_type(type_)
    if is_leaf_type(named):
        return ""
    if is_abstract_type(named):
        one = rng.choice(sorted(schema().get_possible_types(named), key=lambda each: each.name))
        return f" {{ __typename ... on {one.name}{_selection(rng, one, pools, depth)} }}"
    leaves = [name for name, one in named.fields.items() if is_leaf_type(get_named_type(one.type))]
    inner = [name for name in named.fields if name not in leaves] if depth < 5 else []
    always = [name for name in ("userErrors", "nodes") if name in inner]
    chosen = rng.sample(leaves, min(len(leaves), 4)) + rng.sample(inner, min(len(inner), 2)) + always
    fields = {name: f"{name[0]}{place}: {_field(rng, named.fields[name], name, pools, depth)}"
              for place, name in enumerate(dict.fromkeys(chosen))}  # fmt: skip
    return f" {{ __typename {' '.join(fields.values())} }}"


def _literal(rng: random.Random, type_: Any, pools: Pools, depth: int, name: str = "") -> str:
    if isinstance(type_, GraphQLNonNull):
        return _literal(rng, type_.of_type, pools, depth, name)
    if rng.random() < 0.04:
        return rng.choice(("null", "[]", "{}", '""', "-1", "true", "NOPE", "1e400", "$x"))
    if isinstance(type_, GraphQLList):
        inner = [_literal(rng, type_.of_type, pools, depth, name) for _ in range(rng.choice((0, 1, 1, 2)))]
        return f"[{', '.join(inner)}]"
    if isinstance(type_, GraphQLEnumType):
        return rng.choice(sorted(type_.values))
    if isinstance(type_, GraphQLInputObjectType):
        needed = [key for key, one in type_.fields.items() if isinstance(one.type, GraphQLNonNull)]
        others = [key for key in type_.fields if key not in needed]
        more = rng.sample(others, min(len(others), 0 if depth > 4 else rng.choice((1, 2, 4))))
        if type_.is_one_of:
            needed, more = [], more[:1]
        inner = [f"{key}: {_literal(rng, type_.fields[key].type, pools, depth + 1, key)}" for key in [*needed, *more]]
        return f"{{{', '.join(inner)}}}"
    return _scalar(rng, type_.name, pools, name)


def _scalar(rng: random.Random, type_name: str, pools: Pools, name: str) -> str:
    if type_name == "ID":
        kinds = ("Customer", "Order", "Product", "ProductVariant", "WebhookSubscription", "BulkOperation", "Shop", "X")
        return json.dumps(f"gid://shopify/{rng.choice(kinds)}/{_number(rng, pools.shopify_ids)}")
    if type_name == "Int":
        return str(rng.choice((0, 1, 3, 250, 251, -1, 2**31 - 1)))
    if type_name == "Boolean":
        return rng.choice(("true", "false"))
    if type_name == "Float":
        return str(rng.choice((0, 0.5, -1.5, 1e300)))
    if name == "query" and rng.random() < 0.7:
        fields = ("id", "created_at", "updated_at", "email", "tag", "status", "name", "sku", "NOT", "OR", "")
        values = (">1", "1", "*", "a*", "<=2026-11-01", "(", ")", "-1", "''")
        term = f"{rng.choice(fields)}:{rng.choice(values)}"
        return json.dumps(rng.choice((term, f"{term} OR {term}", "{ products { edges { node { id title } } } }")))
    texts = [one for one in ODD if isinstance(one, str) and len(one) < 1_000 and one != "\ud800"]
    return json.dumps(rng.choice(texts))


TARGETS = {"shopify REST": shopify_rest, "shopify GraphQL": shopify_graphql, "hubspot REST": hubspot_rest}

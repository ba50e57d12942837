"""The GraphQL Admin API: a second dialect of the rows and rules that REST has.

graphql-core and the schema are loaded at the first query, so that nobody waits for them who sends none.

    documents   a query's text, parsed and checked once        wording   what is wrong, in graphql-ruby's words
    schema      schema.graphql + the tables, executable        cost      what a query costs
    types/      THE TABLES: type -> field -> how it is read    roots     the fields of QueryRoot
    lists       lists by sort key and search                   pages     connections and cursors
    bulk/       bulk queries and their results
    mutations   inputs through `translating` to the rules      endpoint  the request and its envelope
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.kernel.simulation import Grant
from simulator.shopify.shop import Shop

PATH = "graphql"
RATE_LIMITS = "https://shopify.dev/api/usage/rate-limits"
THROTTLED = {"message": "Throttled", "extensions": {"code": "THROTTLED", "documentation": RATE_LIMITS}}


# Headers that ask for the cost of each field, the newer one first [RLG].
COST_HEADERS = (("Shopify-GraphQL-Cost-Debug", "1"), ("X-GraphQL-Cost-Include-Fields", "true"))


def answer(
    shop: Shop, grant: Grant, base: str, content_type: str, body: bytes, headers: Mapping[str, str]
) -> dict[str, Any]:
    """The body of the answer to a query; `base` is how its sender reached us."""
    from simulator.shopify.graphql import endpoint  # here, as its import takes what only a query should pay
    from simulator.shopify.graphql.types.connect import Context

    tells_costs = any(headers.get(name, "").lower() == value for name, value in COST_HEADERS)
    return endpoint.answer(Context(shop, grant, base, tells_costs), content_type, body)

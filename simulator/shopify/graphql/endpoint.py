"""POST graphql.json: a request read, checked, paid for and executed; HTTP 200 for nearly all that can be said."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError, execute
from graphql.language import OperationDefinitionNode

from simulator.kernel.errors import Malformed, NotSimulated, Refusal
from simulator.kernel.simulation import Grant
from simulator.shopify import limits
from simulator.shopify.graphql import RATE_LIMITS, THROTTLED, cost, documents, variables
from simulator.shopify.graphql.schema import schema, type_of
from simulator.shopify.graphql.things import GraphQLRefusal
from simulator.shopify.graphql.types.connect import Context
from simulator.shopify.shop import Shop

log = logging.getLogger(__name__)

DEEPEST_VALUE = 100  # of a variable; Our reading, as for a query
LARGEST_COST = 1000  # of one query [RLG]
TOO_DEAR = """Query cost is {0}, which exceeds the single query max cost limit ({1}).

See https://shopify.dev/concepts/about-apis/rate-limits for more information on how the
cost of a query is calculated.

To query larger amounts of data with fewer limits, bulk operations should be used instead.
See https://shopify.dev/tutorials/perform-bulk-operations-with-admin-api for usage details.
"""  # Shopify's text [GH]
BROKEN = (
    "Internal error. Looks like something went wrong on our end.\n"
    "Request ID: {0} (include this in support requests)."
)  # [DP]

Json = dict[str, Any]


def answer(context: Context, content_type: str, body: bytes) -> Json:
    """The body of the answer; a Refusal where there is not even a query."""
    shop, grant = context.shop, context.grant
    text, sent, name = _read(content_type, body)
    document = documents.read(text, shop.caller.api_version)
    if document.errors:
        return {"errors": list(document.errors)}
    assert document.tree is not None
    operation = document.operation(name)
    if operation is None:
        return {"errors": [_no_operation(name)]}
    wrong = variables.problems(operation, sent)
    if wrong:
        return {"errors": wrong}
    asked = cost.requested(document.tree, operation, sent)
    if asked > LARGEST_COST and not shop.simulation.calm:
        return {"errors": [_too_dear(asked)]}
    bucket = limits.points(shop, grant)
    if not bucket.take(shop.site.now(), asked) and not shop.simulation.calm:
        return {"errors": [THROTTLED], "extensions": {"cost": _cost(shop, grant, asked, None)}}
    return _executed(context, document, operation, sent, asked)


def _executed(
    context: Context,
    document: documents.Document,
    operation: OperationDefinitionNode,
    sent: Mapping[str, Any],
    asked: int,
) -> Json:
    assert document.tree is not None
    shop, grant = context.shop, context.grant
    name = operation.name.value if operation.name else None
    result = execute(
        schema(shop.caller.api_version),
        document.tree,
        context_value=context,
        variable_values=dict(sent),
        operation_name=name,
        type_resolver=type_of,
    )
    assert isinstance(result, ExecutionResult)  # nothing here is awaited
    spent = min(asked, cost.actual(document.tree, operation, sent, result.data or {}))
    limits.points(shop, grant).give_back(asked - spent)
    found: Json = {"data": result.data}
    if result.errors:
        found["errors"] = [_told(shop, error) for error in result.errors]
    found["extensions"] = {"cost": _cost(shop, grant, asked, spent)}
    if context.tells_costs:
        found["extensions"]["cost"]["fields"] = cost.by_field(document.tree, operation, sent)
    if context.told.entries:
        found["extensions"]["search"] = context.told.entries
    return found


# --- reading ---


def _read(content_type: str, body: bytes) -> tuple[str, Mapping[str, Any], str | None]:
    """The query, its variables and the operation's name; the last two may be null, or not there [PY]."""
    if content_type.split(";")[0].strip().lower() == "application/graphql":
        return _text(body), {}, None
    try:
        sent = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Malformed("Bad Request") from None  # Our reading, as for REST
    query = sent.get("query") if isinstance(sent, dict) else None
    if not isinstance(query, str) or not query.strip():
        raise Malformed("Required parameter missing or invalid", "query")  # seen in public reports
    given = sent.get("variables") or {}
    if _nested(given) > DEEPEST_VALUE:
        raise Malformed("Required parameter missing or invalid", "variables")  # Our reading
    if isinstance(given, str):
        given = _parsed(given)
    name = sent.get("operationName")
    if not isinstance(given, dict):
        raise Malformed("Required parameter missing or invalid", "variables")  # Our reading
    return query, given, name if isinstance(name, str) and name else None


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise Malformed("Bad Request") from None


def _nested(value: Any) -> int:
    """How many lists and objects stand within each other."""
    depth, level = 0, [value]
    while level and depth <= DEEPEST_VALUE:
        inner = [one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list)]
        depth, level = depth + bool(inner), [each for one in inner for each in one]
    return depth


def _parsed(text: str) -> Any:
    """Variables may come as JSON in a text, as older clients send them. Our reading."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Malformed("Required parameter missing or invalid", "variables") from None


# --- telling ---


def _no_operation(name: str | None) -> Json:
    """In graphql-ruby's words, as public reports have them."""
    if name:
        return {"message": f'No operation named "{name}"'}
    return {"message": "An operation name is required"}


def _too_dear(asked: int) -> Json:
    more = {"code": "MAX_COST_EXCEEDED", "cost": asked, "maxCost": LARGEST_COST, "documentation": RATE_LIMITS}
    return {"message": TOO_DEAR.format(asked, LARGEST_COST), "extensions": more}


def _cost(shop: Shop, grant: Grant, asked: int, spent: int | None) -> Json:
    bucket = limits.points(shop, grant)
    left = max(0, int(bucket.size - bucket.used(shop.site.now())))
    return {
        "requestedQueryCost": asked,
        "actualQueryCost": spent,
        "throttleStatus": {
            "maximumAvailable": int(bucket.size),
            "currentlyAvailable": left,
            "restoreRate": int(bucket.per_second),
        },
    }


def _told(shop: Shop, error: GraphQLError) -> Json:
    """An error of one field: a refusal of the fake's, or a bug of ours."""
    found: Json = {"message": error.message}
    if error.locations:
        found["locations"] = [{"line": one.line, "column": one.column} for one in error.locations]
    match error.original_error:
        case GraphQLRefusal(message, code, more):
            found |= {"message": message, "extensions": {"code": code, **more}}
        case NotSimulated(what):
            found |= {"message": f"{what} is not simulated by syncdrill", "extensions": {"code": "NOT_SIMULATED"}}
        case Refusal() as refusal:
            found |= {"message": str(refusal), "extensions": {"code": "BAD_REQUEST"}}
        case _:
            log.error("a field of GraphQL failed", exc_info=error.original_error or error)
            id = shop.site.chance.uuid("shopify/requests")
            more = {"code": "INTERNAL_SERVER_ERROR", "requestId": id}
            found |= {"message": BROKEN.format(id), "extensions": more}
    if error.path:
        found["path"] = list(error.path)
    return found

"""Mutations of bulk operations."""

from __future__ import annotations

from simulator.kernel.simulation import Grant
from simulator.shopify.graphql.mutations.performing import Args, Payload, refuse
from simulator.shopify.graphql.things import by_id, gid, thing
from simulator.shopify.kinds import VENDOR
from simulator.shopify.rules import bulk
from simulator.shopify.shop import Shop

IN_PROGRESS = "A bulk {} operation for this app and shop is already in progress: {}."  # [DP]
NO_CANCEL = "A bulk operation cannot be canceled when it is {}"  # [DP] of a completed one, the others as well


def bulk_run_query(shop: Shop, args: Args) -> Payload:
    """`groupObjects` changes nothing: children follow their parent in either case."""
    from simulator.shopify.graphql.bulk import plan, probe  # here, as it needs the schema, which needs this table

    text = args["query"]
    plan(text, shop.caller.api_version)
    going_on = bulk.running(shop, "query")
    if len(going_on) >= bulk.MOST_AT_ONCE:
        ids = ", ".join(gid("BulkOperation", one["id"]) for one in going_on)
        raise refuse(None, IN_PROGRESS.format("query", ids), "OPERATION_IN_PROGRESS")
    probe(shop, _grant(shop), text)
    return {"bulk_operation": thing(shop, "BulkOperation", bulk.start(shop, "query", text))}


def bulk_cancel(shop: Shop, args: Args) -> Payload:
    found = by_id(shop, args["id"], "BulkOperation")
    if found is None:
        raise refuse(("id",), "Bulk operation does not exist")  # [DP]
    if found.document["status"] not in bulk.GOES_ON:
        return {"bulk_operation": found, "user_errors": [_not_now(found.document["status"])]}
    return {"bulk_operation": thing(shop, "BulkOperation", bulk.cancel(shop, found.document))}


def _not_now(status: str) -> Payload:
    return {"field": None, "message": NO_CANCEL.format(status)}


def _grant(shop: Shop) -> Grant:
    return next(one for one in shop.site.apps(VENDOR) if one.app == shop.caller.app)

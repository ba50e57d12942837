"""The part of the Shopify page that is about GraphQL: queries, mutations, lists with their search, what is left out."""

from __future__ import annotations

from collections.abc import Iterable

from scenarios.reference.markdown import code, codes, section, table
from simulator.kernel.clock import DAY
from simulator.shopify import graphql, limits, storage
from simulator.shopify.graphql import lists, pages
from simulator.shopify.graphql.lists import Listing
from simulator.shopify.graphql.mutations import MUTATIONS
from simulator.shopify.graphql.roots import NODES, QUERY
from simulator.shopify.graphql.types import TYPES
from simulator.shopify.graphql.undeclared import undeclared
from simulator.shopify.rules import bulk


def graphql_section() -> str:
    return section(
        "GraphQL",
        f"`POST` {code(graphql.PATH)}, as JSON or as `application/graphql`. The schema that is served is a part of the "
        f"real one of 2026-10: {len(TYPES)} object types, introspectable; what it declares answers. A name that is "
        "real and not declared is refused by name, before anything is executed.",
        section("Queries", codes(QUERY) + ".", f"`node` and `nodes` find {codes(NODES)}.", level=3),
        section("Lists", *_lists(), level=3),
        section("Mutations", _mutations(), level=3),
        section("Bulk operations", _bulk(), level=3),
        section("Cost", _cost(), level=3),
    )


def graphql_missing() -> Iterable[str]:
    """Root fields that are real, and fields of the types that are declared."""
    left_out = undeclared()
    yield f"Queries of GraphQL: {codes(sorted(left_out['QueryRoot']))}."
    yield f"Mutations: {codes(sorted(left_out['Mutation']))}."
    rows = ((code(name), codes(sorted(names))) for name, names in sorted(left_out.items()) if name in TYPES)
    yield table(("type of GraphQL", "fields that it lacks"), rows)


def _lists() -> Iterable[str]:
    found = [one for one in vars(lists).values() if isinstance(one, Listing)]
    rows = ((code(one.type), codes(one.sort_keys), codes(one.fields), codes(one.not_simulated)) for one in found)
    yield (
        f"A page has at most {pages.LARGEST_PAGE} records. A field that is not searchable is a warning in "
        "`extensions.search`; one that is real but not simulated is an error that names it."
    )
    yield table(("type", "sort keys", "fields of `query`", "not simulated"), rows)


def _mutations() -> str:
    return table(("mutation", "scope"), ((code(name), code(one.scope)) for name, one in MUTATIONS.items()))


def _bulk() -> str:
    address = code(storage.RULE.replace("<", "{").replace(">", "}"))
    return (
        f"{bulk.MOST_AT_ONCE} queries run at once for each app and shop. One begins {bulk.BEGINS_AFTER_MS / 1000:g} s "
        f"after it was asked for and then reads {bulk.LINES_A_TURN} objects in {bulk.TURN_MS / 1000:g} s, each as the "
        f"shop is then: a result is not of one instant. Its address, {address}, opens without a token for "
        f"{bulk.KEPT_MS // DAY} days. Children stand behind their parent whatever `groupObjects` says. *Partly:* "
        "connections of what is no `Node` are read too, which Shopify refuses; nothing fails with `TIMEOUT`; "
        "`bulkOperationRunMutation` is not simulated."
    )


def _cost() -> str:
    rows = (
        (plan.title, str(plan.points_per_second * limits.POINTS_SECONDS), str(plan.points_per_second))
        for plan in limits.PLANS.values()
    )
    return table(("plan", "points", "restored per second"), rows)

"""How a field of a type reaches a list of records, and the context that a request carries along."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from simulator.kernel.simulation import Grant
from simulator.shopify.graphql import lists
from simulator.shopify.graphql.lists import Listing, Told
from simulator.shopify.graphql.pages import Page, listed
from simulator.shopify.graphql.searching import Clause
from simulator.shopify.graphql.things import How, Thing
from simulator.shopify.shop import Shop


@dataclass(slots=True)
class Context:
    """One request.

    Args:
        shop: who asks, and of which shop.
        base: how the caller reached us, for addresses in the answer: "http://127.0.0.1:5005/".
        tells_costs: whether the answer says what each field costs.
        told: what its lists have to tell.
    """

    shop: Shop
    grant: Grant
    base: str = ""
    tells_costs: bool = False
    told: Told = field(default_factory=Told)


def with_info(how: How) -> How:
    """Mark a function that wants to know the place in the query as well: (thing, info, **arguments)."""
    how.wants_info = True  # type: ignore[attr-defined]
    return how


def listing(of: Listing, info: Any, args: dict[str, Any], *more: Clause) -> Page:
    context: Context = info.context
    return lists.page(of, context.shop, args, context.told, info.path.as_list(), *more)


def counted(of: Listing, info: Any, args: dict[str, Any], *more: Clause) -> Any:
    context: Context = info.context
    return lists.count(of, context.shop, args, context.told, info.path.as_list(), *more)


def every(of: Listing) -> How:
    """All records of a list, as a root field or the deprecated field of a shop."""

    @with_info
    def resolve(_: Any, info: Any, **args: Any) -> Page:
        return listing(of, info, args)

    return resolve


def count(of: Listing) -> How:
    @with_info
    def resolve(_: Any, info: Any, **args: Any) -> Any:
        return counted(of, info, args)

    return resolve


def none(_: Any, **args: Any) -> Page:
    """A list of what the fake's shops have none of."""
    return listed({name: args.get(name) for name in ("first", "last", "after", "before")}, [])


@with_info
def own_events(it: Thing, info: Any, **args: Any) -> Page:
    """The events of one record."""
    mine: Clause = ("subject_type = ? AND subject_id = ?", (it.type, it.id))
    return listing(lists.EVENTS, info, args, mine)

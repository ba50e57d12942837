"""How a mutation is done: its scope checked, its rule run in a transaction of its own, its refusal told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.kernel.errors import Invalid, Malformed, Problem
from simulator.shopify.graphql import access
from simulator.shopify.graphql.things import camel, shop_thing
from simulator.shopify.shop import Shop

Args = dict[str, Any]
Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Mutation:
    """One root field.

    Args:
        run: (shop, arguments) -> the payload, without its errors.
        scope: what the app must be granted; "" where the record decides.
        also: what `requiredAccess` says behind the scope [S].
        words: all that it says, where it does not begin with that scope.
        inside: what leads the path of an error's field: ("input",).
        names: what a field of the rules is called here; "." is all that was sent.
        errors: the payload's lists of errors; each shows the code that its type has.
    """

    run: Callable[[Shop, Args], Payload]
    scope: str = ""
    also: str = ""
    inside: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[str, ...] = ("user_errors",)
    words: str = ""

    @property
    def required_access(self) -> str:
        return self.words or f"`{self.scope}` access scope{self.also}."

    def require(self, shop: Shop, name: str) -> None:
        if self.scope:
            access.check_scope(shop, name, self.scope, self.required_access)


@dataclass(eq=False)
class UserErrors(Exception):
    """Reasons of this layer, with the path of the field as it is shown."""

    told: tuple[tuple[tuple[str, ...] | None, str, str | None], ...]


def refuse(path: tuple[str, ...] | None, message: str, code: str | None = None) -> UserErrors:
    return UserErrors(((path, message, code),))


def performed(shop: Shop, name: str, mutation: Mutation, args: Args) -> Payload:
    """The payload of a mutation; `shop` is in the middle of an action of its own."""
    mutation.require(shop, name)
    told: list[dict[str, Any]] = []
    payload: Payload = {}
    try:
        with shop.site.transaction():
            payload = mutation.run(shop, args)
    except UserErrors as refusal:
        told = [{"field": path and list(path), "message": text, "code": code} for path, text, code in refusal.told]
    except Invalid as refusal:
        told = [_told(mutation, problem) for problem in refusal.problems]
    except Malformed as refusal:
        told = [_told(mutation, Problem(refusal.field, refusal.message))]
    return {"shop": shop_thing(shop)} | dict.fromkeys(mutation.errors, told) | payload


def _told(mutation: Mutation, problem: Problem) -> dict[str, Any]:
    """A rule's reason in the words of `userErrors`: "has already been taken" becomes "Email has already been taken"."""
    named = problem.field.rpartition(".")[2] if problem.field.startswith("customer.") else problem.field
    name = mutation.names.get(named, named)
    path = None if name in ("base", "") else [*mutation.inside, *(camel(part) for part in name.split(".") if part)]
    whole = problem.message[:1].isupper() and named != "line_items"
    subject = named.rpartition(".")[2].replace("_", " ").capitalize()
    message = problem.message if whole or not path else f"{subject} {problem.message}"
    return {"field": path, "message": message, "code": problem.code or "INVALID"}

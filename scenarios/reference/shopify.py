"""Shopify's page: endpoints, filters, webhook topics, versions and limits, and what is real but not simulated."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from scenarios.reference.markdown import code, codes, document, said, section, sources, table
from scenarios.reference.shopify_graphql import graphql_missing, graphql_section
from simulator.kernel.gate import LARGEST_BODY
from simulator.shopify import app, limits, oauth, paging, parameters, resources, rest, topics, versions, webhooks
from simulator.shopify.graphql.former import FORMER
from simulator.shopify.rest import Filter, Row
from simulator.shopify.sources import SOURCES

NAMES = {
    "list_all": "List.",
    "list_parts": "List.",
    "count": "Count.",
    "count_parts": "Count.",
    **{verb: f"{verb.capitalize()}." for verb in ("get", "create", "update", "delete")},
    **{f"{verb}_part": f"{verb.capitalize()}." for verb in ("get", "create", "update", "delete")},
}


def page() -> str:
    return document(
        "Shopify",
        "What the fake of the Shopify Admin API does: endpoints, filters, webhook topics, and what it leaves out.",
        "Paths stand below `/admin/api/<version>/` and end in `.json`; without a version the oldest supported one "
        "answers. *Partly* says what Shopify does there and the fake does not; what is not simulated answers 501 and "
        "names itself; what is no path of Shopify's answers 404.",
        section("Resources", *(_resource(row) for row in resources.ROWS)),
        section("Actions", _actions()),
        section("OAuth", *_oauth()),
        section("Lists", _lists()),
        graphql_section(),
        section("Webhooks", *_webhooks()),
        section("Versions", _versions()),
        section("Limits", _limits()),
        section("Real, but not simulated", *_missing(), *graphql_missing()),
        sources(SOURCES),
    )


def _oauth() -> list[str]:
    """The two paths without a version, and all that can be exchanged for a token."""
    routes = ((method, code(path.removeprefix("/admin/")), said(view)) for method, path, view in oauth.ROUTES)
    grant_types = ((code(name) if name else "none", said(run)) for name, run in oauth.tokens.GRANT_TYPES.items())
    return [table(("method", "path", "what it does"), routes), table(("`grant_type`", "what it does"), grant_types)]


def _resource(row: Row) -> str:
    mine = [(method, path, scope, view) for method, path, scope, view in app.routes() if _verb(view) and _is(row, path)]
    endpoints = table(
        ("method", "path", "scope", "what it does", "source"),
        (
            (method, code(_plain(path)), code(scope), _verb(view), _tags(_source(row, path)))
            for method, path, scope, view in mine
        ),
    )
    filters = table(
        ("filter", "values", "default"), ((code(one.name), _values(one), one.default) for one in row.filters)
    )
    absent = [f"parameter {code(name)}" for name in row.not_simulated]
    absent += [f"parameter {code(name)} of {part.name}" for part in row.parts for name in part.not_simulated]
    absent += [f"field {code(name)} of a body" for name in row.fields_not_simulated]
    partly = " ".join(filter(None, (row.partly, f"Answers 501: {', '.join(absent)}." if absent else "")))
    return section(row.path, endpoints, filters, f"*Partly:* {partly}" if partly else "", level=3)


def _source(row: Row, path: str) -> str:
    """A part of the row may be known by somebody else than the row itself."""
    return next((part.source for part in row.parts if f"/{part.name}" in path), row.source)


def _is(row: Row, path: str) -> bool:
    return path == row.path or path.startswith(f"{row.path}/")


def _verb(view: object) -> str:
    """The word for one of the verbs that every row gets; "" for an action."""
    inner = getattr(view, "func", view)
    return NAMES.get(inner.__name__, "") if inner.__module__ == rest.__name__ else ""


def _values(one: Filter) -> str:
    if one.choices:
        return codes(one.choices)
    reads = {
        parameters.instant: "an instant",
        parameters.app: "an app's number, `current`",
        parameters.number: "a number",
        parameters.numbers: "numbers with commas",
        parameters.words: "words with commas",
    }
    return reads.get(one.read, "text, compared whole")


def _actions() -> str:
    rows = [*resources.ACTIONS, *resources.PLAIN_ACTIONS]
    return table(
        ("method", "path", "scope", "what it does", "partly", "source"),
        (
            (one.method, code(_plain(one.path)), code(one.scope), said(one.run), one.partly, _tags(one.source))
            for one in rows
        ),
    )


def _lists() -> str:
    return (
        f"Every list takes `limit` ({paging.DEFAULT_LIMIT} unless told, at most {paging.LARGEST_LIMIT}), `fields`, "
        f"`order` ({codes(rest.SORTABLE)}, each `asc` or `desc`, as far as the resource has it) and `page_info`, the "
        f"cursor of the `Link` header; beside it only `limit` and `fields` may be sent. A body may have up to "
        f"{LARGEST_BODY // 1024**2} MiB."
    )


def _webhooks() -> Iterable[str]:
    yield table(
        ("topic", "in GraphQL", "scope", "body", "partly", "source"),
        (
            (code(one.name), code(one.enum), code(one.scope), said(one.payload), one.partly, _tags(one.source))
            for one in topics.DELIVERED
        ),
    )
    yield (
        "A topic without a name in GraphQL can be subscribed to by an app's configuration alone, which is what "
        "`syncdrill up --webhooks URL` stands for. A body holds the metafields that the subscription asks for, of its "
        "own record alone, as they are when the topic happens: those that are sent along with a new record come later."
    )
    waits = [webhooks.RETRIES_TAKE_MS * 2**n // (2**webhooks.RETRIES - 1) // 1000 for n in range(webhooks.RETRIES)]
    yield (
        f"A webhook goes out {webhooks.SOONEST_MS / 1000:g} to {webhooks.LATEST_MS / 1000:g} s after its change (at "
        f"once in a calm world). A receiver has {webhooks.CONNECT_TIMEOUT_MS // 1000} s to connect and "
        f"{webhooks.TOTAL_TIMEOUT_MS // 1000} s in all; then Shopify tries again {webhooks.RETRIES} times, after "
        f"{', '.join(map(str, waits))} s, and then removes a subscription that was made over an API."
    )


def _tags(source: str) -> str:
    return ", ".join(f"[{tag}]" for tag in source.split(", "))


def _versions() -> str:
    rows = ((code(one.name), one.state) for one in versions.VERSIONS)
    told = f"A retired version, and any dated one since {versions.FIRST}, is answered by `{versions.OLDEST.name}`. "
    told += "REST answers in the shape of 2026-07 whatever the version, GraphQL with the schema of 2026-10. "
    former = [f"{code(f'{one.type}.{one.name}')} before {code(one.until)}" for one in FORMER]
    told += f"Beside it, older versions have fields that later ones dropped: {', '.join(former)}."
    return f"{table(('version', 'state'), rows)}\n\n{told}"


def _limits() -> str:
    rows = ((plan.title, str(plan.size), str(plan.per_second)) for plan in limits.PLANS.values())
    return f"Of REST: one leaky bucket for each app and shop.\n\n{table(('plan', 'bucket', 'leaks per second'), rows)}"


def _missing() -> Iterable[str]:
    paths = sorted(resources.NOT_SIMULATED)
    groups = [list(names) for _, names in groupby(paths, key=lambda path: path.split("/")[0])]
    yield "REST, below the version (`*` stands for anything):"
    yield "\n".join(f"- {codes(names)}" for names in groups)
    yield f"Webhook topics [S]: {codes(sorted(topics.NOT_SIMULATED))}."


def _plain(path: str) -> str:
    return re.sub(r"<int:(\w+)>", r"{\1}", path)

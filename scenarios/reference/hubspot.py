"""HubSpot's page: object types, endpoints of both path families, associations, pipelines, limits, what is left out."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from itertools import groupby

from scenarios.reference.markdown import code, codes, document, said, section, sources, table
from simulator.hubspot import (
    app,
    association_types,
    associations,
    batches,
    crm,
    events,
    limits,
    list_operations,
    objects,
    pipelines,
    search,
    unsimulated,
    webhooks,
)
from simulator.hubspot.definitions import defaults
from simulator.hubspot.routes import VERSIONS, Route
from simulator.hubspot.sources import SOURCES
from simulator.kernel.clock import HOUR
from simulator.kernel.gate import LARGEST_BODY

SIMULATED = [route for route in app.ROUTES if route not in unsimulated.ROUTES]


def page() -> str:
    return document(
        "HubSpot",
        "What the fake of the HubSpot CRM API does: object types, endpoints, associations and limits, and what it "
        "leaves out.",
        "Every call has a path of the legacy family and, where HubSpot has one, of the dated family; `{version}` is "
        f"{_versions()}, and both answer alike. *Partly* says what HubSpot does there and the fake does not; what is "
        "not simulated answers 501 and names itself. `objects.read` stands for the object type's scopes in the table "
        "below, `schemas.read` for `crm.schemas.<object type>.read`; whoever may read objects may read schemas too. "
        "`developer` is the developer key, `open` needs no token.",
        section("Object types", *_object_types()),
        section("Endpoints", *_endpoints()),
        section("Association types", _associations()),
        section("Pipelines", *_pipelines()),
        section("Webhooks", *_webhooks()),
        section("Filters of lists", *_lists()),
        section("Limits", *_limits()),
        section("Real, but not simulated", *_missing()),
        sources(SOURCES),
    )


def _versions() -> str:
    return " or ".join(code(name) for name in re.findall(r'"([^"]+)"', VERSIONS))


def _object_types() -> Iterable[str]:
    rows = objects.OBJECT_TYPES
    yield "A path takes any of the spellings."
    yield table(
        ("object type", "spellings", "scope, one of", "unique", "pipeline", "`query` of a search looks in"),
        (
            (
                row.name,
                codes((row.name, row.singular, row.fqn, row.type_id)),
                codes(f"{word}.read / .write" if word.startswith("crm.") else word for word in row.scopes),
                code(row.key),
                codes((row.stages.pipeline, row.stages.stage)) if row.stages else "",
                codes(row.searched),
            )
            for row in rows
        ),
    )
    yield "Properties that a portal has from the start:"
    yield "\n".join(f"- **{row.name}** ({len(names)}): {codes(names)}" for row in rows if (names := defaults(row.name)))


def _endpoints() -> Iterable[str]:
    for module, routes in groupby(SIMULATED, key=lambda route: route.view.__module__):
        title = (sys.modules[module].__doc__ or "").split("\n")[0].rstrip(".")
        yield section(
            title,
            table(("method", "path", "dated path", "needs", "what it does", "partly"), map(_endpoint, routes)),
            level=3,
        )


def _endpoint(route: Route) -> tuple[str, ...]:
    legacy = [path for path in route.paths if VERSIONS not in path]
    dated = [path for path in route.paths if VERSIONS in path]
    shown = (codes(map(_plain, paths), " ") for paths in (legacy, dated))
    return route.methods.replace(" ", ", "), *shown, code(route.needs), said(route.view), route.partly


def _associations() -> str:
    kept = "The first row of a pair is its default. All are HUBSPOT_DEFINED."
    return (
        kept
        + "\n\n"
        + table(
            ("from", "to", "type id", "the way back", "label"),
            (
                (row.source, row.target, str(row.id), str(row.inverse), row.label or "")
                for row in association_types.ROWS
            ),
        )
    )


def _pipelines() -> Iterable[str]:
    yield "A new portal has these; others are made over the API."
    for object_name, key, label, stages in pipelines.BEGIN_WITH:
        rows = (
            (title, code(id), codes(f"{name}: {value}" for name, value in sorted(metadata.items())), _only(id))
            for id, title, metadata in stages
        )
        yield section(f"{label} ({object_name}, `{key}`)", table(("stage", "id", "metadata", "note"), rows), level=3)


def _only(stage: str) -> str:
    return "in portals of 2026 alone; this one has it where it was opened so" if stage == pipelines.DELIVERED else ""


def _webhooks() -> Iterable[str]:
    yield f"Event types: {codes(events.event_types())}."
    yield (
        f"Events go out {webhooks.SOONEST_MS / 1000:g} to {webhooks.LATEST_MS / 1000:g} s after their write (at once "
        f"in a calm world), up to {webhooks.MOST_IN_A_BATCH} in a request and in no order. A receiver has "
        f"{webhooks.TIMEOUT_MS // 1000} s in all; then HubSpot tries again, up to {webhooks.RETRIES} times within "
        f"{webhooks.RETRIES_TAKE_MS // HOUR} hours. Requests are signed by v1 (or v2, as the app is registered) and by "
        "v3. Counts over associations, which are made when somebody asks, tell of no change."
    )


def _lists() -> Iterable[str]:
    yield "The operations of a PROPERTY filter:"
    yield table(
        ("operation type", "operators"),
        ((code(kind), codes(names)) for kind, names in sorted(list_operations.operators().items())),
    )


def _limits() -> Iterable[str]:
    quotas = [(f"private app, {tier}", quota) for tier, quota in limits.PRIVATE.items()]
    quotas.append(("public app, and HubSpot's own Shopify app", limits.MARKETPLACE))
    yield table(
        ("app", f"calls in {limits.WINDOW_MS // 1000} s", "calls a day, of all apps of the portal"),
        ((who, str(quota.burst), str(quota.daily or "no limit")) for who, quota in quotas),
    )
    yield table(
        ("what", "most"),
        (
            ("searches a second, of the portal", str(limits.SEARCHES_PER_SECOND)),
            ("records in a page; with the history of properties", f"{crm.MOST_IN_A_PAGE}; {crm.MOST_WITH_HISTORY}"),
            ("inputs of a batch", str(batches.MOST_INPUTS)),
            ("results of a search in a page; in all", f"{search.MOST_IN_A_PAGE}; {search.MOST_RESULTS}"),
            ("characters of a search", str(search.LONGEST_BODY)),
            (
                "filter groups; filters in a group; in all",
                f"{search.MOST_GROUPS}; {search.MOST_IN_A_GROUP}; {search.MOST_FILTERS}",
            ),
            (
                "inputs of a batch of associations: written; read",
                f"{associations.MOST_WRITTEN}; {associations.MOST_READ}",
            ),
            ("bytes of a body", str(LARGEST_BODY)),
        ),
    )


def _missing() -> Iterable[str]:
    areas = [("all", f"{path}/...", what, source) for path, what, source in unsimulated.AREAS]
    calls = [(methods.replace(" ", ", "), *rest) for methods, *rest in unsimulated.CALLS]
    yield table(
        ("what", "method", "path", "source"),
        (
            (what, method, code(_plain(path)), f"[{source}]")
            for method, path, what, source in sorted(calls + areas, key=lambda row: (row[2], row[1]))
        ),
    )
    types = (f"{plural} (`{type_id}`)" for type_id, (plural, _) in objects.NOT_SIMULATED.items())
    yield f"Object types: {', '.join(types)}."


def _plain(path: str) -> str:
    return re.sub(r"<(\w+)>", r"{\1}", path.replace(VERSIONS, "{version}"))

"""The control plane's part for a portal: settings that a user would change on HubSpot's pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort

from simulator.hubspot import custom_objects, lifecycle, limits, owners, portal, records, schema, tracking
from simulator.hubspot.objects import OBJECT_TYPES, by_spelling
from simulator.kernel import control
from simulator.kernel.errors import Conflict, Invalid
from simulator.kernel.simulation import Site

CONTROL = Blueprint("hubspot", __name__, url_prefix="/_sim/worlds/<world>/hubspot/<tenant>")


@CONTROL.post("/settings")
def change_settings(world: str, tenant: str) -> Response:
    """`{"currencies": {"EUR": 1.08}}` enables currencies with their rates; `{"unique": {"products": ["hs_sku"]}}` makes
    properties unique that are so in some portals only; `{"api_packs": 1}` buys API Limit Increases;
    `{"retry_after": true}` lets a 429 carry Retry-After."""
    site, wanted = control.site_of(world, tenant), control.body()
    unknown = set(wanted) - {"currencies", "unique", "api_packs", "retry_after"}
    if unknown:
        told = ", ".join(sorted(unknown))
        abort(400, f"a portal's settings are currencies, unique, api_packs and retry_after, not {told}")
    require_portal(site)
    with site.simulation.lock, site.transaction():
        values: dict[str, Any] = {}
        if "currencies" in wanted:
            values["rates"] = _rates(wanted["currencies"])
        if "unique" in wanted:
            values["unique"] = _unique(site, wanted["unique"])
        if "api_packs" in wanted:
            values["api_packs"] = _number(wanted["api_packs"], "api_packs", limits.MOST_PACKS)
        if "retry_after" in wanted:
            values["retry_after"] = _flag(wanted["retry_after"], "retry_after")
        account = portal.change(site, **values)
    return control.answer(
        {
            "currencies": list(account.currencies),
            "rates": account.rates,
            "unique": account.unique,
            "api_packs": account.api_packs,
            "retry_after": account.retry_after,
        }
    )


@CONTROL.post("/owners")
def make_owner(world: str, tenant: str) -> Response:
    """`{"email", "first_name", "last_name", "teams": ["Sales"]}` makes a user who can own records."""
    site, wanted = control.site_of(world, tenant), control.body()
    require_portal(site)
    email, teams = wanted.get("email"), wanted.get("teams", [])
    if not isinstance(email, str) or "@" not in email:
        abort(400, "an owner has an email")
    if not isinstance(teams, list) or not all(isinstance(name, str) for name in teams):
        abort(400, "teams is a list of names")
    names = [wanted.get(name, "") for name in ("first_name", "last_name")]
    if not all(isinstance(name, str) for name in names):
        abort(400, "first_name and last_name are texts")
    with site.simulation.lock, site.transaction():
        return control.answer(owners.shown(owners.create(site, email.strip().lower(), *names, teams)), 201)


@CONTROL.delete("/owners/<int:owner>")
def archive_owner(world: str, tenant: str, owner: int) -> Response:
    """The user leaves: the owner is archived."""
    site = control.site_of(world, tenant)
    require_portal(site)
    with site.simulation.lock, site.transaction():
        archived = owners.archive(site, owner)
    if archived is None:
        abort(404, f"there is no owner {owner}")
    return control.answer(owners.shown(archived))


def require_portal(site: Site) -> None:
    if site.get(portal.PORTALS, int(site.tenant) if site.tenant.isdecimal() else 0) is None:
        abort(404, f"there is no portal {site.tenant}")


def _flag(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        abort(400, f"{name} is true or false, not {value!r}")
    return value


def _number(value: Any, name: str, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        abort(400, f"{name} is a number from 0 to {most}, not {value!r}")
    return value


@CONTROL.post("/restore")
def restore(world: str, tenant: str) -> Response:
    """`{"object": "contacts", "id": "37765128001"}` brings an archived record back, as a user does from the recycle
    bin; the API has no call for it."""
    site, wanted = control.site_of(world, tenant), control.body()
    found = by_spelling().get(str(wanted.get("object"))) or custom_objects.find(site, str(wanted.get("object")))
    if found is None:
        abort(400, f"{wanted.get('object')!r} is no object type of this portal")
    with site.simulation.lock, site.transaction():
        try:
            back = lifecycle.restore(site, schema.load(site, found), str(wanted.get("id")))
        except Conflict as error:
            abort(409, error.message)
        except Invalid as error:
            abort(409, error.problems[0].message)
    if back is None:
        abort(404, f"{wanted.get('id')!r} is not in the recycle bin of {found.name}")
    return control.answer({"id": back["id"], "archived": back["archived"]})


@CONTROL.patch("/records/<name>/<id>")
def edit(world: str, tenant: str, name: str, id: str) -> Response:
    """`{"properties": {...}}`: a user changes a record on its page. An order that was synced from a store can be moved
    and edited in the store alone (B37, B38): it is refused with 403."""
    site, wanted = control.site_of(world, tenant), control.body()
    require_portal(site)
    found = by_spelling().get(name)
    if found is None or not isinstance(wanted.get("properties"), dict):
        abort(400, 'a user changes {"properties": {...}} of an object such as contacts')
    with site.simulation.lock, site.transaction():
        document = records.find(site, found, id)
        if document is None:
            abort(404, f"there is no record {id} of {found.name}")
        if found.name == "orders" and document["properties"].get("hs_source_store"):
            abort(403, "an order that was synced from a store cannot be edited here")  # Our reading of the words
        try:
            written = records.update(records.users_desk(site, found), document, wanted["properties"])
        except Invalid as error:
            abort(400, error.problems[0].message)
    return control.answer({"id": id, "properties": written.document["properties"]})


@CONTROL.post("/events")
def take_event(world: str, tenant: str) -> Response:
    """`{"email": "ann@example.com", "event": "page_view"}`: what a contact does on the store's pages; a `form` or a
    `click` in a mail makes HubSpot track a contact of the first import from then on (A15)."""
    site, wanted = control.site_of(world, tenant), control.body()
    require_portal(site)
    email, event = wanted.get("email"), wanted.get("event")
    if not isinstance(email, str) or event not in tracking.EVENTS:
        abort(400, f"an event has an email and is one of {', '.join(tracking.EVENTS)}")
    with site.simulation.lock, site.transaction():
        contact = tracking.happened(site, email.strip().lower(), event)
    if contact is None:
        abort(404, f"no contact has the e-mail {email}")
    return control.answer({"id": contact["id"], "tracked": tracking.is_tracked(contact)})


def _rates(wanted: Any) -> dict[str, str]:
    """Code -> rate; a plain list of codes gives each the rate 1."""
    rates = {code: 1 for code in wanted if isinstance(code, str)} if isinstance(wanted, list) else wanted
    if not isinstance(rates, dict):
        abort(400, "currencies is a list of codes, or an object of code -> rate")
    for code, rate in rates.items():
        good = isinstance(rate, int | float) and not isinstance(rate, bool) and rate > 0
        if not (len(code) == 3 and code.isalpha() and code.isupper() and good):
            abort(400, f"a currency is three capital letters with a rate above 0, not {code!r}: {rate!r}")
    return {code: str(rate) for code, rate in sorted(rates.items())}


def _unique(site: Any, wanted: Any) -> dict[str, list[str]]:
    names = {row.name for row in OBJECT_TYPES}
    if not isinstance(wanted, dict) or not set(wanted) <= names:
        abort(400, f"unique is an object of object type -> property names; the types are {', '.join(sorted(names))}")
    for object_name, properties in wanted.items():
        if not isinstance(properties, list):
            abort(400, f"the unique properties of {object_name} are a list of names")
        known = by_spelling()[object_name]
        for name in properties:
            if not isinstance(name, str) or not name.isidentifier():
                abort(400, f"{name!r} is no property name")
            portal.index(site, known, name)
    return {name: sorted(properties) for name, properties in sorted(wanted.items())}

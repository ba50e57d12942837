"""The control plane's part for a portal: settings that a user would change on HubSpot's pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort

from simulator.hubspot import ask, portal
from simulator.hubspot.objects import OBJECT_TYPES
from simulator.kernel import control

CONTROL = Blueprint("hubspot", __name__, url_prefix="/_sim/worlds/<world>/hubspot/<tenant>")


@CONTROL.post("/settings")
def change_settings(world: str, tenant: str) -> Response:
    """`{"currencies": {"EUR": 1.08}}` enables currencies with their rates; `{"unique": {"products": ["hs_sku"]}}` makes
    properties unique that are so in some portals only."""
    site, wanted = control.site_of(world, tenant), control.body()
    unknown = set(wanted) - {"currencies", "unique"}
    if unknown:
        abort(400, f"a portal's settings are currencies and unique, not {', '.join(sorted(unknown))}")
    if site.get(portal.PORTALS, int(tenant) if tenant.isdecimal() else 0) is None:
        abort(404, f"there is no portal {tenant}")
    with site.simulation.lock, site.transaction():
        values: dict[str, Any] = {}
        if "currencies" in wanted:
            values["rates"] = _rates(wanted["currencies"])
        if "unique" in wanted:
            values["unique"] = _unique(site, wanted["unique"])
        account = portal.change(site, **values)
    return control.answer({"currencies": list(account.currencies), "rates": account.rates, "unique": account.unique})


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
        known = ask.object_type_of(object_name)
        for name in properties:
            if not isinstance(name, str) or not name.isidentifier():
                abort(400, f"{name!r} is no property name")
            portal.index(site, known, name)
    return {name: sorted(properties) for name, properties in sorted(wanted.items())}

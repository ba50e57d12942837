"""A HubSpot account: its tables, its settings, and how apps get in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from simulator.hubspot import apps, association_types, custom_objects, grants, objects, owners, pipelines
from simulator.kernel.errors import BadInput
from simulator.kernel.resource import Column, Document, Resource
from simulator.kernel.simulation import Grant, Simulation, Site

PORTALS = Resource("hubspot", "portals")
PROPERTIES = Resource("hubspot", "properties", (Column("object"), Column("name")), unique=(("object", "name"),))
PROPERTY_GROUPS = Resource(
    "hubspot", "property_groups", (Column("object"), Column("name")), unique=(("object", "name"),)
)
# A row is one pair of records; `source` and `target` are "contacts/123" (links.py).
ASSOCIATIONS = Resource("hubspot", "associations", (Column("source"), Column("target")), unique=(("source", "target"),))
LISTS = Resource(
    "hubspot",
    "lists",
    (
        Column("name", str, lambda document: document["name"].lower()),
        Column("object"),
        Column("deleted", int, lambda document: int(document["deletedAt"] is not None)),
    ),
)
# Under the list's id: `joined`, the members with the time at which each joined, and `first`, when anybody first did.
LIST_MEMBERS = Resource("hubspot", "list_members")
BLOCKED_EMAILS = Resource("hubspot", "blocked_emails", (Column("email"),), unique=(("email",),))

RESOURCES: tuple[Resource, ...] = (
    *objects.resources().values(),
    PORTALS,
    PROPERTIES,
    PROPERTY_GROUPS,
    ASSOCIATIONS,
    pipelines.PIPELINES,
    owners.OWNERS,
    LISTS,
    LIST_MEMBERS,
    custom_objects.SCHEMAS,
    association_types.ASSOCIATION_TYPES,
    BLOCKED_EMAILS,
    apps.APPS,
    apps.SUBSCRIPTIONS,
    grants.INSTALLS,
    grants.TOKENS,
    grants.CODES,
)

LONGEST_ID = 18  # digits of a portal id: those that a database holds as one number
TIERS = ("free", "starter", "professional", "enterprise")


@dataclass(frozen=True, slots=True)
class Portal:
    """The settings of one account.

    Args:
        currency: the company currency.
        rates: the other currencies that are enabled, with what one unit is worth in the company currency.
        unique: object type -> properties that are unique beside those whose definition says so. Whether `hs_sku` of
            products is so in every portal is not documented; here a setting decides.
        api_packs: how many "API Limit Increase" were bought.
        retry_after: whether a 429 carries Retry-After: no recording shows it, some connectors report it.
    """

    id: int
    timezone: str
    currency: str
    tier: str
    rates: dict[str, str]
    unique: dict[str, list[str]]
    api_packs: int = 0
    retry_after: bool = False

    @property
    def currencies(self) -> tuple[str, ...]:
        return (self.currency, *sorted(self.rates))

    def utc_offset_ms(self, now_ms: int) -> int:
        """How far the portal's clocks are from UTC."""
        offset = datetime.fromtimestamp(now_ms // 1000, ZoneInfo(self.timezone)).utcoffset()
        return offset // timedelta(milliseconds=1) if offset else 0


def open_portal(
    simulation: Simulation,
    portal: str,
    *,
    timezone: str = "America/New_York",
    currency: str = "USD",
    tier: str = "professional",
    delivered_stage: bool = False,
) -> Site:
    """A new account with its two pipelines; one that exists is kept as it is.

    Args:
        delivered_stage: orders get the fifth stage Delivered, as in portals of 2026 and not in the text of 2024 (B24).
    """
    site = Site(simulation, portal)
    if not portal.isdecimal() or len(portal) > LONGEST_ID:
        raise BadInput(f"a portal id is a number of up to {LONGEST_ID} digits, not {portal[:40]!r}")
    if tier not in TIERS:
        raise BadInput(f"a portal's tier is one of {', '.join(TIERS)}, not {tier!r}")
    ZoneInfo(timezone)  # raises where there is no such zone
    with site.transaction():
        if site.get(PORTALS, int(portal)) is None:
            settings = {"timezone": timezone, "currency": currency, "tier": tier, "rates": {}, "unique": {}}
            site.put(PORTALS, int(portal), {"id": int(portal)} | settings)
            pipelines.lay_out(site, delivered_stage)
        if not site.count(owners.OWNERS):
            owners.create(site, "owner@drill.example", "Drill", "Owner")
        grants.open_again(site)
        for object_type in objects.OBJECT_TYPES:
            if object_type.key:
                index(site, object_type, object_type.key)
        custom_objects.prepare(site)
    return site


def settings(site: Site) -> Portal:
    found = site.get(PORTALS, int(site.tenant))
    if found is None:
        raise LookupError(f"portal {site.tenant} was never opened")
    return Portal(**found)


def change(site: Site, **values: Any) -> Portal:
    """Put these settings in force."""
    found: Document = site.get(PORTALS, int(site.tenant)) or {}
    site.put(PORTALS, int(site.tenant), found | values)
    return settings(site)


def app_id(grant: Grant) -> str:
    """The number that HubSpot knows the app by."""
    return str(apps.app_id(grant.simulation, grant.app))


def index(site: Site, object_type: objects.ObjectType, name: str) -> None:
    """Make look-ups by this property quick. `name` is a property's name: letters, digits and underscores."""
    table = object_type.resource.table
    site.store.execute(
        f"CREATE INDEX IF NOT EXISTS {table}_by_{name} ON {table} (tenant, {column_of(name)}, id) WHERE archived = 0"
    )


def column_of(name: str) -> str:
    """The SQL expression for a stored property, in lower case: search knows no capitals."""
    return f"lower(json_extract(doc, '$.properties.{name}'))"

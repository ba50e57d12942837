"""THE TABLE of HubSpot's object types: from these rows come storage, spellings, routes, defaults, scopes and search.

Sources are the tags of the reference: [REC] recorded traffic, [D24] the docs, [K] docs 2026, [X] live findings of
others. What no source settles is marked `Our reading`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from simulator.hubspot import derived
from simulator.hubspot.derived import Derived, Situation
from simulator.kernel.resource import Column, Document, Resource

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StageProperties:
    """How an object type stands in a pipeline.

    Args:
        pipeline, stage: the two properties.
        default: the pipeline of a record that names none; "" leaves it out of every pipeline.
        clearable: whether both may be cleared with empty text.
    """

    pipeline: str
    stage: str
    default: str = ""
    clearable: bool = False


@dataclass(frozen=True, slots=True)
class Copies:
    """A new record that names another in `pointer` takes over `names` from it where it was sent none."""

    pointer: str
    target: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ObjectType:
    """One kind of CRM record.

    Args:
        name, singular: its names in paths; the singular in capitals is the FQN.
        type_id: "0-1"; it works in paths too [REC][TAP].
        label: the key of its associations in a v3 answer.
        created, modified: the properties that hold these times [REC][D24].
        shown: the properties of an answer that asks for none [D24 search table].
        scopes: any one of these words, with ".read" or ".write" where it starts with "crm.", opens it.
        searched: where search's `query` looks [D24].
        stages: its pipeline properties.
        key: a property that is unique although its definition does not say so: the e-mail of contacts [REC].
        native_writes: read-only properties that HubSpot's own Shopify app may write; those in `native_creates` only
            when the record is made (A14).
        discarded: properties that are taken and silently not stored.
        copies: what a new record takes over from the one it points to; a pointer to nothing is kept. Our reading.
        defaults: what a new record gets beside what was sent.
        computed: values that follow from others whenever these are written.
        follow: the irregular rest of what a write changes: (before, after, situation) -> more values.
        rollups: values that are counted over associations when somebody asks: name -> rule.
        first_id: ids of eleven digits, ranges apart, so that a wrong id is seen at once. Our reading.
        mergeable: whether two of its records may become one [S].
        blended: what happens to values when two records become one: (survivor, other) -> values of the survivor.
        settle: what is really written of what was sent: (before, sent) -> sent.
        required: properties that a new record must bring.
        custom: an object type of the portal's own (custom_objects.py).
    """

    name: str
    singular: str
    type_id: str
    label: str
    modified: str
    created: str
    shown: tuple[str, ...]
    scopes: tuple[str, ...]
    first_id: int
    searched: tuple[str, ...] = ()
    stages: StageProperties | None = None
    key: str = ""
    native_writes: tuple[str, ...] = ()
    native_creates: tuple[str, ...] = ()
    discarded: tuple[str, ...] = ()
    copies: Copies | None = None
    defaults: Callable[[Values, Situation], dict[str, str]] = derived.no_defaults
    computed: tuple[Derived, ...] = ()
    follow: Callable[[Values, Values, Situation], dict[str, str]] = derived.nothing_follows
    rollups: tuple[derived.Rollup, ...] = ()
    mergeable: bool = False
    blended: Callable[[Values, Values], dict[str, str]] = derived.nothing_blends
    settle: Callable[[Values, Values], dict[str, str]] = derived.as_sent
    required: tuple[str, ...] = ()
    custom: bool = False

    @property
    def fqn(self) -> str:
        return self.name if self.custom else self.singular.upper()

    @property
    def schemas_scope(self) -> str:
        """The word of the scopes that open its definition."""
        return f"crm.schemas.{'custom' if self.custom else self.name}"

    @property
    def resource(self) -> Resource:
        return custom_table(self.type_id) if self.custom else resources()[self.name]

    @property
    def system(self) -> tuple[str, str, str]:
        """The three properties that come with every answer [REC]."""
        return (self.created, self.modified, "hs_object_id")


ORDER_PIPELINE = "14a2e10e-5471-408a-906e-c51f3b04369e"  # the same in at least six portals [X]

SUPPORT_PIPELINE = "0"  # of tickets; its stages are "1" to "4" [X]

OBJECT_TYPES: tuple[ObjectType, ...] = (
    ObjectType(
        name="contacts",
        singular="contact",
        type_id="0-1",
        label="contacts",
        created="createdate",
        modified="lastmodifieddate",
        shown=("createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"),
        scopes=("crm.objects.contacts",),
        first_id=37_765_128_001,
        searched=(
            *("firstname", "lastname", "email", "phone", "hs_additional_emails", "fax", "mobilephone", "company"),
            *("hs_marketable_until_renewal", "hs_searchable_calculated_phone_number"),
            "hs_searchable_calculated_mobile_number",
        ),
        key="email",
        native_writes=("hs_analytics_source_data_1", "hs_analytics_source_data_2"),
        native_creates=("hs_analytics_source_data_1", "hs_analytics_source_data_2"),  # our reading, A14
        defaults=derived.contact_defaults,
        computed=derived.CONTACT,
        follow=derived.lifecycle_dates,
        rollups=derived.CONTACT_ROLLUPS,
        mergeable=True,
        blended=derived.blended_contact,
        settle=derived.forward_only,
    ),
    ObjectType(
        name="companies",
        singular="company",
        type_id="0-2",
        label="companies",
        created="createdate",
        modified="hs_lastmodifieddate",
        shown=("createdate", "domain", "hs_lastmodifieddate", "hs_object_id", "name"),
        scopes=("crm.objects.companies",),
        first_id=21_460_330_001,
        searched=("website", "phone", "name", "domain"),
        defaults=derived.company_defaults,
        rollups=derived.COMPANY_ROLLUPS,
        mergeable=True,
        settle=derived.forward_only,
    ),
    ObjectType(
        name="deals",
        singular="deal",
        type_id="0-3",
        label="deals",
        created="createdate",
        modified="hs_lastmodifieddate",
        shown=(
            *("amount", "closedate", "createdate", "dealname", "dealstage", "hs_lastmodifieddate", "hs_object_id"),
            "pipeline",
        ),
        scopes=("crm.objects.deals",),
        first_id=19_802_550_001,
        searched=("dealname", "pipeline", "dealstage", "description", "dealtype"),
        # Deals with both null exist (F12); that empty text clears them is our reading (A26).
        stages=StageProperties("pipeline", "dealstage", clearable=True),
        computed=derived.DEAL,
        follow=derived.stage_dates("pipeline", "dealstage"),
        rollups=derived.DEAL_ROLLUPS,
        mergeable=True,
    ),
    ObjectType(
        name="tickets",
        singular="ticket",
        type_id="0-5",
        label="tickets",
        created="createdate",
        modified="hs_lastmodifieddate",
        shown=(
            *("content", "createdate", "hs_lastmodifieddate", "hs_object_id", "hs_pipeline", "hs_pipeline_stage"),
            *("hs_ticket_category", "hs_ticket_priority", "subject"),
        ),
        scopes=("tickets",),  # [K]
        first_id=5_810_330_001,
        searched=("content", "hs_pipeline_stage", "hs_ticket_category", "subject"),  # our reading
        stages=StageProperties("hs_pipeline", "hs_pipeline_stage", default=SUPPORT_PIPELINE),  # default [D24]
        follow=derived.ticket_dates,
        rollups=derived.TICKET_ROLLUPS,
        mergeable=True,  # [S]
    ),
    ObjectType(
        name="products",
        singular="product",
        type_id="0-7",
        label="products",
        created="createdate",
        modified="hs_lastmodifieddate",
        shown=("createdate", "description", "hs_lastmodifieddate", "hs_object_id", "name", "price"),
        scopes=("e-commerce", "crm.objects.products"),
        first_id=1_683_200_001,
        searched=("name", "description", "price", "hs_sku"),
    ),
    ObjectType(
        name="line_items",
        singular="line_item",
        type_id="0-8",
        label="line items",  # with a space on the wire: our reading
        created="createdate",
        modified="hs_lastmodifieddate",
        shown=("amount", "createdate", "hs_lastmodifieddate", "hs_object_id", "price", "quantity"),
        scopes=("e-commerce", "crm.objects.line_items"),
        first_id=7_801_440_001,
        discarded=("hs_external_id",),  # silently reverts to null [X live]
        copies=Copies("hs_product_id", "products", ("name", "description", "price", "hs_sku", "hs_cost_of_goods_sold")),
        computed=derived.LINE_ITEM,
    ),
    ObjectType(
        name="orders",
        singular="order",
        type_id="0-123",
        label="orders",
        created="hs_createdate",
        modified="hs_lastmodifieddate",
        shown=("hs_createdate", "hs_lastmodifieddate", "hs_object_id"),
        scopes=("crm.objects.orders",),
        first_id=395_120_700_001,
        stages=StageProperties("hs_pipeline", "hs_pipeline_stage", default=ORDER_PIPELINE),  # default: [GK]
        native_writes=("hs_closed_date",),  # read-only for every app but the native Shopify one [X live]
        computed=derived.ORDER,
        follow=derived.stage_dates("hs_pipeline", "hs_pipeline_stage"),
        mergeable=True,
    ),
    ObjectType(
        name="carts",
        singular="cart",
        type_id="0-142",
        label="carts",
        created="hs_createdate",
        modified="hs_lastmodifieddate",
        shown=("hs_createdate", "hs_lastmodifieddate", "hs_object_id"),
        scopes=("crm.objects.carts",),
        first_id=402_310_900_001,
        computed=derived.CART,
    ),
)

# HubSpot has these too [K "Understanding the CRM"]; they answer "not simulated".
NOT_SIMULATED: dict[str, tuple[str, str]] = {
    "0-11": ("conversations", "conversation"),  # Our reading of the spelling
    "0-14": ("quotes", "quote"),
    "0-18": ("communications", "communication"),
    "0-19": ("feedback_submissions", "feedback_submission"),
    "0-27": ("tasks", "task"),
    "0-46": ("notes", "note"),
    "0-47": ("meetings", "meeting"),
    "0-48": ("calls", "call"),
    "0-49": ("emails", "email"),
    "0-53": ("invoices", "invoice"),
    "0-54": ("marketing_events", "marketing_event"),
    "0-69": ("subscriptions", "subscription"),
    "0-74": ("goal_targets", "goal_target"),
    "0-84": ("discounts", "discount"),
    "0-85": ("fees", "fee"),
    "0-86": ("taxes", "tax"),
    "0-101": ("commerce_payments", "commerce_payment"),
    "0-115": ("users", "user"),
    "0-116": ("postal_mail", "postal_mail"),
    "0-136": ("leads", "lead"),
    "0-162": ("services", "service"),
    "0-410": ("courses", "course"),
    "0-420": ("listings", "listing"),
    "0-421": ("appointments", "appointment"),
    "0-970": ("projects", "project"),
}


@cache
def by_spelling() -> Mapping[str, ObjectType]:
    """Every spelling of a path: plural, singular, FQN, type id [REC][D24][TAP]."""
    return {word: row for row in OBJECT_TYPES for word in (row.name, row.singular, row.fqn, row.type_id)}


@cache
def other_spellings() -> Mapping[str, str]:
    """The spellings of types that are not simulated, with the plural to name."""
    return {
        word: plural
        for type_id, (plural, singular) in NOT_SIMULATED.items()
        for word in (plural, singular, singular.upper(), type_id)
    }


@cache
def resources() -> Mapping[str, Resource]:
    """The tables of records."""
    return {row.name: Resource("hubspot", row.name, RECORD_COLUMNS, first_id=row.first_id) for row in OBJECT_TYPES}


@cache
def custom_table(type_id: str) -> Resource:
    """The table of a portal's own object type; portals that count alike share it."""
    return Resource("hubspot", f"custom_{type_id.replace('-', '_')}", RECORD_COLUMNS, first_id=CUSTOM_FIRST_ID)


def _archived(document: Document) -> int:
    return int(document["archived"])


def _merged_into(document: Document) -> int:
    return int(document.get("mergedInto", 0))


CUSTOM_FIRST_ID = 18_250_640_001
RECORD_COLUMNS = (
    Column("archived", int, _archived),
    Column("mergedInto", int, _merged_into),
    Column("createdAt", int),
    Column("updatedAt", int),
    Column("indexedAt", int),
)

"""Values that follow from other values: pure functions, hung on the rows of the object table.

A `Derived` row is computed when one of its sources is written, and stored. A `Rollup` is counted over associated
records when somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from simulator.hubspot import instants

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Situation:
    """What a rule may know beside the values.

    Args:
        id: the record's id.
        app: the id of the app that writes.
        home_currency: the portal's company currency; `rates` says what one unit of another is worth in it.
        stages: metadata of each (pipeline id, stage id).
    """

    now_ms: int
    created_ms: int
    id: str
    app: str
    home_currency: str
    rates: Mapping[str, str]
    stages: Mapping[tuple[str, str], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Derived:
    """`name` follows from `of` by `rule`; "" is blank."""

    name: str
    of: tuple[str, ...]
    rule: Callable[[Values, Situation], str]


@dataclass(frozen=True, slots=True)
class Rollup:
    """`name` is `rule` over the properties of all associated records of the type `over`."""

    name: str
    over: str
    rule: Callable[[Sequence[Values]], str]


def no_defaults(_: Values, __: Situation) -> dict[str, str]:
    return {}


def nothing_follows(_: Values, __: Values, ___: Situation) -> dict[str, str]:
    return {}


def as_sent(_: Values, sent: Values) -> dict[str, str]:
    return dict(sent)


def nothing_blends(_: Values, __: Values) -> dict[str, str]:
    return {}


# --- contacts and companies ---

LIFECYCLE = (
    *("subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer", "evangelist"),
    "other",
)


def forward_only(before: Values, sent: Values) -> dict[str, str]:
    """The lifecycle stage never moves back: an earlier one is passed over, unless the field was cleared first
    [X, "not verified"; GK]."""
    old, new = before.get("lifecyclestage", ""), sent.get("lifecyclestage", "")
    if old in LIFECYCLE and new in LIFECYCLE and LIFECYCLE.index(new) < LIFECYCLE.index(old):
        return {name: value for name, value in sent.items() if name != "lifecyclestage"}
    return dict(sent)


def blended_contact(survivor: Values, other: Values) -> dict[str, str]:
    """Of two contacts in one, the addresses of the other become additional ones and the later stage stays."""
    address = other.get("email", "") if survivor.get("email") else ""
    gained = {
        "hs_additional_emails": _joined(survivor, other, "hs_additional_emails", address),
        "hs_all_contact_vids": _joined(survivor, other, "hs_all_contact_vids"),
    }
    stages = {contact.get("lifecyclestage", "") for contact in (survivor, other)}
    if stages <= set(LIFECYCLE):
        gained["lifecyclestage"] = max(stages, key=LIFECYCLE.index)
    return gained


def _joined(survivor: Values, other: Values, name: str, more: str = "") -> str:
    """The words of both, each once."""
    words = f"{survivor.get(name, '')};{more};{other.get(name, '')}".split(";")
    return ";".join(dict.fromkeys(filter(None, words)))


def contact_defaults(sent: Values, situation: Situation) -> dict[str, str]:
    """What a contact made by an app gets beside what was sent [REC 2022][X 2024]."""
    values = {
        "hs_all_contact_vids": situation.id,
        "hs_is_contact": "true",
        "hs_is_unworked": "true",
        "hs_latest_source": "OFFLINE",
        "hs_latest_source_data_1": "INTEGRATION",
        "hs_latest_source_data_2": situation.app,
        "hs_marketable_status": "false",
        "hs_marketable_until_renewal": "false",
        "hs_pipeline": "contacts-lifecycle-pipeline",
        "lifecyclestage": "lead",
    }
    if "hs_analytics_source" not in sent:
        values |= {
            "hs_analytics_source": "OFFLINE",
            "hs_analytics_source_data_1": "INTEGRATION",  # as newer portals write it; 2022 portals wrote "API" [REC]
            "hs_analytics_source_data_2": situation.app,
        }
    return values


def lifecycle_dates(before: Values, after: Values, situation: Situation) -> dict[str, str]:
    """Entering a lifecycle stage stamps its date [X]."""
    stage = after.get("lifecyclestage", "")
    if not stage or stage == before.get("lifecyclestage"):
        return {}
    return {f"hs_lifecyclestage_{stage}_date": instants.iso(situation.now_ms)}


def company_defaults(sent: Values, _: Situation) -> dict[str, str]:
    """The website follows from the domain when the company is made [REC]."""
    return {"website": sent["domain"]} if sent.get("domain") else {}


def _email_domain(values: Values, _: Situation) -> str:
    return values.get("email", "").rpartition("@")[2]


def _searchable(name: str) -> Callable[[Values, Situation], str]:
    """A phone number as search knows it: its digits, those of North America without their country code [D24]. The
    codes of other countries stay. Our reading."""

    def rule(values: Values, _: Situation) -> str:
        digits = "".join(filter(str.isdecimal, values.get(name, "")))
        return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits

    return rule


CONTACT = (
    Derived("hs_email_domain", ("email",), _email_domain),
    Derived("hs_searchable_calculated_phone_number", ("phone",), _searchable("phone")),
    Derived("hs_searchable_calculated_mobile_number", ("mobilephone",), _searchable("mobilephone")),
)


# --- deals and orders: money and stages ---


def stage_dates(pipeline: str, stage: str) -> Callable[[Values, Values, Situation], dict[str, str]]:
    """Entering a stage stamps hs_v2_date_entered_<stage>, leaving it hs_v2_date_exited_<stage>."""

    def follow(before: Values, after: Values, situation: Situation) -> dict[str, str]:
        old, new = ((values.get(pipeline, ""), values.get(stage, "")) for values in (before, after))
        if old == new:
            return {}
        now = instants.iso(situation.now_ms)
        left = {stage_property("exited", old[1]): now} if old[1] else {}
        return left | ({stage_property("entered", new[1]): now} if new[1] else {})

    return follow


def stage_property(way: str, stage_id: str) -> str:
    """Dashes of a stage's id stand as underscores in the property's name."""
    return f"hs_v2_date_{way}_{stage_id.replace('-', '_').lower()}"


def _rate(currency: str, situation: Situation) -> Decimal:
    home = not currency or currency == situation.home_currency
    return Decimal(1) if home else Decimal(situation.rates.get(currency, "1"))


def _home(amount: str, currency: str) -> Callable[[Values, Situation], str]:
    def rule(values: Values, situation: Situation) -> str:
        found = _decimal(values.get(amount, ""))
        return "" if found is None else plain(found * _rate(values.get(currency, ""), situation))

    return rule


def _exchange_rate(currency: str) -> Callable[[Values, Situation], str]:
    def rule(values: Values, situation: Situation) -> str:
        return plain(_rate(values[currency], situation)) if values.get(currency) else ""

    return rule


def _deal_stage(values: Values, situation: Situation) -> Mapping[str, str]:
    return situation.stages.get((values.get("pipeline", ""), values.get("dealstage", "")), {})


def _probability(values: Values, situation: Situation) -> str:
    return _deal_stage(values, situation).get("probability", "")


def _closed(values: Values, situation: Situation) -> str:
    return _deal_stage(values, situation).get("isClosed", "false")


def _won(values: Values, _: Situation) -> str:
    won = values["hs_is_closed"] == "true" and _decimal(values["hs_deal_stage_probability"]) == 1
    return "true" if won else "false"


def _lost(values: Values, _: Situation) -> str:
    lost = values["hs_is_closed"] == "true" and _decimal(values["hs_deal_stage_probability"]) == 0
    return "true" if lost else "false"


def _projected(amount: str) -> Callable[[Values, Situation], str]:
    def rule(values: Values, _: Situation) -> str:
        found, probability = _decimal(values.get(amount, "")), _decimal(values.get("hs_deal_stage_probability", ""))
        return "" if found is None or probability is None else plain(found * probability)

    return rule


def _closed_amount(amount: str) -> Callable[[Values, Situation], str]:
    def rule(values: Values, _: Situation) -> str:
        return values.get(amount, "") if values["hs_is_closed_won"] == "true" else "0"

    return rule


def _days_to_close(values: Values, situation: Situation) -> str:
    closed = values.get("closedate") if values["hs_is_closed"] == "true" else ""
    return str(max(0, instants.read(closed) - situation.created_ms) // 86_400_000) if closed else ""


_STAGE = ("pipeline", "dealstage")
_MONEY = ("amount", "deal_currency_code")

DEAL = (  # names [D24 default list]; what they hold follows from the names, our reading
    Derived("amount_in_home_currency", _MONEY, _home("amount", "deal_currency_code")),
    Derived("hs_deal_stage_probability", _STAGE, _probability),
    Derived("hs_is_closed", _STAGE, _closed),
    Derived("hs_is_closed_won", _STAGE, _won),
    Derived("hs_is_closed_lost", _STAGE, _lost),
    Derived("hs_projected_amount", ("amount", *_STAGE), _projected("amount")),
    Derived("hs_closed_amount", ("amount", *_STAGE), _closed_amount("amount")),
    Derived("hs_projected_amount_in_home_currency", (*_MONEY, *_STAGE), _projected("amount_in_home_currency")),
    Derived("hs_closed_amount_in_home_currency", (*_MONEY, *_STAGE), _closed_amount("amount_in_home_currency")),
    Derived("days_to_close", ("closedate", *_STAGE), _days_to_close),
)


def _order_closed(values: Values, situation: Situation) -> str:
    stage = situation.stages.get((values.get("hs_pipeline", ""), values.get("hs_pipeline_stage", "")), {})
    return "true" if stage.get("state") == "CLOSED" else "false"


def ticket_dates(before: Values, after: Values, situation: Situation) -> dict[str, str]:
    """The dates of its stages; when it was closed, and how long that took in milliseconds. Our reading."""
    found = stage_dates("hs_pipeline", "hs_pipeline_stage")(before, after, situation)
    stage = situation.stages.get((after.get("hs_pipeline", ""), after.get("hs_pipeline_stage", "")), {})
    closed = after.get("closed_date", "")
    if found and stage.get("ticketState") != "CLOSED":
        closed = ""  # open, or open again
    elif found and not closed:
        closed = found["hs_last_closed_date"] = instants.iso(situation.now_ms)
    if closed == before.get("closed_date", ""):
        return found
    took = str(max(0, instants.read(closed) - situation.created_ms)) if closed else ""
    return found | {"closed_date": closed, "time_to_close": took}


def _canceled(values: Values, _: Situation) -> str:
    return "true" if values.get("hs_external_canceled_date") else "false"


CART = (
    Derived("hs_exchange_rate", ("hs_currency_code",), _exchange_rate("hs_currency_code")),
    Derived(
        "hs_homecurrency_amount", ("hs_total_price", "hs_currency_code"), _home("hs_total_price", "hs_currency_code")
    ),
)
ORDER = (
    *CART,
    Derived("hs_is_closed", ("hs_pipeline", "hs_pipeline_stage"), _order_closed),
    Derived("hs_is_canceled", ("hs_external_canceled_date",), _canceled),  # [X live]
)


# --- line items ---


def _before_discount(values: Values, _: Situation) -> str:
    price, quantity = _decimal(values.get("price", "")), _decimal(values.get("quantity", ""))
    return "" if price is None or quantity is None else plain(price * quantity)


def _total_discount(values: Values, _: Situation) -> str:
    """`discount` is money off each unit, hs_discount_percentage a share of the price."""
    quantity, each = _decimal(values.get("quantity", "")), _decimal(values.get("discount", ""))
    share, full = _decimal(values.get("hs_discount_percentage", "")), _decimal(values["hs_pre_discount_amount"])
    if quantity is not None and each:
        return plain(quantity * each)
    return plain(full * share / 100) if share and full is not None else "0"


def _line_amount(values: Values, _: Situation) -> str:
    """Net price; a line without price or quantity keeps the amount that was sent. Our reading."""
    full = _decimal(values["hs_pre_discount_amount"])
    if full is None:
        return values.get("amount", "")
    return plain(full - (_decimal(values["hs_total_discount"]) or 0))


def _unit_price(values: Values, _: Situation) -> str:
    amount, quantity = _decimal(values["amount"]), _decimal(values.get("quantity", ""))
    return plain(_cents(amount / quantity)) if amount is not None and quantity else ""


_LINE = ("price", "quantity", "discount", "hs_discount_percentage", "amount")
LINE_ITEM = (
    Derived("hs_pre_discount_amount", _LINE, _before_discount),
    Derived("hs_total_discount", _LINE, _total_discount),
    Derived("amount", _LINE, _line_amount),
    Derived("hs_effective_unit_price", _LINE, _unit_price),
)


# --- rollups over associations ---


def _count(records: Sequence[Values]) -> str:
    return str(len(records)) if records else ""


def _revenue(deals: Sequence[Values]) -> str:
    won = [_decimal(deal.get("amount_in_home_currency", "")) or Decimal(0) for deal in _won_deals(deals)]
    return plain(sum(won, Decimal(0))) if won else ""


def _first_created(deals: Sequence[Values]) -> str:
    return min((deal["createdate"] for deal in deals), key=instants.read, default="")


def _recent(name: str) -> Callable[[Sequence[Values]], str]:
    def rule(deals: Sequence[Values]) -> str:
        closed = [deal for deal in _won_deals(deals) if deal.get("closedate")]
        if not closed:
            return ""
        return max(closed, key=lambda deal: instants.read(deal["closedate"])).get(name, "")

    return rule


def _won_deals(deals: Sequence[Values]) -> list[Values]:
    return [deal for deal in deals if deal.get("hs_is_closed_won") == "true"]


CONTACT_ROLLUPS = (
    Rollup("num_associated_deals", "deals", _count),
    Rollup("total_revenue", "deals", _revenue),
    Rollup("first_deal_created_date", "deals", _first_created),
    Rollup("recent_deal_amount", "deals", _recent("amount")),
    Rollup("recent_deal_close_date", "deals", _recent("closedate")),
)
COMPANY_ROLLUPS = (
    Rollup("num_associated_contacts", "contacts", _count),
    Rollup("num_associated_deals", "deals", _count),
)
TICKET_ROLLUPS = (Rollup("hs_num_associated_companies", "companies", _count),)
DEAL_ROLLUPS = (Rollup("num_associated_contacts", "contacts", _count),)


# --- numbers ---


def plain(number: Decimal) -> str:
    """Without exponent and without idle zeros."""
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _cents(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None

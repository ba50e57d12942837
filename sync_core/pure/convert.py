"""The fixed vocabulary of conversions: values of a Shopify document -> one text as HubSpot writes it.

A row of the mapping tables names a conversion; custom code never hangs on a row. A conversion that cannot read its
value raises ValueError, and the field is left out with a warning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

MOST_CHARACTERS = 65_536  # of a HubSpot text property: hubspot-api.md section 3.2 [GK]; scenario 57

# HubSpot's own texts of Shopify's reasons [X live: hubspot-api.md section 7].
CANCELLATION_REASONS: Mapping[str, str] = {
    "customer": "Customer changed/cancelled order",
    "inventory": "Items unavailable",
    "fraud": "Fraudulent order",
    "declined": "Payment declined",
    "staff": "Staff error",
    "other": "Other",
}

# Our reading: Shopify's own English words; HubSpot is known to write labels of this style [X: "Partially paid"].
FULFILLMENT_LABELS: Mapping[str, str] = {
    "": "Unfulfilled",
    "partial": "Partially fulfilled",
    "fulfilled": "Fulfilled",
    "restocked": "Restocked",
}


def convert(name: str, values: tuple[Any, ...]) -> str:
    """The text for HubSpot; "" for blank.

    Raises:
        ValueError: a value is not of the kind that the conversion reads.
    """
    if name in OF_ALL_VALUES:
        return OF_ALL_VALUES[name](*values)
    given = [value for value in values if value is not None and value != ""]
    return OF_ONE_VALUE[name](given[0]) if given else ""


# --- of one value: the first that is not blank ---


def text(value: Any) -> str:
    """Byte for byte as Shopify gives it (A3)."""
    if isinstance(value, bool):
        return boolean(value)
    return value if isinstance(value, str) else str(value)


def email(value: Any) -> str:
    """Compared and stored trimmed and in lower case (A7); no other folding."""
    return text(value).strip().lower()


def boolean(value: Any) -> str:
    if value not in (True, False, "true", "false"):
        raise ValueError(f"{value!r} is neither true nor false")
    return "true" if value in (True, "true") else "false"


def number(value: Any) -> str:
    """An amount or a count to the last digit that Shopify gives (I7): never a float's rounding."""
    return format(_decimal(value), "f")


def instant(value: Any) -> str:
    """UTC as Java's Instant prints it: milliseconds only where there are any [REC][X]."""
    moment = _moment(value).replace(tzinfo=None)
    return moment.isoformat(timespec="milliseconds").removesuffix(".000") + "Z"


def consent(value: Any) -> str:
    """Only "subscribed" is a yes (A18 row 1)."""
    return "true" if value == "subscribed" else "false"


def payment_label(value: Any) -> str:
    return text(value).replace("_", " ").capitalize()


def cancellation_reason(value: Any) -> str:
    return CANCELLATION_REASONS.get(text(value), text(value))


def tags(value: Any) -> str:
    """REST's form, whichever API gave them: joined by a comma and a blank (A18)."""
    return ", ".join(text(tag) for tag in value) if isinstance(value, list | tuple) else text(value)


# --- of all values ---


def joined(*values: Any) -> str:
    """What is not blank, joined by a comma and a blank: the two lines of a street, several codes."""
    return ", ".join(dict.fromkeys(text(value) for value in _flat(values) if value not in (None, "")))


def images(*values: Any) -> str:
    """All addresses in order, joined as HubSpot joins several values (A31 row 5)."""
    return ";".join(text(value) for value in _flat(values) if value)


def title(product: Any, variant: Any) -> str:
    """The bought variant by name (A35); Shopify calls the only variant of a plain product "Default Title"."""
    named = variant if variant not in (None, "", "Default Title") else None
    return " - ".join(text(part) for part in (product, named) if part)


def total(*values: Any) -> str:
    """The sum of the amounts; blank where there are none."""
    amounts = [_decimal(value) for value in _flat(values) if value not in (None, "")]
    return format(sum(amounts, Decimal(0)), "f") if amounts else ""


def refunded(*values: Any) -> str:
    """The sum of the refund transactions that went through (B-ORDER, I7)."""
    done = (each for each in _flat(values) if isinstance(each, Mapping))
    return total(
        [each.get("amount") for each in done if (each.get("kind"), each.get("status")) == ("refund", "success")]
    )


def shop_date(value: Any, timezone: Any) -> str:
    """The day in the shop's zone, as midnight UTC (I6)."""
    if value in (None, ""):
        return ""
    day = _moment(value).astimezone(ZoneInfo(timezone)).date()
    return instant(datetime.combine(day, time(), UTC).isoformat())


def order_status(cancelled_at: Any, closed_at: Any) -> str:
    return "cancelled" if cancelled_at else "closed" if closed_at else "open"


def fulfillment_label(value: Any) -> str:
    return FULFILLMENT_LABELS.get(value or "", payment_label(value))


def order_url(shop: Any, id_: Any) -> str:
    """The admin page; `order_status_url` holds a secret key (B-ORDER)."""
    return f"https://{shop}/admin/orders/{id_}"


OF_ONE_VALUE: Mapping[str, Callable[[Any], str]] = {
    "text": text,
    "email": email,
    "boolean": boolean,
    "number": number,
    "money": number,
    "instant": instant,
    "consent": consent,
    "payment_label": payment_label,
    "cancellation_reason": cancellation_reason,
    "tags": tags,
}

OF_ALL_VALUES: Mapping[str, Callable[..., str]] = {
    "joined": joined,
    "images": images,
    "title": title,
    "total": total,
    "refunded": refunded,
    "shop_date": shop_date,
    "order_status": order_status,
    "fulfillment_label": fulfillment_label,
    "order_url": order_url,
}


def _decimal(value: Any) -> Decimal:
    try:
        amount = Decimal(str(value).strip())
    except InvalidOperation:
        raise ValueError(f"{value!r} is not a number") from None
    if not amount.is_finite() or abs(amount.adjusted()) > 30 or isinstance(value, bool):
        raise ValueError(f"{value!r} is not a number")
    return amount


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError
        return moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        raise ValueError(f"{value!r} is not an instant with a zone") from None


def _flat(values: Iterable[Any]) -> Iterable[Any]:
    for value in values:
        if isinstance(value, list | tuple):
            yield from _flat(value)
        else:
            yield value


def epoch_ms(value: Any) -> int | None:
    """The instant in milliseconds, for the rules that passing time decides; None for blank."""
    return None if value in (None, "") else round(_moment(value).timestamp() * 1000)

"""Money as Shopify writes it: text with two decimals outside, whole cents inside the rules.

Currencies with another number of decimals (JPY, KWD) are written with two as well; that is not simulated yet.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

LARGEST_CENTS = 10**15  # ten trillion: far above any order, far below the 2^53 of JavaScript clients


def cents(value: Any) -> int:
    """Cents of "19.9", 19.9 or 20; a ValueError for anything that is no amount."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("is not a number")
    try:
        amount = Decimal(str(value).strip())
        found = int((amount * 100).quantize(Decimal(1), ROUND_HALF_UP))
    except (InvalidOperation, OverflowError, ValueError):
        raise ValueError("is not a number") from None
    if abs(found) > LARGEST_CENTS:
        raise ValueError("is too large")
    return found


def text(amount_cents: int) -> str:
    sign, amount = ("-" if amount_cents < 0 else ""), abs(amount_cents)
    return f"{sign}{amount // 100}.{amount % 100:02d}"


def short(amount_cents: int) -> str:
    """Without the zeros at the end, one of them kept: "348.0" [AJS]."""
    return str(Decimal(amount_cents) / 100 + Decimal("0.0")).rstrip("0") + ("0" if amount_cents % 100 == 0 else "")


def money_set(amount: str, currency: str) -> dict[str, Any]:
    """`amount` as a `*_set`. The fake sells in the shop's currency alone, so both sides are equal."""
    return {
        "shop_money": {"amount": amount, "currency_code": currency},
        "presentment_money": {"amount": amount, "currency_code": currency},
    }


def spread(total_cents: int, weights: list[int]) -> list[int]:
    """Share `total_cents` out by weight, rounding down; what is left goes to the first that has any weight.

    So are the taxes of an order shared out over its lines in the recorded samples [AJS].
    """
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    shares = [total_cents * weight // whole for weight in weights]
    first = next(index for index, weight in enumerate(weights) if weight)
    shares[first] += total_cents - sum(shares)
    return shares

"""Money, exactly: whole numbers of a currency's smallest unit inside the rules, text with its decimals outside.

"Cents" is that smallest unit in whatever currency: the cents of a dollar, whole yen, the fils of a dinar. A stored
amount bears the decimals of its currency, so `cents` needs no currency; reading what a client sends, and writing, does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

LARGEST_CENTS = 10**15  # ten trillion dollars: far above any order, far below the 2^53 of JavaScript clients

# currency -> its decimals (ISO 4217), for every value of CurrencyCode but XXX, "no currency" [S]. That REST writes
# yen without decimals and dinars with three is our reading: the recorded samples have currencies of two alone.
DECIMALS: Mapping[str, int] = {
    code: decimals
    for decimals, codes in {
        0: "BIF BYR CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
        2: "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF "
        "CNY COP CRC CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR "
        "ILS INR IRR JEP JMD KES KGS KHR KID KYD KZT LAK LBP LKR LRD LSL LTL LVL MAD MDL MGA MKD MMK MNT MOP MRU MUR "
        "MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD "
        "SHP SLL SOS SRD SSP STD STN SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VEF VES WST XCD YER "
        "ZAR ZMW",
        3: "BHD IQD JOD KWD LYD OMR TND",
    }.items()
    for code in codes.split()
}


def read(value: Any, currency: str) -> int:
    """Cents of what a client sends, "19.9", 19.9 or 20, rounded to the currency; a ValueError for what is no amount."""
    return _whole(number(value) * 10 ** DECIMALS[currency])


def number(value: Any) -> Decimal:
    """A figure as it was sent, of no currency yet: a percentage, a bound of a search."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("is not a number")
    try:
        found = Decimal(str(value).strip())
    except (InvalidOperation, ValueError):
        raise ValueError("is not a number") from None
    if not found.is_finite():
        raise ValueError("is not a number")
    if abs(found) > LARGEST_CENTS:
        raise ValueError("is too large")
    return found


def cents(stored: str) -> int:
    """Cents of an amount that `text` wrote."""
    return int(stored.replace(".", ""))


def text(amount_cents: int, currency: str) -> str:
    """ "19.90" of dollars, "1990" of yen, "1.990" of dinars."""
    decimals = DECIMALS[currency]
    if not decimals:
        return str(amount_cents)
    whole, rest = divmod(abs(amount_cents), 10**decimals)
    return f"{'-' if amount_cents < 0 else ''}{whole}.{rest:0{decimals}d}"


def zero(currency: str) -> str:
    return text(0, currency)


def short(amount_cents: int, currency: str) -> str:
    """Without the zeros at the end, one of them kept: "348.0" [AJS]."""
    whole, _, rest = text(amount_cents, currency).partition(".")
    return f"{whole}.{rest.rstrip('0') or '0'}"


def fitted(amount: str, currency: str) -> str:
    """The same figure with the decimals of a currency, which may be another one."""
    return text(read(amount, currency), currency)


@dataclass(frozen=True, slots=True)
class Sides:
    """The two currencies in which a `*_set` shows an amount: the shop's, and the one that the buyer saw.

    Args:
        rate: how much of `presentment` one of `shop` is.
    """

    shop: str
    presentment: str
    rate: str = "1"

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Sides:
        """Those of an order, a draft order or a checkout; one that names no other has the shop's on both sides."""
        currency = document["currency"]
        return cls(currency, document.get("presentment_currency") or currency, document.get("presentment_rate") or "1")

    def set(self, amount: str) -> dict[str, Any]:
        """`amount` of the shop's currency as a `*_set`. Our reading: each amount is exchanged by itself."""
        side = {"amount": amount, "currency_code": self.shop}
        if self.presentment == self.shop:
            return {"shop_money": side, "presentment_money": side}
        seen = exchanged(amount, self.rate, self.presentment)
        return {"shop_money": side, "presentment_money": {"amount": seen, "currency_code": self.presentment}}


@lru_cache(maxsize=10_000)
def exchanged(amount: str, rate: str, currency: str) -> str:
    """An amount at a rate, in the decimals of the other currency."""
    return text(_whole(Decimal(amount) * Decimal(rate) * 10 ** DECIMALS[currency]), currency)


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


def _whole(amount_cents: Decimal) -> int:
    found = int(amount_cents.quantize(Decimal(1), ROUND_HALF_UP))
    if abs(found) > LARGEST_CENTS:
        raise ValueError("is too large")
    return found

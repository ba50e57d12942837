"""Sums of orders and checkouts, in whole cents: lines, discounts, taxes, shipping.

An order's figures are those that the samples show [AJS]: `subtotal_price` is the lines less their discounts,
`total_price` adds shipping, and taxes unless prices contain them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from simulator.kernel.errors import Invalid, Problem
from simulator.kernel.resource import Document
from simulator.shopify import money
from simulator.shopify.rules import inputs
from simulator.shopify.rules.inputs import Field

DISCOUNT_FIELDS = (
    Field("code", inputs.text()),
    Field("amount", inputs.figure),
    Field("type", inputs.choice("percentage", "fixed_amount", "shipping"), "fixed_amount"),
)


@dataclass(frozen=True, slots=True)
class Discount:
    """A discount: `amount_cents` is the sum that it takes off, whatever its type.

    Args:
        code: the code, or the title of a discount that a merchant gave.
        line: the place of the one line that it is for; None for all of them.
        manual: a merchant gave it, so it is no code.
    """

    code: str
    type: str
    value: str
    amount_cents: int
    line: int | None = None
    manual: bool = False


@dataclass(frozen=True, slots=True)
class Totals:
    """All sums of an order."""

    lines_cents: int
    discount_cents: int
    tax_cents: int
    shipping_cents: int
    taxes_included: bool

    @property
    def subtotal_cents(self) -> int:
        return self.lines_cents - self.discount_cents

    @property
    def total_cents(self) -> int:
        return self.subtotal_cents + self.shipping_cents + (0 if self.taxes_included else self.tax_cents)

    def shown(self) -> dict[str, int]:
        """By the names that they have in an order."""
        return {
            "subtotal_price": self.subtotal_cents,
            "total_line_items_price": self.lines_cents,
            "total_price": self.total_cents,
            "current_total_price": self.total_cents,
            "total_shipping_price": self.shipping_cents,
            "total_tax": self.tax_cents,
        }


def of_checkout(checkout: Document) -> Totals:
    """A checkout's sums. Taxes, discounts and shipping rates of the storefront are not simulated: all are nought."""
    return Totals(sum(money.cents(line["line_price"]) for line in checkout["line_items"]), 0, 0, 0, False)


def discounts(value: Any, lines_cents: int, shipping_cents: int, currency: str) -> list[Discount]:
    """Codes as they are sent. A percentage is taken off the lines: 9 % of 199.00 is 17.91 [AJS]."""
    found: list[Discount] = []
    left = {"lines": lines_cents, "shipping": shipping_cents}
    for one in inputs.mappings(value, "discount_codes"):
        given = {"type": "fixed_amount"} | inputs.read(one, DISCOUNT_FIELDS, "discount_codes.")
        value = Decimal(given.get("amount") or 0)
        if given["type"] == "percentage" and value > 100:
            raise Invalid((Problem("discount_codes.amount", "must be less than or equal to 100"),))  # Our reading
        pot = "shipping" if given["type"] == "shipping" else "lines"
        amount = min(worth_cents(value, given["type"], lines_cents, currency), left[pot])
        left[pot] -= amount
        found.append(Discount(given.get("code") or "", given["type"], value_text(value), amount))
    return found


def worth_cents(value: Decimal, kind: str, whole_cents: int, currency: str) -> int:
    """What a percentage of `whole_cents`, or a sum, comes to."""
    return int(whole_cents * value / 100) if kind == "percentage" else money.read(str(value), currency)


def value_text(value: Decimal) -> str:
    """ "9.0" [AJS]."""
    return str(float(value))


def applications(found: list[Discount]) -> list[Document]:
    """`discount_applications` of an order made over the API: type "manual" [AJS]."""
    return [
        {
            "target_type": "shipping_line" if one.type == "shipping" else "line_item",
            "type": "manual",
            "value": one.value,
            "value_type": "percentage" if one.type == "percentage" else "fixed_amount",
            "allocation_method": "across" if one.line is None else "one",
            "target_selection": "all" if one.line is None else "explicit",
            "title": one.code,
            "description": one.code,
        }
        for one in found
    ]


def allocations(found: list[Discount], lines_cents: list[int], currency: str) -> list[list[Document]]:
    """For each line, its share of each discount."""
    shared: list[list[Document]] = [[] for _ in lines_cents]
    for index, one in enumerate(found):
        if one.type == "shipping":
            continue
        weights = [cents if one.line in (None, place) else 0 for place, cents in enumerate(lines_cents)]
        for line, share in zip(shared, money.spread(one.amount_cents, weights), strict=True):
            if share:
                line.append({"amount": money.text(share, currency), "discount_application_index": index})
    return shared


def shared_taxes(taxes: list[Document], weights: list[int], currency: str) -> list[list[Document]]:
    """An order's tax lines shared out over its taxable lines, whose cents are `weights`."""
    shared: list[list[Document]] = [[] for _ in weights]
    for tax in taxes:
        shares = money.spread(money.cents(tax["price"]), weights)
        for line, weight, share in zip(shared, weights, shares, strict=True):
            if weight:
                line.append(tax | {"price": money.text(share, currency)})
    return shared


def summed_taxes(lines: list[list[Document]], currency: str) -> list[Document]:
    """The lines' taxes added up by title and rate."""
    found: dict[tuple[str, float], int] = {}
    for taxes in lines:
        for tax in taxes:
            key = (tax["title"], tax["rate"])
            found[key] = found.get(key, 0) + money.cents(tax["price"])
    return [
        {"price": money.text(cents, currency), "rate": rate, "title": title} for (title, rate), cents in found.items()
    ]


def tax_cents(taxes: list[Document]) -> int:
    return sum(money.cents(tax["price"]) for tax in taxes)

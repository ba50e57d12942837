"""Line items of orders, checkouts and carts: what is sold, in which shape, at which price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simulator.kernel.errors import Invalid, Problem
from simulator.kernel.resource import Document
from simulator.shopify import money
from simulator.shopify.rules import inputs, products
from simulator.shopify.rules.inputs import Field
from simulator.shopify.shop import Shop

MOST_LINES = 500  # of one order or cart (help.shopify.com: maximum number of line items)

FIELDS = (
    Field("variant_id", inputs.identifier),
    Field("title", inputs.text()),
    Field("variant_title", inputs.text()),
    inputs.price("price"),
    Field("quantity", inputs.whole, 1),
    Field("sku", inputs.text()),
    Field("vendor", inputs.text()),
    Field("grams", inputs.whole),
    Field("taxable", inputs.flag, True),
    Field("requires_shipping", inputs.flag, True),
    Field("gift_card", inputs.flag, False),
    Field("properties", inputs.name_values),
)
TAX_FIELDS = (inputs.price("price"), Field("rate", inputs.number, 0.0), Field("title", inputs.text()))


@dataclass(frozen=True, slots=True)
class Sold:
    """What a line sells: a variant of the catalogue, or something by title and price alone ("custom item")."""

    product: Document | None
    variant: Document | None
    given: Document
    currency: str

    @property
    def title(self) -> str:
        return self.given.get("title") or (self.product["title"] if self.product else "")

    @property
    def variant_title(self) -> str | None:
        """None for the variant that stands for a product without any."""
        if self.variant is None:
            return self.given.get("variant_title")
        return None if self.variant["title"] == products.DEFAULT_TITLE else self.variant["title"]

    @property
    def name(self) -> str:
        return f"{self.title} - {self.variant_title}" if self.variant_title else self.title

    @property
    def price(self) -> str:
        """As it was sent, else the variant's. Our reading: in another currency the figure is the same."""
        own = self.variant["price"] if self.variant else "0"
        return self.given.get("price") or money.fitted(own, self.currency)

    @property
    def quantity(self) -> int:
        return self.given["quantity"]  # type: ignore[no-any-return]

    def of(self, name: str, otherwise: Any = None) -> Any:
        """A field as it was sent, else the variant's."""
        found = self.given.get(name)
        if found is None and self.variant is not None:
            found = self.variant.get(name)
        return otherwise if found is None else found

    @property
    def vendor(self) -> str | None:
        return self.given.get("vendor") or (self.product["vendor"] if self.product else None)

    @property
    def cents(self) -> int:
        return money.cents(self.price) * self.quantity


def read(shop: Shop, value: Any, empty_is_fine: bool = False, currency: str = "") -> list[Sold]:
    """The lines of a request; every reason why one cannot be sold. Without a `currency` it is the shop's."""
    wanted = inputs.mappings(value, "line_items")
    if len(wanted) > MOST_LINES:
        raise Invalid((Problem("line_items", f"cannot be more than {MOST_LINES}"),))  # Our reading of the text
    if not wanted and not empty_is_fine:
        raise Invalid((Problem("line_items", "can't be blank", "BLANK"),))  # Our reading of the text
    return [_sold(shop, one, currency or shop.currency) for one in wanted]


def tax_lines(value: Any, currency: str) -> list[Document]:
    found = [inputs.read(one, TAX_FIELDS, "tax_lines.", currency) for one in inputs.mappings(value, "tax_lines")]
    return [
        {
            "price": one.get("price") or money.zero(currency),
            "rate": one.get("rate", 0.0),
            "title": one.get("title") or "Tax",
        }
        for one in found
    ]


def _sold(shop: Shop, wanted: Document, currency: str) -> Sold:
    given = {"quantity": 1} | inputs.read(wanted, FIELDS, "line_items.", currency)
    found = None
    if given.get("variant_id") is not None:
        found = products.with_variant(shop, given["variant_id"])
        if found is None and not given.get("title"):
            raise Invalid((Problem("line_items", "Variant does not exist"),))  # Our reading of the text
    product, variant = found or (None, None)
    sold = Sold(product, variant, given, currency)
    problems = []
    if not sold.title:
        problems.append(Problem("line_items", "Title can't be blank", "BLANK"))  # [DP], GraphQL's sentence
    if not given["quantity"]:
        problems.append(Problem("line_items", "Quantity must be greater than 0"))  # Our reading of the text
    inputs.refuse(problems)
    return sold

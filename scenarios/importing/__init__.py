"""The CSV files that a merchant exports from Shopify become REST bodies; whatever cannot be read is named.

One row a kind of file. Files are read by header, never by position, as exports of different age have different
columns, and as a whole before anything is sent. The shapes are those of Shopify's own exports
(help.shopify.com: exporting products, customers, orders).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from scenarios.importing.cells import Unreadable
from scenarios.importing.customers import read_customers
from scenarios.importing.files import Record
from scenarios.importing.orders import read_orders
from scenarios.importing.products import read_products

__all__ = ["KINDS", "Record", "Unreadable", "read_customers", "read_orders", "read_products"]

Reader = Callable[[Sequence[Path], Callable[[str], None]], list[Record]]

KINDS: Mapping[str, Reader] = {"products": read_products, "customers": read_customers, "orders": read_orders}

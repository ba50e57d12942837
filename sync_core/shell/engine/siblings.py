"""Who else is the same contact: customers with one e-mail, and customers whose links lead to one HubSpot record (I5).

A link comes before an e-mail (I1): a customer that is linked to another contact is nobody's sibling by its address.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sync_core.pure.convert import email, epoch_ms
from sync_core.pure.keys import source_of
from sync_core.pure.model import Kind, Ref, Source
from sync_core.shell.storage.ledger import Ledger
from sync_core.shell.storage.sources import Key, Stored

Name = tuple[str, Kind, str]  # store, kind, id


@dataclass(frozen=True, slots=True)
class Siblings:
    """The other customers of a contact, the stores that it is known to come from, and how they began."""

    customers: tuple[Source, ...] = ()
    stores: frozenset[str] = frozenset()
    newcomer: bool = False
    first_sale: Mapping[str, Any] | None = None


ALONE = Siblings()


def siblings(ledger: Ledger, sources: Iterable[Source]) -> dict[Key, Siblings]:
    """Of each customer, and of each checkout that has an e-mail but no customer."""
    mine = [source for source in sources if _makes_a_contact(source)]
    if not mine:
        return {}
    alike: Mapping[str, list[Source]] = defaultdict(list)
    for one in ledger.sources.customers_with(_email(source) for source in mine):
        alike[_email(one)].append(one)
    connected = ledger.connected_at_ms()
    guests = {email: _guests(connected, email) for email in {_email(source) for source in mine} - {""}}
    refs = {_ref(one) for group in (mine, *alike.values()) for one in group} | {
        ref for e in guests for ref in guests[e]
    }
    ids = ledger.image.everyones("contacts", (ref.key for ref in refs))
    sharers = ledger.image.sharers("contacts", ids.values())
    behind = _customers_behind(ledger, sharers, {_name(one): one for group in (mine, *alike.values()) for one in group})
    found: dict[Key, Siblings] = {}
    for source in mine:
        id_, address = ids.get(_ref(source), ""), _email(source)
        by_email = [one for one in alike.get(address, ()) if not id_ or ids.get(_ref(one), id_) == id_]
        named = {_name(one): one for one in (*by_email, *behind.get(id_, ()))}
        others = tuple(named[name] for name in sorted(named) if name != _name(source))
        refs_of_contact = {*sharers.get(id_, ()), *(ref for ref in guests.get(address, ()) if ref in ids)}
        newcomer = all(_is_new(one, connected) for one in (source, *others))
        found[source.kind, source.id] = Siblings(others, frozenset(map(_shop, refs_of_contact)), newcomer)
    return _with_first_sales(ledger, mine, found)


def mark_siblings(ledger: Ledger, emails: Collection[str], now_ms: int, lane: int, but: Collection[Key]) -> None:
    """Customers with one of these addresses are due too: their contact shows the customer that was changed last."""
    by_shop: Mapping[str, list[Key]] = defaultdict(list)
    for one in ledger.sources.customers_with(emails):
        if one.shop != ledger.shop or (one.kind, one.id) not in but:
            by_shop[one.shop].append((one.kind, one.id))
    for shop, keys in sorted(by_shop.items()):
        ledger.work.mark(keys, now_ms, lane, shop=shop)


def mark_buyers(ledger: Ledger, changed: Iterable[Stored], now_ms: int, lane: int) -> None:
    """The customers whose earliest known order or checkout is one of these: it says where they come from (A16)."""
    sales = {row.sale: row.customer_id for row in changed if row.customer_id}
    first = ledger.sources.first_sales(ledger.shop, sales.values())
    buyers = [("customer", id_) for sale, id_ in sales.items() if first.get(id_) == sale]
    ledger.work.mark(sorted(ledger.sources.standing(buyers)), now_ms, lane)  # type: ignore[arg-type]


# --- parts ---


def _with_first_sales(ledger: Ledger, mine: Iterable[Source], found: Mapping[Key, Siblings]) -> dict[Key, Siblings]:
    """With the earliest order or checkout of all customers of each contact."""
    groups = {(one.kind, one.id): [one, *found[one.kind, one.id].customers] for one in mine}
    ids: Mapping[str, set[str]] = defaultdict(set)
    for group in groups.values():
        for one in group:
            ids[one.shop].add(one.id if one.kind == "customer" else "")
    sales = {
        (shop, id_): (sale.split("/"), shop)
        for shop, wanted in ids.items()
        for id_, sale in ledger.sources.first_sales(shop, wanted - {""}).items()
    }
    first = {
        key: min((sales[one.shop, one.id] for one in group if (one.shop, one.id) in sales), default=None)
        for key, group in groups.items()
    }
    names = {key: (shop, kind, id_) for key, sale in first.items() if sale for (_, kind, id_), shop in [sale]}
    documents = {_name(one): one.document for one in ledger.sources.everyones(names.values())}  # type: ignore[arg-type]
    return {key: replace(one, first_sale=documents.get(names.get(key))) for key, one in found.items()}  # type: ignore[arg-type]


def _is_new(source: Source, connected: Mapping[str, int]) -> bool:
    created_ms = epoch_ms((source.document or {}).get("created_at"))
    return created_ms is not None and created_ms >= connected.get(source.shop, 0)


def _customers_behind(
    ledger: Ledger, sharers: Mapping[str, Sequence[Ref]], known: Mapping[Name, Source]
) -> dict[str, list[Source]]:
    """The living customers that are linked to each contact, by HubSpot's id.

    Args:
        known: of these the documents need not be read again.
    """
    ids = {ref: id_ for id_, group in sharers.items() for ref in group}
    names = [(_shop(ref), *key) for ref in ids if (key := source_of(ref)) and key[0] == "customer"]
    read = ledger.sources.everyones(name for name in names if name not in known)
    found: dict[str, list[Source]] = defaultdict(list)
    for one in (*read, *(known[name] for name in names if name in known)):
        found[ids[_ref(one)]].append(one)
    return found


def _makes_a_contact(source: Source) -> bool:
    if source.document is None or source.kind not in ("customer", "checkout"):
        return False
    return source.kind == "customer" or bool(_email(source) and not (source.document.get("customer") or {}).get("id"))


def _email(source: Source) -> str:
    return email((source.document or {}).get("email") or "")


def _ref(source: Source) -> Ref:
    if source.kind == "checkout":
        return Ref("contacts", f"{source.shop}/email/{_email(source)}")
    return Ref("contacts", f"{source.shop}/{source.kind}/{source.id}")


def _guests(shops: Iterable[str], address: str) -> list[Ref]:
    return [Ref("contacts", f"{shop}/email/{address}") for shop in shops]


def _name(source: Source) -> Name:
    return source.shop, source.kind, source.id


def _shop(ref: Ref) -> str:
    return ref.key.partition("/")[0]

"""The REST dialect: one `Row` for each resource, and the verbs that every row gets.

Rows say where a resource lies, how it is wrapped, by what it is filtered and which rules change it. The verbs here
know paths, envelopes and pages; the rules know none of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.kernel.errors import Malformed, NotFound, NotSimulated
from simulator.kernel.resource import Document
from simulator.kernel.simulation import Grant
from simulator.shopify import paging, parameters
from simulator.shopify.kinds import Kind
from simulator.shopify.paging import Cursor
from simulator.shopify.parameters import LARGEST_ID
from simulator.shopify.rules import inputs, metafields
from simulator.shopify.shop import Shop

Clause = tuple[str, tuple[Any, ...]]  # a piece of SQL over a resource's columns, and its parameters
RECORDED = "AJS"  # what most paths are known by: the answers of Shopify's own documentation
# What `order` takes, and the column; an order is the later, the larger its id.
SORTABLE = {"id": "id", "last_order_date": "last_order_id"} | {
    name: f"{name}_ms" for name in ("created_at", "updated_at", "processed_at")
}


@dataclass(frozen=True, slots=True)
class Ask:
    """One request.

    Args:
        args: the query string.
        body: the JSON that was sent; None for none.
        url: its own address without the query, for links.
    """

    shop: Shop
    grant: Grant
    args: Mapping[str, str]
    body: Any
    url: str


@dataclass(frozen=True, slots=True)
class Answer:
    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filter:
    """One query parameter of a list.

    Args:
        where: SQL with one "?" for the value as `read` makes it.
        choices: SQL by value, where only certain values are allowed.
        default: the value where nothing was sent.
    """

    name: str
    where: str = ""
    read: Callable[[Shop, str], Any] = parameters.as_sent
    choices: Mapping[str, str] = field(default_factory=dict)
    default: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """Something irregular: a plain function under a path of its own.

    Args:
        scope: "read_orders" and the like; "" for none.
        partly: what Shopify does here and the fake does not, for the documentation.
        source: tags of `sources`: who says that this path is and what it answers.
    """

    method: str
    path: str
    scope: str
    run: Callable[..., Answer]
    partly: str = ""
    source: str = RECORDED


@dataclass(frozen=True, slots=True)
class Part:
    """A sub-resource: a list inside its owner's document, `products/1/variants.json`.

    Args:
        name: the path and the document's list.
        one, many: the keys that wrap one and all.
        view: (shop, owner, part) -> JSON.
        create, update: return the owner and the part as they are then; None where there is no such route.
        single: the view of one by itself, where it shows more than in a list.
        order: by what the list is sorted.
        metafields: `owner_resource` of the ones that may be sent along; "" where none may.
        also: another key that wraps what is sent.
        source: as an action's.
    """

    name: str
    one: str
    many: str
    view: Callable[[Shop, Document, Document], Any]
    create: Callable[[Shop, Document, Document], tuple[Document, Document]] | None = None
    update: Callable[[Shop, Document, Document, Document], tuple[Document, Document]] | None = None
    delete: Callable[[Shop, Document, Document], None] | None = None
    single: Callable[[Shop, Document, Document], Any] | None = None
    order: str = "id"
    counted: bool = True
    metafields: str = ""
    not_simulated: tuple[str, ...] = ()
    also: str = ""
    source: str = RECORDED


@dataclass(frozen=True, slots=True)
class Row:
    """One resource of the REST API.

    Args:
        path, one, many: where it lies, and the keys that wrap one and all.
        view: (shop, document) -> JSON.
        scope: "orders" asks for read_orders and write_orders; "" for none.
        order: how a list is sorted where nothing else is asked.
        visible: which records the caller may see at all.
        metafields: whether they may be sent along; they are written behind the record, by rules of their own.
        not_simulated: parameters of a list that Shopify has and the fake has not.
        fields_not_simulated: fields of a body that the rules refuse by name.
        partly: what else Shopify does here and the fake does not, for the documentation.
        source: as an action's.
    """

    kind: Kind
    path: str
    one: str
    many: str
    view: Callable[[Shop, Document], Any]
    scope: str = ""
    filters: tuple[Filter, ...] = ()
    order: str = "id asc"
    visible: Callable[[Shop], Clause] | None = None
    not_simulated: tuple[str, ...] = ()
    create: Callable[[Shop, Document], Document] | None = None
    update: Callable[[Shop, Document, Document], Document] | None = None
    delete: Callable[[Shop, Document], None] | None = None
    gettable: bool = True
    metafields: bool = False
    parts: tuple[Part, ...] = ()
    fields_not_simulated: tuple[str, ...] = ()
    partly: str = ""
    source: str = RECORDED

    @property
    def reads(self) -> str:
        return f"read_{self.scope}" if self.scope else ""

    @property
    def writes(self) -> str:
        return f"write_{self.scope}" if self.scope else ""


# --- the verbs of a row ---


def list_all(row: Row, ask: Ask, within: Clause = ("1", ())) -> Answer:
    """A page of records; `within` narrows the list to another record's ("the orders of customer 7")."""
    size, cursor = paging.limit(ask.args), paging.read(ask.args)
    filters = dict(cursor.filters) if cursor else dict(ask.args)
    order = _order(row, filters)
    column, _, way = order.partition(" ")
    clauses = [within, *_clauses(row, ask.shop, filters)]
    backwards = cursor is not None and cursor.direction == "prev"
    if cursor:
        sign = ">" if (way == "asc") != backwards else "<"
        clauses.append((f"({column}, id) {sign} (?, ?)", (cursor.last_value, cursor.last_id)))
    turned = {"asc": "desc", "desc": "asc"}[way] if backwards else way
    found = _find(row, ask.shop, clauses, f"{column} {turned}, id {turned}", size + 1)
    more, page = len(found) > size, found[:size]
    page = page[::-1] if backwards else page
    cursors = {}
    kept = {name: value for name, value in filters.items() if name not in paging.BESIDE_CURSOR}
    for rel, direction, place, there in (
        ("previous", "prev", 0, more if backwards else cursor is not None),
        ("next", "next", -1, True if backwards else more),
    ):
        if page and there:
            cursors[rel] = Cursor(direction, page[place][column] or 0, page[place]["id"], kept)
    headers = {"Link": paging.link(ask.url, ask.args, cursors)} if cursors else {}
    return Answer({row.many: [chosen(ask, row.view(ask.shop, one)) for one in page]}, headers=headers)


def count(row: Row, ask: Ask, within: Clause = ("1", ())) -> Answer:
    where, params = _joined([within, *_clauses(row, ask.shop, ask.args)])
    return Answer({"count": ask.shop.site.count(row.kind.resource, where, params)})


def get(row: Row, ask: Ask, id: int) -> Answer:
    return Answer({row.one: chosen(ask, row.view(ask.shop, record(row, ask.shop, id)))})


def create(row: Row, ask: Ask) -> Answer:
    assert row.create is not None
    wanted = wrapped(ask, row.one)
    made = row.create(ask.shop, wanted)
    if row.metafields:
        metafields.write(ask.shop, row.one, made["id"], wanted.get("metafields"))
    return Answer({row.one: row.view(ask.shop, made)}, 201)


def update(row: Row, ask: Ask, id: int) -> Answer:
    assert row.update is not None
    found, wanted = record(row, ask.shop, id), wrapped(ask, row.one)
    changed = row.update(ask.shop, found, wanted)
    if row.metafields:
        metafields.write(ask.shop, row.one, id, wanted.get("metafields"))
    return Answer({row.one: row.view(ask.shop, changed)})


def delete(row: Row, ask: Ask, id: int) -> Answer:
    assert row.delete is not None
    found = record(row, ask.shop, id)
    row.delete(ask.shop, found)
    if row.metafields:
        metafields.forget(ask.shop, row.one, id)
    for part in row.parts:
        for one in found[part.name] if part.metafields else ():
            metafields.forget(ask.shop, part.metafields, one["id"])
    return Answer({})


# --- the verbs of a part ---


def list_parts(row: Row, part: Part, ask: Ask, id: int) -> Answer:
    owner = record(row, ask.shop, id)
    page = _parts(part, owner, ask)[: paging.limit(ask.args)]
    return Answer({part.many: [chosen(ask, part.view(ask.shop, owner, one)) for one in page]})


def count_parts(row: Row, part: Part, ask: Ask, id: int) -> Answer:
    return Answer({"count": len(_parts(part, record(row, ask.shop, id), ask))})


def get_part(row: Row, part: Part, ask: Ask, id: int, part_id: int) -> Answer:
    owner = record(row, ask.shop, id)
    view = part.single or part.view
    return Answer({part.one: chosen(ask, view(ask.shop, owner, _part(part, owner, part_id)))})


def create_part(row: Row, part: Part, ask: Ask, id: int) -> Answer:
    assert part.create is not None
    wanted = wrapped(ask, part.one, part.also)
    owner, made = part.create(ask.shop, record(row, ask.shop, id), wanted)
    if part.metafields:
        metafields.write(ask.shop, part.metafields, made["id"], wanted.get("metafields"))
    return Answer({part.one: part.view(ask.shop, owner, made)}, 201)


def update_part(row: Row, part: Part, ask: Ask, id: int, part_id: int) -> Answer:
    owner = record(row, ask.shop, id)
    assert part.update is not None
    wanted = wrapped(ask, part.one, part.also)
    owner, changed = part.update(ask.shop, owner, _part(part, owner, part_id), wanted)
    if part.metafields:
        metafields.write(ask.shop, part.metafields, part_id, wanted.get("metafields"))
    return Answer({part.one: part.view(ask.shop, owner, changed)})


def delete_part(row: Row, part: Part, ask: Ask, id: int, part_id: int) -> Answer:
    owner = record(row, ask.shop, id)
    assert part.delete is not None
    part.delete(ask.shop, owner, _part(part, owner, part_id))
    if part.metafields:
        metafields.forget(ask.shop, part.metafields, part_id)
    return Answer({})


# --- for actions as well ---


def record(row: Row, shop: Shop, id: int) -> Document:
    """The record with this id, if the caller may see it."""
    clauses: list[Clause] = [("id = ?", (min(id, LARGEST_ID),)), *([row.visible(shop)] if row.visible else [])]
    found = _find(row, shop, clauses, "id", 1)
    if not found:
        raise NotFound(f"{row.one} {id}")
    return found[0]


def wrapped(ask: Ask, one: str, other: str = "") -> Document:
    """What was sent, out of its wrapper: {"customer": {...}}. `other` is an older name of the wrapper."""
    body = ask.body if isinstance(ask.body, dict) else {}
    sent = body.get(one) or body.get(other)
    if not sent:
        raise Malformed("Required parameter missing or invalid", one)  # UNVERIFIED text
    return inputs.mapping(sent, one)


def chosen(ask: Ask, shown: dict[str, Any]) -> dict[str, Any]:
    """Only the keys that `fields` names; what it names and there is not is passed over [AJS]."""
    if "fields" not in ask.args:
        return shown
    wanted = {name.strip().replace("-", "_") for name in ask.args["fields"].split(",")}  # "total-price" [AJS]
    return {name: value for name, value in shown.items() if name in wanted}


# --- helpers ---


def _find(row: Row, shop: Shop, clauses: list[Clause], order: str, limit: int) -> list[Document]:
    where, params = _joined(clauses)
    return shop.find(row.kind, where, *params, order=order, limit=limit)


def _joined(clauses: list[Clause]) -> Clause:
    where = " AND ".join(f"({where})" for where, _ in clauses)
    return where, tuple(param for _, params in clauses for param in params)


def _clauses(row: Row, shop: Shop, args: Mapping[str, str]) -> list[Clause]:
    """What the filters that were sent, and those with a default, ask for."""
    _refuse_parameters(row.not_simulated, row.path, args)
    clauses = [row.visible(shop)] if row.visible else []
    for one in row.filters:
        sent = args.get(one.name) or one.default
        if sent:
            clauses.append(_clause(one, shop, sent))
    return clauses


def _refuse_parameters(names: tuple[str, ...], path: str, args: Mapping[str, str]) -> None:
    for name in names:
        if args.get(name):
            raise NotSimulated(f"the parameter {name} of {path}.json")


def _clause(one: Filter, shop: Shop, sent: str) -> Clause:
    if one.choices:
        if sent not in one.choices:
            raise Malformed(f"must be one of {', '.join(one.choices)}", one.name)  # Our reading of the text
        return one.choices[sent], ()
    try:
        return one.where, (one.read(shop, sent),)
    except ValueError as error:
        raise Malformed(str(error), one.name) from None


def _order(row: Row, args: Mapping[str, str]) -> str:
    """ "updated_at asc", or the row's own order; behind `since_id` the ids ascend."""
    asked = args.get("order", "").lower().split()
    if not asked:
        asked = ["id", "asc"] if args.get("since_id") else row.order.split()
    name, way = asked[0], asked[1] if len(asked) > 1 else "asc"
    column = SORTABLE.get(name)
    known = {"id", *(one.name for one in row.kind.resource.columns)}
    if len(asked) > 2 or column not in known or way not in ("asc", "desc"):
        raise Malformed("is invalid", "order")  # Our reading of the text
    return f"{column} {way}"


def _parts(part: Part, owner: Document, ask: Ask) -> list[Document]:
    """The owner's parts that the parameters leave; a document from before there were any may lack the list."""
    _refuse_parameters(part.not_simulated, part.name, ask.args)
    found = owner.get(part.name, ())
    for parameter, compared in parameters.OF_PARTS.items():
        sent = ask.args.get(parameter)
        if sent:
            column, within, read = compared
            try:
                bound = read(ask.shop, sent)
            except ValueError as error:
                raise Malformed(str(error), parameter) from None
            found = [one for one in found if column not in one or within(one[column], bound)]
    return sorted(found, key=lambda one: int(one[part.order]))


def _part(part: Part, owner: Document, id: int) -> Document:
    for one in owner.get(part.name, ()):
        if one["id"] == id:
            found: Document = one
            return found
    raise NotFound(f"{part.one} {id}")

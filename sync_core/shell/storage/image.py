"""The shadow of HubSpot: the ids of our records and what we last wrote, who speaks of whom, what must not come back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from sqlalchemy import bindparam, delete, distinct, func, select, update

from sync_core.pure.model import Actual, Ref
from sync_core.shell.storage.database import Database, by_kind
from sync_core.shell.storage.sources import Key
from sync_core.shell.storage.tables import BEGUN, LINK, MENTION, TOMBSTONE


@dataclass(frozen=True, slots=True)
class Link:
    """A HubSpot record of ours as last written; `actual` holds no children."""

    ref: Ref
    actual: Actual
    parent: Ref | None = None


class Image:
    """The rows of `link`, `begun`, `mention` and `tombstone`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def links(self, refs: Iterable[Ref]) -> dict[Ref, Link]:
        found: dict[Ref, Link] = {}
        with self._db.transaction():
            for object_type, keys in _by_type(refs):
                for row in self._db.among(LINK, {"object_type": object_type}, "key", keys):
                    link = _link(row)
                    found[link.ref] = link
        return found

    def children(self, parents: Iterable[Ref]) -> dict[Ref, list[Link]]:
        """The line items of records."""
        found: dict[Ref, list[Link]] = defaultdict(list)
        with self._db.transaction():
            for object_type, keys in _by_type(parents):
                for row in self._db.among(LINK, {"parent_type": object_type}, "parent_key", keys):
                    found[Ref(object_type, row.parent_key)].append(_link(row))
        return dict(found)

    def links_by_id(self, object_type: str, ids: Iterable[str]) -> list[Link]:
        with self._db.transaction():
            return [_link(row) for row in self._db.among(LINK, {"object_type": object_type}, "hs_id", ids)]

    def save(self, links: Sequence[Link], made: Collection[Ref] = ()) -> None:
        """Write what is known of these.

        Args:
            made: those that were not in HubSpot before us.
        """
        rows = [
            self._db.owned(
                object_type=link.ref.object_type,
                key=link.ref.key,
                hs_id=link.actual.id,
                properties=orjson.dumps(dict(link.actual.properties)),
                links=orjson.dumps({name: [ref.object_type, ref.key] for name, ref in link.actual.links.items()}),
                associations=orjson.dumps([[ref.object_type, ref.key] for ref in sorted(link.actual.associations)]),
                told=link.actual.told,
                parent_type=link.parent.object_type if link.parent else "",
                parent_key=link.parent.key if link.parent else "",
                **({"made": 1} if link.ref in made else {}),
            )
            for link in links
        ]
        with self._db.transaction():
            self._share([link for link in links if link.ref.object_type == "contacts"])
            self._db.upsert(LINK, [row for row in rows if "made" in row])
            self._db.upsert(LINK, [row for row in rows if "made" not in row])  # what it was made by stays as it is

    def begin(self, children: Iterable[tuple[Ref, Ref]]) -> None:
        """HubSpot is about to be asked for these line items, each behind its parent: nothing else will tell of one that
        it makes if the answer is never taken down."""
        rows = [
            self._db.owned(parent_type=parent.object_type, parent_key=parent.key, key=child.key)
            for parent, child in sorted(set(children))
        ]
        with self._db.transaction():
            self._db.execute(self._db.insert(BEGUN).on_conflict_do_nothing(), rows)

    def begun(self, parents: Iterable[Ref]) -> dict[Ref, list[str]]:
        """The keys of line items of these records that were begun, and not ended since."""
        found: dict[Ref, list[str]] = defaultdict(list)
        with self._db.transaction():
            for object_type, keys in _by_type(parents):
                for row in self._db.among(BEGUN, {"parent_type": object_type}, "parent_key", keys):
                    found[Ref(object_type, row.parent_key)].append(row.key)
        return dict(found)

    def end(self, parents: Iterable[Ref]) -> None:
        """All that HubSpot has of these records' line items is known."""
        rows = [{"the_type": ref.object_type, "the_key": ref.key} for ref in sorted(set(parents))]
        with self._db.transaction():
            self._db.execute(self._db.prepared(self._end), rows)

    def everyones(self, object_type: str, keys: Iterable[str]) -> dict[Ref, str]:
        """HubSpot's ids of records of whichever store, by our names of them."""
        with self._db.transaction():
            rows = self._db.of_portal(LINK, {"object_type": object_type}, "key", keys)
        return {Ref(row.object_type, row.key): row.hs_id for row in rows}

    def sharers(self, object_type: str, ids: Iterable[str]) -> dict[str, list[Ref]]:
        """Our names, those of other stores too, of each of these HubSpot records."""
        found: dict[str, list[Ref]] = defaultdict(list)
        with self._db.transaction():
            for row in self._db.of_portal(LINK, {"object_type": object_type}, "hs_id", ids):
                found[row.hs_id].append(Ref(row.object_type, row.key))
        return dict(found)

    def _share(self, links: Sequence[Link]) -> None:
        """What one customer's link knows of a contact holds for the links of all its customers (I5)."""
        written = {link.actual.id: link for link in links}
        own = {link.ref.key for link in links}
        rows = [
            {
                "the_shop": row.shop,
                "the_key": row.key,
                "the_properties": orjson.dumps(
                    {**orjson.loads(row.properties), **written[row.hs_id].actual.properties}
                ),
            }
            for row in self._db.of_portal(LINK, {"object_type": "contacts"}, "hs_id", written)
            if row.key not in own
        ]
        self._db.execute(self._db.prepared(self._shared), rows)

    def drop(self, refs: Iterable[Ref]) -> None:
        """Forget records that are no longer in HubSpot."""
        rows = [{"the_type": ref.object_type, "the_key": ref.key} for ref in sorted(set(refs))]
        with self._db.transaction():
            self._db.execute(self._db.prepared(self._drop), rows)

    def of_type(self, object_type: str) -> list[Ref]:
        """Every record of ours of this type."""
        columns = (LINK.c.object_type, LINK.c.key)
        where = (*self._db.mine(LINK), LINK.c.object_type == object_type)
        with self._db.transaction():
            return [Ref(*row) for row in self._db.execute(select(*columns).where(*where).order_by(*columns))]

    def page(self, object_type: str, after: str, size: int) -> list[Link]:
        """Records of ours of this type, by key, behind `after`."""
        where = (*self._db.mine(LINK), LINK.c.object_type == object_type, LINK.c.key > after)
        with self._db.transaction():
            rows = self._db.execute(select(LINK).where(*where).order_by(LINK.c.key).limit(size))
            return [_link(row) for row in rows]

    def counts(self, of_all_shops: bool = False) -> dict[str, int]:
        """How many HubSpot records of each type are ours; one that several links lead to counts once (A5)."""
        owned = (LINK.c.tenant == self._db.tenant,) if of_all_shops else self._db.mine(LINK)
        counted = select(LINK.c.object_type, func.count(distinct(LINK.c.hs_id))).where(*owned)
        with self._db.transaction():
            rows = self._db.execute(counted.group_by(LINK.c.object_type).order_by(LINK.c.object_type)).all()
        return dict(rows)

    def mention(self, spoken_of: Mapping[Key, Iterable[Ref]]) -> None:
        """Remember which HubSpot records each source speaks of."""
        rows = [
            self._db.owned(kind=kind, id=id_, object_type=ref.object_type, key=ref.key)
            for (kind, id_), refs in sorted(spoken_of.items())
            for ref in sorted(set(refs))
        ]
        with self._db.transaction():
            self._db.execute(self._db.insert(MENTION).on_conflict_do_nothing(), rows)

    def unmention(self, kinds: Iterable[str]) -> None:
        """Forget whom the sources of these kinds speak of."""
        with self._db.transaction():
            self._db.execute(delete(MENTION).where(*self._db.mine(MENTION), MENTION.c.kind.in_(sorted(kinds))))

    def mentions_of(self, refs: Iterable[Ref]) -> set[Key]:
        """The sources that speak of these records."""
        found: set[Key] = set()
        with self._db.transaction():
            for object_type, keys in _by_type(refs):
                rows = self._db.among(MENTION, {"object_type": object_type}, "key", keys)
                found |= {(row.kind, row.id) for row in rows}
        return found

    def nobody_mentions(self, refs: Iterable[Ref]) -> None:
        """Forget that these were spoken of: their names may be e-mail addresses."""
        rows = [{"the_type": ref.object_type, "the_key": ref.key} for ref in sorted(set(refs))]
        with self._db.transaction():
            self._db.execute(self._db.prepared(self._unspoken), rows)

    def was_made(self, ref: Ref) -> bool:
        with self._db.transaction():
            rows = self._db.among(LINK, {"object_type": ref.object_type}, "key", [ref.key])
        return any(row.made for row in rows)

    def bury(self, what: Literal["key", "email", "redacted"], values: Iterable[str], now_ms: int) -> None:
        """Remember contacts that somebody deleted in HubSpot (A13)."""
        rows = [self._db.owned(what=what, value=value, at_ms=now_ms) for value in sorted(set(values))]
        with self._db.transaction():
            self._db.upsert(TOMBSTONE, rows)

    def buried(self, what: Literal["key", "email", "redacted"], values: Iterable[str]) -> set[str]:
        with self._db.transaction():
            return {row.value for row in self._db.among(TOMBSTONE, {"what": what}, "value", values)}

    def exhume(self, what: Literal["key", "email", "redacted"], values: Iterable[str]) -> None:
        """A live contact took the place of a deleted one: it may be written again."""
        rows = [{"the_what": what, "the_value": value} for value in sorted(set(values))]
        with self._db.transaction():
            self._db.execute(self._db.prepared(self._exhume), rows)

    def _shared(self) -> Any:
        return (
            update(LINK)
            .where(
                LINK.c.tenant == self._db.tenant,
                LINK.c.shop == bindparam("the_shop"),
                LINK.c.object_type == "contacts",
                LINK.c.key == bindparam("the_key"),
            )
            .values(properties=bindparam("the_properties"))
        )

    def _unspoken(self) -> Any:
        return delete(MENTION).where(
            *self._db.mine(MENTION),
            MENTION.c.object_type == bindparam("the_type"),
            MENTION.c.key == bindparam("the_key"),
        )

    def _end(self) -> Any:
        return delete(BEGUN).where(
            *self._db.mine(BEGUN),
            BEGUN.c.parent_type == bindparam("the_type"),
            BEGUN.c.parent_key == bindparam("the_key"),
        )

    def _drop(self) -> Any:
        return delete(LINK).where(
            *self._db.mine(LINK), LINK.c.object_type == bindparam("the_type"), LINK.c.key == bindparam("the_key")
        )

    def _exhume(self) -> Any:
        return delete(TOMBSTONE).where(
            *self._db.mine(TOMBSTONE),
            TOMBSTONE.c.what == bindparam("the_what"),
            TOMBSTONE.c.value == bindparam("the_value"),
        )


def _by_type(refs: Iterable[Ref]) -> list[tuple[Any, list[str]]]:
    return by_kind((ref.object_type, ref.key) for ref in refs)


def _link(row: Any) -> Link:
    actual = Actual(
        row.hs_id,
        orjson.loads(row.properties),
        {name: Ref(*ref) for name, ref in orjson.loads(row.links).items()},
        frozenset(Ref(*ref) for ref in orjson.loads(row.associations)),
        told=row.told,
    )
    parent = Ref(row.parent_type, row.parent_key) if row.parent_type else None
    return Link(Ref(row.object_type, row.key), actual, parent)

"""The comparison of both sides: all of Shopify read anew, and what HubSpot shows of it read beside it.

What HubSpot should show is decided by the same pure rules, on the documents as they are just read; what it shows is
asked of HubSpot by our own marks, and by the address for contacts, not of the ledger's memory of what was written.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sync_core.pure.choices import kinds_of
from sync_core.pure.desired import desired
from sync_core.pure.drift import alike
from sync_core.pure.keys import source_of
from sync_core.pure.model import KEY_PROPERTY, Desired, Kind, ObjectType, Ref
from sync_core.shell.clients.shopify import RESOURCES
from sync_core.shell.engine.surroundings import rules, scenes
from sync_core.shell.incoming.scopes import blocked
from sync_core.shell.incoming.sweep import source_id
from sync_core.shell.oversight.switches import objects_of
from sync_core.shell.storage.sources import Stored

if TYPE_CHECKING:
    from sync_core.shell.running.connection import Connection

CHUNK = 100
MOST_SHOWN = 1_000
FIGURES = ("compared", "same", "different", "missing", "surplus", "on_its_way")

Document = dict[str, Any]
Values = Mapping[str, str | None]
Held = tuple[str, Values]  # HubSpot's id and what it shows


class Comparing:
    """One comparison; each step is a page of one side."""

    name = "comparison"

    def __init__(self, one: Connection, now: Callable[[], int]) -> None:
        self._one, self._now, self.over = one, now, False
        chosen = one.ledger.choices
        kinds = [kind for name in objects_of(one.settings.integration) for kind in kinds_of(name)]
        self._kinds: list[Kind] = [kind for kind in kinds if kind not in chosen.off and kind not in blocked(one.ledger)]
        self._page, self._read = "", 0
        self._documents: list[tuple[Kind, Document]] = []
        self._seen: set[Ref] = set()
        self._surplus_of: list[ObjectType] = [
            name for name in objects_of(one.settings.integration) if name != "contacts"
        ]
        self._after = ""
        self._counts: dict[str, Counter[str]] = defaultdict(Counter)
        self._fields: dict[str, Counter[str]] = defaultdict(Counter)
        self._left_out: Counter[str] = Counter()
        self._shown: list[dict[str, Any]] = []
        self._differences = 0

    def step(self) -> int | None:
        if self._documents:
            self._compare(self._documents[:CHUNK])
            self._documents = self._documents[CHUNK:]
        elif self._kinds:
            self._read_a_page(self._kinds[0])
        elif self._surplus_of:
            self._look_for_surplus(self._surplus_of[0])
        else:
            self.over = True
        return None

    def told(self) -> dict[str, Any]:
        return {
            "progress": {
                "read": self._read,
                "reading": [*self._kinds, *(f"{name} of HubSpot" for name in self._surplus_of)],
            },
            "objects": {name: {each: of[each] for each in FIGURES} for name, of in sorted(self._counts.items())},
            "fields": {name: dict(sorted(of.items())) for name, of in sorted(self._fields.items())},
            "left_out": dict(sorted(self._left_out.items())),
            "differences": self._shown,
            "more": self._differences - len(self._shown),
        }

    # --- Shopify's side ---

    def _read_a_page(self, kind: Kind) -> None:
        params = {"status": "any"} if kind == "order" else {}
        found, following = self._one.shopify.patient_page(RESOURCES[kind], self._page, **({} if self._page else params))
        self._documents = [(kind, document) for document in found]
        self._read += len(found)
        self._page = following
        if not following:
            self._kinds = self._kinds[1:]

    def _compare(self, part: Sequence[tuple[Kind, Document]]) -> None:
        ledger, settings = self._one.ledger, rules(self._one.settings, self._one.ledger)
        fresh = {(kind, source_id(kind, document)): document for kind, document in part}
        known = ledger.sources.of(fresh)
        now_ms = self._now()
        rows = [
            replace(known.get(key) or Stored(*key, first_seen_ms=now_ms), document=document, deleted_at_ms=0)
            for key, document in fresh.items()
        ]
        waiting = ledger.work.still_waiting(fresh, now_ms)
        decisions = {
            key: desired(scene.source, scene.around, settings)
            for key, scene in scenes(ledger, rows, settings, now_ms).items()
        }
        wanted = [
            one
            for key, decision in decisions.items()
            if key not in waiting and isinstance(decision, Desired)
            for one in (decision, *decision.companions, *decision.children)
        ]
        held = self._in_hubspot(wanted)
        lacking = self._lacking(wanted, held)
        for key, decision in decisions.items():
            self._seen |= {decision.ref, *(one.ref for one in getattr(decision, "children", ()))}
            if key in waiting:
                self._counts[decision.ref.object_type]["on_its_way"] += 1
            elif not isinstance(decision, Desired):
                self._left_out[decision.reason] += 1
        for one in wanted:
            self._note(one, held.get(one.ref), lacking[one.ref])

    # --- HubSpot's side ---

    def _in_hubspot(self, wanted: Sequence[Desired]) -> dict[Ref, Held]:
        by_match: dict[tuple[ObjectType, str], list[Desired]] = defaultdict(list)
        for one in wanted:
            by_match[one.ref.object_type, one.match[0]].append(one)
        held: dict[Ref, Held] = {}
        for (object_type, name), some in sorted(by_match.items()):
            held |= self._held(object_type, name, some)
        return held

    def _held(self, object_type: ObjectType, name: str, some: Sequence[Desired]) -> dict[Ref, Held]:
        """What HubSpot shows: of a contact by its link, which outlives an address, else by the address."""
        linked = self._one.ledger.image.links(one.ref for one in some) if object_type == "contacts" else {}
        ids = {ref: link.actual.id for ref, link in linked.items()}
        asked = sorted({one.match[1] for one in some if one.ref not in ids})
        by_value = self._one.hubspot.read(object_type, asked, name) if asked else {}
        ids |= {one.ref: by_value[one.match[1]] for one in some if one.ref not in ids and one.match[1] in by_value}
        properties = sorted({each for one in some for each in one.properties})
        values = self._one.hubspot.values(object_type, sorted(set(ids.values())), properties)
        return {ref: (id_, values[id_]) for ref, id_ in ids.items() if id_ in values}

    def _lacking(self, wanted: Sequence[Desired], held: Mapping[Ref, Held]) -> Mapping[Ref, list[Ref]]:
        """With whom each should be associated and is not. What else a user has associated it with is the user's."""
        ids = {ref: id_ for ref, (id_, _) in held.items()}
        links = self._one.ledger.image.links(ref for one in wanted for ref in one.associations)
        others = {ref: link.actual.id for ref, link in links.items()} | ids
        pairs: dict[tuple[ObjectType, ObjectType], list[tuple[Ref, Ref]]] = defaultdict(list)
        for one in wanted:
            for other in sorted(one.associations & others.keys() if one.ref in ids else ()):
                pairs[one.ref.object_type, other.object_type].append((one.ref, other))
        lacking: dict[Ref, list[Ref]] = defaultdict(list)
        for types, some in sorted(pairs.items()):
            found = self._one.hubspot.associated(*types, sorted({ids[ref] for ref, _ in some}))
            for ref, other in some:
                if others[other] not in found.get(ids[ref], ()):
                    lacking[ref].append(other)
        return lacking

    def _note(self, one: Desired, held: Held | None, lacking: Sequence[Ref]) -> None:
        counts = self._counts[one.ref.object_type]
        counts["compared"] += 1
        if held is None:
            counts["missing"] += 1
            self._show({"difference": "missing", "record": _name(one.ref)})
            return
        found = list(_different(one, held[1]))
        counts["different" if found or lacking else "same"] += 1
        for other in lacking:
            self._show({"difference": "association", "record": _name(one.ref), "with": _name(other)})
        self._fields[one.ref.object_type].update(name for name, _, _ in found)
        for name, ours, theirs in found:
            self._show(
                {"difference": "field", "record": _name(one.ref), "property": name, "shopify": ours, "hubspot": theirs}
            )

    def _look_for_surplus(self, object_type: ObjectType) -> None:
        """Records with our mark that nothing in Shopify asks for. A checkout's stay when it goes (I9)."""
        records, following = self._one.hubspot.live(object_type, self._after, (KEY_PROPERTY,))
        refs = {Ref(object_type, values.get(KEY_PROPERTY) or "") for values in records.values()}
        ours = {ref for ref in refs if ref.key.startswith(f"{self._one.settings.shop}/")}
        for ref in sorted(ours - self._seen):
            if not self._stays(ref):
                self._counts[object_type]["surplus"] += 1
                self._show({"difference": "surplus", "record": _name(ref)})
        self._read, self._after = self._read + len(records), following
        if not following:
            self._surplus_of = self._surplus_of[1:]

    def _stays(self, ref: Ref) -> bool:
        """Whether it may be there though Shopify shows nothing of it, or is just being written."""
        ledger, source = self._one.ledger, source_of(ref)
        if source is None or ref.object_type in ledger.choices.never_delete:
            return True
        if ledger.work.still_waiting([source], self._now()):
            return True
        orders = ledger.sources.orders_of_checkouts([source[1]]) if source[0] == "checkout" else {}
        return source[0] == "checkout" and not any(order.deleted_at_ms for order in orders.values())

    def _show(self, difference: dict[str, Any]) -> None:
        self._differences += 1
        if len(self._shown) < MOST_SHOWN:
            self._shown.append(difference)


def _different(one: Desired, held: Values) -> Iterator[tuple[str, str, str]]:
    """A blank of a contact or a product asks for nothing (A10); a contact may have the address as a second one (A7)."""
    for name, ours in one.properties.items():
        theirs = held.get(name) or ""
        asked = bool(ours) or one.blank_erases
        if asked and name != "email" and not alike(ours, theirs):
            yield name, ours, theirs


def _name(ref: Ref) -> str:
    return f"{ref.object_type} {ref.key.partition('/')[2] or ref.key}"

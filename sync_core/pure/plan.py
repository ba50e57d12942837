"""From what HubSpot holds to what it should hold: the fewest operations, in an order that works.

A plan writes all that can be written now. What needs a record that is not in HubSpot yet (an association, a product's
id) is left out of it and named by `waiting_for`; when only such things are left, the plan is `Blocked`. So whoever
carries out a plan asks again, until it gets the empty plan or `Blocked`.

Laws: a plan for what is already so is empty; a carried-out plan leaves nothing but what it waits for; a plan touches
no property, association or line item that is not ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sync_core.pure.model import (
    Absent,
    Actual,
    Archive,
    Associate,
    Blocked,
    Desired,
    Dissociate,
    Excluded,
    Op,
    Ref,
    Update,
    Upsert,
)


def plan(
    desired: Desired | Absent | Excluded, actual: Actual | None, exists: frozenset[Ref] = frozenset()
) -> tuple[Op, ...] | Blocked:
    """What to do, in order: the record, contacts that it brings, its line items, associations.

    Args:
        exists: records of which a HubSpot id is known. The record itself and what its plan makes need not be in it.
    """
    if isinstance(desired, Excluded):
        return ()
    if isinstance(desired, Absent):
        return _remove(desired.ref, actual)
    ops = _change(desired, actual, exists)
    waiting = waiting_for(desired, actual, exists)
    return Blocked(waiting) if waiting and not ops else ops


def waiting_for(desired: Desired | Absent | Excluded, actual: Actual | None, exists: frozenset[Ref]) -> tuple[Ref, ...]:
    """The records that must come to exist before the image is complete."""
    if not isinstance(desired, Desired):
        return ()
    known = exists | _own(desired)
    pairs = _pairs(desired, actual)
    targets = {ref for want, have in pairs for ref in want.associations - _associations(have)}
    targets |= {ref for want, have in pairs for ref in _new_links(want, have).values()}
    return tuple(sorted(targets - known))


# --- the operations ---


def _change(desired: Desired, actual: Actual | None, exists: frozenset[Ref]) -> tuple[Op, ...]:
    known = exists | _own(desired)
    pairs = _pairs(desired, actual)
    writes = [op for want, have in pairs for op in _write(want, have, known)]
    return (*writes, *_removed_children(desired, actual), *_associate(pairs, known), *_dissociate(pairs, exists))


def _write(want: Desired, have: Actual | None, known: frozenset[Ref]) -> Iterable[Op]:
    links = {name: ref for name, ref in _new_links(want, have).items() if ref in known}
    properties = _changed(want, have)
    if have is None:
        yield Upsert(want.ref, want.match, properties, links, want.create_only)
    elif properties or links:
        yield Update(want.ref, have.id, properties, links)


def _changed(want: Desired, have: Actual | None) -> dict[str, str]:
    """A first write sends blanks too where they erase: it may find a record that a lost ledger had written."""
    held = {} if have is None else have.properties
    return {
        name: value for name, value in want.properties.items() if want.is_sent(name, value) and held.get(name) != value
    }


def _new_links(want: Desired, have: Actual | None) -> dict[str, Ref]:
    """A link that is no longer wanted stays: line items are copies and outlive their product (A33)."""
    held = {} if have is None else have.links
    return {name: ref for name, ref in want.links.items() if held.get(name) != ref}


def _removed_children(desired: Desired, actual: Actual | None) -> Iterable[Op]:
    held = {} if actual is None else actual.children
    wanted = {child.ref.key for child in desired.children}
    return [Archive(Ref("line_items", key), held[key].id) for key in sorted(held) if key not in wanted]


def _associate(pairs: list[tuple[Desired, Actual | None]], known: frozenset[Ref]) -> Iterable[Op]:
    for want, have in pairs:
        for target in sorted((want.associations - _associations(have)) & known):
            yield Associate(want.ref, target)


def _dissociate(pairs: list[tuple[Desired, Actual | None]], exists: frozenset[Ref]) -> Iterable[Op]:
    """A record that is gone took its associations with it, so only those of existing ones are undone."""
    for want, have in pairs:
        for target in sorted((_associations(have) - want.associations) & exists):
            yield Dissociate(want.ref, target)


def _remove(ref: Ref, actual: Actual | None) -> tuple[Op, ...]:
    if actual is None:
        return ()
    children = (Archive(Ref("line_items", key), actual.children[key].id) for key in sorted(actual.children))
    return (*children, Archive(ref, actual.id))


# --- pairs of what is wanted and what is there ---


def _pairs(desired: Desired, actual: Actual | None) -> list[tuple[Desired, Actual | None]]:
    """The record, the contacts that it brings and its line items, each beside what HubSpot holds."""
    companions = {} if actual is None else actual.companions
    children = {} if actual is None else actual.children
    return [
        (desired, actual),
        *((each, companions.get(each.ref.key)) for each in desired.companions),
        *((each, children.get(each.ref.key)) for each in desired.children),
    ]


def _own(desired: Desired) -> frozenset[Ref]:
    return frozenset({desired.ref, *(each.ref for each in (*desired.companions, *desired.children))})


def _associations(actual: Actual | None) -> frozenset[Ref]:
    return frozenset() if actual is None else actual.associations


# --- carrying out ---


def apply(ref: Ref, actual: Actual | None, ops: Iterable[Op], ids: Mapping[Ref, str]) -> Actual | None:
    """What HubSpot holds for `ref` after these of its plan's operations have succeeded.

    Args:
        ids: HubSpot's ids of the records that upserts found or made.
    """
    for op in ops:
        actual = _applied(ref, actual, op, ids)
    return actual


def _applied(ref: Ref, actual: Actual | None, op: Op, ids: Mapping[Ref, str]) -> Actual | None:
    target = op.source if isinstance(op, Associate | Dissociate) else op.ref
    if target == ref:
        return _after(actual, op, ids)
    if actual is None:
        raise ValueError(f"{target.key} is carried out before the record that it belongs to")
    if target.object_type == "line_items":
        return replace(actual, children=_group_after(actual.children, target, op, ids))
    return replace(actual, companions=_group_after(actual.companions, target, op, ids))


def _group_after(group: Mapping[str, Actual], target: Ref, op: Op, ids: Mapping[Ref, str]) -> dict[str, Actual]:
    after = _after(group.get(target.key), op, ids)
    others = {key: each for key, each in group.items() if key != target.key}
    return others if after is None else others | {target.key: after}


def _after(actual: Actual | None, op: Op, ids: Mapping[Ref, str]) -> Actual | None:
    match op:
        case Upsert():
            return _written(actual or Actual(ids[op.ref], {}), op, ids[op.ref])
        case Update():
            return _written(actual or Actual(op.id, {}), op, ids.get(op.ref, op.id))
        case Archive():
            return None
        case Associate() if actual is not None:
            return replace(actual, associations=actual.associations | {op.target})
        case Dissociate() if actual is not None:
            return replace(actual, associations=actual.associations - {op.target})
    raise ValueError(f"{op} needs a record that is there")


def _written(actual: Actual, op: Upsert | Update, id_: str) -> Actual:
    properties = {**actual.properties, **op.properties}
    return replace(actual, id=id_, properties=properties, links={**actual.links, **op.links})

"""The plan that a person sees, and its digest."""

from __future__ import annotations

from sync_core.pure.dry_run import MOST_SHOWN, Plan
from sync_core.pure.model import Actual, Archive, Associate, Ref, Update, Upsert

SHOP = "drill-shop.myshopify.com"
MUG, CUP = (Ref("products", f"{SHOP}/product/{number}") for number in (1, 2))
HELD = {MUG: Actual("7", {"name": "Mug", "price": "1.00"})}


def planned(ref: Ref, ops: tuple, held: dict | None = None, version: str = "v1") -> Plan:
    plan = Plan()
    plan.add("product", "1", version, ref, ops, held or {}, "data-sync")
    return plan


def renamed(name: str = "Cup") -> tuple[Update]:
    return (Update(MUG, "7", {"name": name, "price": "1.00"}, {}),)


def test_what_is_there_is_changed_in_the_fields_that_differ_and_what_is_not_is_made():
    change = planned(MUG, renamed(), HELD).as_json()
    made = planned(CUP, (Upsert(CUP, ("key", "k"), {"name": "Cup"}, {}), Associate(CUP, MUG))).as_json()
    gone = planned(MUG, (Archive(MUG, "7"),), HELD).as_json()

    assert ({"products": {"change": 1}}, {"products": {"name": 1}}) == (change["counts"], change["fields"])
    assert [("name", "Mug", "Cup")] == [(v["property"], v["old"], v["new"]) for v in change["differences"][0]["values"]]
    assert {"products": {"create": 1}, "products with products": {"associate": 1}} == made["counts"]
    assert {"products": {"delete": 1}} == gone["counts"]


def test_the_digest_is_that_of_the_version_the_operations_and_what_hubspot_holds():
    plan = planned(MUG, renamed(), HELD)

    assert plan.digest == planned(MUG, renamed(), HELD).digest
    others = [
        planned(MUG, renamed("Bowl"), HELD),
        planned(MUG, renamed(), HELD, version="v2"),
        planned(MUG, renamed(), {MUG: Actual("7", {"name": "Beaker", "price": "1.00"})}),
    ]
    assert 4 == len({plan.digest, *(one.digest for one in others)})


def test_changes_come_first_and_all_are_counted_though_not_all_are_shown():
    plan = Plan()
    for number in range(MOST_SHOWN + 1):
        ref = Ref("products", f"{SHOP}/product/{number}")
        plan.add("product", str(number), "", ref, (Upsert(ref, ("key", "k"), {"name": "x"}, {}),), {}, "data-sync")
    plan.add("product", "1", "", MUG, renamed(), HELD, "data-sync")
    told = plan.as_json()

    assert ("change", MOST_SHOWN + 1, 1) == (told["differences"][0]["op"], len(told["differences"]), told["more"])

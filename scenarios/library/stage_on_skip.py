"""A stage of the Order pipeline that is skipped, and mapped again."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario(
    "Orders of a skipped stage are excluded and catch up when it is mapped again",
    spec="B26 B32 B33 B34 B35 B36 S47",
    integrations=["data-sync"],
)
def stage_on_skip(drill: Drill) -> None:
    """
    Given a paid order and an unpaid one, both in HubSpot
    When the stage Processed is put on Skip, another paid order comes, and the unpaid one is cancelled
    Then the new one does not come to HubSpot, the old paid one stays as it was last written, the cancelled one moves
    When a new stage Packed is added, refreshed and mapped to processed
    Then both paid orders stand in Packed
    """
    mug = drill.shop.product("Mug", "12.50", "MUG")
    paid = drill.shop.order(mug)
    unpaid = drill.shop.order(mug, financial_status="pending")
    drill.settles()

    review = drill.sync.map_stages(processed=None)
    expect("what the review told", review["changes"], [{"from": "Processed", "to": None, "orders": 1}])
    later = drill.shop.order(mug)
    drill.shop.update_order(paid, note="by the door")
    drill.shop.cancel(unpaid)
    drill.passes(minutes=10)
    expect("the order of a skipped stage", drill.portal.sale(later), None)
    expect("why", drill.standing("order", later)["reason"], "stage_unmapped")
    expect("the note of the old one", drill.portal.sale(paid).get("hs_order_note"), "")
    expect("the stage of the cancelled one", drill.portal.stage(drill.portal.sale(unpaid)), "cancelled")

    drill.sync.add_stage("Packed")
    drill.sync.map_stages(packed="processed")
    drill.settles()
    for order in (paid, later):
        expect("the stage at last", drill.portal.stage(drill.portal.sale(order)), "packed")
    expect("the note at last", drill.portal.sale(paid).get("hs_order_note"), "by the door")

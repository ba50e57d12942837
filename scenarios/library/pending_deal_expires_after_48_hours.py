"""A checkout that Shopify never lists as abandoned."""

from scenarios.oracle.verdict import pending_since_ms
from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill

HOURS_48_MS = 48 * 3_600_000


@scenario(
    "A deal stuck in Checkout Pending is cleared after 48 hours", spec="A25 A26 S40", integrations=("deals",), slow=True
)
def pending_deal_expires_after_48_hours(drill: Drill) -> None:
    """
    Given a checkout without contact information, whose deal stands in Checkout Pending
    When 47:59:59 have passed since the deal entered it, and the checkout was touched meanwhile
    Then the deal is still in the pipeline
    When 48 hours have passed
    Then the deal has no stage and is in no pipeline, but is still there, with its line
    When the shopper gives an e-mail after all and leaves
    Then the same deal is in Checkout Abandoned
    """
    mug, tee = drill.shop.product("Mug", "12.50", "MUG"), drill.shop.product("Tee", "20.00", "TEE")
    cart = drill.shop.cart(mug, tee).checkout()
    drill.settles()
    deal = drill.portal.deal(cart.name)
    if deal is None:
        raise AssertionError("the pending checkout does not show")
    expires_ms = pending_since_ms(deal) + HOURS_48_MS
    drill.passes(hours=20)
    cart.remove_line(tee)
    drill.passes(seconds=(expires_ms - 1_000 - drill.now_ms) / 1_000)
    at_47_59_59 = drill.portal.deal(cart.name)
    expect("stage at 47:59:59", drill.portal.stage(at_47_59_59) if at_47_59_59 else None, "checkout pending")

    drill.passes(seconds=1)
    drill.settles(within_minutes=1)

    cleared = drill.portal.deal(cart.name)
    if cleared is None:
        raise AssertionError("the deal is gone, it must only leave the pipeline")
    expect("stage and pipeline", (cleared.get("dealstage"), cleared.get("pipeline")), ("", ""))
    expect("line items", [item.get("hs_sku") for item in drill.portal.line_items(cleared)], ["MUG"])
    cart.enters(email="cleo@example.com").leave()
    drill.settles()
    back = drill.portal.deal(cart.name)
    expect("the same deal", back and back.id, deal.id)
    expect("stage", drill.portal.stage(back) if back else None, "checkout abandoned")

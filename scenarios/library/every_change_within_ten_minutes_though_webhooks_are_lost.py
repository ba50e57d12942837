"""Every webhook is lost, and every change arrives in time all the same."""

from scenarios.lag import PROMISE_MS
from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("Every change shows within ten minutes although webhooks are lost", spec="B10 A27 A33 S5 S15")
def every_change_within_ten_minutes_though_webhooks_are_lost(drill: Drill) -> None:
    """
    Given a shop whose webhooks are all lost on the way
    When for two hours customers, products and orders are made, changed, cancelled and deleted, and carts are left
    Then every single change shows in HubSpot within ten minutes of its commit
    """
    from_ms = drill.now_ms
    drill.faults({"effect": "lose", "vendor": "shopify"})
    for hour in range(2):
        trade(drill, hour)
    drill.passes(minutes=20)
    drill.settles()

    found = drill.lags(from_ms)
    late = [lag for lag in found if lag.took_ms is None or lag.took_ms > PROMISE_MS]
    expect("changes that took longer than ten minutes", late, [])
    kinds = {lag.kind for lag in found}
    expect("kinds of records whose changes were measured", kinds, {"customer", "product", "order", "checkout"})
    expect("webhooks were lost", drill.heal()["lose"] > 0, True)


def trade(drill: Drill, hour: int) -> None:
    """An hour of a small shop, a change every few minutes, at no round times."""
    shop = drill.shop
    mug, tee = shop.product(f"Mug {hour}", "12.50", f"MUG-{hour}"), shop.product(f"Tee {hour}", "20.00", f"TEE-{hour}")
    ada = shop.customer(email=f"ada{hour}@example.com", first_name="Ada")
    drill.passes(minutes=7, seconds=14)
    orders = [shop.order(mug, tee, customer=ada) for _ in range(3)]
    shop.cart(mug).checkout(email=f"cleo{hour}@example.com")
    drill.passes(minutes=11, seconds=37)
    shop.update_customer(ada, last_name="Byron", phone=f"+1613555020{hour}")
    shop.update_product(tee, title=f"T-shirt {hour}")
    shop.update_order(orders[0], note="gift wrap")
    drill.passes(minutes=3, seconds=51)
    shop.cancel(orders[1])
    shop.delete_order(orders[2])
    drill.passes(minutes=9, seconds=8)
    shop.delete_product(tee)
    shop.update_order(orders[0], tags="vip")
    drill.passes(minutes=30, seconds=23)

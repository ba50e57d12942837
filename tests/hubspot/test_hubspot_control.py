"""The control plane's settings of a portal."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from hubspot_world import PORTAL, World, control

UNCHANGED = {"currencies": ["USD"], "rates": {}, "unique": {}, "api_packs": 0, "retry_after": False}


@pytest.fixture
def change(world: World) -> Any:
    def post(body: Any, portal: str = PORTAL) -> requests.Response:
        return control(world.simulation, "settings", body, portal)

    return post


def test_currencies_are_enabled_with_their_rates_or_at_par(world: World, change) -> None:
    with_rates, at_par = change({"currencies": {"EUR": 1.08}}), change({"currencies": ["SEK", "EUR"]})

    assert UNCHANGED | {"currencies": ["USD", "EUR"], "rates": {"EUR": "1.08"}} == with_rates.json()
    assert {"EUR": "1", "SEK": "1"} == at_par.json()["rates"]
    assert "SEK" == world.client().make("deals", deal_currency_code="SEK")["properties"]["deal_currency_code"]


def test_a_property_can_be_made_unique(world: World, change) -> None:
    hub = world.client()
    hub.make("products", name="one", hs_sku="S")
    change({"unique": {"products": ["hs_sku"]}})

    answer = hub.post("/crm/v3/objects/products", {"properties": {"name": "two", "hs_sku": "S"}})

    assert (400, "CONFLICTING_UNIQUE_VALUE") == (answer.status_code, answer.json()["errors"][0]["code"])


@pytest.mark.parametrize(
    "body",
    [
        {"colour": 1},
        {"currencies": 5},
        {"currencies": {"euro": 1}},
        {"currencies": {"EUR": 0}},
        {"unique": []},
        {"unique": {"things": []}},
        {"unique": {"deals": 5}},
        {"unique": {"deals": ["x'); --"]}},
        {"api_packs": 3},
        {"retry_after": "yes"},
    ],
)
def test_settings_that_do_not_fit_change_nothing(change, body) -> None:
    assert 400 == change(body).status_code
    assert UNCHANGED == change({}).json()


def test_an_unknown_portal_is_a_404(change) -> None:
    assert 404 == change({}, portal="1").status_code

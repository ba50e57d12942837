"""`syncdrill settings` and `syncdrill pipeline` against a running sync core."""

from __future__ import annotations

import json
import time

import pytest
import requests

from scenarios.cli import main
from scenarios.cli.exits import OK, USAGE
from scenarios.serve import environment, serving
from scenarios.world import WorldSpec


@pytest.fixture(scope="module")
def core():
    """The options that name a sync core which has connected."""
    with serving(WorldSpec(calm=True, integration="data-sync")) as up:
        told = environment(up.world)
        headers = {"Authorization": f"Bearer {told['SYNC_KEY']}"}
        deadline_s = time.monotonic() + 30
        while requests.get(f"{told['SYNC_URL']}/connections", headers=headers, timeout=5).json()["connections"][0][
            "phase"
        ] == ("connecting"):
            assert time.monotonic() < deadline_s
            time.sleep(0.1)
        yield ["--sync-url", told["SYNC_URL"], "--sync-key", told["SYNC_KEY"]]


def told(capsys, core: list[str], *words: str) -> dict:
    assert main([*words, *core, "--json"]) == OK
    return json.loads(capsys.readouterr().out)


@pytest.mark.http
def test_an_object_is_turned_off_and_on(core, capsys):
    assert "off" == told(capsys, core, "settings", "turn-off", "contacts")["objects"]["contacts"]["sync"]
    assert "on" == told(capsys, core, "settings", "turn-on", "contacts")["objects"]["contacts"]["sync"]


@pytest.mark.http
def test_a_setting_is_set_and_listed(core, capsys):
    told(capsys, core, "settings", "set", "pending_expires_hours", "24")

    told(capsys, core, "settings", "set", "winner", "hubspot")
    assert 24 == told(capsys, core, "settings", "list")["settings"]["pending_expires_hours"]


@pytest.mark.http
def test_a_stage_is_mapped_reviewed_and_saved(core, capsys):
    told(capsys, core, "pipeline", "map", "Shipped", "skip")
    assert ["shipped", "delivered"] == told(capsys, core, "pipeline", "review")["unmapped"]
    told(capsys, core, "pipeline", "map", "Shipped", "shipped")

    assert ["delivered"] == told(capsys, core, "pipeline", "save")["unmapped"]


@pytest.mark.http
@pytest.mark.parametrize(
    "words",
    [
        ("settings", "show"),
        ("settings", "summary"),
        ("settings", "list"),
        ("status",),
        ("brake",),
        ("matches", "list"),
        ("retry",),
        ("pipeline", "show"),
        ("pipeline", "refresh"),
        ("pipeline", "review"),
    ],
)
def test_a_person_gets_tables(core, capsys, words):
    assert OK == main([*words, *core])
    assert capsys.readouterr().out


@pytest.mark.http
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("settings", "turn-off", "deals"), "'deals' is none of contacts, products, orders, carts"),
        (("settings", "delete", "orders"), "turn it off"),
        (("settings", "set", "colour", "1"), "there is no such setting"),
        (("settings", "set", "skip_test_orders", "yes"), "skip_test_orders: true or false"),
        (("settings", "connect", "drill-shop.myshopify.com", "--token", "x"), "connected already"),
        (("pipeline", "map", "Nowhere", "open"), "names no stages"),
        (("pipeline", "map", "Open", "lost"), "one of open, processed"),
    ],
)
def test_what_cannot_be_is_refused_in_words(core, capsys, words, told):
    assert USAGE == main([*words, *core])
    assert told in capsys.readouterr().err


@pytest.mark.http
def test_without_the_key_nothing_is_told(core, capsys):
    assert USAGE == main(["settings", "show", *core[:2], "--sync-key", "another"])
    assert "key" in capsys.readouterr().err


def test_without_an_address_it_says_where_to_get_one(capsys, monkeypatch):
    monkeypatch.delenv("SYNC_URL", raising=False)

    assert USAGE == main(["settings", "show"])
    assert "syncdrill up --env" in capsys.readouterr().err

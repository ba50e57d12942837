"""docs/operating.md is run as it stands there, line by line, against a core that has something to do."""

from __future__ import annotations

import re
import shlex
import time

import pytest
import requests
from project import ROOT

from scenarios.cli import main
from scenarios.serve import environment, serving
from scenarios.world import WorldSpec

PAGE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
OF_THE_FAKES = ("explain",)  # it finds the core by way of `up`
LINES = [
    line for block in re.findall(r"^```\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL) for line in block.splitlines()
]


@pytest.mark.http
@pytest.mark.slow
def test_every_line_of_the_page_works(capsys):
    with serving(WorldSpec(calm=True)) as up:
        told = environment(up.world)
        plan = ""
        _wait_until_live(told)
        _trade(told)
        for line in LINES:
            words = [re.sub(r"\$(\w+)", lambda name: told[name[1]], word) for word in shlex.split(line)]
            if words[0] == "curl":
                assert "syncdrill_live" in requests.get(words[-1], timeout=10).text
                continue
            assert main(_arguments(words, up.fakes_url, told, plan)) == 0, f"{line}: {capsys.readouterr().err}"
            shown = re.search(r"^PLAN=(\w+)$", capsys.readouterr().out, re.MULTILINE)
            plan = shown[1] if shown else plan


def _trade(told: dict[str, str]) -> None:
    """A product, a customer and an order."""
    headers = {"X-Shopify-Access-Token": told["SHOPIFY_TOKEN"]}
    order = {"line_items": [{"title": "Mug", "price": "3.00", "quantity": 1}], "email": "ada@example.com"}
    for kind, body in (("product", {"title": "Mug"}), ("customer", {"email": "ada@example.com"}), ("order", order)):
        address = f"{told['SHOPIFY_URL']}/admin/api/2026-07/{kind}s.json"
        requests.post(address, json={kind: body}, headers=headers, timeout=10).raise_for_status()
    time.sleep(3)  # webhooks linger for a second


def _arguments(words: list[str], url: str, told: dict[str, str], plan: str) -> list[str]:
    """The words behind `syncdrill`, with the address instead of the file."""
    if words[1] in OF_THE_FAKES:
        return [*words[1:], "--url", url]
    file = words.index("--env")
    found = ["--sync-url", told["SYNC_URL"], "--sync-key", told["SYNC_KEY"]]
    given = [_latest(word, told) if re.fullmatch(r"\w+/\d+", word) else word for word in words[1:file]]
    return [plan if word == "PLAN" else word for word in given] + found


def _latest(record: str, told: dict[str, str]) -> str:
    """A record that there is, instead of the page's."""
    kind = record.partition("/")[0]
    params = {"status": "any"} if kind == "order" else {}
    headers = {"X-Shopify-Access-Token": told["SHOPIFY_TOKEN"]}
    address = f"{told['SHOPIFY_URL']}/admin/api/2026-07/{kind}s.json"
    listed = requests.get(address, params=params, headers=headers, timeout=10).json()[f"{kind}s"]
    return f"{kind}/{listed[0]['id']}"


def _wait_until_live(told: dict[str, str]) -> None:
    until_s = time.monotonic() + 60
    while (status := requests.get(f"{told['SYNC_URL']}/status", timeout=10).json())["phase"] != "live":
        assert time.monotonic() < until_s, status
        time.sleep(0.2)

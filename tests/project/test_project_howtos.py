"""The README's tutorial and how-tos are run as they stand there, against a server on a free port."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import os
import queue
import re
import shlex
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from project import ROOT

from scenarios.cli import main
from scenarios.cli.options import read_env
from scenarios.serve import environment, serving
from scenarios.world import WorldSpec

README = (ROOT / "README.md").read_text(encoding="utf-8")
RUN_ELSEWHERE = ("up", "sync", "scenarios", "demo", "load", "trigger")  # tests/cli and tests/scenarios run them
OF_THE_OPERATOR = ("settings", "pipeline")  # they speak to the sync core, and need its key
EXPORTS = {
    "products_export.csv": "Handle,Title,Option1 Name,Option1 Value,Variant Price,Variant SKU\n"
    "teapot,Teapot,Title,Default Title,25.00,POT\n",
    "customers_export.csv": "First Name,Last Name,Email\nGrace,Hopper,grace@example.com\n",
    "orders_export.csv": "Name,Email,Financial Status,Total,Lineitem name,Lineitem quantity,Lineitem price,"
    "Lineitem sku\n"
    "#9001,GRACE@example.com,paid,50.00,Teapot,2,25.00,POT\n",
}


def blocks(language: str, below: str) -> list[str]:
    """The code blocks of a section."""
    section = README.split(f"{below}\n", 1)[1].split("\n## ", 1)[0].split("\n### ", 1)[0]
    return re.findall(rf"^```{language}\n(.*?)^```", section, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """What `syncdrill up --env drill.env` leaves behind: a server and the file."""
    with serving(WorldSpec(calm=True)) as up:
        file = tmp_path_factory.mktemp("howto") / "drill.env"
        file.write_text("".join(f"{name}={value}\n" for name, value in environment(up.world).items()))
        yield up.fakes_url, file


def run_line(line: str, url: str, variables: dict[str, str]) -> None:
    """One line of a shell: the commands that speak to a running `up`, and curl."""
    words = [re.sub(r"\$(\w+)", lambda name: variables[name[1]], word) for word in shlex.split(line)]
    if words[0] == "syncdrill" and words[1] in OF_THE_OPERATOR:
        file = words.index("--env")
        found = ["--sync-url", variables["SYNC_URL"], "--sync-key", variables["SYNC_KEY"]]
        assert main([*words[1:file], *found, *words[file + 2 :]]) == 0, line
    elif words[0] == "syncdrill" and words[1] not in RUN_ELSEWHERE:
        assert main([*words[1:], "--url", url]) == 0, line
    elif words[0] == "curl":
        options = dict(itertools.pairwise(words))
        headers = [words[at + 1].split(": ", 1) for at, word in enumerate(words) if word == "-H"]
        address = next(word for word in words if word.startswith("http"))
        answer = requests.request(options["-X"], address, data=options["-d"], headers=dict(headers), timeout=60)
        assert answer.ok, f"{line}: {answer.status_code} {answer.text}"


@pytest.mark.slow
@pytest.mark.http
def test_the_tutorial_works_line_by_line(running):
    url, env = running
    variables = read_env(env)
    lines = [line for block in blocks("", "## Tutorial") for line in block.replace("\\\n", " ").split("\n")]
    text = "\n".join(lines)
    commands = re.findall(r"^(?:syncdrill|curl)(?:[^'\n]|'[^']*')*", text, re.MULTILINE)
    for command in commands:
        run_line(command, url, variables)
        requests.post(f"{url}/_sim/worlds/main/clock", json={"advance_ms": 60_000}, timeout=60).raise_for_status()

    assert [command.split()[0] for command in commands].count("curl") == 3
    assert [command.split()[1] for command in commands if command.startswith("syncdrill")] == [
        "up",
        "seed",
        "explain",
        "explain",
    ]
    deaf = requests.get(f"{url}/_sim/worlds/main/faults", timeout=10).json()
    assert [fault["name"] for fault in deaf["plan"]] == ["lost", "429"]


@pytest.mark.http
def test_the_vendors_clients_work_as_the_how_to_says(running, monkeypatch, capsys):
    shopify = pytest.importorskip("shopify", reason="ShopifyAPI is not installed")
    (code,) = blocks("python", "### Point your own client at it")
    for name, value in read_env(running[1]).items():
        monkeypatch.setitem(os.environ, name, value)
    try:
        exec(compile(code, "README.md", "exec"), {})
    finally:
        shopify.ShopifyResource.clear_session()
        shopify.Session.setup(protocol="https")

    assert capsys.readouterr().out == "drill-shop.myshopify.com\n['Open', 'Processed', 'Shipped', 'Cancelled']\n"


@pytest.mark.http
def test_webhooks_are_received_as_the_how_to_says(monkeypatch):
    up_line, trigger_line = (block.strip() for block in blocks("", "### Receive webhooks"))
    (asked,) = re.findall(r"--webhooks (\S+)", up_line)
    assert asked == re.findall(r"--to (\S+)", trigger_line)[0]
    with receiver() as (url, got), serving(WorldSpec(sync=False, calm=True, webhooks=url)) as up:
        variables = environment(up.world)
        token = {"X-Shopify-Access-Token": variables["SHOPIFY_TOKEN"]}
        customers = f"{up.fakes_url}/admin/api/2026-07/customers.json"
        requests.post(customers, json={"customer": {"email": "ada@example.com"}}, headers=token, timeout=10)
        told = got.get(timeout=10)
        monkeypatch.setitem(os.environ, "SHOPIFY_API_SECRET", variables["SHOPIFY_API_SECRET"])
        assert main(shlex.split(trigger_line.replace(asked, url))[1:]) == 0
        sample = got.get(timeout=10)

    assert [headers["X-Shopify-Topic"] for headers, _ in (told, sample)] == ["customers/create", "orders/create"]
    for headers, body in (told, sample):
        digest = hmac.new(variables["SHOPIFY_API_SECRET"].encode(), body, hashlib.sha256).digest()
        assert headers["X-Shopify-Hmac-Sha256"] == base64.b64encode(digest).decode()


@contextmanager
def receiver():
    """An address, and what was posted to it: headers and body."""
    got = queue.Queue()

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self):
            got.put((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/webhooks", got
    server.shutdown()
    server.server_close()


@pytest.mark.http
def test_an_app_is_installed_by_oauth_as_the_how_to_says(running, monkeypatch, capsys):
    url, env = running
    (command,) = blocks("", "### Install your app by OAuth")
    (code,) = blocks("python", "### Install your app by OAuth")
    run_line(command, url, {})
    printed = dict(line.split("=", 1) for line in capsys.readouterr().out.splitlines())
    for name, value in (read_env(env) | printed).items():
        monkeypatch.setitem(os.environ, name, value)
    exec(compile(code, "README.md", "exec"), {})

    assert "read_orders 3600\n" == capsys.readouterr().out


@pytest.mark.http
def test_a_catalogue_is_imported_as_the_how_to_says(running, tmp_path, monkeypatch):
    url, env = running
    monkeypatch.chdir(tmp_path)
    for name, content in EXPORTS.items():
        Path(name).write_text(content)
    (block,) = blocks("", "### Bring your own catalogue")
    for line in block.splitlines():
        run_line(line, url, read_env(env))

    order = requests.get(
        f"{url}/admin/api/2026-07/orders.json",
        params={"name": "#9001", "status": "any"},
        headers={"X-Shopify-Access-Token": read_env(env)["SHOPIFY_TOKEN"]},
        timeout=10,
    ).json()["orders"][0]
    assert ("50.00", "Grace") == (order["total_price"], order["customer"]["first_name"])
    assert [("Teapot", "POT", True)] == [
        (one["title"], one["sku"], one["product_exists"]) for one in order["line_items"]
    ]


def test_the_pytest_fixture_works_as_the_how_to_says(drill):
    (code,) = blocks("python", "### Test with pytest")
    names: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), names)

    names["test_a_cart_that_completes_later_moves_its_deal_on"](drill)


def test_without_make_the_same_steps_are_taken_as_with_it():
    (block,) = blocks("", "## Without make")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    for option in ("--require-hashes", "--no-deps", "--no-build-isolation"):
        assert option in block
        assert option in makefile


@pytest.mark.http
def test_what_is_synced_is_changed_as_the_readme_says(running):
    url, file = running
    settings, pipeline = blocks("", "### Change what is synced")
    assert all(line.startswith("syncdrill pipeline") for line in pipeline.splitlines())  # tests/cli runs these
    for line in settings.splitlines():
        run_line(line, url, read_env(file))

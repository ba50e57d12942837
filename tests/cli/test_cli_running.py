"""The commands against a running `up`: processes of their own, real sockets, the real clock."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from scenarios.cli import main
from scenarios.cli.options import read_env

pytestmark = pytest.mark.http

CSV = "Handle,Title,Variant Price\ncup,Cup,9.50\nbag,Bag,30\n"
READY_S = 60


def started(*arguments: str, ready: Callable[[], bool], **environ: str) -> subprocess.Popen[str]:
    """A command of ours in a process of its own, once it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", "scenarios.cli", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environ},
    )
    deadline_s = time.monotonic() + READY_S
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline_s:
            process.kill()
            raise AssertionError(f"it did not start: {process.communicate()}")
        time.sleep(0.05)
    return process


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The variables of an `up` with its sync core."""
    env = tmp_path_factory.mktemp("up") / "drill.env"
    process = started("up", "--port", "0", "--env", str(env), "--calm", ready=env.exists)
    yield read_env(env)
    process.terminate()
    process.communicate(timeout=30)


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """What a command prints as JSON; it must succeed."""
    capsys.readouterr()
    assert 0 == main([*arguments, "--json"])
    return json.loads(capsys.readouterr().out)


def test_the_variables_open_both_fakes_for_any_client(up: dict[str, str]) -> None:
    shop = requests.get(
        f"{up['SHOPIFY_URL']}/admin/api/2026-07/shop.json",
        headers={"X-Shopify-Access-Token": up["SHOPIFY_TOKEN"]},
        timeout=30,
    )
    contacts = requests.get(
        f"{up['HUBSPOT_URL']}/crm/v3/objects/contacts",
        headers={"Authorization": f"Bearer {up['HUBSPOT_TOKEN']}"},
        timeout=30,
    )

    assert (200, up["SHOP"]) == (shop.status_code, shop.json()["shop"]["myshopify_domain"])
    assert 200 == contacts.status_code


def test_tokens_look_like_the_vendors_and_say_what_they_are(up: dict[str, str]) -> None:
    assert up["SHOPIFY_TOKEN"].startswith("shpat_drill")
    assert up["HUBSPOT_TOKEN"].startswith("pat-na1-drill")


def test_an_app_is_registered_changed_and_let_in(up: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    def printed(*arguments: str) -> dict[str, str]:
        assert 0 == main(["app", "mine", *arguments, "--url", up["SHOPIFY_URL"]])
        return dict(line.split("=", 1) for line in capsys.readouterr().out.splitlines())

    made = printed("--redirect-url", "http://127.0.0.1:3000/callback", "--customer-data", "customer,email")
    changed = printed("--scopes", "read_orders", "--customer-data", "none", "--install")
    shop = f"{up['SHOPIFY_URL']}/_sim/worlds/main/shopify/{up['SHOP']}"
    app = next(
        one
        for one in requests.get(f"{shop}/apps", timeout=30).json()["apps"]
        if one["client_id"] == made["SHOPIFY_API_KEY"]
    )

    assert ["SHOPIFY_API_KEY", "SHOPIFY_API_SECRET"] == list(made)
    assert made | {"SHOPIFY_TOKEN": app["token"]} == changed
    assert (["read_orders"], [], ["http://127.0.0.1:3000/callback"]) == (
        app["installed_scopes"],
        app["customer_data"],
        app["redirect_urls"],
    )


def test_seed_import_and_explain_find_the_running_world(
    up: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "products.csv"
    file.write_text(CSV)
    url = ["--url", up["SHOPIFY_URL"]]

    seeded = told(capsys, "seed", "--products", "3", "--customers", "4", "--orders", "2", "--checkouts", "1", *url)
    imported = told(capsys, "import", "products", str(file), *url)
    requests.post(f"{up['SHOPIFY_URL']}/_sim/worlds/main/clock", json={"advance_ms": 600_000}, timeout=120)
    explained = told(capsys, "explain", "product/LATEST", *url)

    assert {"products": 3, "customers": 4, "orders": 2, "checkouts": 1} == seeded
    assert {"products": 2} == imported
    assert "Bag" in json.dumps(explained)


def test_an_import_of_which_shopify_refuses_one_product_brings_none(
    up: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "products.csv"
    file.write_text(f"Handle,Title\nfine,Fine\nlong,{'x' * 300}\n")

    assert 2 == main(["import", "products", str(file), "--url", up["SHOPIFY_URL"]])

    err = capsys.readouterr().err
    assert f"{file}, line 3: Shopify refuses products[1]" in err
    assert "Nothing was imported." in err
    found = requests.get(
        f"{up['SHOPIFY_URL']}/admin/api/2026-07/products.json?handle=fine",
        headers={"X-Shopify-Access-Token": up["SHOPIFY_TOKEN"]},
        timeout=30,
    )
    assert [] == found.json()["products"]


def test_a_record_that_nobody_saw_is_said_so(up: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == main(["explain", "order/5", "--url", up["SHOPIFY_URL"]])

    assert "no order 5 was seen: is the id Shopify's" in capsys.readouterr().err


def test_what_is_seeded_twice_is_in_hubspot_when_the_command_ends(
    up: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        told(capsys, "seed", "--products", "1", "--customers", "12", "--orders", "1", "--url", up["SHOPIFY_URL"])
        order = told(capsys, "explain", "order/LATEST", "--url", up["SHOPIFY_URL"])

        assert ("in_sync", True) == (order["standing"]["status"], bool(order["record"]["id"]))


def test_a_customer_without_an_email_is_explained_in_words(
    up: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    made = requests.post(
        f"{up['SHOPIFY_URL']}/admin/api/2026-07/customers.json",
        json={"customer": {"first_name": "Ann", "phone": "+12125550199"}},
        headers={"X-Shopify-Access-Token": up["SHOPIFY_TOKEN"]},
        timeout=30,
    ).json()["customer"]
    requests.post(f"{up['SHOPIFY_URL']}/_sim/worlds/main/clock", json={"advance_ms": 600_000}, timeout=120)

    assert 0 == main(["explain", f"customer/{made['id']}", "--url", up["SHOPIFY_URL"]])

    lines = capsys.readouterr().out.splitlines()
    assert f"customer {made['id']} of {up['SHOP']}, version {made['updated_at']}" == lines[0]
    assert lines[1].startswith("left out: a customer without an e-mail address makes no contact")
    assert "HubSpot: no contacts record, integration deals" == lines[2]


def test_a_world_that_there_is_not_is_named(up: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == main(["seed", "--url", up["SHOPIFY_URL"], "--world", "other"])

    assert "there is no world 'other'; there are: main" in capsys.readouterr().err


def test_a_port_that_is_taken_is_said_so(up: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    port = up["SHOPIFY_URL"].rsplit(":", 1)[1]

    assert 2 == main(["up", "--port", port])

    assert f"stop what listens at port {port}, or take --port 0" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_up_ends_well_when_it_is_interrupted_and_its_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    env = tmp_path / "drill.env"
    process = started("up", "--no-sync", "--port", "0", "--env", str(env), ready=env.exists)

    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)

    assert (0, "# Ctrl-C ends it") == (process.returncode, err.splitlines()[-1])
    assert {"#"} == {line[0] for line in err.splitlines()}
    assert f"syncdrill sync --env {env}" in err
    assert env.read_text() == out
    assert 0o600 == env.stat().st_mode & 0o777
    assert "SYNC_URL" not in out


def test_a_database_survives_a_restart_with_its_tokens(tmp_path: Path) -> None:
    env, arguments = tmp_path / "drill.env", ["up", "--no-sync", "--port", "0", "--db", str(tmp_path / "drill.db")]
    found = []
    for _ in range(2):
        process = started(*arguments, "--env", str(env), ready=env.exists)
        variables = read_env(env)
        api = f"{variables['SHOPIFY_URL']}/admin/api/2026-07/customers"
        token = {"X-Shopify-Access-Token": variables["SHOPIFY_TOKEN"]}
        found.append((requests.get(f"{api}/count.json", headers=token, timeout=30).json()["count"], token))
        if len(found) == 1:
            requests.post(f"{api}.json", json={"customer": {"email": "a@example.com"}}, headers=token, timeout=30)
        process.terminate()
        process.communicate(timeout=30)
        env.unlink()

    assert [(0, found[0][1]), (1, found[0][1])] == found


def test_sync_alone_connects_to_an_up_without_one(tmp_path: Path) -> None:
    env = tmp_path / "drill.env"
    fakes = started("up", "--no-sync", "--calm", "--port", "0", "--env", str(env), ready=env.exists)
    sync = started("sync", "--env", str(env), "--port", "0", ready=lambda: True)
    try:
        assert sync.stdout is not None
        url = sync.stdout.readline().strip().removeprefix("SYNC_URL=")
        deadline_s = time.monotonic() + READY_S
        phase = ""
        while phase != "live" and time.monotonic() < deadline_s:
            time.sleep(0.1)
            phase = requests.get(f"{url}/status", timeout=30).json()["phase"]
    finally:
        for process in (sync, fakes):
            process.terminate()
            out, err = process.communicate(timeout=30)

    assert "live" == phase
    assert "Traceback" not in out + err


@pytest.mark.slow  # it starts three processes; tests/scenarios/test_proxy.py has the proxy itself
def test_the_proxy_brings_a_program_with_the_vendors_hosts_built_in_to_the_fakes(
    up: dict[str, str], tmp_path: Path
) -> None:
    env = tmp_path / "proxy.env"
    process = started("proxy", "--port", "0", "--url", up["SHOPIFY_URL"], "--env", str(env), ready=env.exists)
    told = read_env(env)
    shop = f"https://{told['SHOP']}/admin/api/2026-07/shop.json"
    headers = {"X-Shopify-Access-Token": told["SHOPIFY_TOKEN"]}
    program = f"import requests; print(requests.get({shop!r}, headers={headers!r}).text)"
    done = subprocess.run([sys.executable, "-c", program], env=os.environ | told, capture_output=True, text=True)
    process.terminate()

    assert told["SHOP"] == json.loads(done.stdout)["shop"]["myshopify_domain"]
    assert ("", 0) == (process.communicate(timeout=30)[1].partition("Traceback")[1], process.returncode)
    assert not Path(told["CA_BUNDLE"]).exists()

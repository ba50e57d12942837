"""`syncdrill trigger` and `up --webhooks`: what is sent, and how it ends when nobody takes it."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from scenarios.cli import main
from scenarios.world import WorldSpec
from scenarios.worlds import Registry
from simulator.kernel.errors import BadInput

pytestmark = pytest.mark.http


class Receiver(ThreadingHTTPServer):
    """Answers `status`, and keeps what came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.status = 200
        self.got: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hooks"


class _Taking(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.delenv("SHOPIFY_API_SECRET", raising=False)
    server = Receiver()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def signed(body: bytes, secret: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def test_a_sample_is_sent_as_shopifys_own_command_line_is_asked_for_it(
    receiver: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [
        "--topic",
        "ORDERS_CREATE",
        "--address",
        receiver.url,
        "--client-secret",
        "hush",
        "--api-version",
        "2026-07",
    ]
    assert 0 == main(["trigger", *asked, "--delivery-method", "http", "--shop", "mine.myshopify.com"])

    ((headers, body),) = receiver.got
    assert "application/json" == headers["Content-Type"]
    assert signed(body, "hush") == headers["X-Shopify-Hmac-Sha256"]
    assert "orders/create" == headers["X-Shopify-Topic"]
    assert "mine.myshopify.com" == headers["X-Shopify-Shop-Domain"]
    assert "2026-07" == headers["X-Shopify-API-Version"]
    assert {"X-Shopify-Webhook-Id", "X-Shopify-Event-Id", "X-Shopify-Triggered-At"} <= set(headers)
    assert "36.00" == json.loads(body)["total_price"]
    assert f"orders/create (web) to {receiver.url}: answered 200" in capsys.readouterr().out


def test_without_a_secret_it_is_signed_as_up_signs(receiver: Receiver) -> None:
    assert 0 == main(["trigger", "customers/redact", "--to", receiver.url])
    registry = Registry()
    secret = registry.open(WorldSpec(sync=False)).describe()["apps"]["dev"]["shopify_secret"]
    registry.close()

    ((headers, body),) = receiver.got
    assert signed(body, secret) == headers["X-Shopify-Hmac-Sha256"]


def test_a_topic_may_have_several_samples(receiver: Receiver) -> None:
    assert 0 == main(["trigger", "orders/create", "--to", receiver.url, "--variant", "pending"])
    assert "pending" == json.loads(receiver.got[0][1])["financial_status"]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_any_other_answer_than_2xx_is_a_failure(
    receiver: Receiver, capsys: pytest.CaptureFixture[str], status: int
) -> None:
    receiver.status = status
    assert 1 == main(["trigger", "shop/update", "--to", receiver.url])
    assert f"answered {status}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["returns/close"], 2, "the webhook topic returns/close is not simulated by syncdrill"),
        (["orders/update"], 2, "'orders/update' is no topic of Shopify's; there are app/scopes_update"),
        (["orders/create", "--variant", "x"], 2, "orders/create has no sample 'x'; it has web, pending, paid"),
        (["orders/create", "--api-version", "2031-01"], 2, "'2031-01' is no version of Shopify's API"),
        (["orders/create", "--delivery-method", "event-bridge"], 2, "event-bridge is not simulated by syncdrill"),
        (["orders/create", "--to", "ftp://127.0.0.1/"], 2, "'ftp://127.0.0.1/' is no address"),
    ],
)
def test_what_cannot_be_sent_is_said(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str
) -> None:
    assert code == main(["trigger", "--to", "http://127.0.0.1:9/", *arguments])
    assert words in capsys.readouterr().err


def test_a_receiver_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    assert 3 == main(["trigger", "orders/create", "--to", f"http://127.0.0.1:{port}/"])
    assert "is your receiver running?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("nonsense", "is invalid"),
        ("http://example.com/x", "protocol http:// is not supported"),
        ("pubsub://a:b", "a webhook to Google Pub/Sub or Amazon EventBridge"),
    ],
)
def test_a_world_takes_no_address_that_shopify_would_not(address: str, why: str) -> None:
    registry = Registry()
    with pytest.raises(BadInput, match=f"webhooks cannot go to '{address}': {why}"):
        registry.open(WorldSpec(webhooks=address))
    registry.close()

"""The receiver believes nothing that is not signed, and answers 200 only for what is stored."""

import base64
import hashlib
import hmac

import orjson
import pytest
from shell_bench import SHOP, Bench

ORDER = {"id": 7, "updated_at": "2026-11-02T12:00:00-05:00", "note": "x"}


@pytest.fixture
def bench():
    made = Bench(calm=True)
    made.until_live()
    yield made
    made.close()


def post(bench: Bench, body: bytes, secret: str | None = None, path: str = "/webhooks/shopify", **headers: str):
    key = bench.settings.shopify_secret if secret is None else secret
    sent = {
        "X-Shopify-Topic": "orders/updated",
        "X-Shopify-Shop-Domain": SHOP,
        "X-Shopify-Webhook-Id": "one",
        "X-Shopify-Hmac-Sha256": base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode(),
        "Content-Type": "application/json",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    return bench.core.receiver.test_client().post(path, data=body, headers=sent)


def seen(bench: Bench) -> int:
    return sum(sum(states.values()) for states in bench.core.status()["records"].values())


def test_a_genuine_webhook_is_stored_before_it_is_answered(bench):
    answer = post(bench, orjson.dumps(ORDER))

    assert (200, 1, 1) == (answer.status_code, seen(bench), bench.core.status()["due"])


def test_a_forged_signature_is_refused_and_nothing_is_stored(bench):
    answer = post(bench, orjson.dumps(ORDER), secret="somebody else's")

    assert (401, 0) == (answer.status_code, seen(bench))


def test_a_missing_or_strange_signature_is_refused(bench):
    for signature in ("", "ä", "=" * 10_000):
        assert 401 == post(bench, orjson.dumps(ORDER), **{"X-Shopify-Hmac-Sha256": signature}).status_code


def test_another_shops_webhook_is_refused(bench):
    answer = post(bench, orjson.dumps(ORDER), **{"X-Shopify-Shop-Domain": "other.myshopify.com"})

    assert (401, 0) == (answer.status_code, seen(bench))


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b"{}", b'{"id": null}', b'{"id": "x/../y"}', b"\xff"])
def test_a_malformed_body_is_a_bad_request_and_nothing_is_stored(bench, body):
    assert (400, 0) == (post(bench, body).status_code, seen(bench))


def test_a_body_above_the_limit_is_refused(bench):
    assert 413 == post(bench, b" " * (8 * 1024 * 1024 + 1)).status_code


def test_an_unknown_topic_is_taken_with_the_reason_why_it_is_ignored(bench):
    answer = post(bench, b"{}", **{"X-Shopify-Topic": "themes/publish"})

    assert (200, 0) == (answer.status_code, seen(bench))
    assert "themes/publish" in answer.json["ignored"]


def test_a_webhook_that_comes_twice_is_recognised(bench):
    answers = [post(bench, orjson.dumps(ORDER)) for _ in range(2)]

    assert [200, 200] == [answer.status_code for answer in answers]
    assert "before" in answers[1].json["ignored"]


def test_before_the_connection_stands_shopify_is_asked_to_try_again():
    bench = Bench(calm=True)

    assert 503 == post(bench, orjson.dumps(ORDER)).status_code
    bench.close()


def test_status_and_records_are_shown_to_this_machine_alone(bench):
    post(bench, orjson.dumps(ORDER))
    client = bench.core.receiver.test_client()
    for path in ("/status", "/records/order/7"):
        for host in ("127.0.0.1:5006", "localhost", "[::1]:5006"):
            assert 200 == client.get(path, headers={"Host": host}).status_code
        for host in ("evil.example", "127.0.0.1.evil.example", "[::2]:5006"):
            assert 403 == client.get(path, headers={"Host": host}).status_code


def test_a_record_that_was_never_seen_is_not_found(bench):
    for path in ("/records/order/1", "/records/nonsense/1"):
        assert 404 == bench.core.receiver.test_client().get(path, headers={"Host": "localhost"}).status_code

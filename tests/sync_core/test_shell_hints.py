"""HubSpot's webhooks make the core look at once; nothing else follows from them (B9, I4)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from shell_bench import CORE, MINUTE, PORTAL, Bench

from sync_core.shell.incoming.hints import is_signed

SECRET = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy"


@pytest.fixture
def bench() -> Bench:
    made = Bench("data-sync", calm=True, hubspot_secret=SECRET)
    made.until_live()
    made.run(MINUTE)
    return made


def tell(bench: Bench, *events: Any, secret: str = SECRET, late_ms: int = 0) -> int:
    body, at = json.dumps(events).encode(), str(bench.clock.now() - late_ms)
    signed = f"POST{CORE}/webhooks/hubspot".encode() + body + at.encode()
    signature = base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()
    headers = {"X-HubSpot-Signature-v3": signature, "X-HubSpot-Request-Timestamp": at}
    return bench.core.receiver.test_client().post("/webhooks/hubspot", data=body, headers=headers).status_code


def event(kind: str, **more: Any) -> dict[str, Any]:
    return {"subscriptionType": kind, "portalId": int(PORTAL), "objectId": 7, "eventId": 1, **more}


def test_the_signature_is_the_one_that_hubspot_publishes():
    body = (
        b'[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,"subscriptionType":'
        b'"contact.creation","attemptNumber":0,"objectId":123,"changeSource":"CRM","changeFlag":"NEW","appId":54321}]'
    )
    headers = {
        "X-HubSpot-Signature-v3": "DxmVAjFNa2xfF3YgQjdZP6TNcok9k1oaH7UXombPtvw=",
        "X-HubSpot-Request-Timestamp": "1564113600000",
    }
    url = "https://www.example.com/webhook_uri"

    assert is_signed(body, headers, url, SECRET, 1_564_113_600_000)
    assert not is_signed(body, headers, url, SECRET, 1_564_113_600_000 + 300_001)
    assert not is_signed(body + b" ", headers, url, SECRET, 1_564_113_600_000)
    assert not is_signed(body, headers, url, "", 1_564_113_600_000)


def test_I4_a_contact_that_is_told_of_is_in_shopify_within_a_minute(bench):
    ada = bench.shop("POST", "customers.json", {"customer": {"email": "ada@example.com"}})["customer"]
    bench.run(MINUTE)
    while bench.core.ledger.cursors()["changes of contacts"].due_at_ms - bench.clock.now() < 2 * MINUTE:
        bench.run(5_000)  # until the net has just been cast
    (contact,) = bench.records("contacts")
    bench.portal("PATCH", f"/crm/v3/objects/contacts/{contact['id']}", {"properties": {"firstname": "Augusta"}})
    assert 200 == tell(bench, event("contact.propertyChange", objectId=int(contact["id"])))
    bench.run(MINUTE)

    assert "Augusta" == bench.shop("GET", f"customers/{ada['id']}.json")["customer"]["first_name"]


NETS = (
    (event("contact.deletion"), "recycle bin"),
    (event("product.propertyChange"), "changes of products"),
    (event("object.propertyChange", objectTypeId="0-123"), "changes of orders"),
    (event("object.deletion", objectTypeId="0-142"), "deleted carts"),
)


def test_each_event_hurries_the_net_that_looks_for_it_and_no_other(bench):
    def due() -> dict[str, int]:
        return {name: cursor.due_at_ms for name, cursor in bench.core.ledger.cursors().items()}

    for told, net in NETS:
        before = due()
        assert 200 == tell(bench, told, told)
        after = due()
        assert {net} == {name for name in after if after[name] != before[name]}
        assert after[net] <= bench.clock.now() + 30_000

        assert 200 == tell(bench, told | {"portalId": 1}, event("company.creation"), event("deal.creation"))
        assert after == due()


def test_a_forged_old_or_malformed_webhook_is_refused(bench):
    told = event("contact.propertyChange")

    assert [401, 401, 400] == [tell(bench, told, secret="x"), tell(bench, told, late_ms=400_000), tell(bench, "odd")]

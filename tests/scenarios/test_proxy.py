"""The proxy with real TLS: a client that has the vendors' hosts built in reaches the fakes, and only them."""

from __future__ import annotations

import socket
import ssl
from contextlib import closing, contextmanager
from datetime import UTC, datetime

import pytest
import requests

from scenarios.proxy import LARGEST_HEAD, Patience, proxying, variables
from scenarios.serve import environment, listen, serving
from scenarios.world import WorldSpec
from simulator import hubspot, shopify

pytestmark = pytest.mark.http

SHOP = "https://drill-shop.myshopify.com/admin/api/2026-07"
HUBSPOT = "https://api.hubapi.com/crm/v3"


@contextmanager
def proxied(fakes, file, patience):
    with (
        listen(0) as listener,
        proxying(listener, fakes, (shopify.VENDOR, hubspot.VENDOR), file, datetime.now(UTC), patience) as url,
    ):
        yield variables(url, file)


@pytest.fixture(scope="module")
def up(tmp_path_factory):
    """The environment of a server with a proxy in front of it; nobody is waited for longer than half a second."""
    with serving(WorldSpec(sync=False)) as running:
        fakes = ("127.0.0.1", int(running.fakes_url.rsplit(":", 1)[1]))
        with proxied(fakes, tmp_path_factory.mktemp("proxy") / "ca.pem", Patience(0.4, 0.4)) as told:
            yield environment(running.world) | told


@pytest.fixture
def client(up, monkeypatch):
    """requests as anybody uses it, in the environment that the proxy asks for."""
    for name, value in up.items():
        monkeypatch.setenv(name, value)
    with requests.Session() as session:
        session.headers["X-Shopify-Access-Token"] = up["SHOPIFY_TOKEN"]
        session.headers["Authorization"] = f"Bearer {up['HUBSPOT_TOKEN']}"
        yield session


def spoken(up, sent: bytes, *, half_closed=False) -> bytes:
    """All that the proxy answers to these bytes until it closes."""
    with closing(connected(up)) as connection:
        connection.sendall(sent)
        if half_closed:
            connection.shutdown(socket.SHUT_WR)
        return everything(connection)


def connected(up) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(up["PROXY_URL"].rsplit(":", 1)[1])), timeout=10)


def everything(connection) -> bytes:
    found = b""
    while part := connection.recv(65536):
        found += part
    return found


def tunnelled(up, host: str) -> ssl.SSLSocket:
    """A connection with TLS to a vendor's host, as a client makes it."""
    connection = connected(up)
    connection.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n".encode())
    assert b"HTTP/1.1 200 Connection Established\r\n\r\n" == connection.recv(100)
    context = ssl.create_default_context(cafile=up["CA_BUNDLE"])
    context.set_alpn_protocols(["h2", "http/1.1"])
    return context.wrap_socket(connection, server_hostname=host)


def test_the_vendors_hosts_answer_over_https(client, up):
    shop = client.get(f"{SHOP}/shop.json", timeout=10).json()["shop"]
    contacts = client.get(f"{HUBSPOT}/objects/contacts", timeout=10)
    same = client.get("https://api.hubspot.com/crm/v3/objects/contacts", timeout=10)

    assert (up["SHOP"], 200, 200) == (shop["myshopify_domain"], contacts.status_code, same.status_code)


def test_the_links_of_pages_are_https_on_the_vendors_host_and_lead_on(client):
    for number in range(3):
        client.post(f"{SHOP}/customers.json", json={"customer": {"first_name": f"{number}"}}, timeout=10)
        sent = {"properties": {"firstname": f"{number}"}}
        made = client.post(f"{HUBSPOT}/objects/contacts", json=sent, timeout=10)
        assert made.headers["Location"].startswith(f"{HUBSPOT}/objects/contacts/")
    page = client.get(f"{SHOP}/customers.json", params={"limit": 2}, timeout=10)
    contacts = client.get(f"{HUBSPOT}/objects/contacts", params={"limit": 2}, timeout=10).json()

    follow = page.links["next"]["url"]
    after = contacts["paging"]["next"]["link"]
    assert follow.startswith(f"{SHOP}/customers.json?")
    assert after.startswith(f"{HUBSPOT}/objects/contacts?")
    assert 1 == len(client.get(follow, timeout=10).json()["customers"])
    assert 1 == len(client.get(after, timeout=10).json()["results"])


def test_a_large_body_arrives_whole_both_ways(client):
    note = "n" * 60_000
    properties = {"dealname": "large", "description": note}
    inputs = {"inputs": [{"properties": properties} for _ in range(30)]}
    made = client.post(f"{HUBSPOT}/objects/deals/batch/create", json=inputs, timeout=20)
    assert 201 == made.status_code

    read = client.get(f"{HUBSPOT}/objects/deals", params={"properties": "description", "limit": 50}, timeout=20)
    assert [note] * 30 == [deal["properties"]["description"] for deal in read.json()["results"]]


def test_a_fault_that_holds_an_answer_back_or_cuts_it_does_so_through_the_tunnel(client, up):
    faults = f"{up['SHOPIFY_URL']}/_sim/worlds/main/faults"
    slow = {"name": "slow", "effect": "slow", "vendor": "hubspot", "per_mille": 1000, "delay_ms": 700}
    cut = {"name": "cut", "effect": "lose_answer", "vendor": "shopify", "per_mille": 1000}
    requests.put(faults, json={"plan": [slow, cut]}, timeout=10).raise_for_status()
    try:
        held = client.get(f"{HUBSPOT}/objects/contacts", timeout=10)
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            client.get(f"{SHOP}/shop.json", timeout=10)
    finally:
        requests.put(faults, json={"plan": []}, timeout=10).raise_for_status()

    assert 200 == held.status_code
    assert 0.7 <= held.elapsed.total_seconds()  # longer than the proxy waits for a request of its own


def test_the_control_plane_is_not_to_be_reached_by_a_vendors_name(client):
    assert 403 == client.get("https://api.hubapi.com/_sim/worlds", timeout=10).status_code


def test_http_1_1_is_agreed_on(up):
    with closing(tunnelled(up, "app.hubspot.com")) as connection:
        assert "http/1.1" == connection.selected_alpn_protocol()


@pytest.mark.parametrize(
    "target", ["example.com:443", "myshopify.com:443", "a.b.myshopify.com:443", "api.hubapi.com:80", "127.0.0.1:443"]
)
def test_any_other_host_is_refused(up, target):
    answer = spoken(up, f"CONNECT {target} HTTP/1.1\r\n\r\n".encode())

    assert answer.startswith(b"HTTP/1.1 403 Forbidden\r\n")
    assert answer.endswith(
        f"{target} is no address of a simulated vendor, and nothing here leaves the machine\n".encode()
    )


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET http://api.hubapi.com/ HTTP/1.1\r\nHost: api.hubapi.com\r\n\r\n", b"405 Method Not Allowed"),
        (b"CONNECT api.hubapi.com HTTP/1.1\r\n\r\n", b"400 Bad Request"),
        (b"CONNECT api.hubapi.com:443 HTTP/2\r\n\r\n", b"400 Bad Request"),
        (b"CONNECT api.hubapi.com:443 HTTP/1.1\r\nX: " + b"x" * LARGEST_HEAD, b"431 Request Header Fields Too Large"),
        (b"CONNECT api.hubapi.com:443 HTTP/1.1\r\nX: y", b"408 Request Timeout"),
    ],
)
def test_what_is_no_request_for_a_tunnel_is_refused(up, sent, status):
    assert spoken(up, sent).startswith(b"HTTP/1.1 " + status + b"\r\n")


def test_a_client_that_leaves_before_it_has_asked_is_forgotten(up):
    assert b"" == spoken(up, b"CONN", half_closed=True)


def test_a_client_that_never_begins_tls_is_cut(up):
    answer = spoken(up, b"CONNECT api.hubapi.com:443 HTTP/1.1\r\n\r\n")

    assert b"HTTP/1.1 200 Connection Established\r\n\r\n" == answer


def test_a_client_that_half_closes_its_tunnel_ends_it(up):
    connection = tunnelled(up, "api.hubapi.com")
    with closing(connection):
        connection.sendall(b"GET /crm/v3/objects/contacts HTTP/1.1\r\nHost: api.hubapi.com\r\n")
        connection.shutdown(socket.SHUT_WR)

        assert b"HTTP/1.1" not in everything(connection)  # nothing hangs: it has come to its end


def test_who_does_not_trust_the_authority_gets_no_further(up):
    strict = ssl.create_default_context()
    connection = connected(up)
    connection.sendall(b"CONNECT api.hubapi.com:443 HTTP/1.1\r\n\r\n")
    connection.recv(100)
    with closing(connection), pytest.raises(ssl.SSLCertVerificationError):
        strict.wrap_socket(connection, server_hostname="api.hubapi.com")


def test_where_no_fakes_answer_the_program_is_told(tmp_path):
    with listen(0) as nobody, proxied(nobody.getsockname(), tmp_path / "ca.pem", Patience()) as told:
        answer = spoken(told, b"CONNECT api.hubapi.com:443 HTTP/1.1\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 502 Bad Gateway\r\n")


def test_no_private_key_is_left_behind(tmp_path):
    with proxied(("127.0.0.1", 9), tmp_path / "ca.pem", Patience()):
        (written,) = tmp_path.iterdir()

        assert b"PRIVATE" not in written.read_bytes()

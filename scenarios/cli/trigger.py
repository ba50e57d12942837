"""`syncdrill trigger`: one signed sample of a webhook, as Shopify's own `shopify app webhook trigger` sends it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from scenarios.cli.exits import BROKEN, OK, UNREACHABLE, USAGE, Problem

if TYPE_CHECKING:
    from simulator.shopify.samples import Sample

SHOP = "drill-shop.myshopify.com"
ELSEWHERE = ("google-pub-sub", "event-bridge")  # Shopify's CLI delivers there too


@click.command("trigger")
@click.argument("topic", required=False)
@click.option("--topic", "named", metavar="TOPIC", help="The same as the argument, as Shopify's CLI has it.")
@click.option("--to", "--address", "address", metavar="URL", required=True, help="Where it goes: http:// or https://.")
@click.option("--variant", help="Which sample, where a topic has several; without it the first.")
@click.option("--api-version", help="The version that the header names; the latest stable one unless told.")
@click.option("--shop", default=SHOP, show_default=True, help="The shop that it comes from.")
@click.option(
    "--client-secret",
    "--secret",
    "secret",
    envvar="SHOPIFY_API_SECRET",
    show_envvar=True,
    help="What signs it; without any, the secret that `syncdrill up` prints with its first seed.",
)
@click.option(
    "--delivery-method",
    type=click.Choice(["http", *ELSEWHERE]),
    default="http",
    show_default=True,
    help="As Shopify's CLI has it; the fake delivers by HTTP alone.",
)
def command(
    topic: str | None,
    named: str | None,
    address: str,
    variant: str | None,
    api_version: str | None,
    shop: str,
    secret: str | None,
    delivery_method: str,
) -> int:
    """Send one signed sample of a Shopify webhook.

    TOPIC is orders/create or ORDERS_CREATE. The body is what the fake sends of a shop of its own; it is not tried
    again. What the receiver answers decides how the command ends: 2xx is well, anything else is not.
    """
    if delivery_method in ELSEWHERE:
        raise Problem(f"--delivery-method {delivery_method} is not simulated by syncdrill: only http is", USAGE)
    sample = _sample(named or topic or "", variant, shop)
    headers = dict(sample.headers) | ({"X-Shopify-API-Version": _served(api_version)} if api_version else {})
    if secret:
        from simulator.shopify.webhooks import signature

        headers["X-Shopify-Hmac-Sha256"] = signature(sample.body, secret)
    status, took_ms = _sent(address, headers, sample.body)
    told = f"{sample.topic} ({sample.variant}) to {address}: answered {status} after {took_ms} ms"
    if not 200 <= status < 300:
        raise Problem(f"{told}; Shopify counts every other answer than 2xx as a failure", BROKEN)
    click.echo(told)
    return OK


def _sample(asked: str, variant: str | None, shop: str) -> Sample:
    from simulator.shopify.samples import samples
    from simulator.shopify.topics import BY_ENUM, NOT_SIMULATED, TOPICS

    topic = BY_ENUM.get(asked, asked)
    if topic in NOT_SIMULATED:
        raise Problem(f"the webhook topic {topic} is not simulated by syncdrill", USAGE)
    if topic not in TOPICS:
        raise Problem(f"{asked!r} is no topic of Shopify's; there are {', '.join(TOPICS)}", USAGE)
    mine = [one for one in samples(shop=shop) if one.topic == topic]
    fitting = [one for one in mine if variant in (None, one.variant)]
    if not fitting:
        raise Problem(f"{topic} has no sample {variant!r}; it has {', '.join(one.variant for one in mine)}", USAGE)
    return fitting[0]


def _served(version: str) -> str:
    from simulator.kernel.errors import NotFound
    from simulator.shopify import versions

    try:
        return versions.served(version).name
    except NotFound:
        raise Problem(f"{version!r} is no version of Shopify's API: it is YYYY-MM or unstable", USAGE) from None


def _sent(address: str, headers: dict[str, str], body: bytes) -> tuple[int, int]:
    """The receiver's status, and how long it took; Shopify's time limits hold."""
    import requests

    from scenarios.outside import exchange
    from simulator.shopify.webhooks import CONNECT_TIMEOUT_MS, TOTAL_TIMEOUT_MS

    began_s = time.monotonic()
    try:
        prepared = requests.Request(
            "POST", address, headers | {"Content-Type": "application/json"}, data=body
        ).prepare()
        if not prepared.url or not prepared.url.startswith(("http://", "https://")):
            raise requests.exceptions.InvalidURL(address)
        answer = exchange(prepared, CONNECT_TIMEOUT_MS / 1000, TOTAL_TIMEOUT_MS / 1000, time.monotonic)
    except (requests.exceptions.InvalidSchema, requests.exceptions.MissingSchema, requests.exceptions.InvalidURL):
        raise Problem(f"{address!r} is no address: it looks like http://127.0.0.1:3000/webhooks", USAGE) from None
    except requests.Timeout:
        limits = f"{CONNECT_TIMEOUT_MS // 1000} s to connect, {TOTAL_TIMEOUT_MS // 1000} s in all"
        raise Problem(f"{address} did not answer in time: Shopify waits {limits}", UNREACHABLE) from None
    except requests.RequestException as error:
        raise Problem(f"nothing takes it at {address} ({error}): is your receiver running?", UNREACHABLE) from None
    return answer.status, round((time.monotonic() - began_s) * 1000)

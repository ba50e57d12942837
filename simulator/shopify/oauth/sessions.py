"""Session tokens: what an app that is embedded in the admin gets there, and may exchange for a token of the API."""

from __future__ import annotations

from typing import Any

from simulator.kernel.clock import MINUTE, SECOND
from simulator.kernel.resource import Document
from simulator.shopify.shop import Shop

LIVES_MS = 1 * MINUTE  # Our reading; a browser asks for a new one at each request
LEEWAY_MS = 10 * SECOND  # clocks differ [PY]
ALGORITHM = "HS256"
REQUIRED = ["aud", "dest", "exp", "iss", "sub"]


def made(shop: Shop, app: Document) -> str:
    """As the admin would hand it to the app's page."""
    import jwt  # here, as few ask for it

    now_s = shop.now() // 1000
    claims = {
        "iss": f"https://{shop.domain}/admin",
        "dest": f"https://{shop.domain}",
        "aud": app["client_id"],
        "sub": str(owner(shop)["id"]),
        "iat": now_s,
        "nbf": now_s,
        "exp": now_s + LIVES_MS // 1000,
        "jti": shop.site.chance.uuid("shopify/session tokens"),
        "sid": shop.token(),
    }
    return str(jwt.encode(claims, app["client_secret"], ALGORITHM))


def holds(shop: Shop, app: Document, token: str) -> bool:
    """Whether it was signed with the app's secret, is for this app and this shop, and has not expired."""
    import jwt

    unchecked = {f"verify_{name}": False for name in ("exp", "nbf", "iat")}  # by the clock of the process
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            app["client_secret"],
            algorithms=[ALGORITHM],
            audience=app["client_id"],
            options={"require": REQUIRED, **unchecked},  # type: ignore[typeddict-item]
        )
    except jwt.PyJWTError:
        return False
    return (
        claims["dest"] == f"https://{shop.domain}"
        and str(claims["iss"]).startswith(f"https://{shop.domain}/")
        and _in_time(shop.now(), claims)
    )


def owner(shop: Shop) -> Document:
    """The person who acts in the fake's admin."""
    first, _, last = shop.record["shop_owner"].partition(" ")
    return {
        "id": shop.record["id"] + 1,
        "first_name": first,
        "last_name": last,
        "email": shop.record["email"],
        "email_verified": True,
        "account_owner": True,
        "locale": shop.record["primary_locale"],
        "collaborator": False,
    }


def _in_time(now_ms: int, claims: dict[str, Any]) -> bool:
    times = [claims["exp"], claims.get("nbf", 0)]
    if not all(isinstance(one, int | float) and abs(one) < 2**53 for one in times):
        return False
    return now_ms <= times[0] * 1000 + LEEWAY_MS and now_ms >= times[1] * 1000 - LEEWAY_MS

"""What an app can learn of the account it is installed in [S]."""

from __future__ import annotations

from simulator.hubspot import limits, portal
from simulator.hubspot.ask import Ask
from simulator.hubspot.errors import Answer
from simulator.hubspot.instants import iso
from simulator.hubspot.routes import VERSIONS, Route


def details(question: Ask) -> Answer:
    """The account's id, time zone and currencies."""
    account = portal.settings(question.site)
    offset_ms = account.utc_offset_ms(question.site.now())
    return Answer(
        200,
        {
            "portalId": account.id,
            "accountType": "DEVELOPER_TEST",
            "timeZone": account.timezone,
            "companyCurrency": account.currency,
            "additionalCurrencies": sorted(account.rates),
            "utcOffset": _offset(offset_ms),
            "utcOffsetMilliseconds": offset_ms,
            "uiDomain": "app.hubspot.com",
            "dataHostingLocation": "na1",
        },
    )


def me(question: Ask) -> Answer:
    """The legacy form [REC]."""
    account = portal.settings(question.site)
    offset_ms = account.utc_offset_ms(question.site.now())
    return Answer(
        200,
        {
            "portalId": account.id,
            "timeZone": account.timezone,
            "accountType": "DEVELOPER_TEST",
            "currency": account.currency,
            "utcOffset": _offset(offset_ms),
            "utcOffsetMilliseconds": offset_ms,
        },
    )


def daily_usage(question: Ask) -> Answer:
    """The calls of today, of all private apps of the portal together, this one counted."""
    site = question.site
    usage = {
        "name": "private-apps-api-calls-daily",
        "usageLimit": limits.daily_limit(site),
        "currentUsage": limits.calls_today(site),
        "collectedAt": iso(site.now()),
        "fetchStatus": "SUCCESS",
        "resetsAt": iso(limits.midnight_ms(site)),
    }
    return Answer(200, {"results": [usage]})


def _offset(offset_ms: int) -> str:
    """-18,000,000 is "-05:00"."""
    hours, minutes = divmod(abs(offset_ms) // 60_000, 60)
    return f"{'-' if offset_ms < 0 else '+'}{hours:02d}:{minutes:02d}"


ROUTES = (
    Route("GET", ("/account-info/v3/details", f"/account-info/{VERSIONS}/details"), details, ""),
    Route(
        "GET",
        ("/account-info/v3/api-usage/daily/private-apps", f"/account-info/{VERSIONS}/api-usage/daily/private-apps"),
        daily_usage,
        "",
    ),
    Route("GET", ("/integrations/v1/me",), me, ""),
)

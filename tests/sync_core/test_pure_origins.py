"""Where a contact comes from (A14, A16); the rules stand in the requirements."""

from __future__ import annotations

import pytest

from sync_core.pure.origins import Origin, origin_of

SALES = [
    (None, ("OFFLINE", "INTEGRATION", "shopify")),
    ({"source_name": "pos"}, ("OFFLINE", "INTEGRATION", "pos")),
    (
        {"source_name": "shopify_draft_order", "referring_site": "https://a.com/b"},
        ("OFFLINE", "INTEGRATION", "shopify_draft_order"),
    ),
    (
        {"source_name": "web", "landing_site": "/?utm_source=google&utm_medium=cpc&utm_campaign=spring"},
        ("PAID_SEARCH", "google", "spring"),
    ),
    ({"source_name": "web", "landing_site": "/?utm_source=bing&utm_medium=ppc"}, ("PAID_SEARCH", "bing", "")),
    ({"source_name": "web", "landing_site": "/?utm_source=news&utm_medium=Email"}, ("EMAIL_MARKETING", "news", "")),
    ({"source_name": "web", "landing_site": "/?utm_source=ig&utm_medium=social"}, ("SOCIAL_MEDIA", "ig", "")),
    ({"source_name": "web", "landing_site": "/?utm_source=flyer&utm_campaign=x"}, ("OTHER_CAMPAIGNS", "flyer", "x")),
    (
        {"source_name": "web", "landing_site": "/a?utm_source=", "referring_site": "https://blog.example/post?x=1"},
        ("REFERRALS", "blog.example", "/post"),
    ),
    ({"source_name": "web", "landing_site": "/mugs?x=1"}, ("DIRECT_TRAFFIC", "/mugs", "")),
    ({"source_name": "web", "referring_site": "http://[bad", "landing_site": None}, ("DIRECT_TRAFFIC", "", "")),
]


@pytest.mark.parametrize(("sale", "expected"), SALES)
def test_A16_the_earliest_order_or_checkout_says_where_a_contact_comes_from(sale, expected):
    assert Origin(*expected) == origin_of(sale)

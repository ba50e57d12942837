"""Answers as recorded from both vendors, and what they mean for the next try."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_core.pure.retry import (
    AuthLost,
    Conflict,
    Gone,
    Rejected,
    Throttled,
    Transient,
    backoff_ms,
    classify,
    reason_of,
)

BURST = {
    "status": "error",
    "message": "You have reached your ten_secondly_rolling limit.",
    "errorType": "RATE_LIMIT",
    "policyName": "TEN_SECONDLY_ROLLING",
}
SEARCH = {"status": "error", "message": "You have reached your secondly limit.", "category": "RATE_LIMITS"}
EXISTS = {"status": "error", "message": "Contact already exists. Existing ID: 37765128953", "category": "CONFLICT"}
NO_SCOPE = {
    "status": "error",
    "message": "This app hasn't been granted all required scopes to make this call.",
    "errors": [{"message": "One or more", "context": {"requiredGranularScopes": ["crm.objects.deals.read"]}}],
    "category": "MISSING_SCOPES",
}
READ_ONLY = {
    "status": "error",
    "message": 'Property values were not valid: [{"isValid":false,"message":"calculated","error":"READ_ONLY_VALUE",'
    '"name":"hs_analytics_source_data_1"}]',
    "category": "VALIDATION_ERROR",
}
UNKNOWN_PROPERTY = {
    "status": "error",
    "message": 'Property values were not valid: [{"isValid":false,"error":"PROPERTY_DOESNT_EXIST","name":"foo"}]',
    "errors": [{"code": "PROPERTY_DOESNT_EXIST", "context": {"propertyName": ["foo"]}}],
    "category": "VALIDATION_ERROR",
}
NOT_FOUND_IN_BATCH = {
    "status": "error",
    "category": "OBJECT_NOT_FOUND",
    "message": "Could not get CONTACT objects, it's possible they are deleted or don't exist. Check the ids",
    "context": {"ids": ["1", "2"]},
}
SHOPIFY_SCOPE = {"errors": "[API] This action requires merchant approval for read_orders scope."}


@pytest.mark.parametrize(
    ("status", "body", "retry_after", "expected"),
    [
        (429, BURST, None, Throttled("TEN_SECONDLY_ROLLING")),
        (429, SEARCH, None, Throttled("SECONDLY")),
        (429, {"message": "You have reached your daily limit.", "policyName": "DAILY"}, None, Throttled("DAILY")),
        (429, {"errors": "Exceeded 2 calls per second for api client."}, "2.0", Throttled("", 2000)),
        (0, None, None, Transient("no answer")),
        (500, {"status": "error", "message": "internal error"}, None, Transient("internal error")),
        (502, None, None, Transient("HTTP 502")),
        (423, None, None, Transient("HTTP 423")),
        (477, None, "3600", Transient("HTTP 477", 3_600_000)),
        (409, EXISTS, None, Conflict("37765128953", EXISTS["message"])),
        (404, {"status": "error", "message": "resource not found"}, None, Gone()),
        (404, {"errors": "Not Found"}, None, Gone()),
        (207, NOT_FOUND_IN_BATCH, None, Gone(("1", "2"))),
        (404, None, None, Rejected("HTTP 404")),
        (403, NO_SCOPE, None, AuthLost("crm.objects.deals.read", NO_SCOPE["message"])),
        (403, SHOPIFY_SCOPE, None, AuthLost("read_orders", SHOPIFY_SCOPE["errors"])),
        (401, {"category": "EXPIRED_AUTHENTICATION", "message": "expired"}, None, AuthLost("", "expired")),
        (400, READ_ONLY, None, Rejected(READ_ONLY["message"], (("hs_analytics_source_data_1", "READ_ONLY_VALUE"),))),
        (400, UNKNOWN_PROPERTY, None, Rejected(UNKNOWN_PROPERTY["message"], (("foo", "PROPERTY_DOESNT_EXIST"),))),
        (422, {"errors": {"base": ["is invalid"]}}, None, Rejected('{"base": ["is invalid"]}')),
    ],
)
def test_an_answer_says_whether_to_try_again(status, body, retry_after, expected):
    assert expected == classify(status, body, retry_after)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["category", "message", "errors", "context", "name", "ids"]), inner, max_size=4
        ),
    ),
    max_leaves=8,
)


@given(st.integers(0, 599), JSON, st.one_of(st.none(), st.text(max_size=5)))
def test_every_answer_has_a_meaning(status, body, retry_after):
    outcome = classify(status, body, retry_after)

    assert isinstance(outcome, Throttled | Transient | Rejected | Gone | Conflict | AuthLost)


@given(st.integers(0, 10_000), st.floats(0, 1, exclude_max=True))
def test_a_backoff_is_never_nothing_and_never_longer_than_a_minute(attempts, draw):
    assert 1 <= backoff_ms(attempts, draw) <= 60_000


def test_a_backoff_doubles_its_ceiling():
    assert [251, 501, 1001, 2001] == [backoff_ms(attempts, 0.5) for attempts in range(4)]


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (Rejected("...", (("deal_currency_code", "INVALID_OPTION"),)), "currency_not_enabled"),
        (Rejected("...", (("phone", "INVALID_LONG"),)), "rejected"),
        (Conflict("501", "Contact already exists. Existing ID: 501"), "conflict"),
    ],
)
def test_a_refused_record_has_its_reason_in_a_word(failure, reason):
    assert reason == reason_of(failure)

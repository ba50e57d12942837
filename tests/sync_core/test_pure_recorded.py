"""The vendor's own recorded answers: every document is decided, planned and told, under both integrations."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest
from shopify_documents import SHOP, around, settings

from sync_core.pure.desired import desired
from sync_core.pure.explain import explain
from sync_core.pure.image import not_given
from sync_core.pure.model import Blocked, Desired, Source
from sync_core.pure.plan import apply, plan

NAMES = {"customer": "customer", "order": "order", "product": "product", "abandoned_checkout": "checkout"}
LONG_AFTER_MS = 1_900_000_000_000  # 2030: every recorded checkout is abandoned by then


@pytest.fixture(scope="module")
def recorded(shared) -> list[Source]:
    """Whole documents: those with an id and a version, which answers with chosen fields lack."""
    answers = json.loads(gzip.decompress(shared("reference/shopify/rest_samples_2026-07.json.gz").read_bytes()))
    found = []
    for sample, kind in NAMES.items():
        for answer in answers[sample]:
            for document in documents(answer["response"], kind):
                id_ = document["token"] if kind == "checkout" else document["id"]
                found.append(Source(SHOP, kind, str(id_), document))
    return found


def documents(response: Any, kind: str) -> Iterator[dict[str, Any]]:
    whole = [response.get(kind), *response.get(f"{kind}s", ())]
    yield from (each for each in whole if isinstance(each, dict) and {"id", "updated_at"} <= each.keys())


@pytest.mark.parametrize("integration", ["deals", "data-sync"])
def test_every_recorded_document_ends_in_a_plan_or_an_exclusion_with_a_reason(recorded, integration):
    chosen = settings(integration)
    for source in recorded:
        decision = desired(source, around(LONG_AFTER_MS), chosen)
        ops = plan(decision, None, frozenset())

        assert str(source.id) == explain(source, decision, None, frozenset(), chosen)["source"]["id"]
        assert isinstance(decision, Desired) or decision.reason
        if isinstance(decision, Desired):
            ids = {each.ref: each.ref.key for each in (decision, *decision.companions, *decision.children)}
            after = plan(decision, apply(decision.ref, None, ops, ids), frozenset())
            assert after == () or isinstance(after, Blocked)


@pytest.mark.parametrize("integration", ["deals", "data-sync"])
def test_every_value_of_the_recorded_documents_can_be_read(recorded, integration):
    decisions = [desired(source, around(LONG_AFTER_MS), settings(integration)) for source in recorded]
    warnings = {warning for each in decisions if isinstance(each, Desired) for warning in each.warnings}

    assert not [warning for warning in warnings if "is left as it is" in warning]
    assert set() == warnings
    assert {"processing_method"} >= {name for source in recorded for name in not_given(integration, source)}


def test_there_are_recorded_documents_of_every_kind(recorded):
    assert set(NAMES.values()) == {source.kind for source in recorded}

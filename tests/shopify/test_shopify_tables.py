"""The tables are complete and agree with each other."""

import re

import pytest

from simulator.shopify import app, kinds, resources, topics
from simulator.shopify.apps import SCOPES

ROUTES = [(method, path, scope) for method, path, scope, _ in app.routes()]


def test_every_kinds_topics_are_delivered():
    assert {topic for kind in kinds.KINDS for topic in kind.topics.values()} <= set(topics.TOPICS)


def test_every_kind_is_stored():
    assert {kind.resource for kind in kinds.KINDS} == set(resources.RESOURCES)


def test_every_scope_that_is_asked_for_is_granted_by_default():
    asked = {scope for *_, scope in ROUTES} | {topic.scope for topic in topics.TOPICS.values()}
    assert asked - {""} <= set(SCOPES)


def test_no_route_stands_twice():
    assert len({(method, path) for method, path, _ in ROUTES}) == len(ROUTES)


@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _ in ROUTES])
def test_every_route_asks_who_calls_and_is_served_with_and_without_a_version(shop, method, path):
    concrete = re.sub("<int:.*?>", "1", path)
    token = shop.token
    answers = [shop.plain(method, f"/admin/{place}{concrete}.json") for place in ("", "api/2026-07/") if path]
    shop.token = None

    assert shop.call(method, concrete).status_code == 401
    assert token
    assert {answer.status_code for answer in answers} <= {200, 400, 401, 404, 422}
    assert all(answer.status_code != 404 or path.count("<") for answer in answers)


def test_a_path_that_is_not_simulated_is_none_that_is():
    simulated = {re.sub("<int:.*?>", "1", path) for _, path, _ in ROUTES}
    for path in simulated - {"checkouts/count"}:  # checkouts/{token} was the Checkout API
        assert not app._known_paths().fullmatch(f"{path}.json")

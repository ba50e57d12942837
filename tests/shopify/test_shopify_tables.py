"""The tables are complete and agree with each other."""

import gzip
import json
import re
from pathlib import Path

import pytest

from simulator.shopify import app, kinds, resources, rest, topics
from simulator.shopify.apps import SCOPES

SAMPLES = Path(__file__).parents[3] / "shared/reference/shopify/rest_samples_2026-07.json.gz"
needs_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="the recorded samples are not on this machine")

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


@needs_samples
def test_a_path_that_claims_to_be_recorded_is_among_the_recorded_ones():
    recorded = {(one["method"], _shape(one["path"])) for group in samples_by_resource().values() for one in group}
    claimed = {
        (method, path)
        for row in resources.ROWS
        for method, path, _, view in app.routes()
        if getattr(view, "func", view).__module__ == rest.__name__
        and path.split("/")[0] == row.path
        and _source(row, path) == "AJS"
    }
    claimed |= {(one.method, one.path) for one in resources.ACTIONS if one.source == "AJS"}

    assert len(claimed) > 80
    assert set() == {(method, _shape(path)) for method, path in claimed} - recorded


def _shape(path: str) -> str:
    """A path with "#" for every id, whether it is a route or was recorded."""
    below = re.sub(r"^/admin/(api/[^/]+/)?", "", path).removesuffix(".json")
    return re.sub(r"<int:\w+>|(?<=/)\d+", "#", below)


def _source(row: rest.Row, path: str) -> str:
    return next((part.source for part in row.parts if f"/{part.name}" in path), row.source)


def samples_by_resource() -> dict[str, list[dict[str, str]]]:
    with gzip.open(SAMPLES) as opened:
        found: dict[str, list[dict[str, str]]] = json.load(opened)
    return found

"""Every HubSpot answer below 400 of a test run is parsed strictly into the models of HubSpot's own Python client.

Which call answers with which model is read from the client itself. Where recorded traffic and the models disagree the
recording wins: each such exception is a row with its source, and in a run of everything no row may stay unused.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask import Response, request

Faults = list[str]
Check = Callable[[Any, str], Faults]


def _is_null(value: Any) -> bool:
    return value is None


def _is_number(value: Any) -> bool:
    return type(value) is int


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _is_text(value: Any) -> bool:
    return type(value) is str


def _are_texts_or_null(value: Any) -> bool:
    return isinstance(value, dict) and all(text is None or type(text) is str for text in value.values())


@dataclass(frozen=True, slots=True)
class Deviation:
    """A place where the wire is known to differ from the model.

    Args:
        model, key: the place; `model` is a pattern, and `key` may be one that the model has not.
        fits: whether a value is the known other one.
        source: who says so (the tags are those of simulator/hubspot/sources.py).
    """

    model: str
    key: str
    fits: Callable[[Any], bool]
    source: str


DEVIATIONS = (
    Deviation("Simple*", "properties", _are_texts_or_null, "[REC] requested properties that are unset are null"),
    Deviation("MultiAssociatedObjectWithLabel", "toObjectId", _is_number, "[X] a number on the wire, the spec: text"),
    Deviation("LabelsBetweenObjectPair", "fromObjectId", _is_number, "[X] as toObjectId"),
    Deviation("LabelsBetweenObjectPair", "toObjectId", _is_number, "[X] a number on the wire, the spec: text"),
    Deviation("AssociationSpecWithLabel", "label", _is_null, "[S] in words: the label is null where there is none"),
    Deviation("BatchResponseSimple*", "numErrors", _is_number, "[S] of 2026-09, which the client does not speak"),
    Deviation("BatchResponseSimple*", "errors", _is_list, "[S] as numErrors"),
    Deviation("ModelProperty", "numberDisplayHint", _is_text, "[S] newer than the client"),
    Deviation("PublicObjectList", "filterBranch", _is_object, "[PY] of a union of branches its generator kept one"),
    Deviation("TokenResponseIF", "hub_id", _is_number, "[S][D] v3 and later; the client speaks v1"),
    Deviation("TokenResponseIF", "user_id", _is_number, "[S][D] as hub_id"),
    Deviation("TokenResponseIF", "scopes", _is_list, "[S][D] as hub_id"),
    Deviation("TokenResponseIF", "token_use", _is_text, "[S][D] as hub_id"),
    Deviation("ObjectSchema", "metaType", lambda value: value in ("HUBSPOT", "PORTAL_SPECIFIC"), "[REC]"),
)
# Calls that the client has not, so that there is no model of their answers: pattern of a view -> source.
NO_MODEL: Mapping[str, str] = {
    "legacy.*": "[TAP] v1 and v2, which no official client speaks",
    "account.me": "[REC] the legacy form",
    "account.details": "[S] the client has no call for it",
    "account.daily_usage": "[S] the client has no call for it",
    "oauth.introspect": "[S] v3 and later; the client speaks v1",
    "oauth.revoke": "[S] v3 and later; the client speaks v1",
    "associations.batch_archive_dated": "[S] 204 in v4, which the client calls",
}
# Answers whose model the client has, without the call: view -> (package, model).
BY_HAND: Mapping[str, tuple[str, str]] = {
    "associations_v3.index": ("hubspot.crm.objects", "CollectionResponseAssociatedId"),  # [D24]
    "associations_v3.put": ("hubspot.crm.objects", "SimplePublicObjectWithAssociations"),  # [D24]
}


class Recorder:
    """The pytest plugin: it listens to the fake, fails the test in which an answer did not parse, and counts."""

    def __init__(self) -> None:
        self.seen = 0
        self.used: set[int] = set()
        self.faults: Faults = []

    def listen(self) -> None:
        """From now on every answer is parsed; without the client there is nothing to parse with."""
        if importlib.util.find_spec("hubspot") is None:
            return
        from simulator.hubspot.app import application

        application().after_request(self.record)

    def record(self, response: Response) -> Response:
        if response.status_code < 400 and request.url_rule is not None:
            self.seen += 1
            if response.mimetype == "application/json":
                number = int(request.url_rule.endpoint.partition(" ")[0])
                check = check_of(number, request.method, response.status_code)
                place = f"{request.method} {request.path} {response.status_code}"
                self.faults += check(self, orjson.loads(response.get_data()), place)
        return response

    @pytest.fixture(autouse=True)
    def answers_parse_strictly(self) -> Iterator[None]:
        yield
        faults, self.faults = self.faults, []
        if faults:
            pytest.fail("\n".join(sorted(set(faults))[:20]), pytrace=False)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output["hubspot"] = [self.seen, sorted(self.used)]
        elif _is_everything(session.config) and self.lacks():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        seen, used = getattr(node, "workeroutput", {}).get("hubspot", (0, ()))
        self.seen += seen
        self.used.update(used)

    def pytest_terminal_summary(self, terminalreporter: Any, config: pytest.Config) -> None:
        if self.seen:
            told = f"{self.seen} HubSpot answers below 400 were parsed into the models of its own client"
            terminalreporter.write_line(f"{told}, {len(self.used)} of {len(DEVIATIONS)} known deviations met")
        for line in self.lacks() if _is_everything(config) else ():
            terminalreporter.write_line(line, red=True)

    def lacks(self) -> list[str]:
        """What a run of everything should have met."""
        unused = [row for number, row in enumerate(DEVIATIONS) if number not in self.used]
        none = [] if self.seen else ["no HubSpot answer was seen: nothing was parsed"]
        return none + [f"no answer deviates as the row {row.model}.{row.key} says" for row in unused]


def _is_everything(config: pytest.Config) -> bool:
    """Whether this run leaves nothing out."""
    chosen = config.getoption("keyword") or config.getoption("markexpr") != "not slow"
    return config.args == config.getini("testpaths") and not chosen and not config.getoption("collectonly")


@cache
def check_of(route_number: int, method: str, status: int) -> Callable[[Recorder, Any, str], Faults]:
    """How an answer of this route is checked."""
    from simulator.hubspot.app import ROUTES

    route = ROUTES[route_number]
    view = f"{route.view.__module__.rpartition('.')[2]}.{route.view.__name__}"
    if any(fnmatchcase(view, pattern) for pattern in NO_MODEL):
        return lambda *_: []
    model = BY_HAND.get(view) or next(filter(None, (_model_of(path, method, status) for path in route.paths)), None)
    if model is None:
        return lambda _recorder, _value, place: [f"{place}: the client knows no such answer ({view})"]
    package, name = model
    return lambda recorder, value, place: _compiled(recorder, package, name)(value, place)


def _model_of(path: str, method: str, status: int) -> tuple[str, str] | None:
    """Package and name of the model with which the client reads this answer; the closest of its paths counts."""
    mine = tuple("{}" if segment.startswith("<") else segment for segment in path.strip("/").split("/"))
    fitting = [call for call in _calls() if call[1] == method and status in call[3] and _same(mine, call[0])]
    if not fitting:
        return None
    _, _, package, models = min(fitting, key=lambda call: _distance(mine, call[0]))
    return package, models[status]


def _same(mine: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return len(mine) == len(other) and all("{}" in pair or pair[0] == pair[1] for pair in zip(mine, other, strict=True))


def _distance(mine: tuple[str, ...], other: tuple[str, ...]) -> tuple[int, int]:
    """How many words of ours are variables there, and the other way round."""
    pairs = list(zip(mine, other, strict=True))
    return sum(own != "{}" == there for own, there in pairs), sum(own == "{}" != there for own, there in pairs)


_Call = tuple[tuple[str, ...], str, str, dict[int, str]]
_SOURCE = re.compile(
    r"response_types_map = \{(?P<models>[^}]*)\}.*?call_api\(\s*\"(?P<path>[^\"]+)\",\s*\"(?P<verb>[A-Z]+)\"",
    re.DOTALL,
)


@cache
def _calls() -> list[_Call]:
    """Every call of the client: path, verb, package, model by status."""
    import hubspot

    root = Path(hubspot.__file__).parent
    found: list[_Call] = []
    for folder in ("crm", "oauth", "webhooks"):
        for file in sorted((root / folder).rglob("*_api.py")):
            package = ".".join(("hubspot", *file.relative_to(root).parts[:-2]))
            for match in _SOURCE.finditer(file.read_text()):
                models = {int(code): name for code, name in re.findall(r'(\d+): "([^"]+)"', match["models"])}
                segments = re.sub(r"\{[^}]*\}", "{}", match["path"]).strip("/").split("/")
                found.append((tuple(segments), match["verb"], package, models))
    return sorted(found, key=lambda call: (call[2] != "hubspot.crm.objects", call[0], call[2]))


_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")
_PLAIN: Mapping[str, Callable[[Any], bool]] = {
    "str": lambda value: type(value) is str,
    "int": lambda value: type(value) is int,
    "float": lambda value: type(value) in (int, float),
    "bool": lambda value: type(value) is bool,
    "object": lambda _: True,
    "datetime": lambda value: type(value) is str and _TIME.fullmatch(value) is not None,
}


@cache
def _compiled(recorder: Recorder, package: str, kind: str) -> Check:
    """The check of one of the client's types."""
    if kind in _PLAIN:
        return _plain(kind)
    inner = re.fullmatch(r"(list|dict)\[(?:str, )?(.+)\]", kind)
    if inner is None:
        return _model(recorder, package, kind)
    return (_list if inner[1] == "list" else _dict)(_compiled(recorder, package, inner[2]))


def _plain(kind: str) -> Check:
    fits = _PLAIN[kind]
    return lambda value, place: [] if fits(value) else [f"{place}: {value!r} is not {kind}"]


def _list(item: Check) -> Check:
    def check(value: Any, place: str) -> Faults:
        if not isinstance(value, list):
            return [f"{place}: {value!r} is not a list"]
        return [fault for one in value for fault in item(one, place)]

    return check


def _dict(item: Check) -> Check:
    def check(value: Any, place: str) -> Faults:
        if not isinstance(value, dict):
            return [f"{place}: {value!r} is not an object"]
        return [fault for key, one in value.items() for fault in item(one, f"{place}.{key}")]

    return check


def _model(recorder: Recorder, package: str, name: str) -> Check:
    model = getattr(importlib.import_module(f"{package}.models"), name)
    known = {key: model.openapi_types[attribute] for attribute, key in model.attribute_map.items()}
    checks: dict[str, Check] = {}

    def check(value: Any, place: str) -> Faults:
        if not isinstance(value, dict):
            return [f"{place}: {value!r} is not a {name}"]
        faults: Faults = []
        for key, one in value.items():
            if key not in checks:
                checks[key] = _compiled(recorder, package, known[key]) if key in known else _unknown(name, key)
            found = checks[key](one, f"{place} {name}.{key}")
            if found and not _deviates(recorder, name, key, one):
                faults += found
        return faults

    return check


def _unknown(name: str, key: str) -> Check:
    return lambda _value, place: [f"{place}: {name} has no {key}"]


def _deviates(recorder: Recorder, model: str, key: str, value: Any) -> bool:
    for number, row in enumerate(DEVIATIONS):
        if row.key == key and fnmatchcase(model, row.model) and row.fits(value):
            recorder.used.add(number)
            return True
    return False

"""One request as a view sees it, read and checked in HubSpot's way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import request

from simulator.hubspot import custom_objects, errors
from simulator.hubspot.objects import ObjectType, by_spelling, other_spellings
from simulator.kernel.errors import Malformed, NotSimulated
from simulator.kernel.simulation import Grant, Site

LONGEST_ID = 18  # digits; all such numbers fit 64 bits


@dataclass(frozen=True, slots=True)
class Ask:
    """A request of an app.

    Args:
        type: the object type that the path names, where it names one.
        body: the JSON that was sent; {} where nothing was.
    """

    grant: Grant
    type: ObjectType | None
    body: Any

    @property
    def site(self) -> Site:
        return self.grant.site

    @property
    def object_type(self) -> ObjectType:
        assert self.type is not None
        return self.type

    @property
    def folds_errors(self) -> bool:
        """Whether a batch tells its errors under the status of success: the version 2026-09 lists no 207 [S]."""
        return (request.view_args or {}).get("version") == "2026-09"

    def other_type(self, word: str) -> ObjectType:
        """The other object type of a path."""
        return object_type_of(self.site, word)

    def names(self, parameter: str) -> list[str]:
        """A list in the query: repeated [PY][NODE] or joined by commas [SDK][TAP]."""
        return [word for text in request.args.getlist(parameter) for word in text.split(",") if word]

    def text(self, parameter: str) -> str:
        return request.args.get(parameter, "")

    def flag(self, parameter: str) -> bool:
        return request.args.get(parameter, "false").lower() == "true"

    def limit(self, default: int, most: int) -> int:
        return whole(request.args.get("limit", default), "limit", 1, most)

    def after(self) -> int:
        """The id behind which the page begins."""
        return whole(request.args.get("after") or 0, "after", 0, 2**62)

    def inputs(self, most: int) -> list[Mapping[str, Any]]:
        """The inputs of a batch, their number checked."""
        inputs = required(self.object_body(), "inputs", list)
        if len(inputs) > most:
            raise errors.bad_request(  # [X raw body]
                f"The maximum number of inputs supported in a batch is {most}. "
                "Please reduce the number of items and try again"
            )
        if not all(isinstance(item, dict) for item in inputs):
            raise Malformed("Cannot deserialize inputs: each must be an object")
        return inputs

    def object_body(self) -> Mapping[str, Any]:
        if not isinstance(self.body, dict):
            raise Malformed("Cannot deserialize the body: it must be an object")
        return self.body

    def list_body(self) -> list[Any]:
        if not isinstance(self.body, list):
            raise Malformed("Cannot deserialize the body: it must be a list")
        return self.body


def required(source: Mapping[str, Any], name: str, kind: type) -> Any:
    """A field that must be there and of this type. The sentences are our reading."""
    if source.get(name) is None:
        raise errors.bad_request(f"Some required fields were not set: [{name}]")
    return optional(source, name, kind)


def optional(source: Mapping[str, Any], name: str, kind: type) -> Any:
    """The same for one that may be missing: then it is empty."""
    value = source.get(name)
    if value is None:
        return kind()
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        words = {dict: "an object", list: "a list", str: "a text", int: "a whole number", bool: "true or false"}
        raise Malformed(f"Cannot deserialize {name}: it must be {words[kind]}")
    return value


def id_text(source: Mapping[str, Any], name: str = "id") -> str:
    """An id, which may also arrive as a number."""
    value = source.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return str(required(source, name, str))


def is_id(text: str) -> bool:
    """A number that fits a record id."""
    return text.isdecimal() and len(text) <= LONGEST_ID


def words(source: Mapping[str, Any], name: str) -> list[str]:
    found = optional(source, name, list)
    if not all(isinstance(word, str) for word in found):
        raise Malformed(f"Cannot deserialize {name}: it must be a list of texts")
    return found


def whole(value: Any, name: str, low: int, high: int) -> int:
    text = str(value)
    if isinstance(value, bool) or not is_id(text) or not low <= int(text) <= high:
        raise errors.bad_request(f"{name} must be a whole number from {low} to {high}, not {text}")  # our reading
    return int(text)


def read_body() -> Any:
    """The JSON of the request; a body of another type is refused unread. Our reading of the 415."""
    data = request.get_data()
    if not data:
        return {}
    if request.mimetype != "application/json":
        raise errors.Unsupported()
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Malformed(error.msg.partition(": line")[0], f"{error.lineno}:{error.colno}") from None


def object_type_of(site: Site, word: str) -> ObjectType:
    """The type that a path names, in any of its spellings."""
    found = by_spelling().get(word) or custom_objects.find(site, word)
    if found:
        return found
    if word in other_spellings():
        raise NotSimulated(f"the object type {other_spellings()[word]}")
    raise errors.Rejected(400, f"Unable to infer object type from: {word}", "VALIDATION_ERROR")  # [GK]


def base_url() -> str:
    """Where links point: the host that was asked."""
    return request.host_url.rstrip("/")


def path_with(**query: str) -> str:
    """The path of this request with these parameters changed, the others as they came."""
    asked = [(name, text) for name, text in request.args.items(multi=True) if name not in query]
    return f"{request.path}?{urlencode([*asked, *query.items()])}"


def next_page(last_id: str) -> dict[str, str]:
    """Where a page goes on: behind the last id that it showed."""
    return {"after": last_id, "link": f"{base_url()}{path_with(after=last_id)}"}

"""HubSpot's CRM as the sync core needs it: batches whose outcome is known for each record.

HubSpot shuffles the results of a batch [REC], so they are matched by what they say, never by their place. A batch that
is refused as a whole because of one record is halved until that record stands alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import requests

from sync_core.pure.model import ObjectType
from sync_core.pure.quota import DAILY, SEARCH_MS, SEARCH_SIZE, Quota, Told, limit
from sync_core.pure.retry import AuthLost, Conflict, Gone, Rejected, Throttled, Transient, classify
from sync_core.shell.clients.access import Keeper
from sync_core.shell.clients.http import Answer, CallFailed, NotBefore, call
from sync_core.shell.clients.limits import InMemory, Shelf, Window
from sync_core.shell.clients.together import Together, all_of, one_by_one

T = TypeVar("T")

BATCH = 100  # inputs in one call
UNAUTHORIZED = 401  # the token has expired, or was taken back
PAIRS = 2_000  # associations in one call [GK, unverified]
READ_PAIRS = 1_000  # records whose associations are read in one call [GK, unverified]
SEARCH_PAGE, SEARCH_DEPTH = 200, 10_000  # results of one page, and of one query
SECONDARY_EMAILS = "hs_additional_emails"  # joined by semicolons; a contact answers to them too (A7)
SECONDARY = {"email": (SECONDARY_EMAILS,)}
MODIFIED: Mapping[str, str] = {"contacts": "lastmodifieddate"}  # of the others it is "hs_lastmodifieddate" [S]

Failure = Rejected | Conflict | Gone | Transient  # of one record; anything else ends the whole call
OF_A_RECORD = (Rejected, Conflict, Gone)


@dataclass(frozen=True, slots=True)
class Input:
    """One record of a batch.

    Args:
        name: ours, unique in the batch; it travels as `objectWriteTraceId`.
        id: HubSpot's id, or the value of `id_property`.
    """

    name: str
    id: str
    properties: Mapping[str, str]
    id_property: str = ""


@dataclass(slots=True)
class Outcome:
    """What became of a batch: HubSpot's id, or a failure, by the input's name; and the names of new records."""

    ids: dict[str, str] = field(default_factory=dict)
    new: set[str] = field(default_factory=set)
    failures: dict[str, Failure] = field(default_factory=dict)


class HubSpot:
    """A client for one portal.

    Args:
        url: scheme and host.
        access: the portal's token.
        now: the time in milliseconds.
        shelf: where a limit's numbers are kept, by its name and what it is at first.
        together: how several calls are made at the same time.
    """

    def __init__(
        self,
        session: requests.Session,
        url: str,
        access: Keeper,
        now: Callable[[], int],
        shelf: Callable[[str, Quota], Shelf] = lambda _, first: InMemory(first),
        together: Together = one_by_one,
    ) -> None:
        self._session, self._url, self._now, self.together = session, url.rstrip("/"), now, together
        self.access = access
        self.made = self.refusals = 0  # calls so far, and those of them that were answered with 429
        self.denied = ""  # in HubSpot's words, why it refused the token just now
        self.window = Window(shelf("burst", Quota()))
        self.searches = Window(shelf("search", limit(SEARCH_SIZE, SEARCH_MS)))  # counted on its own, for a portal [K]

    # --- records ---

    def upsert(self, object_type: ObjectType, inputs: Sequence[Input]) -> Outcome:
        """Find each by a unique property, or make it."""

        def body(part: Sequence[Input]) -> list[dict[str, Any]]:
            return [
                {
                    "id": one.id,
                    "idProperty": one.id_property,
                    "properties": one.properties,
                    "objectWriteTraceId": one.name,
                }
                for one in part
            ]

        return self._write(f"/crm/v3/objects/{object_type}/batch/upsert", inputs, body)

    def update(self, object_type: ObjectType, inputs: Sequence[Input]) -> Outcome:
        """Change records by HubSpot's id."""

        def body(part: Sequence[Input]) -> list[dict[str, Any]]:
            return [{"id": one.id, "properties": one.properties, "objectWriteTraceId": one.name} for one in part]

        return self._write(f"/crm/v3/objects/{object_type}/batch/update", inputs, body)

    def read(self, object_type: ObjectType, values: Sequence[str], id_property: str = "") -> dict[str, str]:
        """The ids of live records, by the id or the value of `id_property` (in lower case) that was asked for."""
        names = [id_property, *SECONDARY.get(id_property, ())] if id_property else []
        more = {"idProperty": id_property} if id_property else {}
        found: dict[str, str] = {}
        for record in self._batch_read(object_type, values, names, more):
            for value in _identities(record, id_property):
                found[value] = str(record["id"])
        return {value: found[value.lower()] for value in values if value.lower() in found}

    def values(
        self, object_type: ObjectType, ids: Sequence[str], properties: Sequence[str]
    ) -> dict[str, Mapping[str, str | None]]:
        """These properties of live records, by the id that was asked for; a merged record is not found."""
        records = self._batch_read(object_type, ids, properties)
        return {str(record["id"]): record.get("properties", {}) for record in records}

    def secondary_emails(self, ids: Sequence[str]) -> dict[str, frozenset[str]]:
        """The secondary addresses of contacts, in lower case, by HubSpot's id."""
        held = self.values("contacts", ids, [SECONDARY_EMAILS])
        return {id_: addresses(values.get(SECONDARY_EMAILS)) for id_, values in held.items()}

    def _batch_read(
        self,
        object_type: ObjectType,
        values: Sequence[str],
        properties: Sequence[str],
        more: Mapping[str, Any] | None = None,
    ) -> list[dict[str, Any]]:
        """Records by hundreds, at the same time."""

        def one(part: Sequence[str]) -> list[dict[str, Any]]:
            inputs = [{"id": value} for value in part]
            body = {"inputs": inputs, "properties": list(properties), "propertiesWithHistory": [], **(more or {})}
            answer = self._call("POST", f"/crm/v3/objects/{object_type}/batch/read", body)
            return list(answer.body.get("results", ()))

        pages = all_of(self.together, [partial(one, part) for part in in_parts(values, BATCH)])
        return [record for page in pages for record in page]

    def archive(self, object_type: ObjectType, ids: Sequence[str]) -> None:
        """Move up to 100 records to the recycle bin; those that are there already do not matter."""
        self._call("POST", f"/crm/v3/objects/{object_type}/batch/archive", {"inputs": [{"id": id_} for id_ in ids]})

    def erase(self, contact: str) -> None:
        """Delete a contact for good, with all that HubSpot has of it (GDPR); one that is gone does not matter."""
        try:
            self._call("POST", "/crm/v3/objects/contacts/gdpr-delete", {"objectId": contact})
        except CallFailed as failed:
            if not isinstance(failed.outcome, Gone):
                raise

    def archived(
        self, object_type: ObjectType, after: str = "", properties: Sequence[str] = ()
    ) -> tuple[dict[str, Mapping[str, str | None]], str]:
        """One page of the recycle bin: ids with these properties, and where the next page begins."""
        return self._listed(object_type, "true", after, properties)

    def live(
        self, object_type: ObjectType, after: str = "", properties: Sequence[str] = ()
    ) -> tuple[dict[str, Mapping[str, str | None]], str]:
        """One page of the live records: ids with these properties, and where the next page begins."""
        return self._listed(object_type, "false", after, properties)

    def _listed(
        self, object_type: ObjectType, archived: str, after: str, properties: Sequence[str]
    ) -> tuple[dict[str, Mapping[str, str | None]], str]:
        params = {"properties": ",".join(properties)} | ({"after": after} if after else {})
        answer = self._call("GET", f"/crm/v3/objects/{object_type}", None, archived=archived, limit=BATCH, **params)
        following = answer.body.get("paging", {}).get("next", {}).get("after", "")
        return {str(record["id"]): record.get("properties", {}) for record in answer.body["results"]}, str(following)

    def modified(
        self, object_type: ObjectType, since_ms: int, properties: Sequence[str], after: str = ""
    ) -> tuple[dict[str, Mapping[str, str | None]], str]:
        """One page of the live records that were changed at `since_ms` or later, the oldest change first.

        Search serves 10,000 results of a query at most: behind them it gives no next page, and a later round begins
        where this one came to.
        """
        modified = modified_property(object_type)
        body = {
            "filterGroups": [
                {"filters": [{"propertyName": modified, "operator": "GTE", "value": str(max(0, since_ms))}]}
            ],
            "sorts": [{"propertyName": modified, "direction": "ASCENDING"}],
            "properties": [modified, *properties],
            "limit": SEARCH_PAGE,
            "after": after or "0",
        }
        answer = self._call("POST", f"/crm/v3/objects/{object_type}/search", body)
        following = str(answer.body.get("paging", {}).get("next", {}).get("after", ""))
        more = following if following and int(following) + SEARCH_PAGE <= SEARCH_DEPTH else ""
        return {str(record["id"]): record.get("properties", {}) for record in answer.body["results"]}, more

    def having(
        self, object_type: ObjectType, values: Mapping[str, Sequence[str]], properties: Sequence[str]
    ) -> dict[str, Mapping[str, str | None]]:
        """The live records that have one of at most 100 values in one of these properties, without regard to case.

        Search lags behind writes by seconds, so one that was just made may be missed.
        """
        groups = [
            {"filters": [{"propertyName": name, "operator": "IN", "values": [value.lower() for value in some]}]}
            for name, some in values.items()
        ]
        found: dict[str, Mapping[str, str | None]] = {}
        after = "0"
        while after and int(after) + SEARCH_PAGE <= SEARCH_DEPTH:
            body = {"filterGroups": groups, "properties": list(properties), "limit": SEARCH_PAGE, "after": after}
            answer = self._call("POST", f"/crm/v3/objects/{object_type}/search", body).body
            found |= {str(record["id"]): record.get("properties", {}) for record in answer["results"]}
            after = str(answer.get("paging", {}).get("next", {}).get("after", ""))
        return found

    # --- associations ---

    def associate(
        self, source: ObjectType, target: ObjectType, pairs: Sequence[tuple[str, str]]
    ) -> list[Failure | None]:
        """Associate up to 2,000 pairs of records; the outcome of each, in order."""
        return self._associations(f"/crm/v4/associations/{source}/{target}/batch/associate/default", pairs, _pair)

    def dissociate(
        self, source: ObjectType, target: ObjectType, pairs: Sequence[tuple[str, str]]
    ) -> list[Failure | None]:
        return self._associations(f"/crm/v4/associations/{source}/{target}/batch/archive", pairs, _pair_of_many)

    def associated(self, source: ObjectType, target: ObjectType, ids: Sequence[str]) -> dict[str, set[str]]:
        """The ids of the records that each of these is associated with; one that has none is not in the answer."""
        found: dict[str, set[str]] = defaultdict(set)
        asked = [{"id": id_} for id_ in ids]
        while asked:
            path, part = f"/crm/v4/associations/{source}/{target}/batch/read", asked[:READ_PAIRS]
            asked = asked[READ_PAIRS:]
            for row in self._call("POST", path, {"inputs": part}).body.get("results", ()):
                found[row["from"]["id"]] |= {str(one["toObjectId"]) for one in row["to"]}
                if after := row.get("paging", {}).get("next", {}).get("after"):
                    asked.append({"id": row["from"]["id"], "after": after})
        return dict(found)

    # --- set-up ---

    def portal(self) -> str:
        return str(self._call("GET", "/account-info/v3/details").body["portalId"])

    def property_names(self, object_type: ObjectType) -> set[str]:
        return {row["name"] for row in self._call("GET", f"/crm/v3/properties/{object_type}").body["results"]}

    def group_names(self, object_type: ObjectType) -> set[str]:
        return {row["name"] for row in self._call("GET", f"/crm/v3/properties/{object_type}/groups").body["results"]}

    def make_group(self, object_type: ObjectType, name: str, label: str) -> None:
        self._call("POST", f"/crm/v3/properties/{object_type}/groups", {"name": name, "label": label})

    def make_properties(self, object_type: ObjectType, definitions: Sequence[Mapping[str, Any]]) -> None:
        for start in range(0, len(definitions), BATCH):
            inputs = list(definitions[start : start + BATCH])
            self._call("POST", f"/crm/v3/properties/{object_type}/batch/create", {"inputs": inputs})

    def pipelines(self, object_type: ObjectType) -> list[dict[str, Any]]:
        return self._call("GET", f"/crm/v3/pipelines/{object_type}").body["results"]  # type: ignore[no-any-return]

    def make_pipeline(self, object_type: ObjectType, pipeline: Mapping[str, Any]) -> dict[str, Any]:
        return self._call("POST", f"/crm/v3/pipelines/{object_type}", pipeline).body  # type: ignore[no-any-return]

    # --- how ---

    def _write(
        self, path: str, inputs: Sequence[Input], body: Callable[[Sequence[Input]], list[dict[str, Any]]]
    ) -> Outcome:
        """Write a batch, or its halves where it is refused as a whole."""
        try:
            answer = self._call("POST", path, {"inputs": body(inputs)})
        except CallFailed as failed:
            if not isinstance(failed.outcome, OF_A_RECORD):
                raise
            if len(inputs) == 1:
                return Outcome(failures={inputs[0].name: failed.outcome})
            middle = len(inputs) // 2
            first, second = (self._write(path, part, body) for part in (inputs[:middle], inputs[middle:]))
            return Outcome(first.ids | second.ids, first.new | second.new, first.failures | second.failures)
        return _matched(inputs, answer.body)

    def _associations(
        self, path: str, pairs: Sequence[tuple[str, str]], body: Callable[[tuple[str, str]], dict[str, Any]]
    ) -> list[Failure | None]:
        try:
            answer = self._call("POST", path, {"inputs": [body(pair) for pair in pairs]})
        except CallFailed as failed:
            if not isinstance(failed.outcome, OF_A_RECORD):
                raise
            if len(pairs) == 1:
                return [failed.outcome]
            middle = len(pairs) // 2
            return self._associations(path, pairs[:middle], body) + self._associations(path, pairs[middle:], body)
        if not answer.body.get("numErrors"):
            return [None] * len(pairs)
        made = {(str(row["from"]["id"]), str(row["to"]["id"])) for row in answer.body.get("results", ())}
        error: dict[str, Any] = next(iter(answer.body.get("errors", ())), {})
        return [None if pair in made else _failure(error) for pair in pairs]

    def _call(self, method: str, path: str, body: Any = None, **params: Any) -> Answer:
        """One call; a token that is refused is renewed once, if it can be."""
        token = self.access.token()
        try:
            answer = self._call_with(token, method, path, body, **params)
        except CallFailed as failed:
            if failed.status != UNAUTHORIZED:
                raise
            if not self.access.renew(token):
                self.denied = getattr(failed.outcome, "words", "") or "the token is refused"
                raise
            answer = self._call_with(self.access.token(), method, path, body, **params)
        self.denied = ""
        return answer

    def _call_with(self, token: str, method: str, path: str, body: Any, **params: Any) -> Answer:
        window = self.searches if path.endswith("/search") else self.window
        number, told = window.take(self._now()), None
        self.made += 1
        try:
            headers = {"Authorization": f"Bearer {token}"}
            answer = call(self._session, method, self._url + path, headers, body, **params)
            told = _told(answer.headers)
        except CallFailed as failed:
            if not isinstance(failed.outcome, Throttled):
                raise
            self._refused(window, failed.outcome)
            raise NotBefore(window.not_before(self._now())) from failed
        finally:
            window.finished(number, self._now(), told)
        return answer

    def _refused(self, window: Window, throttled: Throttled) -> None:
        """By the policy that it names; the day is over for all."""
        self.refusals += 1
        for each in (self.window, self.searches) if throttled.policy == DAILY else (window,):
            each.refused(self._now(), throttled.policy, throttled.retry_after_ms)


def in_parts(items: Sequence[T], size: int) -> list[Sequence[T]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def modified_property(object_type: ObjectType) -> str:
    return MODIFIED.get(object_type, "hs_lastmodifieddate")


def addresses(joined: str | None) -> frozenset[str]:
    """Of `hs_additional_emails`, in lower case."""
    return frozenset(one.strip().lower() for one in (joined or "").split(";") if one.strip())


def _matched(inputs: Sequence[Input], body: Mapping[str, Any]) -> Outcome:
    """Who is who among shuffled results: by trace id, else by id or by the unique property's value."""
    outcome = Outcome()
    names = {one.name for one in inputs}
    by_value = {one.id.lower(): one.name for one in inputs}
    properties = {one.id_property for one in inputs}
    for record in body.get("results", ()):
        found = record.get("objectWriteTraceId")
        values = [value for name in sorted(properties) for value in _identities(record, name)]
        name = found if found in names else next((by_value[value] for value in values if value in by_value), None)
        if name is not None:
            outcome.ids[name] = str(record["id"])
            outcome.new |= {name} if record.get("new") else set()
    for error in body.get("errors", ()):
        for name in _inputs_at_fault(error, names, by_value):
            outcome.failures[name] = _failure(error)
    for name in sorted(names - outcome.ids.keys() - outcome.failures.keys()):
        outcome.failures[name] = Transient("HubSpot's answer does not say what became of this record")
    return outcome


def _identities(record: Mapping[str, Any], id_property: str) -> Iterable[str]:
    """What a record can be recognised by, in lower case."""
    if not id_property:
        return [str(record["id"])]
    properties = record.get("properties", {})
    values = [properties.get(name) or "" for name in (id_property, *SECONDARY.get(id_property, ()))]
    return [value.lower() for text in values for value in text.split(";") if value]


def _inputs_at_fault(error: Mapping[str, Any], names: set[str], by_value: Mapping[str, str]) -> list[str]:
    context = error.get("context") or {}
    traced = [str(name) for name in context.get("objectWriteTraceId", ()) if str(name) in names]
    by_id = [by_value[str(id_).lower()] for id_ in context.get("ids", ()) if str(id_).lower() in by_value]
    return traced or by_id


def _failure(error: Mapping[str, Any]) -> Failure:
    """One entry of a partial answer's `errors`."""
    outcome = classify(400, error)
    return Rejected(outcome.words) if isinstance(outcome, AuthLost) else outcome  # type: ignore[return-value]


def _pair(pair: tuple[str, str]) -> dict[str, Any]:
    return {"from": {"id": pair[0]}, "to": {"id": pair[1]}}


def _pair_of_many(pair: tuple[str, str]) -> dict[str, Any]:
    return {"from": {"id": pair[0]}, "to": [{"id": pair[1]}]}


def _told(headers: Mapping[str, str]) -> Told:
    """What an answer says of the limits: a search tells of the day alone, a public app's of the window [REC]."""
    return Told(
        size=_number(headers.get("X-HubSpot-RateLimit-Max")),
        daily=_number(headers.get("X-HubSpot-RateLimit-Daily")),
        daily_left=_number(headers.get("X-HubSpot-RateLimit-Daily-Remaining")),
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None

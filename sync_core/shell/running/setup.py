"""The worker that connects a shop and a portal: look at both, make what is lacking, subscribe, begin the import.

Every task looks before it makes, so that it can be repeated from the start after any failure.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from sync_core.mappings import (
    GROUP,
    GROUP_LABEL,
    PIPELINES,
    PropertyDefinition,
    definitions,
    portal_pipeline,
    stage_ids,
)
from sync_core.mappings.pipelines import Pipeline
from sync_core.pure.model import Kind
from sync_core.pure.retry import Rejected
from sync_core.shell.clients.http import CallFailed, NotBefore
from sync_core.shell.clients.hubspot import HubSpot
from sync_core.shell.clients.shopify import Shopify
from sync_core.shell.engine.losses import RecycleBin
from sync_core.shell.engine.notices import note_horizon
from sync_core.shell.incoming.scopes import SCOPES, block, blocked, unblock
from sync_core.shell.incoming.topics import NEEDED_SCOPES, SUBSCRIBED, TOPICS
from sync_core.shell.oversight.stage_mapping import keep_copy
from sync_core.shell.running.settings import CoreSettings, Wake
from sync_core.shell.storage.ledger import LEFT, Ledger

log = logging.getLogger(__name__)

RETRY_MS = 5_000


class Setup:
    """The worker; it has nothing to do once the connection stands."""

    def __init__(
        self,
        settings: CoreSettings,
        ledger: Ledger,
        shopify: Shopify,
        hubspot: HubSpot,
        now: Callable[[], int],
        wake: Wake,
    ) -> None:
        self._settings, self._ledger, self._shopify, self._hubspot = settings, ledger, shopify, hubspot
        self._now, self._wake = now, wake
        self._bin = RecycleBin(ledger, hubspot, now)
        self._done = 0  # tasks of `TASKS` done by this process
        self.trouble = ""  # in words, why connecting does not go on

    def step(self, now_ms: int) -> int | None:
        if self._ledger.connection.phase != "connecting":
            return None
        try:
            while self._done < len(TASKS):
                TASKS[self._done](self)
                self._done += 1
        except NotBefore as limit:
            return limit.at_ms
        except CallFailed as failed:
            self.trouble = getattr(failed.outcome, "words", "") or type(failed.outcome).__name__
            log.warning("connecting is held up by %s", type(failed.outcome).__name__)
            return now_ms + RETRY_MS
        self.trouble = ""
        for worker in ("sweep", "engine"):
            self._wake(worker, self._now())
        return None

    def _see_the_shop(self) -> None:
        scopes = self._shopify.scopes()
        note_horizon(self._ledger, scopes, self._now())
        lacking = set(SCOPES.values()) - _with_implied(scopes)
        if lacking == set(SCOPES.values()):
            raise CallFailed(Rejected(f"the Shopify app lacks {', '.join(sorted(lacking))}"))
        for kind, scope in SCOPES.items():
            if scope in lacking:
                block(self._ledger, kind, scope)
            else:
                unblock(self._ledger, kind)
        shop = self._shopify.shop()
        self._ledger.save_connection(replace(self._ledger.connection, timezone=shop["iana_timezone"]))

    def _see_the_portal(self) -> None:
        self._ledger.save_connection(replace(self._ledger.connection, tenant=self._hubspot.portal()))

    def again(self) -> None:
        """Do what was left undone while nothing might be written."""
        self._ledger.save_setting(LEFT, None)
        self._done = 0

    def _make_properties(self) -> None:
        if self._leaves_it():
            return
        for object_type, wanted in sorted(definitions(self._settings.integration).items()):
            known = self._hubspot.property_names(object_type)
            lacking = [one for one in wanted if one.name not in known]
            if not lacking:
                continue
            if GROUP not in self._hubspot.group_names(object_type):
                self._hubspot.make_group(object_type, GROUP, GROUP_LABEL)
            self._hubspot.make_properties(object_type, [_property(one) for one in lacking])

    def _find_the_pipeline(self) -> None:
        """A21: the E-commerce pipeline is made; the Order pipeline is every portal's own (B23)."""
        wanted = PIPELINES[self._settings.integration]
        found = portal_pipeline(wanted, self._hubspot.pipelines(wanted.object_type))
        if found is None and self._leaves_it():
            found = {"id": wanted.id, "label": wanted.label, "stages": _stages(wanted)}
        if found is None:
            found = self._hubspot.make_pipeline(wanted.object_type, _pipeline(wanted))
        stages = stage_ids(wanted, found["stages"])
        with self._ledger.transaction():
            self._ledger.save_connection(replace(self._ledger.connection, pipeline=found["id"], stages=stages))
            keep_copy(self._ledger, found, self._now())

    def _remember_the_deleted(self) -> None:
        """Contacts that are in HubSpot's recycle bin stay away even though the ledger is new (A13)."""
        self._bin.read()

    def _subscribe(self) -> None:
        if "webhooks" in self._settings.nets and not self._leaves_it():
            subscribe(self._shopify, self._settings, blocked(self._ledger))

    def _begin_the_import(self) -> None:
        state = self._ledger.connection
        self._ledger.save_connection(
            replace(state, phase="importing", connected_at_ms=state.connected_at_ms or self._now())
        )

    def _leaves_it(self) -> bool:
        """Whether nothing may be written yet; then it is remembered that something was left undone."""
        if self._ledger.held:
            self._ledger.save_setting(LEFT, True)
        return self._ledger.held


TASKS: tuple[Callable[[Setup], None], ...] = (
    Setup._see_the_shop,
    Setup._see_the_portal,
    Setup._make_properties,
    Setup._find_the_pipeline,
    Setup._remember_the_deleted,
    Setup._subscribe,
    Setup._begin_the_import,
)


def subscribe(shopify: Shopify, settings: CoreSettings, barred: Collection[Kind] = ()) -> None:
    """Make the subscriptions that are lacking, but for what the app may not read or the integration does not show."""
    address = f"{settings.receiver_url.rstrip('/')}/webhooks/shopify"
    there = {row["topic"] for row in shopify.subscriptions() if row["address"] == address}
    useless = {topic.name for topic in TOPICS.values() if topic.only not in (None, settings.integration)}
    barred_too = {topic.name for topic in TOPICS.values() if topic.kind in barred}
    allowed = [name for name in SUBSCRIBED if name not in useless | barred_too]
    lacking = [topic for topic in allowed if topic not in there]
    granted = _with_implied(shopify.scopes()) if NEEDED_SCOPES.keys() & set(lacking) else set()
    for topic in lacking:
        if topic not in NEEDED_SCOPES or NEEDED_SCOPES[topic] in granted:
            shopify.subscribe(topic, address)


def _with_implied(scopes: set[str]) -> set[str]:
    """`write_x` lets an app read x too [PY]."""
    return scopes | {f"read_{scope.removeprefix('write_')}" for scope in scopes if scope.startswith("write_")}


def _property(one: PropertyDefinition) -> dict[str, Any]:
    return {
        "name": one.name,
        "label": one.label,
        "type": one.type,
        "fieldType": one.field_type,
        "groupName": one.group,
        **({"hasUniqueValue": True} if one.has_unique_value else {}),
        **({"options": list(one.options)} if one.options else {}),
    }


def _stages(wanted: Pipeline) -> list[dict[str, Any]]:
    """As HubSpot will show them once they are made."""
    return [{"id": stage.id, "label": stage.label, "displayOrder": place} for place, stage in enumerate(wanted.stages)]


def _pipeline(wanted: Pipeline) -> Mapping[str, Any]:
    stages = [
        {"label": stage.label, "displayOrder": place, "metadata": dict(stage.metadata), "stageId": stage.id}
        for place, stage in enumerate(wanted.stages)
    ]
    return {"label": wanted.label, "displayOrder": 1, "pipelineId": wanted.id, "stages": stages}

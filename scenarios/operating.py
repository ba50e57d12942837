"""What the operator of the sync core does, as verbs of a drill: over the core's own pages, with its key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from scenarios.verbs import Drill

Json = dict[str, Any]

PIPELINE = "/crm/v3/pipelines/orders"


class SyncVerbs:
    """The sync core's settings.

    Attributes:
        never_deleted: the objects whose records the user has told to keep, for the oracle (I9).
        mapped: what the user has mapped the statuses of Shopify's orders to, for the oracle: the label of a stage in
            lower case, None for Skip. A status that is not in it has the stage of its own name.
    """

    def __init__(self, drill: Drill) -> None:
        self._drill = drill
        self.mapped: dict[str, str | None] = {}
        self.never_deleted: frozenset[str] = frozenset()

    def told(self, path: str = "") -> Json:
        """What the core tells of the drill's shop."""
        return self.ask("GET", path)

    def turn(self, object_type: str, to: str) -> None:
        """An object's sync "on", "off" or "deleted" (B12 to B15)."""
        self.ask("PUT", f"/objects/{object_type}", {"sync": to})

    def set(self, **values: Any) -> None:
        """Settings by their names."""
        told = self.ask("PATCH", "/settings", values)["settings"]
        self.never_deleted = frozenset(told["never_delete"])

    def map_stages(self, **labels: str | None) -> Json:
        """Choose a status for the stages with these labels, None to skip; review, save and sync. Returns the review."""
        told = self.ask("POST", "/pipeline/refresh")
        ids = {stage["label"].lower(): stage["id"] for stage in told["stages"]}
        self.ask("PUT", "/pipeline/draft", {"stages": {ids[label]: status for label, status in labels.items()}})
        review = self.ask("GET", "/pipeline/review")
        saved = self.ask("POST", "/pipeline/save")
        shown = {stage["status"]: stage["label"].lower() for stage in saved["stages"] if stage["status"]}
        self.mapped = {status: shown.get(status) for status in saved["statuses"]}
        return review

    def add_stage(self, label: str) -> None:
        """A HubSpot user adds a stage to the Order pipeline (B26)."""
        token = self._drill.world["apps"]["drill"]["hubspot_token"]
        headers = {"Authorization": f"Bearer {token}"}
        (pipeline,) = self._drill.vendor("GET", PIPELINE, headers)["results"]
        wanted = {"label": label, "displayOrder": len(pipeline["stages"]), "metadata": {"state": "OPEN"}}
        self._drill.vendor("POST", f"{PIPELINE}/{pipeline['id']}/stages", headers, wanted)

    def is_turned_out(self) -> None:
        """The merchant uninstalls the app."""
        self._drill.shop.storefront("POST", "apps/sync/uninstall", {})

    def is_let_in(self) -> None:
        """The merchant installs the app again, and the store is connected anew (I11)."""
        app = self._drill.shop.storefront("POST", "apps/sync/install", {})["app"]
        self.connect(self._drill.world["shop"], app["token"])

    def connect(self, shop: str, token: str) -> None:
        """Connect a store, or revive its old connection (B6)."""
        self.call("POST", "/connections", {"shop": shop, "shopify_token": token})

    def ask(self, method: str, path: str, body: Any = None) -> Json:
        """One of the pages about the drill's shop."""
        return self.call(method, f"/connections/{self._drill.world['shop']}{path}", body)

    def call(self, method: str, path: str, body: Any = None) -> Json:
        """One of the operator's pages."""
        world = self._drill.world
        answer: requests.Response = self._drill.session.request(
            method,
            world["sync_url"] + path,
            json=body,
            headers={"Authorization": f"Bearer {world['sync_key']}"},
            timeout=60,
        )
        if answer.status_code >= 400:
            raise AssertionError(f"{method} {path} answered {answer.status_code}: {answer.text[:500]}")
        found: Json = answer.json()
        return found

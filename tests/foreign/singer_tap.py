"""Singer taps as their users run them: discover, select, sync; the records of the output by stream."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import mkdtemp

from drill import control, told_so_far

LONGEST_S = 120


class Tap:
    """A tap's command with its configuration; older taps are told the catalog by another option."""

    def __init__(self, command: str, config: dict, catalog_option: str = "--catalog") -> None:
        self.catalog_option = catalog_option
        self.folder = Path(mkdtemp(prefix="syncdrill-tap-"))
        self.command = [str(Path(sys.executable).with_name(command)), "--config", self._file("config", config)]
        self.catalog: dict = {}

    def discovers(self) -> list[str]:
        """The streams that there are."""
        self.catalog = json.loads(self._run("--discover"))
        return [stream["stream"] for stream in self.catalog["streams"]]

    def syncs(self, *wanted: str) -> tuple[Counter, list[dict]]:
        """How many records of each stream came, and their messages."""
        if not self.catalog:
            self.discovers()
        for stream in self.catalog["streams"]:
            for part in stream["metadata"]:
                if not part["breadcrumb"]:
                    part["metadata"]["selected"] = stream["stream"] in wanted
                elif part["metadata"].get("inclusion") == "available":
                    part["metadata"]["selected"] = True
        lines = self._run(self.catalog_option, self._file("catalog", self.catalog)).splitlines()
        records = [told for line in lines if (told := json.loads(line))["type"] == "RECORD"]
        return Counter(told["stream"] for told in records), records

    def _run(self, *more: str) -> str:
        before = told_so_far()
        done = subprocess.run(
            [*self.command, *more], capture_output=True, text=True, timeout=LONGEST_S, env=os.environ, check=False
        )
        if done.returncode:
            raise RuntimeError("\n".join(_lacking(before) or _said(done.stderr)))
        return done.stdout

    def _file(self, name: str, value: dict) -> str:
        file = self.folder / f"{name}.json"
        file.write_text(json.dumps(value))
        return str(file)


def _lacking(after: int) -> list[str]:
    """What the fakes said that they lack since then: taps keep the answer to themselves."""
    entries = control("GET", f"journal?limit=1000&after={after}")["entries"]
    return sorted({f"not simulated: {entry['path']}" for entry in entries if entry["status"] == 501})


def _said(log: str) -> list[str]:
    """The lines of a tap's log in which GraphQL's answer says so; else its last words."""
    lines = log.splitlines()
    return [line for line in lines if "not simulated" in line][:3] or lines[-8:]

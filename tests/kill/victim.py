"""`syncdrill sync` as a process of its own, which is killed and started again with the same ledger."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import requests

ROOT = Path(__file__).parents[2]
NOTES = struct.Struct("<3q")  # as noted/sitecustomize.py writes them
LONGEST_START_S = 60
LOOK_EVERY_S = 0.02
KEY = "the-operators-key"


@dataclass(frozen=True, slots=True)
class Death:
    """What the process was in the middle of when it was killed.

    Args:
        up: whether it had said where it listens.
    """

    up: bool
    in_transaction: bool
    in_call: bool
    in_write: bool


class Victim:
    """Args: ledger: a file, or whatever `--ledger` takes; port: where it listens, each time."""

    def __init__(self, folder: Path, env: Path, ledger: str, port: int, options: Sequence[str]) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.opened = f"{self.url}/connect?key={KEY}"
        self.log, self._notes = folder / "sync.log", folder / "notes"
        self._command = [sys.executable, "-m", "scenarios.cli", "sync", "--connect", "--env", str(env)]
        self._command += ["--port", str(port), "--ledger", ledger, *options]
        self._process: subprocess.Popen[bytes] | None = None

    def starts(self) -> None:
        """Return at once; see `is_up`."""
        self._notes.write_bytes(NOTES.pack(0, 0, 0))
        paths = os.pathsep.join((str(Path(__file__).parent / "noted"), str(ROOT)))
        environ = os.environ | {"PYTHONPATH": paths, "NOTED_IN": str(self._notes), "SYNC_KEY": KEY}
        environ["PYTHONUNBUFFERED"] = "1"
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log, env=environ, cwd=ROOT)

    @property
    def is_up(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            code = self._process.returncode
            raise AssertionError(f"the sync core has ended by itself with {code}: {self.log.read_text()}")
        return b"SYNC_URL=" in self.log.read_bytes()

    def waits_until_up(self) -> None:
        ends_at = time.monotonic() + LONGEST_START_S
        while not self.is_up:
            assert time.monotonic() < ends_at, self.log.read_text()
            time.sleep(LOOK_EVERY_S)

    def dies(self) -> Death:
        """Killed where it stands: stopped first, so that what it noted is what it was doing."""
        process = self._process
        assert process is not None
        up = self.is_up
        process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
        transactions, calls, writes = NOTES.unpack(self._notes.read_bytes())
        process.kill()
        process.wait()
        return Death(up, transactions > 0, calls > 0, writes > 0)

    def ends(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def status(self) -> dict:
        assert self.is_up
        told: dict = requests.get(f"{self.url}/status", timeout=30).json()
        return told

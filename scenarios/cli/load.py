"""`syncdrill load`: the ten-minute promise under load; fakes, sync core and Locust are processes of their own."""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import click

from scenarios.cli.exits import BROKEN, OK, USAGE, Problem
from scenarios.cli.options import integration_option, read_env, seed_option
from scenarios.cli.processes import running, wait_until
from scenarios.cli.running import call

PROMISE_MS = 600_000  # "within 10 minutes after a change" (B10)
FEWEST_SAMPLES = 20  # below, a p99 says nothing
MOST_FAILED = 0.01  # of the requests; beyond it the load was not what it was meant to be
START_S = 60  # for a process of ours to be ready
FIRST_IMPORT_S = 600
OURSELVES = (sys.executable, "-m", "scenarios.cli")


@dataclass(frozen=True, slots=True)
class Propagation:
    """How long the changes of one kind took. `missing` are those that HubSpot never showed."""

    kind: str
    count: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float
    missing: int

    @property
    def holds(self) -> bool:
        return self.p99_ms <= PROMISE_MS and not self.missing


@click.command("load")
@click.option("--users", type=click.IntRange(1, 10_000), default=10, show_default=True, help="Shoppers and merchants.")
@click.option("--rate", type=click.FloatRange(0.01, 100_000), default=2.0, show_default=True, help="Changes a second.")
@click.option(
    "--time", "seconds", type=click.IntRange(1, 86_400), default=60, show_default=True, help="Of trade, in s."
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("out/load"),
    show_default=True,
    help="Folder for Locust's HTML and CSV and the logs of the processes.",
)
@click.option("--calm", is_flag=True, help="Without the vendors' limits: how fast the sync core itself is.")
@seed_option
@integration_option
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def command(
    users: int, rate: float, seconds: int, out: Path, calm: bool, seed: int, integration: str, as_json: bool
) -> int:
    """Measure the ten-minute promise under load.

    Starts `syncdrill up --no-sync` and `syncdrill sync` on free ports, lets Locust's users trade, and waits for the
    last change as long as the promise allows. Exit code 1 when p99 of any kind breaks the promise or a change is lost.
    """
    if find_spec("locust") is None:
        raise Problem("the load test needs Locust: pip install 'syncdrill[load]'", USAGE)
    out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        variables = stack.enter_context(_up(out, seed, integration, calm))
        click.echo("the fakes are up; the sync core connects and imports", err=True)
        stack.enter_context(_sync(out, variables, integration))
        click.echo(f"trade for {seconds} s, then the last changes are waited for", err=True)
        _run_locust(out, variables["SHOPIFY_URL"], users, rate, seconds, seed)
    found, failed_share = read_figures(out / "load_stats.csv")
    _tell(found, failed_share, out, as_json)
    return judge(found, failed_share)


# --- the processes ---


@contextmanager
def _up(out: Path, seed: int, integration: str, calm: bool) -> Iterator[Mapping[str, str]]:
    """The fakes; gives the variables that lead to them."""
    log = out / "up.log"
    with tempfile.TemporaryDirectory(prefix="syncdrill-") as folder:
        env = Path(folder) / "up.env"
        arguments = ["up", "--no-sync", "--port", "0", "--env", str(env), "--seed", str(seed)]
        arguments += ["--integration", integration, *(["--calm"] if calm else [])]
        with running([*OURSELVES, *arguments], log) as process:
            wait_until(env.exists, process, log, "the fakes did not start", START_S)
            yield read_env(env)


@contextmanager
def _sync(out: Path, variables: Mapping[str, str], integration: str) -> Iterator[None]:
    """The sync core alone, once its first import is complete: there the promise begins (B10)."""
    log = out / "sync.log"
    with running([*OURSELVES, "sync", "--port", "0", "--integration", integration], log, variables) as process:
        wait_until(lambda: _sync_url(log) is not None, process, log, "the sync core did not start", START_S)
        url = _sync_url(log) or ""
        live = partial(_is_live, url)
        wait_until(live, process, log, "the first import did not end", FIRST_IMPORT_S)
        yield


def _sync_url(log: Path) -> str | None:
    """`syncdrill sync` says where it listens."""
    lines = log.read_text(errors="replace").splitlines()
    return next((line.partition("=")[2] for line in lines if line.startswith("SYNC_URL=")), None)


def _is_live(url: str) -> bool:
    return bool(call(url, "GET", "/status")["phase"] == "live")


def _run_locust(out: Path, url: str, users: int, rate: float, seconds: int, seed: int) -> None:
    found = find_spec("loadtests")
    locustfile = Path(found.origin if found and found.origin else "").with_name("locustfile.py")
    longest_s = seconds + PROMISE_MS // 1000 + START_S  # the watcher ends it earlier, when all is shown
    arguments = ["--headless", "--only-summary", "--host", url, "--users", str(users + 1), "--spawn-rate", "100"]
    arguments += ["--run-time", f"{longest_s}s", "--rate", str(rate), "--trade-seconds", str(seconds)]
    arguments += ["--drill-seed", str(seed), "--csv", str(out / "load"), "--html", str(out / "load.html")]
    arguments += ["--exit-code-on-error", "0"]  # what failed stands in the figures, where it is judged
    log = out / "locust.log"
    with running([sys.executable, "-m", "locust", "--locustfile", str(locustfile), *arguments], log) as process:
        code = process.wait()
    if code != 0:
        raise Problem(f"Locust ended with {code}: look into {log}")


# --- the figures ---


def read_figures(stats: Path) -> tuple[list[Propagation], float]:
    """Propagation by kind, and the share of failed requests, from Locust's CSV."""
    with stats.open(newline="", encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    found = [
        Propagation(
            kind=row["Name"],
            count=int(row["Request Count"]),
            p50_ms=float(row["50%"]),
            p95_ms=float(row["95%"]),
            p99_ms=float(row["99%"]),
            max_ms=float(row["Max Response Time"]),
            missing=int(row["Failure Count"]),
        )
        for row in rows
        if row["Type"] == "SYNC"
    ]
    requests = [row for row in rows if row["Type"] not in ("SYNC", "") and row["Name"] != "Aggregated"]
    sent = sum(int(row["Request Count"]) for row in requests)
    failed = sum(int(row["Failure Count"]) for row in requests)
    return found, failed / sent if sent else 1.0


def judge(found: list[Propagation], failed_share: float) -> int:
    if any(not one.holds for one in found) or failed_share > MOST_FAILED:
        return BROKEN
    return OK if sum(one.count for one in found) >= FEWEST_SAMPLES else USAGE


def _tell(found: list[Propagation], failed_share: float, out: Path, as_json: bool) -> None:
    if as_json:
        kinds = [asdict(one) for one in found]
        click.echo(json.dumps({"promise_ms": PROMISE_MS, "propagation": kinds, "failed_share": failed_share}))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"From the commit in Shopify to its sight in HubSpot (promise: {PROMISE_MS // 1000} s)")
    for heading in ("change", "count", "p50", "p95", "p99", "max", "lost"):
        table.add_column(heading, justify="left" if heading == "change" else "right")
    for one in found:
        times = (f"{ms / 1000:.2f} s" for ms in (one.p50_ms, one.p95_ms, one.p99_ms, one.max_ms))
        table.add_row(one.kind, str(one.count), *times, str(one.missing), style=None if one.holds else "red")
    console = Console()
    console.print(table)
    if failed_share > MOST_FAILED:
        console.print(
            f"{failed_share:.1%} of the requests failed: the load was not what it was meant to be", style="red"
        )
    if sum(one.count for one in found) < FEWEST_SAMPLES:
        console.print(f"fewer than {FEWEST_SAMPLES} changes: too few to judge; trade longer, or at a higher --rate")
    console.print(f"chart: {out / 'load.html'}  figures: {out / 'load_stats.csv'}", highlight=False)

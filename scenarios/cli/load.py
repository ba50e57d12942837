"""`syncdrill load`: the ten-minute promise under load; fakes, sync core and Locust are processes of their own."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scenarios.cli.exits import BROKEN, OK, USAGE, Problem
from scenarios.cli.options import integration_option, number_option, read_env, seed_option
from scenarios.cli.processes import last_words, running, wait_until
from scenarios.cli.running import call
from scenarios.cli.screen import Watch, progress, results

if TYPE_CHECKING:
    from rich.console import Console

PROMISE_MS = 600_000  # "within 10 minutes after a change" (B10)
FEWEST_SAMPLES = 20  # below, a p99 says nothing
MOST_FAILED = 0.01  # of the requests; beyond it the load was not what it was meant to be
LOOK_EVERY_S = 0.2
START_S = 60  # for a process of ours to be ready
FIRST_IMPORT_S = 600
OURSELVES = (sys.executable, "-m", "scenarios.cli")


@dataclass(frozen=True, slots=True)
class Propagation:
    """How long the changes of one kind took. `late` took longer than the promise; `missing` HubSpot never showed."""

    kind: str
    count: int
    p50_ms: int
    p95_ms: int
    p99_ms: int
    max_ms: int
    late: int
    missing: int

    @property
    def holds(self) -> bool:
        return self.p99_ms <= PROMISE_MS and not self.missing


@dataclass(frozen=True, slots=True)
class Traffic:
    """What the load came to: changes that users made, and all requests of users and watcher."""

    trades: int
    requests: int
    failed: int

    @property
    def failed_share(self) -> float:
        return self.failed / self.requests if self.requests else 1.0


@click.command("load")
@number_option("--users", 1, 10_000, default=10, help="Shoppers and merchants.")
@number_option("--rate", 0.01, 100_000, float, default=2.0, help="Changes a second, of all users together.")
@number_option("--time", 1, 86_400, default=60, help="How long they trade, in seconds.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("out/load"),
    show_default=True,
    help="Folder for the HTML report, the CSV files and the logs of the processes.",
)
@click.option("--calm", is_flag=True, help="Without the vendors' limits: how fast the sync core itself is.")
@seed_option
@integration_option
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def command(
    users: int, rate: float, time: int, out: Path, calm: bool, seed: int, integration: str, as_json: bool
) -> int:
    """Measure the ten-minute promise under load.

    Starts `syncdrill up --no-sync` and `syncdrill sync` on free ports, lets Locust's users trade, and waits for the
    last change as long as the promise allows. Exit code 1 when p99 of any kind breaks the promise, a change is lost, or
    more than one request in a hundred failed; 2 when there were too few changes to judge.
    """
    if find_spec("locust") is None:
        raise Problem("the load test needs Locust: pip install 'syncdrill[load]'", USAGE)
    _make(out)
    with ExitStack() as stack:
        watch = stack.enter_context(progress(shown=not as_json))
        watch("the fakes", 0, 1, "start")
        fakes = stack.enter_context(_up(out, seed, integration, calm))
        watch("the fakes", 1, 1, "up")
        watch("the sync core", 0, 1, "connects and imports")
        sync = stack.enter_context(_sync(out, fakes.variables, integration))
        watch("the sync core", 1, 1, "live")
        trade = Trade(fakes.variables["SHOPIFY_URL"], users, rate, time, seed)
        _run_locust(out, trade, {out / "up.log": fakes.process, out / "sync.log": sync}, watch)
    found, traffic = read_changes(out / "changes.csv"), read_traffic(out / "load_stats.csv")
    if as_json:
        kinds = [asdict(one) for one in found]
        told = {"promise_ms": PROMISE_MS, "propagation": kinds, **asdict(traffic)}
        click.echo(json.dumps(told | {"failed_share": traffic.failed_share}))
    else:
        _tell(found, traffic, trade, out)
    return judge(found, traffic)


# --- the processes ---


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "changes.csv").unlink(missing_ok=True)  # an older run's figures are not this one's
    except OSError as error:
        raise Problem(f"the folder {folder} cannot be used ({error.strerror}): choose another --out", USAGE) from None


@dataclass(frozen=True, slots=True)
class Fakes:
    """The process of the fakes, and the variables that lead to them."""

    process: subprocess.Popen[bytes]
    variables: Mapping[str, str]


@contextmanager
def _up(out: Path, seed: int, integration: str, calm: bool) -> Iterator[Fakes]:
    log = out / "up.log"
    with tempfile.TemporaryDirectory(prefix="syncdrill-") as folder:
        env = Path(folder) / "up.env"
        arguments = ["up", "--no-sync", "--port", "0", "--env", str(env), "--seed", str(seed)]
        arguments += ["--integration", integration, *(["--calm"] if calm else [])]
        with running([*OURSELVES, *arguments], log) as process:
            wait_until(env.exists, process, log, "the fakes did not start", START_S)
            yield Fakes(process, read_env(env))


@contextmanager
def _sync(out: Path, variables: Mapping[str, str], integration: str) -> Iterator[subprocess.Popen[bytes]]:
    """The sync core alone, once its first import is complete: there the promise begins (B10)."""
    log = out / "sync.log"
    arguments = ["sync", "--verbose", "--port", "0", "--integration", integration]
    with running([*OURSELVES, *arguments], log, variables) as process:
        wait_until(lambda: _sync_url(log) is not None, process, log, "the sync core did not start", START_S)
        url = _sync_url(log) or ""
        live = partial(_is_live, url)
        wait_until(live, process, log, "the first import did not end", FIRST_IMPORT_S)
        yield process


def _sync_url(log: Path) -> str | None:
    """`syncdrill sync` says where it listens."""
    lines = log.read_text(errors="replace").splitlines()
    return next((line.partition("=")[2] for line in lines if line.startswith("SYNC_URL=")), None)


def _is_live(url: str) -> bool:
    return bool(call(url, "GET", "/status")["phase"] == "live")


@dataclass(frozen=True, slots=True)
class Trade:
    """The load that is asked for."""

    url: str
    users: int
    rate: float
    seconds: int
    seed: int


def _run_locust(out: Path, trade: Trade, others: Mapping[Path, subprocess.Popen[bytes]], watch: Watch) -> None:
    """Trade, then wait for the last changes; whichever of the `others` ends meanwhile ends all, by a Problem."""
    found = find_spec("loadtests")
    locustfile = Path(found.origin if found and found.origin else "").with_name("locustfile.py")
    longest_s = trade.seconds + PROMISE_MS // 1000 + START_S  # the watcher ends it earlier, when all is shown
    arguments = ["--headless", "--only-summary", "--host", trade.url, "--users", str(trade.users + 1)]
    arguments += ["--spawn-rate", "100", "--run-time", f"{longest_s}s", "--rate", str(trade.rate)]
    arguments += ["--trade-seconds", str(trade.seconds), "--drill-seed", str(trade.seed)]
    arguments += ["--csv", str(out / "load"), "--html", str(out / "load.html")]
    arguments += ["--changes-file", str(out / "changes.csv")]
    arguments += ["--exit-code-on-error", "0"]  # what failed stands in the figures, where it is judged
    log = out / "locust.log"
    with running([sys.executable, "-m", "locust", "--locustfile", str(locustfile), *arguments], log) as process:
        began_s = time.monotonic()
        while process.poll() is None:
            _show_trade(trade, time.monotonic() - began_s, watch)
            for other_log, other in others.items():
                if other.poll() is not None:
                    raise Problem(f"{other_log.stem} ended during the load test: {last_words(other_log)}")
            time.sleep(LOOK_EVERY_S)
    if process.returncode != 0:
        raise Problem(f"Locust ended with {process.returncode}: {last_words(log)}")


def _show_trade(trade: Trade, passed_s: float, watch: Watch) -> None:
    watch("trade", min(int(passed_s), trade.seconds), trade.seconds, f"{trade.rate:g} changes a second")
    waited_s = int(passed_s) - trade.seconds
    if waited_s >= 0:
        watch("the last changes", waited_s, PROMISE_MS // 1000, "waited for, no longer than the promise")


# --- the figures ---


def read_changes(file: Path) -> list[Propagation]:
    """Propagation by kind of change, and of all, from the watcher's list."""
    with file.open(newline="", encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    groups: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        groups.setdefault(row["kind"], []).append(row)
    return [_propagation(kind, groups[kind]) for kind in sorted(groups)] + ([_propagation("all", rows)] if rows else [])


def _propagation(kind: str, rows: Sequence[Mapping[str, str]]) -> Propagation:
    took = sorted(int(row["seen_at_ms"]) - int(row["committed_at_ms"]) for row in rows if row["seen_at_ms"])
    p50, p95, p99 = (took[-(-len(took) * share // 100) - 1] if took else 0 for share in (50, 95, 99))  # nearest rank
    most, late = max(took, default=0), sum(ms > PROMISE_MS for ms in took)
    return Propagation(kind, len(rows), p50, p95, p99, most, late, len(rows) - len(took))


def read_traffic(stats: Path) -> Traffic:
    """From Locust's CSV: SYNC rows are measurements, TRADE rows whole changes, all others requests."""
    with stats.open(newline="", encoding="utf-8") as opened:
        rows = [row for row in csv.DictReader(opened) if row["Name"] != "Aggregated"]
    trades = sum(int(row["Request Count"]) for row in rows if row["Type"] == "TRADE")
    sent = [row for row in rows if row["Type"] != "SYNC"]
    return Traffic(
        trades, sum(int(row["Request Count"]) for row in sent), sum(int(row["Failure Count"]) for row in sent)
    )


def judge(found: Sequence[Propagation], traffic: Traffic) -> int:
    if any(not one.holds for one in found) or traffic.failed_share > MOST_FAILED:
        return BROKEN
    return OK if _count(found) >= FEWEST_SAMPLES else USAGE


def _count(found: Sequence[Propagation]) -> int:
    return sum(one.count for one in found if one.kind == "all")


def _tell(found: Sequence[Propagation], traffic: Traffic, trade: Trade, out: Path) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, title="From the commit in Shopify to visible in HubSpot", title_justify="left")
    for heading in ("change of", "changes", "p50 s", "p95 s", "p99 s", "max s", "over 600 s", "never shown"):
        table.add_column(heading, justify="left" if heading == "change of" else "right")
    for one in found:
        times = (f"{ms / 1000:.2f}" for ms in (one.p50_ms, one.p95_ms, one.p99_ms, one.max_ms))
        figures = (one.kind, str(one.count), *times, str(one.late), str(one.missing))
        table.add_row(*figures, style=None if one.holds else "red")
    console = results()
    console.print(table)
    a_second = traffic.trades / trade.seconds
    console.print(
        f"load: {traffic.trades} deeds in {trade.seconds} s, {a_second:.2f} a second ({trade.rate:g} asked for); "
        f"{traffic.failed} of {traffic.requests} requests failed ({traffic.failed_share:.1%})"
    )
    console.print(
        f"files in {out}: load.html (Locust's charts), changes.csv (each change), load_stats.csv, and what the "
        "processes said: up.log, sync.log, locust.log",
        highlight=False,
    )
    _tell_verdict(found, traffic, out, console)


def _tell_verdict(found: Sequence[Propagation], traffic: Traffic, out: Path, console: Console) -> None:
    if traffic.failed_share > MOST_FAILED:
        console.print(f"The load was not what it was meant to be: look into {out / 'load_failures.csv'}.", style="red")
    if any(not one.holds for one in found):
        console.print("The promise is broken: p99 is above 600 s, or HubSpot never showed a change.", style="bold red")
    elif _count(found) < FEWEST_SAMPLES:
        few = f"Fewer than {FEWEST_SAMPLES} changes are too few to judge: take a longer --time or a higher --rate."
        console.print(few, style="yellow")
    else:
        console.print("The promise held: p99 of every kind is within 600 s, and nothing is lost.", style="bold green")

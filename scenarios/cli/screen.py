"""What a person sees while a command works: results on stdout, progress and log lines on stderr.

Rich is imported only where something is shown, as it takes a while.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

Watch = Callable[[str, int, int, str], None]  # phase, done, total, what happens now

WIDE = 120  # columns of a file or a pipe: nobody's window is too narrow for it
NOISY = ("waitress", "urllib3")  # they speak of sockets that closed while somebody still wrote to them


def results(record: bool = False) -> Console:
    """Where results are printed."""
    from rich.console import Console

    console = Console(record=record)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = WIDE
    return console


@contextmanager
def progress(shown: bool = True, beside: Console | None = None) -> Iterator[Watch]:
    """A bar a phase, on stderr; gives the callback that is told how far things are.

    Args:
        beside: where results are printed meanwhile; in a terminal the bars must then be drawn by the same hand.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<18}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    console = beside if beside and beside.is_terminal else Console(stderr=True, quiet=not shown)
    with Progress(*columns, TextColumn("{task.fields[now]}"), console=console) as bars:
        tasks: dict[str, Any] = {}

        def watch(phase: str, done: int, total: int, now: str) -> None:
            if phase not in tasks:
                tasks[phase] = bars.add_task(phase, total=total, now=now)
            bars.update(tasks[phase], completed=done, total=total, now=now)

        yield watch


@contextmanager
def waiting(words: str) -> Iterator[None]:
    """A sign of life while one long answer is waited for; only in a terminal."""
    from rich.console import Console

    with Console(stderr=True).status(words):
        yield


def verbose_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--verbose`: what the programs log, on stderr; without it only what nobody expects."""
    return click.option(
        "-v",
        "--verbose",
        is_flag=True,
        expose_value=False,
        callback=_log_to_stderr,
        help="Log to stderr what is put off, tried again and refused.",
    )(command)


def _log_to_stderr(ctx: click.Context, param: click.Parameter, verbose: bool) -> None:  # noqa: ARG001
    handler = Screen()
    handler.addFilter(lambda record: verbose or _is_wanted(record))
    form = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format=form, handlers=[handler])


class Screen(logging.Handler):
    """Writes by way of click, which finds the stderr of the moment: a progress bar stays whole."""

    def emit(self, record: logging.LogRecord) -> None:
        click.echo(self.format(record), err=True)


def _is_wanted(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.ERROR and not record.name.startswith(NOISY)

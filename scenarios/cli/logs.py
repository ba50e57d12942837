"""What `syncdrill sync --log-json` logs: a line a record, for programs that collect logs.

The template and its values stand beside the sentence, so that lines of one kind are found. Of an exception the type and
the places are told, not its words: they may quote a record, and so a person.
"""

from __future__ import annotations

import logging
import traceback
from datetime import UTC, datetime
from typing import Any

import click


def log_json_option(command: Any) -> Any:
    """`--log-json`: everything from INFO on, as JSON on stderr."""
    return click.option(
        "--log-json",
        is_flag=True,
        expose_value=False,
        callback=_log_json,
        help="Log to stderr in JSON, a line a record; without personal data or tokens.",
    )(command)


def _log_json(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:  # noqa: ARG001
    if wanted:
        handler = logging.StreamHandler()
        handler.setFormatter(formatter())
        logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def formatter() -> logging.Formatter:
    from pythonjsonlogger.json import JsonFormatter

    class Lines(JsonFormatter):
        """The fields of a line."""

        def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
            super().add_fields(log_data, record, message_dict)
            at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
            log_data |= {"at": at, "level": record.levelname, "logger": record.name, "template": record.msg}
            log_data["values"] = list(record.args) if isinstance(record.args, tuple) else []
            log_data.pop("exc_info", None)
            if record.exc_info and record.exc_info[0]:
                frames = traceback.extract_tb(record.exc_info[2])
                log_data["exception"] = record.exc_info[0].__name__
                log_data["places"] = [f"{frame.filename}:{frame.lineno}" for frame in frames]

    return Lines("%(message)s", json_default=str)

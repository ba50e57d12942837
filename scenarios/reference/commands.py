"""The commands' page: what click knows of each."""

from __future__ import annotations

from collections.abc import Iterator

import click

from scenarios.cli import COMMANDS, syncdrill
from scenarios.cli.exits import MEANINGS
from scenarios.reference.markdown import code, document, section, table


def page() -> str:
    return document(
        "Commands",
        "Every command of `syncdrill` with its arguments and options.",
        *_commands(),
        section("Exit codes", table(("code", "meaning"), ((str(number), meaning) for number, meaning in MEANINGS))),
    )


def _commands() -> Iterator[str]:
    for row in COMMANDS:
        command = syncdrill.get_command(click.Context(syncdrill), row.name)
        assert command is not None
        yield from _command(f"syncdrill {row.name}", command)


def _command(path: str, command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=path)
    options = [found for param in command.params if (found := param.get_help_record(context))]
    yield section(
        path,
        f"```\n{path} {' '.join(command.collect_usage_pieces(context))}\n```",
        _paragraphs(command.help or ""),
        table(("option", "what it does"), ((code(names), told) for names, told in options)),
    )
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from _command(f"{path} {name}", below)


def _paragraphs(text: str) -> str:
    """Each paragraph as one line; one that begins with \\b is click's way to keep its lines."""
    found = []
    for paragraph in text.split("\n\n"):
        kept = paragraph.lstrip("\n")
        found.append(f"```\n{kept[1:].strip()}\n```" if kept.startswith("\b") else " ".join(kept.split()))
    return "\n\n".join(found)

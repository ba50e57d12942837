"""Documents in step with the code: every command, option, target and file that they name is real."""

from __future__ import annotations

import re

import click
import pytest
from project import ROOT

from scenarios.cli import COMMANDS, syncdrill
from scenarios.cli.exits import MEANINGS

DOCUMENTS = (
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/https.md",
    "docs/scale-out.md",
    "docs/operating.md",
)
TARGETS = set(re.findall(r"^([a-z-]+):(?! *=)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def code(text: str) -> list[str]:
    """Lines of code blocks, and what stands between backticks."""
    blocks = re.findall(r"^```.*?\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    outside = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()] + re.findall(r"`([^`\n]+)`", outside)


def unreal(text: str) -> list[str]:
    """The commands and make targets in a document that do not exist."""
    found = []
    for line in code(text):
        for words in re.findall(r"(?:^|[\s/(])syncdrill((?: +[^\s|;&#]+)+)", line):
            found += [f"syncdrill{words}: {problem}" for problem in _problems(words.split())]
        found += [f"make {name}" for name in re.findall(r"^make ([a-z-]+)", line) if name not in TARGETS]
    return found


def _problems(words: list[str]) -> list[str]:
    """What is wrong with the words behind `syncdrill`: the command, a command below it, an option."""
    command, context = syncdrill, click.Context(syncdrill)
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        name = words.pop(0)
        if not re.fullmatch(r"[a-z]+(\|[a-z]+)*", name):  # a placeholder
            return []
        below = [command.get_command(context, one) for one in name.split("|")]
        if None in below:
            return [f"there is no {name}"]
        command = below[0]
    known = {option for param in command.params for option in param.opts} | {"--help", "-h"}
    return [f"there is no option {word}" for word in words if word.startswith("-") and word.split("=")[0] not in known]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_commands_in_a_document_are_real(document: str) -> None:
    assert [] == unreal((ROOT / document).read_text(encoding="utf-8"))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_files_that_a_document_links_to_are_there(document: str) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", (ROOT / document).read_text(encoding="utf-8"))

    assert [] == [link for link in links if not ((ROOT / document).parent / link).exists()]


def test_the_readme_shows_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert [] == [row.name for row in COMMANDS if f"syncdrill {row.name}" not in readme]


def test_every_make_target_that_is_public_says_what_it_does() -> None:
    told = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

    assert told == TARGETS


def test_the_exit_codes_are_told_once_each() -> None:
    assert [0, 1, 2, 3, 130] == [code for code, _ in MEANINGS]


@pytest.mark.parametrize(
    "text",
    ["`syncdrill fly`", "```\nsyncdrill up --fast\n```", "```\nmake coffee\n```", "`syncdrill scenarios walk`"],
)
def test_a_planted_command_that_does_not_exist_is_found(text: str) -> None:
    assert [] != unreal(text)

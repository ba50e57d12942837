"""`python -m scenarios.reference`: writes the pages to docs/reference of the folder in which it is run."""

from __future__ import annotations

from pathlib import Path

from scenarios.reference import pages

FOLDER = Path("docs/reference")


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()

"""What is shipped and what is installed: packages, lock files, version."""

from __future__ import annotations

import json
import re

from hatchling.builders.wheel import WheelBuilder
from project import PACKAGES, ROOT, settings

LOCKS = ("requirements.txt", "requirements-dev.txt")


def locked(name: str) -> dict[str, str]:
    """Package and version of a lock file."""
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))


def normal(requirement: str) -> str:
    """The package of a requirement, as indexes spell it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=!~\[; ]", requirement)[0]).lower()


def shipped() -> set[str]:
    return {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}


def test_the_wheel_holds_the_packages_whole_and_nothing_else() -> None:
    ours = {
        file.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }

    assert ours == shipped()


def test_every_folder_of_a_package_is_a_package() -> None:
    folders = {file.parent for package in PACKAGES for file in (ROOT / package).rglob("*.py")}

    assert [] == sorted(str(folder) for folder in folders if not (folder / "__init__.py").exists())


def test_the_lock_files_hold_every_dependency() -> None:
    project, groups = settings()["project"], settings()["dependency-groups"]
    run = {normal(one) for one in [*project["dependencies"], *groups["build"]]}
    extras = {normal(one) for extra in project["optional-dependencies"].values() for one in extra}

    assert set() == run - locked("requirements.txt").keys()
    assert set() == (run | extras) - locked("requirements-dev.txt").keys()


def test_both_lock_files_agree() -> None:
    assert locked("requirements.txt").items() <= locked("requirements-dev.txt").items()


def test_every_locked_package_has_hashes_and_none_says_where_it_came_from() -> None:
    for name in LOCKS:
        for entry in re.split(r"\n(?=[a-z])", (ROOT / name).read_text(encoding="utf-8").split("\n", 2)[2]):
            assert re.fullmatch(r"\S+==\S+( ; [^\\]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+\n?", entry), entry


FOREIGN = ROOT / "tests" / "foreign"


def test_foreign_programs_are_locked_with_hashes_and_no_address() -> None:
    python, node = sorted(FOREIGN.glob("*/requirements.in")), sorted(FOREIGN.glob("*/package.json"))
    for file in python:
        lock = file.with_suffix(".txt").read_text(encoding="utf-8")
        entries = re.split(r"\n(?=[a-z])", lock.split("\n", 2)[2])
        assert [] == [
            entry for entry in entries if not re.match(r"\S+==\S+.*\\\n    --hash=sha256:[0-9a-f]{64}", entry)
        ]
    for file in node:
        packages = json.loads(file.with_name("package-lock.json").read_text(encoding="utf-8"))["packages"]
        installed = [package for name, package in packages.items() if name]
        assert [] == [one for one in installed if not one["integrity"].startswith("sha512-") or "resolved" in one]
        assert "omit-lockfile-registry-resolved=true\n" in file.with_name(".npmrc").read_text(encoding="utf-8")

    assert (7, 3) == (len(python), len(node))


def test_pip_is_not_locked_because_it_does_the_installing() -> None:
    assert not {"pip"} & locked("requirements-dev.txt").keys()


def test_the_lock_is_for_every_system() -> None:
    assert re.search(r"^colorama==.* sys_platform == 'win32'", (ROOT / LOCKS[1]).read_text(), re.MULTILINE)


def test_the_changelog_begins_with_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert settings()["project"]["version"] == re.search(r"^## (\S+)", changelog, re.MULTILINE)[1]

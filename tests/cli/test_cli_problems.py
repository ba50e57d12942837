"""What can go wrong at the command line: an exit code, a sentence that says what to do next, no traceback."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scenarios.cli import main


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


NOBODY = "--shopify-url http://127.0.0.1:1 --hubspot-url http://127.0.0.1:1"
TOKENS = "--shop a.myshopify.com --shopify-token a --shopify-secret a --hubspot-token a"


def failed(capsys: pytest.CaptureFixture[str], code: int, *arguments: str) -> str:
    """What the command says on stderr; it must end with `code`."""
    assert code == main(arguments)
    told = capsys.readouterr()
    assert "" == told.out
    assert "Traceback" not in told.err
    return told.err


@pytest.mark.parametrize("arguments", [["seed"], ["explain", "order/1"], ["scenarios", "run"]])
def test_nobody_at_the_address_is_code_3(arguments: list[str], nobody: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = failed(capsys, 3, *arguments, "--url", nobody)

    assert f"nothing answers at {nobody}" in told
    assert "start it with `syncdrill up`" in told


def test_an_import_says_which_row_is_broken_before_it_sends_anything(
    tmp_path: Path, nobody: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "products.csv"
    file.write_text("Handle,Title,Variant Price\ncup,Cup,9\nbag,Bag,nine\n")

    told = failed(capsys, 2, "import", "products", str(file), "--url", nobody)

    assert f"{file}, line 3, column 'Variant Price': 'nine' is not a price" in told
    assert "Nothing was imported." in told


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["fly"], "No such command 'fly'"),
        (["up", "--fast"], "No such option"),
        (["seed", "--products", "many"], "'many' is not a valid integer"),
        (["explain", "invoice/7"], "KIND is customer, product, order, checkout"),
        (["explain", "gid://shopify/Metafield/7"], "names no record"),
        (f"sync {NOBODY} {TOKENS} --ledger mysql://a:secret@b/c".split(), "postgresql:// URL, not mysql"),
        (["seed", "--url", "ftp://127.0.0.1"], "is no address of a running syncdrill"),
        (["seed", "--url", "http://127.0.0.1:port"], "is no address of a running syncdrill"),
        (["up", "--port", "65535"], "65535 is not a number from 0 to 65534"),
        (["demo", "--json", "--svg", "demo.svg"], "take one of them"),
        (["scenarios", "run", "--over", "air"], "'air' is not one of"),
        (["import", "products", "none.csv"], "'none.csv' does not exist"),
        (["scenarios", "run", "no_such_scenario"], "there is no scenario no_such_scenario"),
    ],
)
def test_wrong_usage_is_code_2(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert words in failed(capsys, 2, *arguments)


def test_sync_asks_for_what_it_needs(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOPIFY_URL", raising=False)

    assert "SHOPIFY_URL" in failed(capsys, 2, "sync")


@pytest.mark.parametrize("command", ["up --port 0 --db", f"sync --port 0 {NOBODY} {TOKENS} --ledger"])
@pytest.mark.parametrize("name", ["nowhere/drill.db", "text.db"])
def test_a_file_that_is_no_database_is_named(
    command: str, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text.db").write_text("this is not a database, but it is long enough to look like one" * 20)

    assert f"{tmp_path / name} cannot be used" in failed(capsys, 2, *command.split(), str(tmp_path / name))


@pytest.mark.parametrize("ledger", ["mysql://ann:pa55@host/x", "postgresql://ann:pa55@host:port/x"])
def test_a_database_that_can_be_no_ledger_is_refused_without_its_password(
    ledger: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = failed(capsys, 2, *f"sync --port 0 {NOBODY} {TOKENS} --ledger {ledger}".split())

    assert "postgresql://" in told
    assert "pa55" not in told


def test_a_broken_environment_file_is_named_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "drill.env"
    file.write_text("# a comment\nSHOP=drill\nnonsense\n")

    assert f"{file}, line 3: this is not KEY=value" in failed(capsys, 2, "sync", "--env", str(file))


def test_a_package_that_hides_one_of_ours_is_named(tmp_path: Path) -> None:
    (tmp_path / "simulator.py").write_text("")
    script = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from scenarios.cli import main; sys.exit(main(['-h']))"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert 2 == done.returncode
    assert f"{tmp_path / 'simulator.py'} stands where syncdrill's package 'simulator' should be found" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "option"), [(["load", "--out"], "--out"), (["demo", "--svg"], "--svg"), (["up", "--env"], "--env")]
)
def test_a_place_that_cannot_be_written_is_named_before_the_work_begins(
    arguments: list[str], option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    more = ["--port", "0"] if arguments[0] == "up" else []

    told = failed(capsys, 2, *arguments, str(tmp_path / "file" / "below"), *more)

    assert f"{tmp_path / 'file' / 'below'} cannot be" in told
    assert f"choose another {option}" in told


def test_a_scenario_that_does_not_apply_is_no_success(capsys: pytest.CaptureFixture[str]) -> None:
    from scenarios.runner import as_rows

    one = next(row for row in as_rows() if len(row["integrations"]) == 1)
    other = {"deals": "data-sync", "data-sync": "deals"}[one["integrations"][0]]

    told = failed(capsys, 2, "scenarios", "run", one["name"], "--integration", other)

    assert f"{one['name']} does not apply to {other}" in told

"""Where the ledgers of these tests stand, and that whatever a test leaves open is closed behind it."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
import shell_bench


@pytest.fixture(autouse=True)
def close_benches() -> Iterator[None]:
    yield
    while shell_bench.OPENED:
        shell_bench.OPENED.pop().close()


@pytest.fixture(autouse=True)
def place_of_ledgers(new_ledger: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A bench that is told nothing keeps its ledger in memory, or with `--ledger postgres` there."""
    monkeypatch.setattr(shell_bench, "new_ledger", lambda: new_ledger() or "sqlite://")


@pytest.fixture
def ledgers(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes ledgers that outlive their process: each call is another one's URL."""
    if request.config.getoption("--ledger") == "postgres":
        return request.getfixturevalue("postgres").ledger  # type: ignore[no-any-return]
    numbers = count(1)
    return lambda: f"sqlite:///{tmp_path / f'ledger-{next(numbers)}.db'}"


@pytest.fixture
def ledger_url(ledgers: Callable[[], str]) -> str:
    return ledgers()


@pytest.fixture
def another_ledger(ledgers: Callable[[], str]) -> str:
    return ledgers()

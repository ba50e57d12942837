"""Whatever a test leaves open is closed behind it."""

from collections.abc import Iterator

import pytest
import shell_bench


@pytest.fixture(autouse=True)
def close_benches() -> Iterator[None]:
    yield
    while shell_bench.OPENED:
        shell_bench.OPENED.pop().close()

"""A server on a free port for the vendors' own clients; they are used as installed, unmodified."""

import pytest

from scenarios.serve import environment, serving
from scenarios.world import WorldSpec


@pytest.fixture(scope="module")
def up():
    """The environment of a running `syncdrill up --no-sync`."""
    with serving(WorldSpec(sync=False)) as running:
        yield environment(running.world)

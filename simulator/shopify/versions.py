"""API versions: one row each. A version that has ended is served by the oldest one that has not [VER]."""

from __future__ import annotations

import re
from dataclasses import dataclass

from simulator.kernel.errors import NotFound

WARNING = "https://shopify.dev/concepts/about-apis/versioning"  # X-Shopify-API-Version-Warning after a fall forward
# X-Shopify-API-Deprecated-Reason of the REST paths of products and variants. Our reading of the address: Shopify's page
# about them; that the header holds an address is what its Node clients expect.
PRODUCTS_DEPRECATED = (
    "https://shopify.dev/docs/apps/build/graphql/migrate/new-product-model/api-updates#deprecated-rest-endpoints"
)


@dataclass(frozen=True, slots=True)
class Version:
    """A version: "stable", "candidate" or "unstable" are served as they are, "retired" ones fall forward."""

    name: str
    state: str


# As of November 2026 [VER]. Older names than these fall forward like the retired ones.
VERSIONS = (
    Version("2025-10", "retired"),
    Version("2026-01", "stable"),
    Version("2026-04", "stable"),
    Version("2026-07", "stable"),
    Version("2026-10", "stable"),
    Version("2027-01", "candidate"),
    Version("unstable", "unstable"),
)
OLDEST = next(version for version in VERSIONS if version.state == "stable")
LATEST = [version for version in VERSIONS if version.state == "stable"][-1]
FIRST = "2019-04"  # the first dated version there was


def served(asked: str | None) -> Version:
    """The version that answers; None is a path without one, which gets the oldest stable [VER]."""
    if asked is None:
        return OLDEST
    for version in VERSIONS:
        if version.name == asked:
            return OLDEST if version.state == "retired" else version
    if re.fullmatch(r"20\d\d-(01|04|07|10)", asked) and FIRST <= asked < OLDEST.name:
        return OLDEST
    raise NotFound(asked)  # a version of the future, or no version at all (UNVERIFIED in the reference)

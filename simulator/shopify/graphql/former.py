"""Fields that later versions dropped: a version before that still has them, one from then on calls them unknown.

All versions are served from the schema of 2026-10, and clients that pin an older one mostly ask for what that has. The
rows here are what they ask for beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.shopify.graphql.things import How


@dataclass(frozen=True, slots=True)
class Former:
    """A field of an earlier schema.

    Args:
        type, name, returns: as SDL writes them.
        until: the first version without it.
        how: how it is read.
    """

    type: str
    name: str
    returns: str
    until: str
    how: How


FORMER = (
    # tap-shopify asks for it: valid on 2026-01, gone with 2026-07 [TAP]; 2026-04 has it still, by the schemas that [DP]
    # keeps, and by these every service permits it.
    Former("FulfillmentService", "permitsSkuSharing", "Boolean!", "2026-07", lambda *_: True),
)


def living(version: str) -> tuple[Former, ...]:
    """The fields that a version has beside those of today; "unstable" is later than all that have a date."""
    return tuple(one for one in FORMER if version < one.until)

"""What the tags in square brackets stand for, which follow a behaviour of HubSpot's in this package.

"Our reading" or "unverified" beside a behaviour says that none of these settles it.
"""

from __future__ import annotations

from collections.abc import Mapping

SOURCES: Mapping[str, str] = {
    "S": "HubSpot's public OpenAPI collection of August 2026",
    "PY": "HubSpot's own Python client (hubspot-api-client 12.0.0), its source and what it sends when it is run",
    "SDK": "HubSpot's newer Python client (hubspot-sdk 0.1.0a9), likewise",
    "NODE": "HubSpot's own Node client (@hubspot/api-client 13.5.0), likewise",
    "TAP": "the source of tap-hubspot 4.4.0",
    "REC": "recorded exchanges with the real API (fixtures of grouparoo/grouparoo, February 2022)",
    "D": "developers.hubspot.com, the newest page",
    "D24": "developers.hubspot.com as of 2024; some numbers may be older than today's",
    "CL": "HubSpot's developer changelog",
    "K": "a third party's notes of autumn 2026, which quote the documentation and a live test account",
    "X": "other third parties' code and notes that say they were confirmed live, or that show raw bodies",
    "GK": "general knowledge, unverified",
}

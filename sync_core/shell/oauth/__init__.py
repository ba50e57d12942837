"""OAuth: how a person lets this app into a shop and into a portal, and how it stays in.

vendors  what the two vendors are asked: the page for the person, a token for a code, a token for a refresh token
asking   the questions that are open: each may be answered once, and soon
pages    the pages of the core's own port, on which a person connects
"""

SHOPIFY_BACK, HUBSPOT_BACK = "/connect/shopify/callback", "/connect/hubspot/callback"


def callbacks(base_url: str) -> tuple[str, str]:
    """The redirect URLs that the two apps must have, of a core whose pages are at `base_url`."""
    return f"{base_url}{SHOPIFY_BACK}", f"{base_url}{HUBSPOT_BACK}"

"""The two vendors' APIs as the sync core calls them: within their limits, several calls at once, each one answered."""

"""How the sync core hears of changes: webhooks, and the nets for what these do not tell. All ends in `intake`."""

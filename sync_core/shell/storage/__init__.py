"""What the sync core remembers: the ledger, its tables and versions, on SQLite and PostgreSQL."""

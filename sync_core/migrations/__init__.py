"""Migrations of the ledger's tables: one file a version, which Alembic runs in the order of their names."""

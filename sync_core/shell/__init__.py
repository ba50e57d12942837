"""Doing: HTTP, the ledger, the workers. No decision about business is taken here."""

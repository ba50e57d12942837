"""Each file brings a ledger from the version before it to its own; its name begins with the version."""

"""What runs: a connection for each shop, a core for each portal, a host of threads, several processes on one ledger."""

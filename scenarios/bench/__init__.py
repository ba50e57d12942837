"""Measures the sync core against the least that is possible: calls, the world's time, our own work. `make bench`."""

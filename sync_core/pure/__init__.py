"""Decisions: no I/O, no clock, no chance, no logging."""

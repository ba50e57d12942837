"""What happens to a shop's records: functions on a `Shop` and plain documents, in no dialect's words.

Each function checks everything first, raises `errors.Invalid` with all its reasons, and only then writes.
"""

"""Commits: how many records a run makes durable at once, unless it is told otherwise."""

BATCH = 4_000

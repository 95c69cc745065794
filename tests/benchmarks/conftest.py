"""Keeps pytest from importing the peers: their packages are extras and may be missing."""

collect_ignore = ["peers"]

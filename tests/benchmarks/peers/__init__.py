"""Peers: the search systems of the benchmark, each behind the same small protocol."""

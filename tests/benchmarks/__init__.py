"""Benchmarks: our engine beside other search engines, on the same articles and terms."""

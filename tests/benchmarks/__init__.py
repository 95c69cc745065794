"""Benchmarks: our engine against its peers, on the same articles and the same terms."""

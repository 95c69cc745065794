"""Contract: tests that compare every engine with one brute-force oracle."""

"""Contract: every engine against one brute-force oracle."""

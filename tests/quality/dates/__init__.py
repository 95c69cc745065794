"""Dates: snippets marked by hand, and the measure over them."""

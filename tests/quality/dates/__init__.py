"""Dates: snippets that were annotated by hand, and the measure on them."""

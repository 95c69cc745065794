"""Entities: articles that were annotated by hand, and the measures on them."""

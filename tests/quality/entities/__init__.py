"""Entities: articles marked by hand, and what is measured on them."""

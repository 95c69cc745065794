"""Entities: the authority file, other name lists, and the matcher."""

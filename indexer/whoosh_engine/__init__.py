"""Whoosh engine: one machine, one folder."""

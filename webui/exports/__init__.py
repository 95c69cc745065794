"""Exports and feeds of a search."""

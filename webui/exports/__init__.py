"""Exports: all hits of a search in the formats of other programs, and a feed."""

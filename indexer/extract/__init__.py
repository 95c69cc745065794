"""Extraction: the entities and dates an article speaks of."""

"""Marsad: full-text search for Arabic news of armed conflict."""

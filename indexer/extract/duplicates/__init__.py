"""Duplicates: which articles are copies of one story, found as they are indexed."""

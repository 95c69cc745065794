"""Duplicates: edited copies, and the measure on them."""

"""Duplicates: copies made by editing, and the measure over them."""

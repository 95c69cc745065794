"""Readers: one module for each raw format."""

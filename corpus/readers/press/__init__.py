"""Readers of what press databases export: files with many articles each."""

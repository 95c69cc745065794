"""Syncing: an index is kept in step with folders of files.

Door: opening, retry, run, state, tombstones, unchanged.
"""

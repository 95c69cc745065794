"""Syncing: an index is kept in step with folders of files.

Door: adopt, check_side, folders, forget, opening, owners, retry, run, settings, state, told,
tombstones, unchanged.
"""

"""Rebuilding: an index of an earlier format becomes one of this version.

Door: copy_pass, place, rebuild, refusals.
"""

"""Entities: name lists, the matcher of listed names, and the tagger for all others."""

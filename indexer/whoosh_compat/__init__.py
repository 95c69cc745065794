"""Stock Whoosh reads the segments of an index through these modules.

Door: index.
"""

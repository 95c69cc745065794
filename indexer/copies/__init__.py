"""Near-duplicates: which articles are copies of one another.

Door: clusters, journal, sketch, word_diff.
"""

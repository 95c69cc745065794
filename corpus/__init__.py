"""Corpus: the type of an article, and the readers that make articles of raw files.

Door: article, columns, dates.finder, dates.mention, errors, estimate, formats, letters,
identity, line_file, quarantine, read, remarks, source, tally.
"""

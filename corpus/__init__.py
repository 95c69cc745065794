"""Corpus: the type of an article, and the readers that make articles of raw files.

Door: article, columns, dates.finder, dates.mention, errors, estimate, formats, hashes, letters,
identity, line_file, links, long_text, printable, quarantine, read, remarks, source, tally.
"""

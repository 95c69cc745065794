"""Corpus: what an article is, and how raw files become articles.

Door: article, columns, dates.finder, dates.mention, errors, estimate, formats, letters,
line_file, quarantine, read, source.
"""

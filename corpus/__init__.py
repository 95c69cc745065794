"""Corpus: what an article is, and how raw files become articles."""

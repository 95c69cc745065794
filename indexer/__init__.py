"""Indexer: articles in, ranked search results out."""

"""Tests of `marsad.indexer.search`, a file for each module."""

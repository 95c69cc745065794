"""Compiled loops of the analysis: tokenizing, packing, and reading words."""

"""Compiled loops of the analysis: tokens, packed words and the rules over them."""

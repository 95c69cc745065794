"""Encodings: tell old Arabic encodings from each other by the letters that follow each other."""

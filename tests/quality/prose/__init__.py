"""How the prose of the code reads: words that make it hard, counted, and samples to read."""

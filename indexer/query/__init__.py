"""Query: what a person typed, as a frozen tree."""

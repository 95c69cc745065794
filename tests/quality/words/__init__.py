"""Words: what single words find, measured on real articles."""

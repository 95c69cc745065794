"""Words: the results of queries of a single word, measured on real articles."""

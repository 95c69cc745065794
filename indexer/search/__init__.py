"""Search aids: what a result shows beside its hits, and what a query may become.

Door: any_word, complete, conditions, discover, entity_card, explain, highlight, rerank,
search_request, snippet, suggest, trec_runs, vocabulary.
"""

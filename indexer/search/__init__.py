"""Search aids: highlights, snippets, explanations, completions and suggestions.

They work on the answers of an engine or on its term statistics; none of them knows an engine.

Door: any_word, complete, conditions, discover, entity_card, explain, highlight, rerank,
search_request, snippet, suggest, trec_runs, vocabulary.
"""

"""Query: what a person typed, as a frozen tree.

Door: answers, chains, conditions, dates, diagnostics, events, grammar, lexer, names, parse,
quotes, seen, strictness, syntax, tree, words.
"""

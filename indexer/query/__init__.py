"""Query: turns the text a user typed into a frozen tree for the engine.

Door: answers, chains, conditions, dates, diagnostics, events, grammar, lexer, names, parse, quotes,
strictness, syntax, tree, visible, words.
"""

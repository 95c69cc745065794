"""Analysis: turns text into tokens and tokens into index terms.

Door: analyzer, classes, clitics, folding, grams, joined, lexicon, packed, sentences, spellings,
stopwords, suffixes, term_table, terms, token, tokenizer.
"""

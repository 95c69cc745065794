"""Analysis: text to terms.

Door: analyzer, classes, clitics, folding, grams, joined, lexicon, packed, sentences, spellings,
stopwords, suffixes, term_table, terms, token, tokenizer.
"""

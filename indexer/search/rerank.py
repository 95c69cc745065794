"""Rerank: adds to the scores of the best hits for runs of letters they share with the query.

    query -> [reranker_of] -> a reranker
    texts of the best hits -> [reranker] -> an addition to each score

A misspelt or derived form shares letters with a word of the query even where no rule of
matching joins them. That is evidence for the order of hits, never a reason for a hit. Only a
search by any word is reranked. The runs of letters are `marsad.indexer.analysis.grams`.
"""

import math
from collections.abc import Sequence
from functools import partial

import numpy as np

from marsad.indexer.analysis.grams import count_grams, gram_shares, grams_of
from marsad.indexer.build.document import stored_texts
from marsad.indexer.engine.request import Reranker
from marsad.indexer.fields import BODY, TITLE
from marsad.indexer.query.parse import Parsed

# The weight of grams beside that of words, and k1 and b of BM25. They were chosen on
# tests/quality, together with the parameters in `marsad.indexer.fields`.
_WEIGHT, _K1, _B = 0.3, 0.6, 0.75
# The index has no counts of grams. Their idf is estimated from the lexicon, as if for so many
# documents of so many words each.
_DOCUMENTS, _WORDS = 10_000, 250
_TEXTS = frozenset((TITLE.name, BODY.name))


def reranker_of(parsed: Parsed) -> Reranker | None:
    """Return the reranker of a query, or None if the query asks for all of its words.

    Pages, exports, the API and TREC runs all use it, so that they give hits in one order.
    """
    if not parsed.any_word:
        return None
    tokens = [
        token
        for asked in parsed.asked
        if _TEXTS.intersection(asked.fields)
        for token in asked.tokens
    ]
    # Stop words count only if the query has no other words.
    words = [token.surface for token in tokens if not token.stop] or [t.surface for t in tokens]
    grams = sorted({gram for word in words for gram in grams_of(word)})
    return partial(gram_scores, grams) if grams else None


def gram_scores(grams: Sequence[int], stored: Sequence[str]) -> list[float]:
    """Return the BM25 score of each stored article for *grams* as its terms, 0 or more.

    Args:
        grams: The distinct grams of a query, ascending.
        stored: Articles as the index stores them; an empty text for a damaged one.
    """
    if not stored:
        return []
    counted = [
        count_grams("\n".join(stored_texts(record)) if record else "", grams) for record in stored
    ]
    average = sum(total for _, total in counted) / len(stored) or 1.0
    weights = np.array([_WEIGHT * _idf(gram) * (_K1 + 1) for gram in grams])
    scores = []
    for counts, total in counted:
        saturation = _K1 * (1 - _B + _B * total / average)
        scores.append(float((weights * counts / (counts + saturation)).sum()))
    return scores


def _idf(gram: int) -> float:
    # The chance that a document has the gram, if its words are drawn at random.
    holding = _DOCUMENTS * (1 - math.exp(-_WORDS * gram_shares().get(gram, 0.0)))
    return math.log(_DOCUMENTS / (holding + 1)) + 1

"""Rerank: the best hits of a ranking by any word, once more by the letters that words share.

    query -> [reranker_of] ; best articles -> grams of the query in each -> scores on top

A misspelt or derived form shares letters with what was asked for, even where no rule joins
the two. That is evidence for the order of what was found, never a reason to find it.
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

# The weight beside the words' own, k1 and b were chosen on
# tests/quality together with those of `marsad.indexer.fields`.
_WEIGHT, _K1, _B = 0.3, 0.6, 0.75
# How rare a gram is, is said as for so many documents of so many words.
_DOCUMENTS, _WORDS = 10_000, 250
_TEXTS = frozenset((TITLE.name, BODY.name))


def reranker_of(parsed: Parsed) -> Reranker | None:
    """Return what ranks the best hits of a query once more, None where all words are asked for.

    Every search by any word is ranked with it: runs, pages, exports, the API.
    """
    if not parsed.any_word:
        return None
    tokens = [
        token
        for asked in parsed.asked
        if _TEXTS.intersection(asked.fields)
        for token in asked.tokens
    ]
    words = [token.surface for token in tokens if not token.stop] or [t.surface for t in tokens]
    wanted = sorted({gram for word in words for gram in grams_of(word)})
    return partial(shared_letters, wanted) if wanted else None


def shared_letters(wanted: Sequence[int], stored: Sequence[str]) -> list[float]:
    """Return what each of some *stored* articles gets for the grams *wanted*, ascending, in it."""
    if not stored:
        return []
    counted = [count_grams("\n".join(stored_texts(record)), wanted) for record in stored]
    average = sum(total for _, total in counted) / len(stored) or 1.0
    weights = np.array([_WEIGHT * _idf(gram) * (_K1 + 1) for gram in wanted])
    added = []
    for counts, total in counted:
        level = _K1 * (1 - _B + _B * total / average)
        added.append(float((weights * counts / (counts + level)).sum()))
    return added


def _idf(gram: int) -> float:
    holding = _DOCUMENTS * (1 - math.exp(-_WORDS * gram_shares().get(gram, 0.0)))
    return math.log(_DOCUMENTS / (holding + 1)) + 1

"""Rerank: the best hits of a ranking by any word, once more by the letters that words share.

    hits with their articles -> grams of the query in each -> score on top -> new order

A misspelt or derived form shares letters with what was asked for, even where no rule joins
the two. That is evidence for the order of what was found, never a reason to find it.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from indexer.analysis.analyzer import Analyzer
from indexer.analysis.grams import count_grams, gram_shares, grams_of
from indexer.engine import Hit

# So many hits are looked at; the weight beside the words' own, k1 and b were chosen on
# tests/quality together with those of `indexer.fields`.
RERANKED = 100
_WEIGHT, _K1, _B = 0.3, 0.6, 0.75
# How rare a gram is, is said as for so many documents of so many words.
_DOCUMENTS, _WORDS = 10_000, 250


def rerank(hits: Sequence[Hit], text: str, analyzer: Analyzer) -> tuple[Hit, ...]:
    """Return *hits*, which carry their articles, in the order that the query *text* gives them.

    Scores only grow, so that these hits stay before all that ranked below them.
    """
    tokens = analyzer.analyze(text)
    words = [token.surface for token in tokens if not token.stop] or [t.surface for t in tokens]
    wanted = sorted({gram for word in words for gram in grams_of(word)})
    if not wanted or not hits:
        return tuple(hits)
    counted = [count_grams(_text(hit), wanted) for hit in hits]
    average = sum(total for _, total in counted) / len(hits) or 1.0
    weights = np.array([_WEIGHT * _idf(gram) * (_K1 + 1) for gram in wanted])
    ranked = []
    for hit, (counts, total) in zip(hits, counted, strict=True):
        level = _K1 * (1 - _B + _B * total / average)
        ranked.append(
            replace(hit, score=hit.score + float((weights * counts / (counts + level)).sum()))
        )
    return tuple(sorted(ranked, key=lambda hit: -hit.score))


def _idf(gram: int) -> float:
    holding = _DOCUMENTS * (1 - math.exp(-_WORDS * gram_shares().get(gram, 0.0)))
    return math.log(_DOCUMENTS / (holding + 1)) + 1


def _text(hit: Hit) -> str:
    record = json.loads(hit.stored)
    return f"{record['title']}\n{record['text']}"

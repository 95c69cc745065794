"""Weigh: estimates how often each entry occurs in texts, by expectation-maximization.

Each corpus word with a known lemma is divided among its readings with that lemma, in proportion to
the current weights of forms and particles. The new counts give new weights; there are three rounds
(Dempster, Laird and Rubin, 1977).
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.analysis.alphabet import letters_and_offsets
from marsad.indexer.analysis.build.entries import TENTHS, Entries
from marsad.indexer.analysis.kernels.reading import (
    CLASSES_OF_PARTICLES,
    ENCLITIC,
    ENTRY,
    PROCLITIC,
    SCORE,
    read_words,
)
from marsad.indexer.analysis.particles import ENCLITICS, PROCLITICS

Array = NDArray[Any]
ROUNDS = 3
_UNSEEN = 0.05


class Weights(NamedTuple):
    """Counts of entries, of proclitics and enclitics by class, and of words without a reading."""

    entries: Array
    before: Array
    after: Array
    lost: Counter[tuple[str, str]]


def weigh(entries: Entries, corpus: Mapping[str, Mapping[str, int]]) -> Weights:
    """Return the counts for *corpus*: printed word to lemma to count."""
    words = list(corpus)
    rows, begin = read_words(entries.unweighted(), *letters_and_offsets(words))
    lemma, kind = entries.lemma[rows[:, ENTRY]], entries.kind[rows[:, ENTRY]]
    spelt = rows[:, SCORE] / TENTHS
    counts = Weights(
        np.ones(len(entries)),
        np.ones((len(PROCLITICS), CLASSES_OF_PARTICLES)),
        np.ones((len(ENCLITICS), CLASSES_OF_PARTICLES)),
        Counter(),
    )
    for _ in range(ROUNDS):
        score = np.log(counts.entries + _UNSEEN)[rows[:, ENTRY]] + spelt
        score += _shares(counts.before)[rows[:, PROCLITIC], kind]
        score += _shares(counts.after)[rows[:, ENCLITIC], kind]
        counts = Weights(
            np.zeros(len(entries)),
            np.zeros_like(counts.before),
            np.zeros_like(counts.after),
            Counter(),
        )
        for at, word in enumerate(words):
            first, end = begin[at], begin[at + 1]
            for name, count in corpus[word].items():
                here = first + np.flatnonzero(lemma[first:end] == entries.number.get(name, -1))
                if not here.size:
                    counts.lost[word, name] += count
                    continue
                share = np.exp(score[here] - score[here].max())
                share *= count / share.sum()
                np.add.at(counts.entries, rows[here, ENTRY], share)
                np.add.at(counts.before, (rows[here, PROCLITIC], kind[here]), share)
                np.add.at(counts.after, (rows[here, ENCLITIC], kind[here]), share)
    return counts


def _shares(counts: Array) -> Array:
    shares: Array = np.log(counts + 1) - np.log(counts.sum(0) + 1)
    return shares

"""Unread: words of the frequency list that the lexicon cannot read; most are names.

A reading is rejected if the word is far more common than the form it would come from: بوتين is not
ب and وتين. Such a word is listed whole, without article, in its most common spelling. Endings are
joined to one lemma only for nisbas (حوثي, حوثية, حوثيين), and only if the list has enough of the
endings.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.corpus.letters import fold_letters
from marsad.indexer.analysis.alphabet import letters_and_offsets
from marsad.indexer.analysis.build.alkhalil import Form
from marsad.indexer.analysis.build.entries import TENTHS, Entries
from marsad.indexer.analysis.kernels.reading import ENCLITIC, ENTRY, PROCLITIC, SCORE, read_words
from marsad.indexer.analysis.kernels.table import (
    ALONE,
    ARTICLE,
    ARTICLE_GENITIVE,
    GENITIVE,
    NAME,
    PRONOUN,
    PRONOUN_GENITIVE,
)
from marsad.indexer.analysis.particles import AND, FOR, PROCLITICS, THE, TO, TO_THE

Array = NDArray[Any]
# A reading is rejected if the word is more than this many times as common as its form: with a
# proclitic, and with an enclitic.
_BEFORE, _BEHIND = 1.5, 4.0
# The most a word of the list adds to an entry. The list is made from subtitles of films too, and
# their common words must not outweigh news.
_MOST_ADDED = 5.0
# The weight of a word of the list, compared with a word of the corpus.
_SHARE = 0.3
LEAST_FREQUENCY = 2.2e-8
_SHORTEST = 3
_ARTICLES = sorted(
    (word for word, kind in PROCLITICS if kind in (THE, TO_THE)), key=len, reverse=True
)
_SINGLE = tuple(word for word, kind in PROCLITICS if kind in (AND, TO, FOR) and len(word) == 1)
_NISBA = ("ية", "يين", "يون", "يات", "يتين", "يتان")
_NAME = NAME | ALONE | GENITIVE | ARTICLE | ARTICLE_GENITIVE
_NOUN = ALONE | GENITIVE | ARTICLE | ARTICLE_GENITIVE | PRONOUN | PRONOUN_GENITIVE


def read_list(
    entries: Entries,
    table: tuple[Array, ...],
    frequencies: Mapping[str, float],
    known: Container[str],
    total: float,
) -> tuple[Array, dict[str, float]]:
    """Return what the list adds to each entry's count, and the words that no entry can read.

    Args:
        entries: The known forms.
        table: Their arrays, with the weights so far.
        frequencies: The share of each printed word in texts.
        known: Words of the corpus, which are already counted.
        total: The number of words in the corpus.
    """
    folded: Counter[str] = Counter()
    for word, share in frequencies.items():
        folded[fold_letters(word)] += share  # type: ignore[assignment]
    own = _part_of_form(entries, table[5])
    words = [word for word in frequencies if word not in known]
    rows, begin = read_words(table, *letters_and_offsets(words))
    added = np.zeros(len(entries))
    unread: dict[str, float] = {}
    for at, word in enumerate(words):
        share = frequencies[word]
        kept = [
            row
            for row in rows[begin[at] : begin[at + 1]]
            if _is_believed(row, share, _base(entries, row[ENTRY], own, folded))
        ]
        if not kept:
            unread[word] = share
            continue
        score = np.array([row[SCORE] for row in kept]) / TENTHS
        parts = np.exp(score - score.max())
        parts *= share * total * _SHARE / parts.sum()
        for row, part in zip(kept, parts, strict=True):
            added[row[ENTRY]] += min(part, _MOST_ADDED)
    return added, unread


def _part_of_form(entries: Entries, weights: Array) -> Array:
    """Return each entry's share of all words with its folded form."""
    share = np.exp(weights / TENTHS)
    forms = [fold_letters(form.form) for form in entries.forms]
    total: dict[str, float] = defaultdict(float)
    for form, one in zip(forms, share.tolist(), strict=True):
        total[form] += one
    part: Array = share / np.array([total[form] for form in forms])
    return part


def _base(entries: Entries, entry: int, part: Array, folded: Mapping[str, float]) -> float:
    """Return how common an entry's form is in the list, with and without article."""
    form = fold_letters(entries.forms[entry].form)
    return float(part[entry]) * (folded.get(form, 0.0) + folded.get(f"ال{form}", 0.0))


def _is_believed(row: Array, share: float, base: float) -> bool:
    """Return whether a reading is accepted for a word with this *share*; see the module."""
    before, behind = PROCLITICS[row[PROCLITIC]][1], row[ENCLITIC] > 0
    if before not in (AND, TO, FOR) and not behind:
        return True
    return share <= base * (_BEHIND if behind else _BEFORE)


def listed_names(unread: Mapping[str, float]) -> dict[Form, tuple[int, float]]:
    """Return the forms to add for words that cannot be read, with flags and frequency."""
    stems: Counter[str] = Counter()
    with_article: Counter[str] = Counter()
    for word, share in sorted(unread.items(), key=lambda pair: (-pair[1], pair[0])):
        article = next(
            (a for a in _ARTICLES if word.startswith(a) and len(word) - len(a) >= _SHORTEST), ""
        )
        stem = word.removeprefix(article)
        if not article and word[0] in _SINGLE and unread.get(word[1:], 0.0) >= share:
            stem = word[1:]
        stems[stem] += share  # type: ignore[assignment]
        if article:
            with_article[stem] += share  # type: ignore[assignment]
    spellings: dict[str, list[str]] = defaultdict(list)
    for stem in stems:
        spellings[fold_letters(stem)].append(stem)
    best = {
        max(same, key=lambda stem: (stems[stem], stem)): sum(stems[stem] for stem in same)
        for same in spellings.values()
    }
    found: dict[Form, tuple[int, float]] = {}
    for stem, share in best.items():
        if share < LEAST_FREQUENCY or len(stem) < _SHORTEST:
            continue
        lemma = _nisba_of(stem, best, with_article)
        flags = _NAME if lemma is None else _NOUN
        found[Form(stem, lemma or stem, "N" if lemma else "P")] = flags, share
    return found


def _nisba_of(
    stem: str, shares: Mapping[str, float], with_article: Mapping[str, float]
) -> str | None:
    """Return the nisba of which *stem* is a form, if the list has enough forms of it."""
    for ending in ("ي", *_NISBA):
        if not stem.endswith(ending) or len(stem) - len(ending) < _SHORTEST:
            continue
        nisba = f"{stem.removesuffix(ending)}ي"
        family = [f"{nisba[:-1]}{one}" for one in ("ي", *_NISBA) if f"{nisba[:-1]}{one}" in shares]
        articles = sum(one in with_article for one in family)
        plural = any(one.endswith(("يين", "يون")) for one in family)
        if nisba in shares and (len(family) > 2 or plural) and articles > 1:  # noqa: PLR2004
            return nisba
    return None

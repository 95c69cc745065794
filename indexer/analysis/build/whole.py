"""Whole: printed words that texts read otherwise than their parts suggest.

Each such word is an entry of its own, which takes no particles. Its second lemma is another entry,
if it is common enough.
"""

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from marsad.indexer.analysis.alphabet import letters_and_offsets
from marsad.indexer.analysis.build.alkhalil import Form
from marsad.indexer.analysis.build.entries import Entries
from marsad.indexer.analysis.kernels.reading import best_lemmas
from marsad.indexer.analysis.kernels.table import WHOLE

Array = NDArray[Any]
_LEAST = 2
# A second lemma is kept if it has at least this share.
_WORTH = 0.15
# A word in ه is a misspelt ة if the word in ة is this many times as common.
_MARBUTA = 20


def whole_forms(
    entries: Entries, table: tuple[Array, ...], corpus: Mapping[str, Mapping[str, int]]
) -> dict[Form, tuple[int, float]]:
    """Return the corpus words that the table reads wrongly: flags and count of each."""
    words = [word for word, found in corpus.items() if found]
    read = best_lemmas(table, *letters_and_offsets(words)).tolist()
    kept: dict[Form, tuple[int, float]] = {}
    for word, number in zip(words, read, strict=True):
        found = corpus[word]
        likeliest = max(found, key=lambda lemma: (found[lemma], lemma))
        count = sum(found.values())
        if count < _LEAST or (number >= 0 and entries.lemmas[number] == likeliest):
            continue
        # The corpus reads a final ه always as a pronoun, but texts also write it for ة.
        marbuta = corpus.get(f"{word[:-1]}ة", {})
        if word.endswith("ه") and number >= 0 and sum(marbuta.values()) >= _MARBUTA * count:
            continue
        for lemma, seen in found.items():
            if lemma == likeliest or seen >= _WORTH * count:
                kept[Form(word, lemma, "W")] = WHOLE, float(seen)
    return kept

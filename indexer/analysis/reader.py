"""Reader: reads one printed word, by the morphology table and the names of an index.

    printed word -> [kernels.reading] -> lemma | name | function word | left whole

The index, queries and explanations all use this compiled implementation, so that they cannot
disagree.
"""

import math
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.corpus.letters import fold_letters
from marsad.indexer.analysis.alphabet import PRINTED, character_numbers, letters_and_offsets
from marsad.indexer.analysis.countries import country_lemmas
from marsad.indexer.analysis.folding import collapse_drawn_out, fold
from marsad.indexer.analysis.joined import joined_words
from marsad.indexer.analysis.kernels.names import (
    FREE,
    LEMMA,
    MOST_LETTERS,
    NAMED,
    SEVERAL,
    STOP,
    UNREAD,
    put_names,
    read_one,
)
from marsad.indexer.analysis.kernels.reading import ENTRY, SCORE, read_names
from marsad.indexer.analysis.kernels.table import BROKEN, FLAG_BITS, NAME, places
from marsad.indexer.analysis.morphology import Morphology, morphology
from marsad.indexer.analysis.reading import Reading, Rule
from marsad.indexer.analysis.stopwords import stopwords

Array = NDArray[Any]
_TENTHS = 10
# Words of this pattern can be read by the kernels.
is_plain = re.compile(f"[{PRINTED}]{{1,{MOST_LETTERS}}}").fullmatch
# The weight of a name that is not in the table, and the weight added to every name, in tenths of
# the natural logarithm.
_UNLISTED, _LISTED = 60, 50
# A query searches for a lemma only if it has at least this share of a word's readings.
WORTH = 0.2


@cache
def _characters() -> Array:
    return character_numbers()


class Reader:
    """Reads printed words."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """Take the stem of each folded name.

        Names are without article, except those that always have it.
        """
        self.table: Morphology = morphology()
        # The kernels know only Arabic letters. Names in other scripts need no analysis: they are
        # always whole words.
        self.foreign = frozenset(name for name in names if not is_plain(name))
        names = {name: stem for name, stem in names.items() if name not in self.foreign}
        self.stems = list(dict.fromkeys(names.values()))
        self._stems = letters_and_offsets(self.stems)
        self.names = self._names(names)

    @property
    def arrays(self) -> tuple[tuple[Array, ...], tuple[Array, ...], Array, tuple[Array, Array]]:
        """The arguments of the kernels: table, lemmas and roots, names, and the stems of names."""
        return self.table.searched, self.table.spelt, self.names, self._stems

    def letters(self, word: str) -> Array | None:
        """Return the letter numbers of *word* (u8), or None if it is not an Arabic word."""
        if not 0 < len(word) <= MOST_LETTERS:
            return None
        codes = np.fromiter(map(ord, word), np.int64, len(word))
        if codes.max() > 0xFFFF:  # noqa: PLR2004
            return None
        found = _characters()[codes]
        return found if found.all() and found.max() <= len(PRINTED) else None

    def read(self, word: str, surface: str = "") -> Reading:
        """Return the reading of a printed word; *surface* is its folded form, if known."""
        word = collapse_drawn_out(word)
        letters = self.letters(word)
        if letters is None:
            plain = surface or fold(word)
            return Reading(plain, plain, "name" if plain in self.foreign else "word", plain)
        what, value, row, found = read_one(self.table.searched, self.names, letters, len(letters))
        folded = fold_letters(word)
        if what in (STOP, SEVERAL):
            return Reading(folded, folded, "stop" if what == STOP else "word", folded)
        if what == NAMED:
            stem = self.stems[value]
            return Reading(stem, fold_letters(stem), "name", fold_letters(stem))
        if what == UNREAD:
            rest = fold_letters(word[value:])
            return Reading(rest, rest, "word", rest)
        lemma = self.table.lemma(value)
        entry = int(found[row, ENTRY])
        form = self.table.forms(np.array([entry]))[0]
        root = self.table.root(value) or fold_letters(lemma)
        flags = self.table.flags(entry)
        rule: Rule = "plural" if flags & BROKEN else "name" if flags & NAME else "lemma"
        return Reading(lemma, root, rule, form)

    def readings(self, word: str) -> tuple[tuple[str, float], ...]:
        """Return the possible lemmas of a printed word with their shares, the likeliest first.

        Lemmas with a share below `WORTH` are left out. A name or function word has one reading.

        Example:
            >>> [lemma for lemma, _ in Reader({}).readings("المعارضة")]
            ['معارضة', 'معارض']
        """
        word = collapse_drawn_out(word)
        letters = self.letters(word)
        if letters is None:
            return ((self.read(word).stem, 1.0),)
        what, _, _, found = read_one(self.table.searched, self.names, letters, len(letters))
        if what != LEMMA:
            return ((self.read(word).stem, 1.0),)
        return self._shared_out(found)

    def _shared_out(self, found: Array) -> tuple[tuple[str, float], ...]:
        """Return the lemmas of the readings *found*, with their shares, the likeliest first."""
        best = int(found[:, SCORE].max())
        shares: dict[int, float] = {}
        for row in found:
            lemma = self.table.lemma_of(int(row[ENTRY]))
            likely = math.exp((int(row[SCORE]) - best) / _TENTHS)
            # Several entries can lead to one lemma. The likeliest counts: a sum would favour lemmas
            # that have many entries for one spelling.
            shares[lemma] = max(shares.get(lemma, 0.0), likely)
        total = sum(shares.values())
        listed = sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))
        return tuple(
            (self.table.lemma(lemma), share / total)
            for at, (lemma, share) in enumerate(listed)
            if not at or (share / total >= WORTH and self._is_lemma(lemma))
        )

    def _is_lemma(self, lemma: int) -> bool:
        # Lemmas of one letter are particles and abbreviations; no query should search for them.
        return len(self.table.lemma(lemma)) > 1

    def name_stems(self, names: Sequence[str]) -> list[str | None]:
        """Return the lemma of each folded name, or None if the table does not list the name."""
        table = self.table
        entries, _ = read_names(table.searched, *letters_and_offsets(names))
        values = table.arrays["values"][entries]
        lemmas, is_name = (values >> FLAG_BITS).tolist(), (values & NAME > 0).tolist()
        stems: list[str | None] = []
        for name, entry, number, named in zip(names, entries, lemmas, is_name, strict=True):
            lemma = table.lemma(number) if entry >= 0 else name
            is_own = named or fold_letters(lemma) == name or lemma in country_lemmas()
            stems.append(lemma if is_own else None)
        return stems

    def _names(self, names: Mapping[str, str]) -> Array:
        """Return the hash table of stop words, joined words and names; see `kernels.names`."""
        place = {stem: at for at, stem in enumerate(self.stems)}
        stops = [word for word in stopwords() if is_plain(word)]
        words = [*stops, *joined_words(), *names]
        what = np.repeat([STOP, SEVERAL, NAMED], [len(stops), len(joined_words()), len(names)])
        number = np.zeros(len(words), np.int64)
        number[len(words) - len(names) :] = [place[stem] for stem in names.values()]
        letters, at = letters_and_offsets(words)
        # The weight of each name, compared with other readings of a word that has the name after a
        # particle.
        _, wholes = read_names(self.table.searched, letters, at)
        weights = np.maximum(wholes, _UNLISTED) + _LISTED
        # At most half of the rows are used, so that probing stays short.
        slots = np.full((1 << (2 * len(words)).bit_length(), 4), FREE, np.int64)
        put_names(slots, places(letters, at)[0], what, number, weights)
        return slots


@cache
def nameless_reader() -> Reader:
    """Return a reader that knows no names."""
    return Reader({})

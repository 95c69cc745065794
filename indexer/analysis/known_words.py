"""Known words: a growing hash table from printed words to codes, and the terms of each code.

    UTF-16 code units -> [KnownWords] -> codes -> terms at each level

The kernels work on its arrays; this class makes room in them.
"""

from collections.abc import Sequence

import numpy as np

from marsad.indexer.analysis.alphabet import character_numbers
from marsad.indexer.analysis.classes import characters
from marsad.indexer.analysis.kernels.learn import ROOM, learn
from marsad.indexer.analysis.kernels.packing import NOT_PACKED, Array
from marsad.indexer.analysis.kernels.scan import scan
from marsad.indexer.analysis.kernels.words import empty_slots, rehash, remember
from marsad.indexer.analysis.packed import FOLDED, PRINTED, Packing, folding
from marsad.indexer.analysis.reader import Reader, nameless_reader
from marsad.indexer.analysis.spellings import CODES, LETTERS, ROWS, Spellings, TermArrays
from marsad.indexer.fields import Level

_SLOTS, _LETTERS, _CODES = 1 << 16, 1 << 18, 1 << 14
# For `size`, this many letters count as one word.
_A_WORD = 16
# How the terms of each level are packed, in the order of the rows of `TermArrays.terms`.
_PACKINGS: dict[Level, Packing] = {
    "surface": FOLDED,
    "stem": PRINTED,
    "root": FOLDED,
    "exact": PRINTED,
}


class KnownWords:
    """Printed words with their codes, and the terms of each code. It only grows."""

    def __init__(self, reader: Reader | None) -> None:
        """Take the reader of words; without one, each word is its own stem and root."""
        self._stemming = reader is not None
        self._read = (reader or nameless_reader()).arrays
        self._numbers = character_numbers()
        self._characters = characters()
        self._folding = folding()
        self._slots = empty_slots(_SLOTS)
        self._arrays = TermArrays(len(_PACKINGS), _CODES, _LETTERS)
        self.words: dict[Level, Spellings] = {
            level: Spellings(self._arrays, row, packing)
            for row, (level, packing) in enumerate(_PACKINGS.items())
        }

    def __len__(self) -> int:
        """Return the number of codes."""
        return int(self._arrays.used[CODES])

    @property
    def size(self) -> int:
        """The size for deciding when to start afresh: the most of codes, rows, and letters / 16."""
        letters, rows, codes = self._arrays.used.tolist()
        return int(max(rows, codes, letters // _A_WORD))

    def find(self, units: Array) -> tuple[Array, Array, Array]:
        """Return the starts and codes of a text's tokens, and the unknown tokens; see `scan`."""
        return scan(units, self._characters, self._slots, self._arrays.letters)

    def learn(self, units: Array, codes: Array, unknown: Array) -> Array:
        """Learn the words that the compiled rules can read, and return the others; see `learn`."""
        count = len(unknown)
        # A kernel cannot grow an array, so there must be room for the worst case before the call.
        self._make_room(2 * count, 2 * (units.size + count) + ROOM * count, count)
        arrays = self._arrays
        left = learn(
            units,
            unknown,
            codes,
            self._folding,
            self._numbers,
            self._characters,
            *self._read,
            self._slots,
            arrays.letters,
            arrays.used,
            arrays.terms,
            self._stemming,
        )
        return unknown[:left]

    def add(self, terms: Sequence[str]) -> int:
        """Add a code for these terms, one for each level, and return it."""
        self._make_room(0, sum(map(len, terms)) * 2 + len(terms), 1)
        arrays, code = self._arrays, len(self)
        numbers: dict[str, int] = {}
        for row, (packing, term) in enumerate(zip(_PACKINGS.values(), terms, strict=True)):
            # A term that is equal at several levels is put into the pool once.
            number = NOT_PACKED if term.isascii() else int(packing.pack([term])[0])
            if number == NOT_PACKED:
                number = numbers.get(term) or numbers.setdefault(term, self._keep(term))
            arrays.terms[row, code] = number
        arrays.used[CODES] += 1
        return code

    def remember(self, units: Array, words: list[tuple[int, int, int]]) -> None:
        """Add words of a text to the hash table: start, end and code of each; none may be known."""
        self._make_room(len(words), units.size + len(words), 0)
        arrays, places = self._arrays, np.array(words, np.int32)
        used = remember(
            units,
            places,
            self._characters,
            self._slots,
            arrays.letters,
            arrays.used[LETTERS],
        )
        arrays.used[LETTERS] = used
        arrays.used[ROWS] += len(words)

    def _keep(self, term: str) -> int:
        """Put a term into the pool of letters, and return its number."""
        raw = np.frombuffer(term.encode("utf-16-le", "surrogatepass"), np.uint16)
        arrays = self._arrays
        place = int(arrays.used[LETTERS])
        arrays.letters[place] = raw.size
        arrays.letters[place + 1 : place + 1 + raw.size] = raw
        arrays.used[LETTERS] += 1 + raw.size
        return ~place

    def _make_room(self, words: int, letters: int, codes: int) -> None:
        """Grow the arrays, if needed, for this many more words, letters and codes."""
        arrays = self._arrays
        letters_used, words_used, codes_used = arrays.used.tolist()
        # At most half of the slots are used, so that probing stays short.
        if 2 * (words_used + words) > len(self._slots):
            slots = 1 << (2 * (words_used + words)).bit_length()
            grown = empty_slots(slots)
            rehash(self._slots, grown)
            self._slots = grown
        if letters_used + letters > len(arrays.letters):
            more = np.zeros(max(letters, len(arrays.letters)), np.uint16)
            arrays.letters = np.concatenate([arrays.letters, more])
        levels, room = arrays.terms.shape
        if codes_used + codes > room:
            wider = np.zeros((levels, max(codes, room)), np.int64)
            arrays.terms = np.concatenate([arrays.terms, wider], axis=1)

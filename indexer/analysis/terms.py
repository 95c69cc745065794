"""Terms: the words of a text as numbers into a shared list, which is how an index takes them in.

    text -> [TermTable] -> codes, token starts

A code stands for a word as printed, and gives its term at each level.

A word is folded and stemmed at its first occurrence; after that a text costs one
compiled pass (`scan`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import overload

import numpy as np
from numpy.typing import NDArray

from corpus.letters import LETTERS
from indexer.analysis.folding import is_plain, printed
from indexer.analysis.reading import Reading
from indexer.analysis.scan import (
    DIGIT,
    FORMAT,
    LETTER,
    MARK,
    OTHER,
    Table,
    empty_table,
    rehash,
    remember,
    scan,
)
from indexer.analysis.tokenizer import SPLIT, surfaces_of
from indexer.fields import Level

# A table is given up for a new one at this size; texts keep the one they were read with.
FULL = 1_500_000
_SLOTS, _LETTERS = 1 << 16, 1 << 18
# A run of more letters is no word, and is folded each time that it is met.
_LONGEST = 1_000


class Terms(Sequence[str]):
    """A sequence of terms: `words[code]` for each of `codes` (i32)."""

    __slots__ = ("codes", "words")

    def __init__(self, words: Sequence[str], codes: NDArray[np.int32]) -> None:
        self.words = words
        self.codes = codes

    def __len__(self) -> int:
        return len(self.codes)

    @overload
    def __getitem__(self, at: int) -> str: ...

    @overload
    def __getitem__(self, at: slice) -> "Terms": ...

    def __getitem__(self, at: int | slice) -> "str | Terms":
        if isinstance(at, slice):
            return Terms(self.words, self.codes[at])
        return self.words[int(self.codes[at])]

    def __iter__(self) -> Iterator[str]:
        return map(self.words.__getitem__, self.codes.tolist())


@dataclass(frozen=True, slots=True)
class Analyzed:
    """A text's terms at every level, and where each token begins (i32), in code points."""

    words: Mapping[Level, Sequence[str]]
    codes: NDArray[np.int32]
    starts: "memoryview[int]"

    def terms(self, level: Level) -> Terms:
        """Return the terms of one level."""
        return Terms(self.words[level], self.codes)

    @property
    def surfaces(self) -> Terms:
        """The folded words."""
        return self.terms("surface")

    @property
    def stems(self) -> Terms:
        """The stems."""
        return self.terms("stem")


@cache
def classes() -> NDArray[np.uint8]:
    """Return the class of each character of the Basic Multilingual Plane, by the tokenizer's rules.

    Example:
        >>> [int(classes()[ord(char)]) for char in "ب5ـ ."]
        [1, 2, 3, 0, 0]
    """
    kinds = np.full(1 << 16, OTHER, np.uint8)
    for number in range(1 << 16):
        char = chr(number)
        if len(SPLIT(char)) > 1:
            kinds[number] = DIGIT if len(SPLIT("1" + char)[1]) > 1 else LETTER
        elif len(SPLIT("1" + char)[1]) > 1:
            kinds[number] = FORMAT
        elif len(SPLIT("a" + char)[1]) > 1:
            kinds[number] = MARK
    return kinds


class TermTable:
    """Codes of printed words. A code below 0 stands for a word that folds to none or several.

    Not for several threads at once.
    """

    def __init__(self, read: Callable[[str], Reading]) -> None:
        self._read = read
        self._classes = classes()
        self._table = empty_table(_SLOTS, _LETTERS)
        self._letters = 0
        self._words = 0
        # By the word as printed, which says how it folds.
        self._known: dict[str, int] = {}
        self._several: list[tuple[int, ...]] = []
        self._opening: dict[str, int] = {}
        self.words: dict[Level, list[str]] = {
            "surface": [],
            "stem": [],
            "root": [],
            "exact": [],
        }
        self._lists = list(self.words.values())

    def __len__(self) -> int:
        """Return how many words are known."""
        return max(self._words, len(self._known) + len(self._several))

    def analyze(self, text: str) -> Analyzed:
        """Return the terms of *text*.

        Example:
            >>> table = TermTable(lambda word: Reading(word[:2], word[0], "stem"))
            >>> analyzed = table.analyze("في باكو")
            >>> list(analyzed.terms("stem")), list(analyzed.starts)
            (['في', 'با'], [0, 3])
        """
        raw = text.encode("utf-16-le", "surrogatepass")
        if len(raw) == 2 * len(text):
            units = np.frombuffer(raw, np.uint16)
            starts, codes, unknown = scan(units, self._classes, *self._table)
            if unknown.size:
                self._learn(text, units, codes, unknown)
        else:
            starts, codes = self._split(text)
        if codes.size and codes.min() < 0:
            starts, codes = self._opened(starts, codes)
        return Analyzed(self.words, codes, starts.data)

    def _split(self, text: str) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Read a text with characters of two code units, which the compiled pass leaves out."""
        pieces = SPLIT(text)
        starts = np.array(list(accumulate(map(len, pieces)))[:-1:2], np.int32)
        return starts, np.array([self._code(raw) for raw in pieces[1::2]], np.int32)

    def _learn(
        self,
        text: str,
        units: NDArray[np.uint16],
        codes: NDArray[np.int32],
        unknown: NDArray[np.int32],
    ) -> None:
        """Give codes to the words that were not seen before."""
        first: dict[str, int] = {}
        new: list[tuple[int, int, int]] = []
        letters = 0
        for place, start, end in unknown.tolist():
            raw = text[start:end]
            code = first.get(raw)
            if code is None:
                code = first[raw] = self._code(raw)
                if end - start <= _LONGEST:
                    new.append((start, end, code))
                    letters += end - start
            codes[place] = code
        if not new:
            return
        self._make_room(len(new), letters + len(new))
        self._words += len(new)
        self._letters = remember(units, np.array(new, np.int32), *self._table, self._letters)

    def _make_room(self, words: int, letters: int) -> None:
        rows, known = self._table
        slots = len(rows)
        while 2 * (self._words + words) > slots:
            slots *= 2
        if slots > len(rows):
            grown = empty_table(slots, 0).rows
            rehash(rows, grown)
            rows = grown
        if self._letters + letters > len(known):
            known = np.concatenate([known, np.zeros(max(letters, len(known)), np.uint16)])
        self._table = Table(rows, known)

    def _code(self, raw: str) -> int:
        """Read one printed word."""
        if is_plain(raw):
            return self._form(raw, raw.translate(LETTERS))
        surfaces = surfaces_of(raw)
        if len(surfaces) == 1:
            return self._form(printed(raw), surfaces[0])
        known = self._opening.get(raw)
        if known is not None:
            return known
        self._several.append(tuple(self._form(surface, surface) for surface in surfaces))
        self._opening[raw] = -len(self._several)
        return -len(self._several)

    def _form(self, exact: str, surface: str) -> int:
        code = self._known.get(exact)
        if code is None:
            code = self._known[exact] = len(self._known)
            stem, root, _ = self._read(surface)
            for words, word in zip(self._lists, (surface, stem, root, exact), strict=True):
                words.append(word)
        return code

    def _opened(
        self, starts: NDArray[np.int32], codes: NDArray[np.int32]
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        all_codes: list[int] = []
        all_starts: list[int] = []
        for code, start in zip(codes.tolist(), starts.tolist(), strict=True):
            for one in (code,) if code >= 0 else self._several[-code - 1]:
                all_codes.append(one)
                all_starts.append(start)
        return np.array(all_starts, np.int32), np.array(all_codes, np.int32)

"""Term table: analyzes texts for the index, by giving each printed word a code.

    text -> [scan] -> codes, token starts
                   -> unknown words -> [learn, compiled] -> terms
                                    -> the words it cannot read -> [rules in Python] -> terms

A word is folded and read at its first occurrence. After that, each text costs one compiled pass.
"""

import re
from collections.abc import Iterator
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from marsad.corpus.letters import LETTERS
from marsad.indexer.analysis.folding import LONGEST_TERM, printed
from marsad.indexer.analysis.joined import split_joined
from marsad.indexer.analysis.kernels.words import LONGEST, UNKNOWN
from marsad.indexer.analysis.known_words import KnownWords
from marsad.indexer.analysis.reader import Reader
from marsad.indexer.analysis.terms import Analyzed
from marsad.indexer.analysis.tokenizer import SPLIT, surfaces_of

# At this size the analyzer starts a new table. Texts that are already analyzed keep the old one.
FULL = 1_500_000
_LONG = 1 << 18
_PIECE = 1 << 16
_BEYOND = re.compile("[\U00010000-\U0010ffff]")


class TermTable:
    """A table of printed words and their codes, which grows with each text.

    A code below 0 is a token that folds to no word or to several words; see `_opened`. The table
    must not be used by several threads at once.
    """

    def __init__(self, reader: Reader | None = None) -> None:
        """Take the reader of words; without one, each word is its own stem and root."""
        self._reader = reader
        self._known = KnownWords(reader)
        self.words = self._known.words
        # Words that the compiled rules could not read. The key is the printed and the folded word,
        # because one print can have two foldings: a removed mark between a letter and a composing
        # mark keeps these two apart.
        self._forms: dict[tuple[str, str], int] = {}
        self._several: list[tuple[int, ...]] = []
        self._opening: dict[tuple[int, ...], int] = {}

    def __len__(self) -> int:
        """Return the size of the table in words; each printed spelling of a word counts."""
        return self._known.size + len(self._several)

    def analyze(self, text: str) -> Analyzed:
        """Return the terms of *text* at all levels.

        Example:
            >>> analyzed = TermTable().analyze("في باكو")
            >>> list(analyzed.terms("stem")), list(analyzed.starts)
            (['في', 'باكو'], [0, 3])
        """
        if len(text) > _LONG:
            # While a word is unknown, each of its occurrences takes memory.
            for piece in _pieces(text):
                self._analyze(piece)
        return self._analyze(text)

    def _analyze(self, text: str) -> Analyzed:
        raw = text.encode("utf-16-le", "surrogatepass")
        if len(raw) != 2 * len(text):
            # The compiled pass needs one UTF-16 code unit for each code point, so that its offsets
            # are code points. Emoji and the like take two, but they only separate words, as a space
            # does, and a space takes one.
            text = _BEYOND.sub(lambda found: found[0] if found[0].isalnum() else " ", text)
            raw = text.encode("utf-16-le", "surrogatepass")
        if len(raw) == 2 * len(text):
            units = np.frombuffer(raw, np.uint16)
            starts, codes, unknown = self._known.find(units)
            if unknown.size:
                self._learn(text, units, codes, unknown)
        else:
            starts, codes = self._split(text)
        if self._several and codes.size and codes.min() < 0:
            starts, codes = self._opened(starts, codes)
        return Analyzed(self.words, codes, starts.data)

    def _split(self, text: str) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Analyze a text with letters of two code units, which the compiled pass cannot read."""
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
        """Give codes to the words of a text that are new."""
        first: dict[str, int] = {}
        new: list[tuple[int, int, int]] = []
        for place, start, end in self._known.learn(units, codes, unknown).tolist():
            raw = text[start:end]
            code = first.get(raw)
            if code is None:
                code = first[raw] = self._code(raw)
                if end - start <= LONGEST:
                    new.append((start, end, code))
            codes[place] = code
        if new:
            self._known.remember(units, new)

    def _code(self, raw: str) -> int:
        """Return the code of one printed word, by the rules in Python."""
        if raw.isascii():
            word = raw.lower()[:LONGEST_TERM]
            return self._form(word, word)
        surfaces = surfaces_of(raw)
        if self._reader:
            surfaces = split_joined(surfaces)
        if len(surfaces) == 1:
            return self._form(printed(raw), surfaces[0])
        # Tokens that open into the same words share one negative code.
        several = tuple(self._form(surface, surface) for surface in surfaces)
        known = self._opening.get(several)
        if known is None:
            self._several.append(several)
            known = self._opening[several] = -len(self._several)
        return known

    def _form(self, exact: str, surface: str) -> int:
        """Return the code of one word, which is added if it is new."""
        code = self._forms.get((exact, surface))
        if code is None:
            code = self._packed_form(exact, surface)
        if code == UNKNOWN:
            stem = root = surface
            if self._reader:
                stem, root, *_ = self._reader.read(exact, surface)
            code = self._forms[exact, surface] = self._known.add((surface, stem, root, exact))
        return code

    def _packed_form(self, exact: str, surface: str) -> int:
        """Let the compiled rules learn a word, and return its code.

        If they cannot read the word, return UNKNOWN.
        """
        raw = exact.encode("utf-16-le", "surrogatepass")
        if exact.isascii() or exact.translate(LETTERS) != surface or len(raw) != 2 * len(exact):
            return UNKNOWN
        codes = np.full(1, UNKNOWN, np.int32)
        whole = np.array([[0, 0, len(exact)]], np.int32)
        self._known.learn(np.frombuffer(raw, np.uint16), codes, whole)
        return int(codes[0])

    def _opened(
        self, starts: NDArray[np.int32], codes: NDArray[np.int32]
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Replace each token of several words by its words, all with the token's start."""
        opening = np.flatnonzero(codes < 0)
        words = [self._several[-code - 1] for code in codes[opening].tolist()]
        counts = np.ones(codes.size, np.int64)
        counts[opening] = [len(each) for each in words]
        first = np.cumsum(counts) - counts
        opened = np.repeat(codes, counts)
        for at, each in zip(first[opening].tolist(), words, strict=True):
            opened[at : at + len(each)] = each
        return np.repeat(starts, counts), opened


def _pieces(text: str) -> Iterator[str]:
    """Yield the pieces of a long text, cut at spaces if there are any."""
    first = 0
    while first < len(text):
        end = text.rfind(" ", first + 1, first + _PIECE) if first + _PIECE < len(text) else -1
        end = end if end >= 0 else first + _PIECE
        yield text[first:end]
        first = end

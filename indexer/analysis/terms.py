"""Terms: the words of a text as numbers into a shared list, which is how an index takes them in.

    text -> [TermTable] -> codes, token starts

A word is folded and stemmed at its first occurrence; after that a text costs a
split and a dictionary look-up for each token.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import overload

from indexer.analysis.tokenizer import SPLIT, surfaces_of

# A table is given up for a new one at this size; texts keep the one they were read with.
FULL = 2_000_000


class Terms(Sequence[str]):
    """A sequence of terms: `words[code]` for each of `codes`."""

    __slots__ = ("codes", "words")

    def __init__(self, words: Sequence[str], codes: "array[int]") -> None:
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
        return self.words[self.codes[at]]

    def __iter__(self) -> Iterator[str]:
        return map(self.words.__getitem__, self.codes)


@dataclass(frozen=True, slots=True)
class Analyzed:
    """A text's terms at both levels, and where each token begins, in code points."""

    surfaces: Terms
    stems: Terms
    starts: "array[int]"


class TermTable(dict[str, int]):
    """Codes of printed words. A code below 0 stands for a word that folds to none or several."""

    def __init__(self, stem: Callable[[str], str]) -> None:
        super().__init__()
        self._stem = stem
        self._known: dict[str, int] = {}
        self._several: list[tuple[int, ...]] = []
        self.surfaces: list[str] = []
        self.stems: list[str] = []

    def __missing__(self, raw: str) -> int:
        """Fold and stem a word that was not seen before."""
        codes = tuple(self._code(surface) for surface in surfaces_of(raw))
        if len(codes) == 1:
            self[raw] = codes[0]
            return codes[0]
        self._several.append(codes)
        self[raw] = -len(self._several)
        return self[raw]

    def analyze(self, text: str) -> Analyzed:
        """Return the terms of *text*.

        Example:
            >>> analyzed = TermTable(str.lower).analyze("في باكو")
            >>> list(analyzed.stems), analyzed.starts.tolist()
            (['في', 'باكو'], [0, 3])
        """
        pieces = SPLIT(text)
        codes = array("i", map(self.__getitem__, pieces[1::2]))
        starts = array("i", list(accumulate(map(len, pieces)))[:-1:2])
        if codes and min(codes) < 0:
            codes, starts = self._opened(codes, starts)
        return Analyzed(Terms(self.surfaces, codes), Terms(self.stems, codes), starts)

    def _opened(
        self, codes: "array[int]", starts: "array[int]"
    ) -> tuple["array[int]", "array[int]"]:
        all_codes, all_starts = array("i"), array("i")
        for code, start in zip(codes, starts, strict=True):
            for one in (code,) if code >= 0 else self._several[-code - 1]:
                all_codes.append(one)
                all_starts.append(start)
        return all_codes, all_starts

    def _code(self, surface: str) -> int:
        code = self._known.get(surface)
        if code is None:
            code = self._known[surface] = len(self.surfaces)
            self.surfaces.append(surface)
            self.stems.append(self._stem(surface))
        return code

"""Matcher: finds the listed names in a text.

It goes from left to right and takes the longest name at each place; names never overlap. Proclitics
are removed from the first word of a name, unless the word with its proclitic is more common than
without.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.analysis.clitics import bare_forms
from marsad.indexer.analysis.lexicon import Lexicon, lexicon
from marsad.indexer.extract.entities.entity import Entity
from marsad.indexer.extract.entities.features import name_kind, span_class
from marsad.indexer.extract.entities.gazetteer import Gazetteer
from marsad.indexer.extract.entities.kernels import BOUND, CLOSE, COMMA, OPEN, STOP
from marsad.indexer.extract.entities.words import Words

_SHORT = 3
_PARTING = frozenset((OPEN, CLOSE, COMMA, STOP, BOUND))
# Words that announce a place. A guarded name is accepted only right after one of them.
_PLACE_CUES = frozenset(
    (
        "في",
        "من",
        "الي",
        "شمال",
        "جنوب",
        "شرق",
        "غرب",
        "وسط",
        "شمالي",
        "جنوبي",
        "شرقي",
        "غربي",
        "دوله",
        "جمهوريه",
        "حكومه",
        "رييس",
        "جيش",
        "عاصمه",
        "مدينه",
        "وفي",
        "ومن",
        "سلطنه",
        "داخل",
        "خارج",
        "وشمال",
        "بشمال",
        "لدوله",
        "بدوله",
    )
)


@dataclass(frozen=True, slots=True)
class Span:
    """A listed name at word positions *first* to *end*, without *end*.

    The first `taken` letters of its first word are clitics.
    """

    first: int
    end: int
    taken: int
    entity: Entity


class Matcher:
    """Finds the entities of one gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._lexicon: Lexicon = lexicon()
        self._surfaces: Sequence[str] = ()
        self._starts: list[tuple[tuple[int, str, int], ...]] = []
        self._begins = np.zeros(0, np.bool_)

    def find(self, words: Words) -> list[Span]:
        """Return the listed names of a text, in order."""
        self._learn(words.surfaces)
        found: list[Span] = []
        codes = words.codes
        done = 0
        for at in np.flatnonzero(self._begins[codes]).tolist():
            if at < done:
                continue
            span = self._longest_at(words, at)
            if span is not None:
                found.append(span)
                done = span.end
        return found

    def _learn(self, surfaces: Sequence[str]) -> None:
        """Look up the words that were added to the table since the last text."""
        if surfaces is not self._surfaces:
            self._surfaces = surfaces
            self._starts = []
            self._begins = np.zeros(0, np.bool_)
        known = len(self._starts)
        if len(surfaces) == known:
            return
        longest = self._gazetteer.longest
        for surface in surfaces[known:]:
            self._starts.append(
                tuple(
                    (taken, word, longest[word])
                    for taken, word in _readings(surface)
                    if word in longest
                )
            )
        if len(self._begins) < len(surfaces):
            room = np.zeros(max(1024, 2 * len(surfaces)), np.bool_)
            room[:known] = self._begins[:known]
            self._begins = room
        self._begins[known : len(surfaces)] = [bool(starts) for starts in self._starts[known:]]

    def _longest_at(self, words: Words, at: int) -> Span | None:
        """Return the longest name that begins at position *at*, or None."""
        best: Span | None = None
        by_name = self._gazetteer.by_name
        for taken, word, longest in self._starts[int(words.codes[at])]:
            rest = words.key(at + 1, self._reach(words, at, longest))
            for length in range(1 + len(rest), 0, -1):
                if best is not None and length <= best.end - at:
                    break
                entity = by_name.get((word, *rest[: length - 1]))
                if entity is not None and self._counts(entity, words, at, taken, length):
                    best = Span(at, at + length, taken, entity)
        return best

    def _reach(self, words: Words, at: int, longest: int) -> int:
        """Return the latest end of a name that begins at *at*.

        Names do not cross stops or brackets.
        """
        end = min(at + longest, len(words))
        for place in range(at + 1, end):
            if words.gaps[place] in _PARTING:
                return place
        return end

    def _counts(self, entity: Entity, words: Words, at: int, taken: int, length: int) -> bool:
        """Return whether a name is accepted here; guarded and split names need evidence."""
        if entity.guarded and length == 1:
            return at > 0 and words.surface(at - 1) in _PLACE_CUES
        if taken and length == 1:
            whole = words.surface(at)
            return self._lexicon.form(whole[taken:]) >= self._lexicon.form(whole)
        return True


def _readings(surface: str) -> Iterator[tuple[int, str]]:
    """Yield the ways to split clitics off, also from words as short as وأم and وبن."""
    yield from bare_forms(surface)
    if len(surface) == _SHORT and surface[0] in "وفبل":
        yield 1, surface[1:]


def span_classes(spans: Sequence[Span], length: int) -> NDArray[np.uint8]:
    """Return the class of the listed name that each word belongs to (u8, 0 for none).

    *length* is the number of words.
    """
    classes = np.zeros(length, np.uint8)
    for span in spans:
        kind = name_kind(span.entity.id, span.entity.type)
        several = span.end - span.first > 1
        classes[span.first] = span_class(kind, inside=False, several=several)
        classes[span.first + 1 : span.end] = span_class(kind, inside=True, several=several)
    return classes

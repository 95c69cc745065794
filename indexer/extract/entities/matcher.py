"""Matcher: the places of a text where an entity is named.

Longest name first, from left to right, never overlapping. Proclitics come off the
first word of a name; where the word with its first letter on is the commoner
word, it is taken as that word.
"""

from collections.abc import Iterator

from corpus.letters import VANISHING_RUN
from indexer.analysis.clitics import bare_forms
from indexer.analysis.lexicon import Lexicon, lexicon
from indexer.analysis.tokenizer import tokenize
from indexer.extract.entities.entity import Entity
from indexer.extract.entities.gazetteer import Gazetteer
from indexer.extract.mentions import Mention, MentionField

# Words that announce a place: a guarded name counts right behind one of them.
_PLACE_CUES = frozenset(
    [
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
    ]
)


class Matcher:
    """Finds the entities of one gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._lexicon: Lexicon = lexicon()
        self._starts: dict[str, tuple[tuple[int, str, int], ...]] = {}

    def find(self, field: MentionField, text: str) -> Iterator[Mention]:
        """Yield the mentions of one field's text."""
        tokens = list(tokenize(text))
        surfaces = tuple(surface for surface, _, _ in tokens)
        at = 0
        while at < len(tokens):
            found = self._longest_at(surfaces, at)
            if found is None:
                at += 1
                continue
            entity, length, taken = found
            first, last = tokens[at], tokens[at + length - 1]
            start = _skip_letters(text, first[1], taken)
            yield Mention(field, start, last[2], text[first[1] : last[2]], entity.type, entity.id)
            at += length

    def _longest_at(self, surfaces: tuple[str, ...], at: int) -> tuple[Entity, int, int] | None:
        """Return the entity named at a token, how many tokens it has and the letters before it."""
        best: tuple[Entity, int, int] | None = None
        for taken, word, longest in self._starts_of(surfaces[at]):
            for length in range(min(longest, len(surfaces) - at), 0, -1):
                if best is not None and length <= best[1]:
                    break
                key = (word, *surfaces[at + 1 : at + length])
                entity = self._gazetteer.by_name.get(key)
                if entity is not None and self._counts(entity, surfaces, at, taken, length):
                    best = entity, length, taken
        return best

    def _starts_of(self, surface: str) -> tuple[tuple[int, str, int], ...]:
        """Return the readings of a word that begin some name: letters off, word, longest name."""
        starts = self._starts.get(surface)
        if starts is None:
            longest = self._gazetteer.longest
            starts = tuple(
                (taken, word, longest[word])
                for taken, word in bare_forms(surface)
                if word in longest
            )
            self._starts[surface] = starts
        return starts

    def _counts(
        self, entity: Entity, surfaces: tuple[str, ...], at: int, taken: int, length: int
    ) -> bool:
        if entity.guarded and length == 1:
            return at > 0 and surfaces[at - 1] in _PLACE_CUES
        if taken and length == 1:
            whole = surfaces[at]
            return self._lexicon.form(whole[taken:]) >= self._lexicon.form(whole)
        return True


def _skip_letters(text: str, start: int, letters: int) -> int:
    """Return the place behind the first *letters* letters from *start*, marks skipped."""
    at = start
    while letters:
        letters -= VANISHING_RUN.match(text, at) is None
        at += 1
    while letters == 0 and at > start and VANISHING_RUN.match(text, at):
        at += 1
    return at

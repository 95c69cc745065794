"""Finder: finds all entities that an article names; it runs the steps in order.

title, text -> [matcher] -> listed names
            -> [tagger] -> other names
            -> [join_names] -> [linker] -> mentions
"""

import datetime as dt
from collections.abc import Iterator, Sequence

from marsad.corpus.article import Article
from marsad.corpus.letters import VANISHING_RUN
from marsad.indexer.analysis.lexicon import lexicon
from marsad.indexer.extract.entities.city_resolver import CityResolver
from marsad.indexer.extract.entities.features import FeatureMaker, core, listed
from marsad.indexer.extract.entities.gazetteer import Gazetteer
from marsad.indexer.extract.entities.homographs import homographs
from marsad.indexer.extract.entities.linker import Linker
from marsad.indexer.extract.entities.matcher import Matcher, span_classes
from marsad.indexer.extract.entities.model import Model
from marsad.indexer.extract.entities.names import (
    Name,
    clitic_places,
    join_names,
    known_name,
    split_tagged,
    tagged_name,
)
from marsad.indexer.extract.entities.namesakes import Namesakes
from marsad.indexer.extract.entities.officers import Officers
from marsad.indexer.extract.entities.tagger import Tagged, Tagger
from marsad.indexer.extract.entities.words import FULL, Words, WordTable
from marsad.indexer.extract.mentions import Mention, MentionField

# Raise this number when a rule of any step changes. Changes of data files are detected without it.
RULES = 3
# After one of these words, a name is only part of the name of a street, mosque or the like.
_NAMED_AFTER = frozenset(
    (
        "حي",
        "شارع",
        "ميدان",
        "ساحه",
        "مسجد",
        "جامع",
        "فندق",
        "حديقه",
        "جسر",
        "دوار",
        "سوق",
        "مستشفي",
        "معهد",
    )
)
_NONE: frozenset[str] = frozenset()
# A preposition does not announce a place if the word is more common than this (in 10 billion
# words).
_COMMON = 20_000


class Finder:
    """Finds entities with one gazetteer and one tagger.

    It must not be used by several threads at once.
    """

    def __init__(self, gazetteer: Gazetteer, maker: FeatureMaker, model: Model) -> None:
        self._gazetteer = gazetteer
        self._table = WordTable()
        self._matcher = Matcher(gazetteer)
        self._tagger = Tagger(model, maker)
        self._linker = Linker(gazetteer)
        self._namesakes = Namesakes(gazetteer)
        self._officers = Officers(gazetteer)
        self._triggers = listed("triggers.txt")
        self._lexicon = lexicon()
        self._homographs = homographs()
        self.version = f"{RULES} {gazetteer.version} {model.digest} {self._homographs.version}"

    def find(self, article: Article) -> tuple[Mention, ...]:
        """Return the mentions of *article*, title first, in reading order."""
        day = article.published if article.precision != "year" else None
        return self._find((("title", article.title), ("text", article.text)), day)

    def find_in(self, text: str) -> tuple[Mention, ...]:
        """Return the mentions of a text that is not part of an article."""
        return self._find((("text", text),))

    def _find(
        self, fields: Sequence[tuple[MentionField, str]], day: dt.date | None = None
    ) -> tuple[Mention, ...]:
        """Return the mentions of several fields; *day* is the day for offices, if known."""
        # The other steps notice the new table and start their own arrays anew.
        if len(self._table) >= FULL:
            self._table = WordTable()
        read = [self._table.read(text) for _, text in fields]
        both = [self._names(words) for words in read]
        settled = self._namesakes.resolve(read, [sure for sure, _ in both])
        found = self._resolve_cities(
            read, [(s, doubtful) for s, (_, doubtful) in zip(settled, both, strict=True)]
        )
        linked = self._linker.link(read, found)
        if day is not None:
            linked = [
                sorted([*names, *self._officers.find(words, names, day)], key=lambda n: n.first)
                for words, names in zip(read, linked, strict=True)
            ]
        return tuple(
            mention
            for (field, _), words, names in zip(fields, read, linked, strict=True)
            for mention in _mentions(field, words, names)
        )

    def _resolve_cities(
        self, read: Sequence[Words], both: Sequence[tuple[list[Name], list[Name]]]
    ) -> list[list[Name]]:
        """Return the names of each text, with the doubtful cities that the article supports."""
        if not any(name.by == "city" for sure, doubtful in both for name in (*sure, *doubtful)):
            return [sure for sure, _ in both]
        cities = CityResolver(self._gazetteer, (name for sure, _ in both for name in sure))
        found = []
        for words, (sure, doubtful) in zip(read, both, strict=True):
            counted = [name for name in doubtful if cities.is_meant(words, name)]
            names = sorted([*sure, *counted], key=lambda name: name.first)
            found.append([cities.resolve(name) for name in names])
        return found

    def _names(self, words: Words) -> tuple[list[Name], list[Name]]:
        """Return the names of a text, and the cities that nothing near them supports."""
        spans = self._matcher.find(words)
        tagged = list(self._tagger.find(words, span_classes(spans, len(words))))
        by_word = {at: name for name in tagged for at in range(name.first, name.end)}
        listed_names = [name for name in map(known_name, spans) if not self._is_other(words, name)]
        known = [name for name in listed_names if self._counts(words, name, by_word)]
        known = [self._trim(words, name) for name in known]
        firsts = clitic_places(listed_names)
        parts = [part for name in tagged for part in split_tagged(words, name, firsts)]
        named = (tagged_name(words, part, self._gazetteer) for part in parts)
        tagged_names = [name for name in named if name and not self._is_other(words, name)]
        standing = join_names(known, tagged_names, listed_names)
        taken = {at for name in standing for at in range(name.first, name.end)}
        doubtful = [
            name
            for name in listed_names
            if name.by == "city" and taken.isdisjoint(range(name.first, name.end))
        ]
        return standing, doubtful

    def _is_other(self, words: Words, name: Name) -> bool:
        """Return whether a name is part of another name, or an ordinary word here."""
        return self._is_part(words, name) or self._homographs.is_word(words, name)

    def _is_part(self, words: Words, name: Name) -> bool:
        """Return whether a name is part of the name of a street, mosque or the like: حي الجولان."""
        if name.type not in ("place", "person") or name.first == 0 or name.taken:
            return False
        return core(words.surface(name.first - 1)).word in _NAMED_AFTER

    def _counts(self, words: Words, name: Name, by_word: dict[int, Tagged]) -> bool:
        """Return whether a listed name is accepted; *by_word* has the tagger's spans."""
        around = {by_word[at].kind for at in range(name.first, name.end) if at in by_word}
        # MISC is the tagger's class for anything else, and says nothing for or against a name.
        around.discard("MISC")
        if name.type == "nationality":
            return not around
        if name.by not in ("city", "country") or "LOC" in around:
            return True
        if name.by == "country":
            return not (name.taken and around)
        return not around and self._is_announced(words, name)

    def _is_announced(self, words: Words, name: Name) -> bool:
        """Return whether the previous word announces a place.

        Prepositions announce a place only before uncommon words.
        """
        if name.first == 0:
            return False
        surface = words.surface(name.first - 1)
        kinds = self._triggers.get(surface, _NONE) | self._triggers.get(core(surface).word, _NONE)
        if "placehead" in kinds:
            return True
        rare = self._lexicon.form(words.surface(name.first)) < _COMMON
        return "preposition" in kinds and (rare or name.end - name.first > 1)

    def _trim(self, words: Words, name: Name) -> Name:
        """Remove a kind in front of a name, and a nationality after it.

        This is done only if the rest is also a name of the same entity: محافظة الأنبار, صحيفة
        لوموند, حزب الله اللبناني. So the mention covers the name alone.
        """
        if name.end - name.first == 1 or name.type in ("person", "nationality"):
            return name
        key = words.key(name.first, name.end)
        by_name = self._gazetteer.by_name
        if self._gazetteer.is_head(key[0][name.taken :], name.type):
            rest = by_name.get(key[1:])
            if rest is not None and rest.id == name.id:
                return Name(name.first + 1, name.end, 0, name.type, name.id, name.by)
        last = by_name.get(key[-1:])
        if last is not None and last.type == "nationality":
            short = by_name.get((key[0][name.taken :], *key[1:-1]))
            if short is not None and short.id == name.id:
                return Name(name.first, name.end - 1, name.taken, name.type, name.id, name.by)
        return name


def _mentions(field: MentionField, words: Words, names: Sequence[Name]) -> Iterator[Mention]:
    """Yield the mentions of a field's names."""
    text = words.text
    for name in names:
        first, end = words.start(name.first), words.end(name.end - 1)
        start = _skip_letters(text, first, name.taken)
        yield Mention(field, start, end, text[first:end], name.type, name.id, name.by)


def _skip_letters(text: str, start: int, letters: int) -> int:
    """Return the offset after the first *letters* letters from *start*; marks are not counted."""
    at = start
    while letters:
        letters -= VANISHING_RUN.match(text, at) is None
        at += 1
    while letters == 0 and at > start and VANISHING_RUN.match(text, at):
        at += 1
    return at

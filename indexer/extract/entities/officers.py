"""Officers: infers the person meant by an office, on the day of the article.

    names of a text, day -> [Officers] -> inferred names: الرئيس الروسي, رئيس روسيا

The mention is the word for the office; the nisba or country after it is a mention of its own.
Nothing is inferred if a person's name follows, or if a word says that the office is past or future.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from marsad.indexer.analysis.clitics import bare_forms
from marsad.indexer.extract.entities.gazetteer import Gazetteer
from marsad.indexer.extract.entities.names import Name
from marsad.indexer.extract.entities.offices import BEFORE_NAME, BEFORE_NISBA, LONGEST, OfficeBook
from marsad.indexer.extract.entities.words import Words

_PAST = frozenset(
    (
        "السابق",
        "السابقه",
        "الاسبق",
        "الراحل",
        "المخلوع",
        "المنتخب",
        "الموقت",
        "انذاك",
        "حينها",
        "السابقين",
        "الاسبقين",
        "الجديد",
        "المقبل",
        "القادم",
        "المعزول",
        "المكلف",
        "حينذاك",
    )
)
_UNITED_NATIONS = "united-nations"
# Feminine and plural nisbas after an office describe something else, not the holder.
_FEMININE = ("ه", "ين", "ون", "ات")


class Officers:
    """Infers the holders of offices with one gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        entities = gazetteer.by_id
        self._entities = entities
        self._book = OfficeBook(
            (entity.id, office) for entity in entities.values() for office in entity.offices
        )

    def find(self, words: Words, names: Sequence[Name], day: dt.date) -> Iterator[Name]:
        """Yield a name for each office whose holder on *day* is known."""
        taken = {at for name in names for at in range(name.first, name.end)}
        begins = {name.first: name for name in names}
        for name in names:
            if name.type == "nationality":
                heads, of = BEFORE_NISBA, self._entities[name.id].country if name.listed else ""
                if words.surface(name.end - 1).endswith(_FEMININE):
                    continue
            elif name.by == "country":
                heads, of = BEFORE_NAME, name.id.partition("-")[2]
            elif name.id == _UNITED_NATIONS:
                heads, of = BEFORE_NAME, name.id
            else:
                continue
            if of:
                yield from self._held(words, name, heads, of, day, taken, begins)

    def _held(
        self,
        words: Words,
        name: Name,
        heads: Mapping[tuple[str, ...], str],
        of: str,
        day: dt.date,
        taken: set[int],
        begins: Mapping[int, Name],
    ) -> Iterator[Name]:
        """Yield the name for an office in front of *name*, if its holder is known."""
        after = begins.get(name.end)
        # The holder is named right after the office, so nothing must be inferred.
        if after is not None and after.type == "person":
            return
        if name.end < len(words) and words.surface(name.end) in _PAST:
            return
        for length in range(LONGEST, 0, -1):
            first = name.first - length
            if first < 0 or not taken.isdisjoint(range(first, name.first)):
                continue
            key = words.key(first, name.first)
            for letters, word in bare_forms(key[0]):
                kind = heads.get((word, *key[1:]))
                holder = self._book.holder(kind, of, day) if kind else None
                if holder is not None:
                    yield Name(first, name.first, letters, "person", holder, "office")
                    return

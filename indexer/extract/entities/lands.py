"""Lands: which of several cities of one name is meant, by the lands that an article names.

names of an article -> [Lands] -> cities that count, the one meant of each name
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from marsad.indexer.analysis.lexicon import lexicon
from marsad.indexer.extract.entities.entity import Entity
from marsad.indexer.extract.entities.gazetteer import Gazetteer
from marsad.indexer.extract.entities.names import Name
from marsad.indexer.extract.entities.words import Words

# A city so many times smaller than another of its name is not meant by the name alone.
_SMALLER = 8
# A word that stands more often in 10 billion is no city only because its land is named.
_COMMON = 1_000_000


class Lands:
    """The lands that an article names, by country, nationality and city."""

    def __init__(self, gazetteer: Gazetteer, names: Iterable[Name]) -> None:
        self._gazetteer = gazetteer
        self._named: Counter[str] = Counter()
        for name in names:
            entity = gazetteer.by_id.get(name.id)
            if name.by == "country":
                self._named[name.id.partition("-")[2]] += 1
            elif entity is not None and entity.country and not self._rivals(name):
                self._named[entity.country] += 1

    def counts(self, words: Words, name: Name) -> bool:
        """Return whether a city is meant that nothing beside it announces."""
        word = words.surface(name.first)[name.taken :]
        alone = name.end - name.first == 1
        if alone and lexicon().form(word) >= _COMMON:
            return False
        entities = self._rivals(name) or [self._gazetteer.by_id[name.id]]
        return any(self._named[entity.country] for entity in entities)

    def meant(self, name: Name) -> Name:
        """Return *name* as the city of its name whose land is named, the greatest where none is."""
        rivals = self._rivals(name)
        if not rivals or self._named[rivals[0].country]:
            return name
        for rival in rivals[1:]:
            near = rival.population * _SMALLER >= rivals[0].population
            if near and self._named[rival.country]:
                return replace(name, id=rival.id)
        return name

    def _rivals(self, name: Name) -> Sequence[Entity]:
        return self._gazetteer.rivals_of.get(name.id, ()) if name.by == "city" else ()

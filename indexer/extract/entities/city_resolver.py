"""City resolver: decides which city an ambiguous name means, by the countries in the article.

names of an article -> [CityResolver] -> which cities are meant
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from marsad.indexer.analysis.lexicon import lexicon
from marsad.indexer.extract.entities.entity import Entity
from marsad.indexer.extract.entities.gazetteer import Gazetteer
from marsad.indexer.extract.entities.names import Name
from marsad.indexer.extract.entities.words import Words

# A city this many times smaller than the largest of its name is never meant by the name alone.
_SMALLER = 8
# A word more common than this (in 10 billion words) is not taken for a city only because its
# country is mentioned.
_COMMON = 1_000_000


class CityResolver:
    """Counts the countries that an article mentions by name, nationality and city."""

    def __init__(self, gazetteer: Gazetteer, names: Iterable[Name]) -> None:
        self._gazetteer = gazetteer
        self._named: Counter[str] = Counter()
        for name in names:
            entity = gazetteer.by_id.get(name.id)
            if name.by == "country":
                self._named[name.id.partition("-")[2]] += 1
            elif entity is not None and entity.country and not self._rivals(name):
                self._named[entity.country] += 1

    def is_meant(self, words: Words, name: Name) -> bool:
        """Return whether a city name counts that no word such as مدينة announces.

        It does if the article mentions the country of a city of this name, unless the name is a
        single word that is very common.
        """
        word = words.surface(name.first)[name.taken :]
        alone = name.end - name.first == 1
        if alone and lexicon().form(word) >= _COMMON:
            return False
        entities = self._rivals(name) or [self._gazetteer.by_id[name.id]]
        return any(self._named[entity.country] for entity in entities)

    def resolve(self, name: Name) -> Name:
        """Return *name* as the city whose country the article mentions, or as the largest one."""
        rivals = self._rivals(name)
        if not rivals or self._named[rivals[0].country]:
            return name
        for rival in rivals[1:]:
            near = rival.population * _SMALLER >= rivals[0].population
            if near and self._named[rival.country]:
                return replace(name, id=rival.id)
        return name

    def _rivals(self, name: Name) -> Sequence[Entity]:
        """Return the cities with this name, the largest first; empty if the name is unique."""
        return self._gazetteer.rivals_of.get(name.id, ()) if name.by == "city" else ()

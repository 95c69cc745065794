"""Gazetteer: all listed entities, found by the folded words of their names.

    authority file, countries, cities -> [Gazetteer] -> matcher, labels, name lookup

If two entities share a name, the earlier list wins: the user's file, curated entities, countries,
cities. A larger city wins over a smaller one.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property

from marsad.indexer.analysis.analyzer import Names
from marsad.indexer.analysis.clitics import ARTICLE, bare_forms, without_article
from marsad.indexer.analysis.lexicon import lexicon
from marsad.indexer.analysis.tokenizer import tokenize
from marsad.indexer.extract.entities.authority import bundled_entities
from marsad.indexer.extract.entities.cities import city_entities
from marsad.indexer.extract.entities.countries import country_entities
from marsad.indexer.extract.entities.entity import Entity
from marsad.indexer.extract.mentions import UNLISTED, EntityClass

Key = tuple[str, ...]
# Oman and Amman are both written عمان.
OMAN, AMMAN = "country-om", "city-250441"
_SHARED = ("عمان",)
# Limits of the entities that a partial name finds, and of the names that a query is extended by.
# Both would otherwise grow with the lists, and slow a query down.
_MOST_CANDIDATES = 20
_MOST_VARIANTS = 24
_SHORTEST = 3
# A word more common than this (in 10 billion words) is protected from stemming only as part of its
# whole name.
_COMMON_WORD = 300_000
_PLACE_HEADS = frozenset(
    ("جمهوريه", "دوله", "اقليم", "محافظه", "مدينه", "ولايه", "بلده", "قريه", "ضاحيه")
)
_COMPOSED = frozenset(("عبد", "ابو"))
_SERVANT = "عبدال"
_BODY_HEADS = frozenset(
    ("صحيفه", "جريده", "وكاله", "قناه", "شبكه", "موقع", "مجله", "اذاعه", "شركه", "موسسه")
)
# Endings in which ه is a letter of the word and not a folded ة.
_NO_MARBUTA = frozenset(("الله", "طه", "شاه", "وجيه", "نزيه", "مياه", "فقيه", "وجه"))


def unlisted_label(entity_id: str) -> str:
    """Return a label for the id of an unlisted name: its words, with a final ة if that is likely.

    Folding has replaced ة by ه, so the label has to guess.

    Example:
        >>> unlisted_label("~جامعه_صفاقس")
        'جامعة صفاقس'
    """
    words = entity_id.lstrip(UNLISTED).split("_")
    return " ".join(
        f"{word[:-1]}ة"
        if word.endswith("ه") and len(word) >= _SHORTEST and not word.endswith(tuple(_NO_MARBUTA))
        else word
        for word in words
    )


def name_key(name: str) -> Key:
    """Return the folded words of *name*.

    Example:
        >>> name_key("الكريملِن")
        ('الكريملن',)
    """
    return tuple(surface for surface, _, _ in tokenize(name))


class Gazetteer:
    """Entities by id, by the words of their names, and by class and words.

    A nationality can share a name with a country: السعودية. `rivals_of` lists, by the id of a city,
    all cities with its name, the most populous first. `longest` has, for each first word, the
    length of the longest name.
    """

    def __init__(self, entities: Iterable[Entity]) -> None:
        self.by_id: dict[str, Entity] = {}
        self.by_name: dict[Key, Entity] = {}
        self.by_class: dict[tuple[EntityClass, Key], Entity] = {}
        self.rivals_of: dict[str, list[Entity]] = {}
        self.longest: dict[str, int] = {}
        for entity in entities:
            if entity.id in self.by_id:
                continue
            owner = self._same_place(entity)
            self.by_id[owner.id] = owner
            for name in entity.names():
                for key in _written(name_key(name)):
                    self._add(key, owner)

    def _add(self, key: Key, entity: Entity) -> None:
        """Index *entity* under one of its names; an earlier entity keeps the name."""
        if not key or not _is_usable(key):
            return
        self.by_class.setdefault((entity.type, key), entity)
        first = self.by_name.setdefault(key, entity)
        self.longest[key[0]] = max(self.longest.get(key[0], 0), len(key))
        if first is not entity and first.is_city and entity.is_city:
            rivals = self.rivals_of.setdefault(first.id, [first])
            if entity not in rivals:
                rivals.append(entity)

    def _same_place(self, entity: Entity) -> Entity:
        """Return the curated place that a city is, or *entity* itself.

        They are the same if they share the Arabic name, and the consonants of the English one. The
        Arabic name alone is not enough: قره باغ is also a town in Afghanistan.
        """
        owner = self.by_name.get(name_key(entity.labels[0]))
        if owner is None or not entity.id.startswith("city-") or owner.type != "place":
            return entity
        listed = owner.id.startswith(("city-", "country-"))
        same = _consonants(owner.labels[1]) == _consonants(entity.labels[1])
        return owner if same and not listed else entity

    @cached_property
    def _by_word(self) -> dict[str, list[tuple[Key, Entity]]]:
        """The names that contain each word, in the order of `by_name`."""
        found: dict[str, list[tuple[Key, Entity]]] = {}
        for key, entity in self.by_name.items():
            for word in dict.fromkeys(key):
                found.setdefault(word, []).append((key, entity))
        return found

    @property
    def version(self) -> str:
        """The identity of the content: with one version, names are matched alike."""
        content = hashlib.sha256()
        for key in sorted(self.by_name):
            entity = self.by_name[key]
            content.update(f"{' '.join(key)}={entity.id}:{entity.type}\n".encode())
        return content.hexdigest()[:12]

    def label(self, entity_id: str, language: str) -> str:
        """Return the label of an id, or the id itself if it is unknown."""
        entity = self.by_id.get(entity_id)
        if entity is None and entity_id.startswith(UNLISTED):
            return unlisted_label(entity_id)
        return entity.label(language) if entity else entity_id

    def is_head(self, word: str, kind: EntityClass) -> bool:
        """Return whether *word* (folded) is only a kind of place or organisation, as "city" is."""
        heads = _PLACE_HEADS if kind == "place" else _BODY_HEADS
        return without_article(word) in heads

    def find(self, name: str) -> str | None:
        """Return the id that *name* is, or the id of the entity with exactly this name."""
        if name in self.by_id:
            return name
        entity = self.by_name.get(name_key(name))
        return entity.id if entity else None

    def resolve(self, facet: str, name: str) -> Sequence[str]:
        """Return the ids of the class *facet* that have *name* as their name or as part of it."""
        given = self.by_id.get(name.strip())
        if given is not None:
            return (given.id,) if given.type == facet else ()
        if name.startswith(UNLISTED):
            return (name.strip(),)
        key = name_key(name)
        if not key:
            return ()
        for wanted in (key, (*key[:-1], without_article(key[-1])), ("ال" + key[0], *key[1:])):
            exact = self.by_name.get(wanted)
            if exact is not None and exact.type == facet:
                both = wanted == _SHARED and exact.id == OMAN and AMMAN in self.by_id
                return (OMAN, AMMAN) if both else (exact.id,)
        found: dict[str, None] = {}
        # Every name with all the words is among the names with the rarest of them.
        rarest = min((self._by_word.get(word, ()) for word in key), key=len)
        for known, entity in rarest:
            if entity.type == facet and set(key) <= set(known):
                found[entity.id] = None
                if len(found) >= _MOST_CANDIDATES:
                    break
        return tuple(found)

    def variants(self, key: Key) -> tuple[Key, ...]:
        """Return the other names of the entity that the folded words *key* name.

        The first word may have clitics. Names that contain *key* or another variant are left out,
        because a search for the shorter name finds them too. Nationalities, names that are ordinary
        words, and misprints have no variants.

        Example:
            >>> ("Aliyev",) in bundled_gazetteer().variants(("لعلييف",))
            True
        """
        entity = self._named(key)
        if entity is None or entity.type == "nationality" or (entity.guarded and len(key) == 1):
            return ()
        misprints = set(map(name_key, entity.typos))
        if key in misprints:
            return ()
        kept: dict[Key, Key] = {}
        printed: dict[Key, Key] = {}
        for name in entity.names():
            printed.setdefault(name_key(name), tuple(name.split()))
        for words in sorted(printed, key=len):
            if not words or words in misprints:
                continue
            if not any(_holds(words, shorter) for shorter in (key, *kept)):
                kept[words] = printed[words]
        return tuple(kept.values())[:_MOST_VARIANTS]

    def _named(self, key: Key) -> Entity | None:
        """Return the entity whose whole name is *key*, with or without clitics."""
        words = lexicon()
        for taken, word in bare_forms(key[0]) if key else ():
            # A single word is split only if the rest is at least as common as the whole.
            if taken and len(key) == 1 and words.form(word) < words.form(key[0]):
                continue
            for first in (word, without_article(word), ARTICLE + word):
                entity = self.by_name.get((first, *key[1:]))
                if entity is not None:
                    return entity
        return None

    def names(self) -> Names:
        """Return the names that the analyzer must know, as single words.

        They are the words of persons' names, the names of other entities that are one word, and
        separately the countries with a name of one word. Common and very short words are left
        out of the first two, and nationalities are left out entirely.
        """
        words: set[str] = set()
        countries: set[str] = set()
        for key, entity in self.by_name.items():
            if entity.type == "nationality":
                continue
            if len(key) == 1 or entity.type == "person":
                words.update(without_article(word) for word in key if _is_protected(word))
            if entity.id.startswith("country-") and len(key) == 1:
                countries.add(without_article(key[0]))
        return Names(frozenset(words), frozenset(countries))


def _holds(name: Key, shorter: Key) -> bool:
    """Return whether *name* contains the words of *shorter*, in order and without a gap."""
    last = len(name) - len(shorter)
    return any(name[at : at + len(shorter)] == shorter for at in range(last + 1))


def _written(key: Key) -> Iterator[Key]:
    """Yield *key*, and its spellings with عبد or أبو joined to the next word or separated from it.

    Example:
        >>> list(_written(("عبد", "الله", "حمدوك")))
        [('عبد', 'الله', 'حمدوك'), ('عبدالله', 'حمدوك')]
    """
    yield key
    for at, word in enumerate(key):
        if word in _COMPOSED and at + 1 < len(key):
            yield (*key[:at], word + key[at + 1], *key[at + 2 :])
        elif word.startswith(_SERVANT) and len(word) > len(_SERVANT):
            yield (*key[:at], "عبد", word.removeprefix("عبد"), *key[at + 1 :])


def _consonants(latin: str) -> str:
    """Return the consonants of a Latin name, without article and without doubled letters.

    Example:
        >>> _consonants("Al-Hasakah"), _consonants("Hasaka")
        ('hsk', 'hsk')
    """
    word = latin.lower().removeprefix("al-").removeprefix("el-")
    kept = [char for char in word if char in "bcdfghjklmnpqrstvxz"]
    return "".join(c for at, c in enumerate(kept) if not at or c != kept[at - 1]).rstrip("h")


def _is_usable(key: Key) -> bool:
    """Return whether a name is long enough to be searched for."""
    return len(key) > 1 or len(key[0]) >= _SHORTEST


def _is_protected(word: str) -> bool:
    """Return whether a word is left unstemmed: it must be rare enough, and not too short."""
    common = lexicon().form(without_article(word)) >= _COMMON_WORD
    return len(without_article(word)) >= _SHORTEST and word.isalpha() and not common


@cache
def bundled_gazetteer() -> Gazetteer:
    """Return the gazetteer of the package; it is built once."""
    return gazetteer_with(())


def gazetteer_with(own: Iterable[Entity]) -> Gazetteer:
    """Return the gazetteer of the package, extended by a user's *own* entities.

    An own entity takes precedence, and replaces an entity of the package with the same id.
    """
    return Gazetteer([*own, *bundled_entities(), *country_entities(), *city_entities()])

"""Gazetteer: every known entity, found by the folded words of its names.

    authority file, countries, cities -> [Gazetteer] -> matcher, labels, name look-up

Where two entities share a name the earlier list wins: curated before country,
country before city, the greater city before the smaller.
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
# A country and a capital that are written alike: عمان.
OMAN, AMMAN = "country-om", "city-250441"
_SHARED = ("عمان",)
_MOST_CANDIDATES = 20
_MOST_VARIANTS = 24
_SHORTEST = 3
# A word this common (per 10 billion) is protected only as part of its whole name.
_COMMON_WORD = 300_000
_PLACE_HEADS = frozenset(
    ("جمهوريه", "دوله", "اقليم", "محافظه", "مدينه", "ولايه", "بلده", "قريه", "ضاحيه")
)
_COMPOSED = frozenset(("عبد", "ابو"))
_SERVANT = "عبدال"
_BODY_HEADS = frozenset(
    ("صحيفه", "جريده", "وكاله", "قناه", "شبكه", "موقع", "مجله", "اذاعه", "شركه", "موسسه")
)
_NO_MARBUTA = frozenset(("الله", "طه", "شاه", "وجيه", "نزيه", "مياه", "فقيه", "وجه"))


def unlisted_label(entity_id: str) -> str:
    """Return the words of the id of a name that no list has, with a final ة where it is likely.

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

    A name of a nationality may be that of a country too: السعودية. `rivals_of` has
    the cities that share a name with one, by its id, the most populous first.
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

        It is the same where it has the Arabic name and, in consonants, the English one: قره باغ
        is a town of Afghanistan too.
        """
        owner = self.by_name.get(name_key(entity.labels[0]))
        if owner is None or not entity.id.startswith("city-") or owner.type != "place":
            return entity
        listed = owner.id.startswith(("city-", "country-"))
        same = _consonants(owner.labels[1]) == _consonants(entity.labels[1])
        return owner if same and not listed else entity

    @cached_property
    def _by_word(self) -> dict[str, list[tuple[Key, Entity]]]:
        """Names with a word, in the order of `by_name`."""
        found: dict[str, list[tuple[Key, Entity]]] = {}
        for key, entity in self.by_name.items():
            for word in dict.fromkeys(key):
                found.setdefault(word, []).append((key, entity))
        return found

    @property
    def version(self) -> str:
        """Name the content: the same names give the same mentions."""
        content = hashlib.sha256()
        for key in sorted(self.by_name):
            entity = self.by_name[key]
            content.update(f"{' '.join(key)}={entity.id}:{entity.type}\n".encode())
        return content.hexdigest()[:12]

    def label(self, entity_id: str, language: str) -> str:
        """Return the label of an id, the id itself where it is not known."""
        entity = self.by_id.get(entity_id)
        if entity is None and entity_id.startswith(UNLISTED):
            return unlisted_label(entity_id)
        return entity.label(language) if entity else entity_id

    def is_head(self, word: str, kind: EntityClass) -> bool:
        """Return whether *word*, folded, only says what kind of place or body follows."""
        heads = _PLACE_HEADS if kind == "place" else _BODY_HEADS
        return without_article(word) in heads

    def find(self, name: str) -> str | None:
        """Return the id that *name* is, or whose whole name it is."""
        if name in self.by_id:
            return name
        entity = self.by_name.get(name_key(name))
        return entity.id if entity else None

    def resolve(self, facet: str, name: str) -> Sequence[str]:
        """Return the ids of the class *facet* that *name*, a name or part of one, stands for."""
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
        # Whatever has all the words has the rarest of them.
        rarest = min((self._by_word.get(word, ()) for word in key), key=len)
        for known, entity in rarest:
            if entity.type == facet and set(key) <= set(known):
                found[entity.id] = None
                if len(found) >= _MOST_CANDIDATES:
                    break
        return tuple(found)

    def variants(self, key: Key) -> tuple[Key, ...]:
        """Return the other names of the entity that the folded words *key* name.

        Clitics may stand before the first word. A name that holds another of them, or *key*,
        is left out: whoever looks for the shorter finds it. Nationalities, names that are
        ordinary words and misprints have no variants.

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
        """Return the entity that *key* names as a whole, clitics before it or not."""
        words = lexicon()
        for taken, word in bare_forms(key[0]) if key else ():
            if taken and len(key) == 1 and words.form(word) < words.form(key[0]):
                continue
            for first in (word, without_article(word), ARTICLE + word):
                entity = self.by_name.get((first, *key[1:]))
                if entity is not None:
                    return entity
        return None

    def names(self) -> Names:
        """Return the words that the stemmer leaves whole: of persons, and one-word names."""
        words: set[str] = set()
        lands: set[str] = set()
        for key, entity in self.by_name.items():
            if entity.type == "nationality":
                continue
            if len(key) == 1 or entity.type == "person":
                words.update(without_article(word) for word in key if _is_protected(word))
            if entity.id.startswith("country-") and len(key) == 1:
                lands.add(without_article(key[0]))
        return Names(frozenset(words), frozenset(lands))


def _holds(name: Key, shorter: Key) -> bool:
    last = len(name) - len(shorter)
    return any(name[at : at + len(shorter)] == shorter for at in range(last + 1))


def _written(key: Key) -> Iterator[Key]:
    """Yield *key*, and with عبد and أبو written the other way: apart, or onto the next word.

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
    """Return the consonants of a Latin name, without article and doubling.

    Example:
        >>> _consonants("Al-Hasakah"), _consonants("Hasaka")
        ('hsk', 'hsk')
    """
    word = latin.lower().removeprefix("al-").removeprefix("el-")
    kept = [char for char in word if char in "bcdfghjklmnpqrstvxz"]
    return "".join(c for at, c in enumerate(kept) if not at or c != kept[at - 1]).rstrip("h")


def _is_usable(key: Key) -> bool:
    return len(key) > 1 or len(key[0]) >= _SHORTEST


def _is_protected(word: str) -> bool:
    common = lexicon().form(without_article(word)) >= _COMMON_WORD
    return len(without_article(word)) >= _SHORTEST and word.isalpha() and not common


@cache
def bundled_gazetteer() -> Gazetteer:
    """Return the gazetteer of the package, read once."""
    return gazetteer_with(())


def gazetteer_with(own: Iterable[Entity]) -> Gazetteer:
    """Return the gazetteer of the package with a user's *own* entities, which win.

    An own entity with an id of the package stands in place of that one.
    """
    return Gazetteer([*own, *bundled_entities(), *country_entities(), *city_entities()])

"""Names: merges the names from the lists and from the tagger, without overlaps.

    listed names, tagged names -> [join_names] -> names, each with a class and an id

The longest name wins; between names of one length, the more trusted source wins. A name that is in
no list gets an id from its own words: `~` and the folded words.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from marsad.indexer.analysis.clitics import ARTICLE, bare_forms, without_article
from marsad.indexer.analysis.lexicon import lexicon
from marsad.indexer.extract.entities.features import core, listed
from marsad.indexer.extract.entities.gazetteer import Gazetteer
from marsad.indexer.extract.entities.matcher import Span
from marsad.indexer.extract.entities.tagger import Tagged
from marsad.indexer.extract.entities.words import Words
from marsad.indexer.extract.mentions import GENERIC, UNLISTED, EntityClass, Evidence

# The tagger was trained on Arabic text only, so its names must have Arabic letters.
_ARABIC = re.compile("[\u0621-\u064a]")
_SHORTEST_VERB = 4
# A word at least this common (in 10 billion words) makes the name of an organisation generic.
_COMMON = 150_000
_CLASS_OF: dict[str, EntityClass] = {"PER": "person", "LOC": "place", "ORG": "organisation"}
_COARSE = {"person": "PER", "place": "LOC", "organisation": "ORG", "armed_group": "ORG"}
# How far each kind of evidence is trusted.
_RANK: dict[Evidence, int] = {
    "authority": 5,
    "country": 4,
    "city": 3,
    "trigger": 2,
    "tagger": 1,
    "article": 0,
    "office": 0,
}


@dataclass(frozen=True, slots=True)
class Name:
    """A name at word positions *first* to *end*, without *end*.

    The first `taken` letters of its first word are clitics.
    """

    first: int
    end: int
    taken: int
    type: EntityClass
    id: str
    by: Evidence

    @property
    def listed(self) -> bool:
        """True if the name is in a list."""
        return not self.id.startswith(UNLISTED)


def own_id(key: Iterable[str]) -> str:
    """Return the id of a name that is in no list.

    Example:
        >>> own_id(("محمد", "الناصر"))
        '~محمد_الناصر'
    """
    return UNLISTED + "_".join(key)


def known_name(span: Span) -> Name:
    """Return the name of a span of the matcher."""
    entity = span.entity
    prefix = entity.id.partition("-")[0]
    by: Evidence = "country" if prefix == "country" else "city" if prefix == "city" else "authority"
    return Name(span.first, span.end, span.taken, entity.type, entity.id, by)


def tagged_name(words: Words, tagged: Tagged, gazetteer: Gazetteer) -> Name | None:
    """Return the name of a span of the tagger, or None if its class or letters are not used.

    A clitic on the first word is removed if the lexicon supports it.
    """
    kind = _CLASS_OF.get(tagged.kind)
    if kind is None:
        return None
    first = tagged.first
    while kind == "person" and tagged.end - first > 1 and _is_verb(words.surface(first)):
        # Arabic puts the verb before the subject, and the tagger sometimes takes both for the name.
        first += 1
    key = list(words.key(first, tagged.end))
    if not any(_ARABIC.match(word) for word in key):
        return None
    taken, key[0] = _without_clitic(key[0])
    known = gazetteer.by_class.get((kind, tuple(key)))
    if known is not None:
        return known_name(Span(first, tagged.end, taken, known))
    if kind == "organisation" and core(key[0]).bare in _group_heads():
        kind = "armed_group"
    body = kind in ("organisation", "armed_group")
    own = GENERIC + "_".join(key) if body and _is_generic(key) else own_id(key)
    return Name(first, tagged.end, taken, kind, own, "tagger")


class _Listed:
    """Listed names, found by their positions."""

    def __init__(self, names: Sequence[Name]) -> None:
        # The sort is stable: names with one first word keep their order.
        self._names = sorted(names, key=lambda name: name.first)
        self._firsts = [name.first for name in self._names]

    def between(self, first: int, end: int) -> Sequence[Name]:
        """Return the names whose first word is at *first* or after it, and before *end*."""
        firsts = self._firsts
        return self._names[bisect_left(firsts, first) : bisect_left(firsts, end)]


def join_names(known: Sequence[Name], tagged: Sequence[Name], found: Sequence[Name]) -> list[Name]:
    """Return the names that win, in order; *found* are all listed names, even rejected ones."""
    standing_known, all_found = _Listed(known), _Listed(found)
    kept = [_completed(name, all_found) for name in tagged if not _swallows(name, standing_known)]
    taken: set[int] = set()
    standing = []
    for name in sorted([*known, *kept], key=_strength):
        places = range(name.first, name.end)
        if taken.isdisjoint(places):
            taken.update(places)
            standing.append(name)
    return sorted(standing, key=lambda name: name.first)


def _swallows(name: Name, known: _Listed) -> bool:
    """Return whether an unlisted person's name contains the name of a place or organisation."""
    return name.type == "person" and any(
        inner.type not in ("person", "nationality")
        and inner.end <= name.end
        and inner.end - inner.first < name.end - name.first
        for inner in known.between(name.first, name.end)
    )


def _strength(name: Name) -> tuple[int, int, int]:
    """Return the sort key of a name: long names first, then trusted sources."""
    return (name.first - name.end, -_RANK[name.by], name.first)


def _completed(name: Name, known: _Listed) -> Name:
    """Return a tagged name, with the id of the listed name that it starts with, if there is one.

    مجلس الأمن الدولي gets the id of مجلس الأمن: the rest only qualifies the listed name.
    """
    for inner in known.between(name.first, name.first + 1):
        if inner.by != "authority" or inner.end > name.end:
            continue
        # With a nationality it is a different organisation: مجلس الأمن الأرمني is not مجلس الأمن.
        another = inner.type == "organisation" and any(
            other.type == "nationality" for other in known.between(inner.end, name.end)
        )
        if _COARSE.get(inner.type) == _COARSE[name.type] and not another:
            return replace(name, id=inner.id, type=inner.type, by=inner.by, taken=inner.taken)
    return name


def clitic_places(known: Iterable[Name]) -> frozenset[int]:
    """Return the positions of listed names with a clitic, at which `split_tagged` splits."""
    return frozenset(name.first for name in known if name.taken and name.by == "authority")


def split_tagged(words: Words, tagged: Tagged, firsts: Collection[int]) -> Iterator[Tagged]:
    """Yield *tagged*, split at *firsts* (see `clitic_places`), and before words with "and"."""
    first = tagged.first
    for at in range(tagged.first + 1, tagged.end):
        surface = words.surface(at)
        apart = tagged.kind != "ORG" and surface.startswith("و") and _without_clitic(surface)[0]
        if at in firsts or apart:
            yield Tagged(first, at, tagged.kind)
            first = at
    yield Tagged(first, tagged.end, tagged.kind)


@lru_cache(maxsize=1 << 16)
def _without_clitic(word: str) -> tuple[int, str]:
    """Return the number of letters in front of a name that are clitics, and the name.

    A clitic of one letter is accepted if the rest is clearly more common than the whole; a longer
    one, if the whole is not a word.
    """
    count = lexicon().form
    whole = count(word)
    for taken, rest in bare_forms(word):
        certain = rest in given_names() and word not in given_names()
        if taken == 1 and word[0] != "ك" and (certain or count(rest) > max(whole, 0) * 3):
            return taken, rest
        if taken > 1 and not whole and count(rest):
            return taken, rest
        if taken and rest.startswith(ARTICLE) and word.startswith(("لل", "ولل")) and count(rest):
            return taken, rest
    return 0, word


def _is_generic(key: Sequence[str]) -> bool:
    """Return whether all words of an organisation are common: مجلس النواب, المحكمة الابتدائية."""
    count = lexicon().form
    return all(max(count(word), count(without_article(word))) >= _COMMON for word in key)


@cache
def given_names() -> frozenset[str]:
    """Return the folded given names of the lists of hints."""
    hints = (listed("hints.txt"), listed("built_hints.txt"))
    return frozenset(word for kinds in hints for word in kinds if "given" in kinds[word])


@lru_cache(maxsize=1 << 16)
def _is_verb(word: str) -> bool:
    """Return whether a word is probably an imperfect verb, which is never part of a name."""
    count = lexicon().form
    if word in given_names() or len(word) < _SHORTEST_VERB:
        return False
    rest = word[2:] if word[0] == "س" and word[1] in "يتن" else word[1:]
    starts = word[0] in "يت" or len(rest) == len(word) - 2
    known = count(rest) > 0 and count(word) + count("و" + word) > 0
    return starts and known and not count(ARTICLE + word)


@cache
def _group_heads() -> frozenset[str]:
    """Return the words that begin names of armed groups."""
    return frozenset(word for word, kinds in listed("triggers.txt").items() if "grouphead" in kinds)

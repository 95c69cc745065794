"""Names: what the layers found in one text, joined to mentions that do not overlap.

    known names, tagged names -> [join_names] -> names, each with a class and an id

The longest name wins; of two of one length, the one of the more trusted layer. A name
that no list has gets an id of its own words: `~` and the folded words.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from indexer.extract.entities.features import core, listed
from indexer.extract.entities.gazetteer import Gazetteer
from indexer.extract.entities.matcher import Span
from indexer.extract.entities.tagger import Tagged
from indexer.extract.entities.words import Words
from indexer.extract.mentions import UNLISTED, EntityClass, Evidence

# The tagger has learned from Arabic text only.
_ARABIC = re.compile("[\u0621-\u064a]")
_CLASS_OF: dict[str, EntityClass] = {"PER": "person", "LOC": "place", "ORG": "organisation"}
_COARSE = {"person": "PER", "place": "LOC", "organisation": "ORG", "armed_group": "ORG"}
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
    """A name at the words *first* to before *end*; `taken` letters before it are clitics."""

    first: int
    end: int
    taken: int
    type: EntityClass
    id: str
    by: Evidence

    @property
    def listed(self) -> bool:
        """True where a list has the name."""
        return not self.id.startswith(UNLISTED)


def own_id(key: Iterable[str]) -> str:
    """Return the id of a name that no list has.

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
    """Return the name of a span of the tagger, None for a class that is no name of its own.

    A clitic comes off the first word where the lexicon bears it out.
    """
    kind = _CLASS_OF.get(tagged.kind)
    if kind is None:
        return None
    key = list(words.key(tagged.first, tagged.end))
    if not any(_ARABIC.match(word) for word in key):
        return None
    form = core(key[0])
    taken, key[0] = len(form.clitic), form.word
    known = gazetteer.by_class.get((kind, tuple(key)))
    if known is not None:
        return known_name(Span(tagged.first, tagged.end, taken, known))
    if kind == "organisation" and core(key[0]).bare in _group_heads():
        kind = "armed_group"
    return Name(tagged.first, tagged.end, taken, kind, own_id(key), "tagger")


def join_names(known: Sequence[Name], tagged: Sequence[Name]) -> list[Name]:
    """Return the names that stand, in order."""
    kept = [_completed(name, known) for name in tagged if not _swallows(name, known)]
    found = [*known, *kept]
    taken: set[int] = set()
    standing = []
    for name in sorted(found, key=_strength):
        places = range(name.first, name.end)
        if taken.isdisjoint(places):
            taken.update(places)
            standing.append(name)
    return sorted(standing, key=lambda name: name.first)


def _swallows(name: Name, known: Sequence[Name]) -> bool:
    """True for an unlisted person's name that has the name of a place or a body in it."""
    return name.type == "person" and any(
        inner.type not in ("person", "nationality")
        and name.first <= inner.first
        and inner.end <= name.end
        and inner.end - inner.first < name.end - name.first
        for inner in known
    )


def _strength(name: Name) -> tuple[int, int, int]:
    return (name.first - name.end, -_RANK[name.by], name.first)


def _completed(name: Name, known: Sequence[Name]) -> Name:
    """Return a tagged name; where it is a listed name and qualifiers of it, with that id."""
    for inner in known:
        if inner.by != "authority" or inner.first < name.first or inner.end > name.end:
            continue
        if _COARSE.get(inner.type) == _COARSE[name.type] and inner.first == name.first:
            return replace(name, id=inner.id, type=inner.type, by=inner.by, taken=inner.taken)
    return name


def parted(words: Words, tagged: Tagged, known: Iterable[Name]) -> Iterator[Tagged]:
    """Yield *tagged* cut where "and" is written onto a word of a person's or place's name."""
    firsts = {name.first for name in known if name.taken}
    first = tagged.first
    for at in range(tagged.first + 1, tagged.end):
        if tagged.kind == "ORG" or not words.surface(at).startswith("و"):
            continue
        if at in firsts or core(words.surface(at)).clitic:
            yield Tagged(first, at, tagged.kind)
            first = at
    yield Tagged(first, tagged.end, tagged.kind)


@cache
def _group_heads() -> frozenset[str]:
    return frozenset(word for word, kinds in listed("triggers.txt").items() if "grouphead" in kinds)

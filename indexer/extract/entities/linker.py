"""Linker: short forms of a name, joined to the full name that the article gives.

Three kinds of short form are looked for: the last name of a person, the first and the
last of a longer name (سالم بن رجب الكناني, سالم الكناني), and a body's name without the
word that heads it (حركة النهضة, النهضة).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from marsad.indexer.analysis.clitics import PROCLITICS, bare_forms, without_article
from marsad.indexer.analysis.lexicon import lexicon
from marsad.indexer.extract.entities.features import listed
from marsad.indexer.extract.entities.gazetteer import Gazetteer
from marsad.indexer.extract.entities.kernels import PLAIN
from marsad.indexer.extract.entities.names import Name
from marsad.indexer.extract.entities.words import Words
from marsad.indexer.extract.mentions import UNLISTED, EntityClass

Key = tuple[str, ...]
_LONG = 4
_COMMON, _COMMON_WITH_ARTICLE = 30_000, 600_000
_ENDINGS = ("ها", "هم", "نا")
# A last name that ends in one of these is two words, or both in one: نصر الله, نصرالله.
_SECONDS = ("الله", "الدين", "الاسلام", "الرحمن", "الرحيم")
_FIRSTS = ("بن", "ابن", "ابو", "ال", "ولد", "عبد")


@dataclass(frozen=True, slots=True)
class _Full:
    """What a short form stands for; None where two names have it."""

    id: str
    type: EntityClass

    @property
    def listed(self) -> bool:
        """True where a list has the name."""
        return not self.id.startswith(UNLISTED)


class Linker:
    """Links the names of one article to each other."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._lexicon = lexicon()
        # Titles and nationalities are no last names, though some persons have them as such.
        self._ordinary = frozenset(
            [w for w, kinds in listed("triggers.txt").items() if kinds & {"title", "orghead"}]
            + [key[0] for kind, key in gazetteer.by_class if kind == "nationality"]
        )
        self._heads = frozenset(
            w for w, kinds in listed("triggers.txt").items() if "orghead" in kinds
        )

    def link(self, read: Sequence[Words], found: Sequence[list[Name]]) -> list[list[Name]]:
        """Return the names of each text, with short forms linked and added."""
        shorts = self._shorts(read, found)
        if not shorts:
            return list(found)
        return [
            self._linked(words, names, shorts) for words, names in zip(read, found, strict=True)
        ]

    def _shorts(
        self, read: Sequence[Words], found: Sequence[list[Name]]
    ) -> dict[Key, _Full | None]:
        """Return the short forms of the full names of an article.

        A name that is short for a longer one lends that one its own short forms.
        """
        fulls: dict[Key, _Full] = {}
        for words, names in zip(read, found, strict=True):
            for name in names:
                if name.end - name.first >= 2:  # noqa: PLR2004  (a short form is shorter)
                    key = words.key(name.first, name.end)
                    if name.type == "person":
                        key = (key[0][name.taken :], *key[1:])
                    fulls.setdefault(key, _Full(name.id, name.type))
        shorts: dict[Key, _Full | None] = {}
        for key, named in sorted(fulls.items(), key=lambda item: -len(item[0])):
            longer = None if named.listed else shorts.get(key)
            full = longer if longer and _agree(longer.type, named.type) else named
            for short in self._short_forms(key, full.type):
                known = shorts.setdefault(short, full)
                if known is not None and known.id != full.id:
                    shorts[short] = _better(known, full)
        return shorts

    def _short_forms(self, key: Key, kind: EntityClass) -> Iterable[Key]:
        if kind == "person":
            yield from _last_names(key)
        elif kind in ("organisation", "armed_group") and key[0] in self._heads:
            rest = key[1:]
            if len(rest) > 1 or len(rest[0]) > _LONG:
                yield rest

    def _linked(
        self, words: Words, names: Sequence[Name], shorts: dict[Key, _Full | None]
    ) -> list[Name]:
        linked = [self._relinked(words, name, shorts) for name in names]
        forms = {
            (form, *key[1:]): (letters, full)
            for key, full in shorts.items()
            if full is not None and full.type == "person"
            if len(key) > 1 or _second_of(key[0]) or not self._is_common(key[0])
            for form, letters in _written(key[0])
        }
        if forms:
            taken = {at for name in names for at in range(name.first, name.end)}
            firsts = {key[0] for key in forms}
            for at, word in enumerate(words.key(0, len(words))):
                if word in firsts and at not in taken:
                    added = _added(words, at, forms, taken)
                    if added is not None:
                        linked.append(added)
                        taken.update(range(at, added.end))
        return sorted(linked, key=lambda name: name.first)

    def _relinked(self, words: Words, name: Name, shorts: dict[Key, _Full | None]) -> Name:
        if name.listed:
            return name
        key = words.key(name.first, name.end)
        for letters, word in bare_forms(key[0]):
            full = shorts.get((word, *key[1:]))
            if full is not None and full.id != name.id and _agree(full.type, name.type):
                return replace(name, id=full.id, type=full.type, by="article", taken=letters)
        return name

    def _is_common(self, word: str) -> bool:
        """True for a word that news uses as a word: common, or with pronouns written onto it.

        With the article, a last name is less likely another word: البرهان.
        """
        count = self._lexicon.form
        bare = without_article(word)
        if word in self._ordinary or bare in self._ordinary:
            return True
        most = _COMMON_WITH_ARTICLE if bare != word else _COMMON
        inflected = sum(count(word + ending) for ending in _ENDINGS)
        return count(word) >= most or inflected * 100 > count(word)


def _last_names(key: Key) -> Iterator[Key]:
    """Yield the short forms of a person's name.

    Example:
        >>> list(_last_names(("حسن", "نصر", "الله")))
        [('نصر', 'الله'), ('نصرالله',)]
        >>> list(_last_names(("سالم", "بن", "رجب", "الكناني")))
        [('الكناني',), ('سالم', 'الكناني')]
    """
    last = key[-1:]
    before, second = key[-2], _second_of(last[0])
    if last[0] in _SECONDS:
        last = key[-2:]
        if len(key) == 2:  # noqa: PLR2004  (نور الدين is one name)
            yield ("".join(last),)
            return
        yield last
        yield ("".join(last),)
    elif second:
        yield last
        yield (last[0].removesuffix(second), second)
    else:
        if len(last[0]) >= _LONG and before != "عبد":
            yield last
        if len(key) > 2 and before in _FIRSTS:  # noqa: PLR2004
            last = key[-2:]
            yield last
            if before == "عبد":
                yield ("".join(last),)
    if len(key) > 1 + len(last):
        yield (key[0], *last)


def _second_of(word: str) -> str:
    """Return the second word of a last name that is written as one, nothing where it is not."""
    return next((end for end in _SECONDS if word.endswith(end) and len(word) > len(end) + 1), "")


def _added(
    words: Words, at: int, forms: Mapping[Key, tuple[int, _Full]], taken: Collection[int]
) -> Name | None:
    """Return the longest short form that begins at a word, where no name stands."""
    for length in (3, 2, 1):
        end = at + length
        if any(place in taken for place in range(at, end)) or end > len(words):
            continue
        known = forms.get(words.key(at, end))
        if known and all(words.gaps[place] == PLAIN for place in range(at + 1, end)):
            letters, full = known
            return Name(at, end, letters, full.type, full.id, "article")
    return None


def _written(word: str) -> Iterator[tuple[str, int]]:
    """Yield *word* with each clitic, and how many letters that is."""
    for clitic, opening in PROCLITICS:
        if not opening:
            yield clitic + word, len(clitic)


def _agree(full: EntityClass, short: EntityClass) -> bool:
    bodies = ("organisation", "armed_group")
    return full == short or (full in bodies and short in bodies)


def _better(known: _Full, other: _Full) -> _Full | None:
    """Return the listed one of two names with one short form, None where both or neither are."""
    listed_ones = [full for full in (known, other) if full.listed]
    return listed_ones[0] if len(listed_ones) == 1 else None

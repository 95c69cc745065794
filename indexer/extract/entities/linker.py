"""Linker: joins short forms of a name to the full name in the same article.

There are three kinds of short forms: the last name of a person; the first and last word of a longer
name (سالم بن رجب الكناني, سالم الكناني); and the name of an organisation without its first word
(حركة النهضة, النهضة).
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
# A word more common than this (in 10 billion words) is an ordinary word.
_COMMON, _COMMON_WITH_ARTICLE = 30_000, 600_000
_ENDINGS = ("ها", "هم", "نا")
# Last names with these endings are two words, sometimes joined: نصر الله, نصرالله.
_SECONDS = ("الله", "الدين", "الاسلام", "الرحمن", "الرحيم")
# Words that begin a last name of two words.
_FIRSTS = ("بن", "ابن", "ابو", "ال", "ولد", "عبد")


@dataclass(frozen=True, slots=True)
class _Full:
    """The entity of a full name."""

    id: str
    type: EntityClass

    @property
    def listed(self) -> bool:
        """True if the name is in a list."""
        return not self.id.startswith(UNLISTED)


class Linker:
    """Links the names of one article to each other."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._lexicon = lexicon()
        # Titles and nationalities are not used as last names, although some people have such names:
        # "the president" would otherwise be linked to a person.
        self._ordinary = frozenset(
            [w for w, kinds in listed("triggers.txt").items() if kinds & {"title", "orghead"}]
            + [key[0] for kind, key in gazetteer.by_class if kind == "nationality"]
        )
        self._heads = frozenset(
            w for w, kinds in listed("triggers.txt").items() if "orghead" in kinds
        )

    def link(self, read: Sequence[Words], found: Sequence[list[Name]]) -> list[list[Name]]:
        """Return the names of each text, with short forms linked to full names, and more added."""
        shorts = self._shorts(read, found)
        if not shorts:
            return list(found)
        return [
            self._linked(words, names, shorts) for words, names in zip(read, found, strict=True)
        ]

    def _shorts(
        self, read: Sequence[Words], found: Sequence[list[Name]]
    ) -> dict[Key, _Full | None]:
        """Return the entity of each short form in an article, or None if it is ambiguous.

        An unlisted name that is itself short for a longer one passes its short forms on to that
        one.
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
        """Yield the short forms of a name."""
        if kind == "person":
            yield from _last_names(key)
        elif kind in ("organisation", "armed_group") and key[0] in self._heads:
            rest = key[1:]
            if len(rest) > 1 or len(rest[0]) > _LONG:
                yield rest

    def _linked(
        self, words: Words, names: Sequence[Name], shorts: dict[Key, _Full | None]
    ) -> list[Name]:
        """Return *names* linked, with short forms added that no other step has found."""
        # First link the names that were found, then look for short forms that nothing has found.
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
        """Return *name* with the id and type of the full name that it is short for.

        If the article has no such full name, or *name* is a listed name, it is returned as it is.
        """
        if name.listed:
            return name
        key = words.key(name.first, name.end)
        for letters, word in bare_forms(key[0]):
            full = shorts.get((word, *key[1:]))
            if full is not None and full.id != name.id and _agree(full.type, name.type):
                return replace(name, id=full.id, type=full.type, by="article", taken=letters)
        return name

    def _is_common(self, word: str) -> bool:
        """Return whether news uses a word as an ordinary word: it is common, or takes pronouns.

        A word with the article may be more common, because it is more probably a last name:
        البرهان.
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
    """Return the second word of a last name that is written as one word, or ""."""
    return next((end for end in _SECONDS if word.endswith(end) and len(word) > len(end) + 1), "")


def _added(
    words: Words, at: int, forms: Mapping[Key, tuple[int, _Full]], taken: Collection[int]
) -> Name | None:
    """Return the longest short form that begins at position *at* and overlaps no name, or None."""
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
    """Yield *word* with each clitic, and the length of the clitic."""
    for clitic, opening in PROCLITICS:
        if not opening:
            yield clitic + word, len(clitic)


def _agree(full: EntityClass, short: EntityClass) -> bool:
    """Return whether a short form can be of the full name's class."""
    bodies = ("organisation", "armed_group")
    return full == short or (full in bodies and short in bodies)


def _better(known: _Full, other: _Full) -> _Full | None:
    """Return the listed one of two entities, or None if both or neither are listed."""
    listed_ones = [full for full in (known, other) if full.listed]
    return listed_ones[0] if len(listed_ones) == 1 else None

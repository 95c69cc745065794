"""Features: describes a word for the tagger, without its context.

    folded word -> [FeatureMaker.facts] -> feature names

A feature is a string such as `e2=ين` (the word ends so), `G1city` (there is a city of this name) or
`rH=3` (it takes pronouns as often as a common noun does). A word is scored by all its features, and
its neighbours by some of them.
"""

import math
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from marsad.indexer.analysis.clitics import ARTICLE, bare_forms, without_article
from marsad.indexer.analysis.folding import fold
from marsad.indexer.analysis.lexicon import lexicon
from marsad.indexer.analysis.suffixes import strip_suffixes
from marsad.indexer.extract.entities.gazetteer import Gazetteer
from marsad.indexer.extract.entities.kernels import ORG_WORD, QUALIFIER, TITLE_WORD

_LEVELS = ((0.003, "1"), (0.03, "2"), (0.3, "3"))
_AFFIX = 4
_LONGEST = 9
_DIGITS = 5
_SERVANT = "عبد"
# Features of counts that neighbours see too.
_SHARED_COUNTS = frozenset(("fq", "rH", "rY"))
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Core:
    """A folded word without its clitic; `bare` is also without article."""

    clitic: str
    word: str
    bare: str


@cache
def listed(name: str) -> dict[str, frozenset[str]]:
    """Return the kinds of each folded word of a data file, whose lines are `kind: words`."""
    text = files("marsad.indexer.extract.entities").joinpath(f"data/{name}").read_text("utf-8")
    kinds: dict[str, set[str]] = {}
    for line in text.splitlines():
        kind, colon, words = line.partition(":")
        if not colon or line.startswith("#"):
            continue
        for word in words.split():
            kinds.setdefault(fold(word), set()).add(kind)
    return {word: frozenset(found) for word, found in kinds.items()}


@lru_cache(maxsize=1 << 15)
def core(surface: str) -> Core:
    """Return *surface* split into clitic and word, if the word alone is more common.

    Example:
        >>> core("وبالكرملين")
        Core(clitic='وب', word='الكرملين', bare='كرملين')
    """
    counts = lexicon().forms
    most, taken, word = counts.get(surface, 0), 0, surface
    for letters, rest in bare_forms(surface):
        count = counts.get(rest, 0)
        # A clitic is removed only if the word without it is more common than with it.
        if letters and count > most:
            most, taken, word = count, letters, rest
    return Core(surface[:taken], word, without_article(word))


@dataclass(frozen=True, slots=True)
class WordFacts:
    """The description of a word for the tagger.

    `own` features score only the word itself, `shared` features its neighbours too. `classes` are
    the features that the networks see. `flags` are bits such as `kernels.TITLE_WORD`.
    """

    form: Core
    own: list[str]
    shared: list[str]
    classes: list[str]
    flags: int


class FeatureMaker:
    """Makes the features of words, with the roles that words have in listed names."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._lexicon = lexicon()
        self._roles = _roles(gazetteer)
        self._hints = listed("hints.txt")
        self._built = listed("built_hints.txt")
        self._triggers = listed("triggers.txt")

    def facts(self, surface: str) -> WordFacts:
        """Return the features of a folded word."""
        form = core(surface)
        bare = form.bare
        counts = self._counts(form)
        triggers = self._trigger_kinds(surface, form)
        known = self._known(surface, form, triggers)
        clitic = f"c={form.clitic}{'|' if bare != form.word else ''}"
        classes = [clitic, f"len={min(len(bare), _LONGEST)}", *counts, *known]
        shared = [f"w={surface}", f"b={bare}", f"s={strip_suffixes(bare)}", clitic, *known]
        shared += [f"e2={bare[-2:]}", f"e3={bare[-3:]}", f"p2={bare[:2]}"]
        shared += [name for name in counts if name[:2] in _SHARED_COUNTS]
        if surface.isdigit():
            digits = f"digit={min(len(surface), _DIGITS)}"
            shared.append(digits)
            classes.append(digits)
        elif surface.isascii():
            classes.append("latin")
        beside = set(shared)
        own = [name for name in classes if name not in beside]
        own += _letters(surface, bare)
        flags = TITLE_WORD * ("title" in triggers) | ORG_WORD * ("orghead" in triggers)
        if form.word.startswith(ARTICLE) or any(name.endswith("nationality") for name in known):
            flags |= QUALIFIER
        return WordFacts(form, own, shared, classes, flags)

    def _counts(self, form: Core) -> list[str]:
        """Return features of the word's frequency, and of how much it inflects."""
        counts, bare, word = self._lexicon.forms, form.bare, form.word
        alone, whole = counts.get(bare, 0), counts.get(word, 0)
        return [
            f"fq={min(9, int(1.5 * math.log10(whole + 1)))}",
            f"rA={_level(counts.get(ARTICLE + bare, 0), alone)}",
            f"rH={_level(sum(counts.get(bare + end, 0) for end in ('ها', 'هم', 'ه')), alone)}",
            f"rW={_level(counts.get('و' + word, 0), whole)}",
            f"rB={_level(counts.get('ب' + word, 0) + counts.get('ل' + word, 0), whole)}",
            f"rY={_level(counts.get('ي' + bare, 0) + counts.get('ت' + bare, 0), alone)}",
            f"rT={_level(counts.get(bare + 'ات', 0) + counts.get(bare + 'ين', 0), alone)}",
        ]

    def _known(self, surface: str, form: Core, triggers: frozenset[str]) -> list[str]:
        """Return the features that the lists of names and hints give the word."""
        forms = {surface, form.word, form.bare}
        found = {f"T{kind}" for kind in triggers}
        roles, hints, built = self._roles, self._hints, self._built
        for word in forms:
            if word in roles:
                found.update(roles[word])
            if word in hints:
                found.update(f"H{kind}" for kind in hints[word])
            if word in built:
                found.update(f"B{kind}" for kind in built[word])
        found.update(roles.get(ARTICLE + form.bare, ()))
        if form.word.startswith(_SERVANT) and len(form.word) > len(_SERVANT) + 2:
            found.add("servant")
        return sorted(found)

    def _trigger_kinds(self, surface: str, form: Core) -> frozenset[str]:
        """Return the kinds of names that a word announces, as printed or without its clitic."""
        kinds = self._triggers.get(surface, _NONE)
        return kinds if form.word == surface else kinds | self._triggers.get(form.word, _NONE)


def _letters(surface: str, bare: str) -> list[str]:
    """Return features of prefixes, suffixes and sequences of three letters."""
    found = []
    for length in range(1, _AFFIX + 1):
        if len(bare) > length:
            found += [f"p{length}={bare[:length]}", f"e{length}={bare[-length:]}"]
        if len(surface) > length > 1:
            found.append(f"P{length}={surface[:length]}")
    edged = f"^{bare}$"
    found += [f"g={edged[at : at + 3]}" for at in range(len(edged) - 2)]
    # These are already among the shared features.
    return [name for name in found if name[:3] not in ("p2=", "e2=", "e3=")]


def _level(part: int, whole: int) -> str:
    """Return a class for the ratio *part* / *whole*."""
    if not whole:
        return "i" if part else "n"
    if not part:
        return "0"
    return next((level for most, level in _LEVELS if part < most * whole), "4")


def _roles(gazetteer: Gazetteer) -> dict[str, frozenset[str]]:
    """Return the roles of words in listed names.

    A role is `G`, the place in the name (`1` alone, `f` first, `m` middle, `l` last), and the
    class.
    """
    roles: dict[str, set[str]] = {}
    for key, entity in gazetteer.by_name.items():
        kind = name_kind(entity.id, entity.type)
        for at, word in enumerate(key):
            place = "1" if len(key) == 1 else "f" if at == 0 else "l" if at + 1 == len(key) else "m"
            roles.setdefault(word, set()).add(f"G{place}{kind}")
    return {word: frozenset(found) for word, found in roles.items()}


def name_kind(entity_id: str, entity_class: str) -> str:
    """Return the class of an entity, with countries and cities separate from other places."""
    first = entity_id.partition("-")[0]
    return first if first in ("country", "city") else entity_class


NAME_KINDS = (
    "country",
    "city",
    "person",
    "place",
    "organisation",
    "armed_group",
    "nationality",
)


def span_class(kind: str, *, inside: bool, several: bool) -> int:
    """Return the class (from 1) of a word in a listed name.

    It depends on the kind of name, whether the word is the first, and whether there are several.

    Example:
        >>> span_class("country", inside=False, several=False), SPAN_CLASSES
        (1, 29)
    """
    return 1 + 4 * NAME_KINDS.index(kind) + 2 * inside + several


SPAN_CLASSES = 1 + 4 * len(NAME_KINDS)

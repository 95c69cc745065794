"""Lands: a land, its nisba and its people have one lemma, that of the land.

`data/lands.tsv`: names of a land, a tab, its nisbas, a tab, what its people are called
besides; the first name is the lemma.
"""

from collections.abc import Iterator
from importlib.resources import files
from typing import NamedTuple

from indexer.analysis.build.alkhalil import Form
from indexer.analysis.kernels.table import (
    ALONE,
    ARTICLE,
    ARTICLE_GENITIVE,
    BROKEN,
    GENITIVE,
    NAME,
    PRONOUN,
    PRONOUN_GENITIVE,
)

_ENDINGS = ("", "ة", "ا", "ان", "ون", "ين", "ات", "تان", "تين")
_ANY = ALONE | GENITIVE | ARTICLE | ARTICLE_GENITIVE | PRONOUN | PRONOUN_GENITIVE
_WITH_ARTICLE = ARTICLE | ARTICLE_GENITIVE
# Without the article these are other words: islands, sunset, emirates, a woman's name.
_ANOTHER_WORD = frozenset(("جزائر", "مغرب", "إمارات", "هند"))


class Land(NamedTuple):
    """A land: its lemma, its names as printed, its nisbas, what its people are called."""

    lemma: str
    names: tuple[str, ...]
    nisbas: tuple[str, ...]
    people: tuple[str, ...]


def lands() -> Iterator[Land]:
    """Yield the lands of the list."""
    text = files("indexer.analysis").joinpath("data/lands.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        names, nisbas, people, *_ = (*line.split("\t"), "", "")
        listed = tuple(names.split())
        yield Land(listed[0], listed, tuple(nisbas.split()), tuple(people.split()))


def _plain(name: str) -> str:
    return name.removeprefix("ال") if name.startswith("ال") else name


def land_lemmas() -> dict[str, str]:
    """Return the land's lemma of each lemma that a nisba or name of a land has."""
    found: dict[str, str] = {}
    for land in lands():
        for name in land.names:
            if _plain(name) not in _ANOTHER_WORD:
                found[_plain(name)] = land.lemma
        for nisba in land.nisbas:
            found.setdefault(nisba, land.lemma)
    return found


def land_forms() -> dict[Form, int]:
    """Return the forms of lands, nisbas and people, each with what it may stand between.

    A land that is written with an article (الجزائر) is that land with the article alone.
    """
    forms: dict[Form, int] = {}
    for land in lands():
        for name in land.names:
            if name.startswith("ال"):
                alone = 0 if _plain(name) in _ANOTHER_WORD else ALONE | GENITIVE
                forms[Form(_plain(name), land.lemma, "N")] = _WITH_ARTICLE | alone
            else:
                forms[Form(name, land.lemma, "P")] = NAME | ALONE | GENITIVE
        for nisba in land.nisbas:
            if nisba in land.names:
                continue
            for ending in _ENDINGS:
                forms[Form(nisba + ending, land.lemma, "N")] = _ANY
        for word in land.people:
            forms[Form(word, land.lemma, "N")] = _ANY | BROKEN
    return forms


def whole_lands() -> dict[str, str]:
    """Return the lemma of each name of a land as it is printed, article included."""
    return {name: land.lemma for land in lands() for name in land.names}

"""Lands: a land, its nisba and its people have one lemma, that of the land.

`data/lands.tsv`: names of a land, a tab, its nisbas, a tab, what its people are called
besides; the first name is the lemma.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from marsad.corpus.letters import fold_letters


class Land(NamedTuple):
    """A land: its lemma, its names as printed, its nisbas, what its people are called."""

    lemma: str
    names: tuple[str, ...]
    nisbas: tuple[str, ...]
    people: tuple[str, ...]


def lands() -> Iterator[Land]:
    """Yield the lands of the list."""
    text = files("marsad.indexer.analysis").joinpath("data/lands.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        names, nisbas, people, *_ = (*line.split("\t"), "", "")
        listed = tuple(names.split())
        yield Land(listed[0], listed, tuple(nisbas.split()), tuple(people.split()))


# Without the article these are other words: islands, sunset, emirates, a woman's name.
ANOTHER_WORD = frozenset(("جزائر", "مغرب", "إمارات", "هند"))


@cache
def land_stems() -> dict[str, str]:
    """Return the lemma of each folded name of a land without article, "" if that is no land."""
    found: dict[str, str] = {}
    for land in lands():
        for name in land.names:
            bare = name.removeprefix("ال")
            found.setdefault(fold_letters(bare), "" if bare in ANOTHER_WORD else land.lemma)
    return found


@cache
def land_names() -> frozenset[str]:
    """Return the lemmas of lands."""
    return frozenset(land.lemma for land in lands())

"""Countries: gives a country, its nisba and its people one lemma.

`data/countries.tsv` has a line for each country with three fields, divided by tabs: its names, its
nisbas, and other words for its people. The first name is the lemma.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from marsad.corpus.letters import fold_letters


class Country(NamedTuple):
    """A country: its lemma, its printed names, its nisbas, and other words for its people."""

    lemma: str
    names: tuple[str, ...]
    nisbas: tuple[str, ...]
    people: tuple[str, ...]


def countries() -> Iterator[Country]:
    """Yield the countries of the list."""
    text = (
        files("marsad.indexer.analysis").joinpath("data/countries.tsv").read_text(encoding="utf-8")
    )
    for line in text.splitlines():
        names, nisbas, people, *_ = (*line.split("\t"), "", "")
        listed = tuple(names.split())
        yield Country(listed[0], listed, tuple(nisbas.split()), tuple(people.split()))


# Without the article these are other words: islands, sunset, emirates, a woman's name. So only
# الجزائر is Algeria, and جزائر is not.
ANOTHER_WORD = frozenset(("جزائر", "مغرب", "إمارات", "هند"))


@cache
def country_stems() -> dict[str, str]:
    """Return the lemma of each country name, folded and without its article.

    The lemma is "" if the name without its article is a different word.
    """
    found: dict[str, str] = {}
    for country in countries():
        for name in country.names:
            bare = name.removeprefix("ال")
            found.setdefault(fold_letters(bare), "" if bare in ANOTHER_WORD else country.lemma)
    return found


@cache
def country_lemmas() -> frozenset[str]:
    """Return the lemmas of all countries."""
    return frozenset(country.lemma for country in countries())

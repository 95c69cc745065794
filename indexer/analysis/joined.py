"""Joined: names and phrases of two words that are often written as one, such as عبدالله.

Each such print is the two words, at one place, in an index and in a query alike.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from marsad.corpus.letters import fold_letters

_PARTICLES = ("", "و", "ف", "ب", "ل", "ك", "وب", "ول")


@cache
def joined_words() -> dict[str, tuple[str, ...]]:
    """Return the folded words that each folded print of several words is.

    Example:
        >>> joined_words()["عبدالله"], joined_words()["ونورالدين"]
        (('عبد', 'الله'), ('ونور', 'الدين'))
    """
    return {
        particle + "".join(pair): (particle + pair[0], *pair[1:])
        for pair in _pairs()
        for particle in _PARTICLES
    }


def opened(surfaces: tuple[str, ...]) -> tuple[str, ...]:
    """Return folded words with those that are several words in one opened.

    Example:
        >>> opened(("عبدالله", "حمدوك"))
        ('عبد', 'الله', 'حمدوك')
    """
    known = joined_words()
    if not any(surface in known for surface in surfaces):
        return surfaces
    return tuple(word for surface in surfaces for word in known.get(surface, (surface,)))


def _pairs() -> Iterator[tuple[str, ...]]:
    """Yield the pairs of `data/joined.txt`: heads, a colon, what each is joined with."""
    text = files("marsad.indexer.analysis").joinpath("data/joined.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        heads, _, tails = line.partition(":")
        for head in heads.split():
            for tail in tails.split():
                yield fold_letters(head), fold_letters(tail)

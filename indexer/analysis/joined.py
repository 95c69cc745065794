"""Joined: names and phrases of two words that are often written as one, such as عبدالله.

Both in the index and in a query, such a token becomes its two words at one place. So عبدالله and
عبد الله find each other.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from marsad.corpus.letters import fold_letters

_PARTICLES = ("", "و", "ف", "ب", "ل", "ك", "وب", "ول")


@cache
def joined_words() -> dict[str, tuple[str, ...]]:
    """Return the words of each joined spelling: folded token to folded words.

    Spellings with a proclitic are listed too; the proclitic stays with the first word.

    Example:
        >>> joined_words()["عبدالله"], joined_words()["ونورالدين"]
        (('عبد', 'الله'), ('ونور', 'الدين'))
    """
    return {
        particle + "".join(pair): (particle + pair[0], *pair[1:])
        for pair in _pairs()
        for particle in _PARTICLES
    }


def split_joined(surfaces: tuple[str, ...]) -> tuple[str, ...]:
    """Return *surfaces* with each joined word replaced by its parts.

    Example:
        >>> split_joined(("عبدالله", "حمدوك"))
        ('عبد', 'الله', 'حمدوك')
    """
    known = joined_words()
    if not any(surface in known for surface in surfaces):
        return surfaces
    return tuple(word for surface in surfaces for word in known.get(surface, (surface,)))


def _pairs() -> Iterator[tuple[str, ...]]:
    """Yield the pairs of `data/joined.txt`; a line is first words, a colon, and second words."""
    text = files("marsad.indexer.analysis").joinpath("data/joined.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        heads, _, tails = line.partition(":")
        for head in heads.split():
            for tail in tails.split():
                yield fold_letters(head), fold_letters(tail)

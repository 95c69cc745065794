"""Clitics: the particles that Arabic writes onto the next word.

و "and", ف "then", ب "with", ل "to", ك "like", the article ال, and their
combinations; ل with the article is written لل. All over folded words.
"""

from collections.abc import Iterator

# What is written before a word, and what the word begins with once it is off
# (لل is ل and ال: the word keeps its article).
PROCLITICS: tuple[tuple[str, str], ...] = (
    ("", ""),
    ("و", ""),
    ("ف", ""),
    ("ب", ""),
    ("ل", ""),
    ("ك", ""),
    ("وب", ""),
    ("ول", ""),
    ("وك", ""),
    ("فب", ""),
    ("فل", ""),
    ("لل", "ال"),
    ("ولل", "ال"),
    ("فلل", "ال"),
)
_BY_FIRST = {
    first: tuple(pair for pair in PROCLITICS if pair[0].startswith(first)) for first in "وفبلك"
}
_SHORTEST = 3
ARTICLE = "ال"


def bare_forms(surface: str) -> Iterator[tuple[int, str]]:
    """Yield `(letters taken off, word)` for each way to read proclitics on *surface*.

    The first is the word as it stands; what is left has at least 3 letters.

    Example:
        >>> list(bare_forms("لباكو"))
        [(0, 'لباكو'), (1, 'باكو')]
        >>> list(bare_forms("للكرملين"))
        [(0, 'للكرملين'), (1, 'لكرملين'), (2, 'الكرملين')]
    """
    yield 0, surface
    for written, opens in _BY_FIRST.get(surface[:1], ()):
        if surface.startswith(written):
            word = opens + surface[len(written) :]
            if len(word) >= _SHORTEST + len(opens):
                yield len(written), word


def without_article(word: str) -> str:
    """Return *word* without a leading ال where at least 3 letters stay.

    Example:
        >>> without_article("الكرملين")
        'كرملين'
    """
    if word.startswith(ARTICLE) and len(word) >= _SHORTEST + len(ARTICLE):
        return word[len(ARTICLE) :]
    return word

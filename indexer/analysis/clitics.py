"""Clitics: splits proclitics from folded words, without a lexicon.

Arabic writes و "and", ف "then", ب "with", ل "to", ك "like" and the article ال onto the next word,
alone or combined. ل with the article is written لل.
"""

from collections.abc import Iterator

# Pairs of a proclitic as written, and the letters that the word gets back when it is removed. (لل
# is ل and ال: without ل, the word still has its article.)
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
# Shorter remainders are too often chance: removing و from ولد leaves لد.
_SHORTEST = 3
ARTICLE = "ال"


def bare_forms(surface: str) -> Iterator[tuple[int, str]]:
    """Yield `(letters removed, word)` for each way to remove proclitics from *surface*.

    The first result is the unchanged word. All others keep at least 3 letters.

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
    """Return *word* without a leading ال, if at least 3 letters remain.

    Example:
        >>> without_article("الكرملين")
        'كرملين'
    """
    if word.startswith(ARTICLE) and len(word) >= _SHORTEST + len(ARTICLE):
        return word[len(ARTICLE) :]
    return word

"""Versions: whether two articles of one id are versions of one article.

article -> [facts_of] -> Facts, two of them -> [is_version] -> yes or no
"""

import re
import zlib
from typing import NamedTuple

from marsad.corpus.article import Article
from marsad.corpus.letters import fold_letters

_STDIN = "-"
# Two texts are versions of one if they share so many of the words that are compared.
_LEAST_SHARED = 0.3
_WORDS = 64
_WORD = re.compile(r"\w+")


class Facts(NamedTuple):
    """What two articles of one id are compared by; `words` are digests of a sample of the words."""

    path: str
    record: int
    read_at: str
    url: str
    title: str
    published: str
    source: str
    publisher: str
    words: frozenset[int]


def facts_of(article: Article) -> Facts:
    """Return what *article* is compared by."""
    origin = article.origin
    words = {zlib.crc32(word.encode("utf-8", "replace")) for word in _WORD.findall(article.text)}
    return Facts(
        origin.path if origin else "",
        origin.record if origin else 0,
        origin.read_at if origin else "",
        article.url,
        " ".join(fold_letters(article.title).split()),
        article.published_iso() or "",
        article.source,
        article.publisher,
        frozenset(sorted(words)[:_WORDS]),
    )


def is_version(one: Facts, other: Facts) -> bool:
    """Tell whether two articles of one id are versions of one article.

    Example:
        >>> def made(path, title, text):
        ...     return facts_of(Article(id="5", title=title, text=text, source=path))
        >>> is_version(made("a", "هدنة", "أعلن الجيش"), made("a", "هدنة", "أعلن الجيش اليوم"))
        True
        >>> is_version(made("a", "هدنة", "أعلن الجيش"), made("b", "قمة", "أعلن الجيش"))
        False
    """
    return is_same_record(one, other) or is_alike(one, other)


def is_alike(one: Facts, other: Facts) -> bool:
    """Tell whether two articles are versions of one by what they say."""
    if _shared(one.words, other.words) < _LEAST_SHARED:
        return False
    if one.path == other.path not in {"", _STDIN} and one.read_at != other.read_at:
        # The file has changed between two runs: rows before the record came or went.
        return True
    if _differ(one.url, other.url):
        return False
    if one.url and one.url == other.url:
        return True
    unlike = (
        _differ(one.published, other.published)
        or _differ(one.source, other.source)
        or _differ(one.publisher, other.publisher)
    )
    return one.title == other.title and not unlike


def is_same_record(one: Facts, other: Facts) -> bool:
    """Tell whether two articles are the same record of the same file."""
    return (one.path, one.record) == (other.path, other.record) and one.path not in {"", _STDIN}


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def _shared(one: frozenset[int], other: frozenset[int]) -> float:
    """Return the share of words that two texts have in common, estimated from their samples."""
    union = sorted(one | other)[:_WORDS]
    return len(one & other & frozenset(union)) / len(union) if union else 1.0

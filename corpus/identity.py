"""Identity: an id is unique within its source; a bare number gets the name of its source.

    id of the record, address, publisher, source, namespace -> [scoped] -> id in the index

A number is the key of a row in the database of one site. Two sites have both an article 5, so the
id in the index is `site:5`. Other ids (addresses, UUIDs, numbers of a world-wide service) stay.
"""

import re
from dataclasses import replace
from urllib.parse import urlsplit

from marsad.corpus.article import Article
from marsad.corpus.letters import fold_digits

# A key of a row; longer numbers are unique in the world, such as those of posts on Twitter.
_NUMBER = re.compile(r"#?\d{1,12}(?:\.0)?")
_UNWANTED = re.compile(r"[\s:/?#%]+")
_LONGEST_SCOPE = 100


def is_number(given: str) -> bool:
    """Tell whether an id is a bare number, in any digits.

    Example:
        >>> [is_number(given) for given in ("12", "١٢", "a12", "1681549200123456789")]
        [True, True, False, False]
    """
    return _NUMBER.fullmatch(fold_digits(given)) is not None


def scope_of(article: Article) -> str:
    """Return the name that the numbers of an article's source are scoped by, empty if unknown.

    It is the host of the address, or else the publisher, or else the source.

    Example:
        >>> scope_of(Article(id="5", title="", text="", url="https://www.example.org/5"))
        'example.org'
    """
    return name_of_scope(host_of(article.url) or article.publisher or article.source)


def name_of_scope(given: str) -> str:
    """Return a name as a part of an id: without spaces and signs of addresses, and not long.

    Example:
        >>> name_of_scope(" موقع  a ")
        'موقع_a'
    """
    kept = "".join(char for char in given.strip() if char.isprintable() or char.isspace())
    return _UNWANTED.sub("_", kept)[:_LONGEST_SCOPE].strip("_")


def scoped(article: Article, namespace: str = "") -> Article:
    """Return *article* with the id that is unique among sources.

    A given *namespace* scopes every number. Without a known scope the id stays as it is, and a
    run compares the articles of equal ids.
    """
    if not is_number(article.id):
        return article
    scope = name_of_scope(namespace) or scope_of(article)
    if not scope:
        return article
    return replace(article, id=f"{scope}:{article.id}")


def host_of(url: str) -> str:
    """Return the host of an address without www, empty if it has none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""

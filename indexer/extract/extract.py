"""Extraction: finds all mentions of entities and dates in an article.

Article -> [extract] -> Extracted: entity mentions and date mentions, with offsets
"""

from dataclasses import dataclass

from marsad.corpus.article import Article
from marsad.corpus.dates.finder import find_dates
from marsad.corpus.dates.mention import DateMention
from marsad.indexer.extract.entities.finder import Finder
from marsad.indexer.extract.mentions import Mention, MentionField


@dataclass(frozen=True, slots=True)
class Extracted:
    """The mentions in an article; each date is paired with its field."""

    entities: tuple[Mention, ...]
    dates: tuple[tuple[MentionField, DateMention], ...]


def extract(article: Article, finder: Finder) -> Extracted:
    """Return the entities and dates of *article*, title first, in reading order."""
    # Relative dates ("yesterday") need the exact day of publication.
    day = article.published if article.precision == "day" else None
    fields: tuple[tuple[MentionField, str], ...] = (
        ("title", article.title),
        ("text", article.text),
    )
    entities = finder.find(article)
    dates = tuple((name, mention) for name, text in fields for mention in find_dates(text, day))
    return Extracted(entities, dates)

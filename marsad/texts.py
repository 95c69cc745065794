"""Analysis and extraction of one text, without an index."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from marsad.articles import (
    DateMention,
    Entity,
    Labels,
    Mention,
    check_labels,
    dates_of,
    mentions_of,
)
from marsad.corpus.article import ISO_LENGTHS, Precision
from marsad.corpus.article import Article as RawArticle
from marsad.corpus.dates.mention import period
from marsad.indexer.extract.extract import extract as extract_article
from marsad.indexer.parts import parts


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text, with the four terms under which an index has it.

    `start` to `end` are code points of the text. `exact` is the word as printed, without marks;
    `folded` is it without hamza, teh marbuta and the like; `lemma` is what its forms have in
    common; `root` are the consonants of its family of words. `is_stop_word` is true for a common
    word such as في, for which no search asks.
    """

    text: str
    start: int
    end: int
    exact: str
    folded: str
    lemma: str
    root: str
    is_stop_word: bool


@dataclass(frozen=True, slots=True)
class Extraction:
    """The entities and dates of a text, in reading order, those of the title first."""

    mentions: tuple[Mention, ...]
    dates: tuple[DateMention, ...]

    @property
    def entities(self) -> tuple[Entity, ...]:
        """The entities that are named, each once, in the order of their first mention."""
        return tuple(dict.fromkeys(mention.entity for mention in self.mentions))


def analyze(text: str) -> list[Token]:
    """Return the words of *text* in order, as an index takes them.

    Example:
        >>> import marsad
        >>> [(token.text, token.lemma) for token in marsad.analyze("وأخبارُ المقاتلين")]
        [('وأخبارُ', 'خبر'), ('المقاتلين', 'مقاتل')]
    """
    return [
        Token(
            text=token.text,
            start=token.start,
            end=token.end,
            exact=token.exact,
            folded=token.surface,
            lemma=token.stem,
            root=token.root,
            is_stop_word=token.stop,
        )
        for token in parts().analyzer.analyze(text)
    ]


def extract(
    text: str,
    *,
    title: str = "",
    published: str | dt.date | None = None,
    entities: str | Path | None = None,
    labels: Labels = "ar",
) -> Extraction:
    """Return the entities and dates that *text* and *title* name.

    Args:
        text: The text of an article.
        title: Its title.
        published: Its publication date: a date, or 2023-09-21, 2023-09 or 2023. With a day, words
            such as أمس are dates, and an office (الرئيس الروسي) is its holder on that day.
        entities: Your own file of entities, whose names win over those of the bundled lists.
        labels: The language of the names of entities: ar, en or ru.

    Raises:
        IndexerError: a row of *entities* is wrong.
        ValueError: *published* is no date, or *labels* is another language.

    Example:
        >>> import marsad
        >>> found = marsad.extract("زار غوتيريش كييف أمس", published="2023-09-21", labels="en")
        >>> [(entity.type, entity.label) for entity in found.entities]
        [('person', 'António Guterres'), ('place', 'Kyiv')]
        >>> [(date.text, date.value) for date in found.dates]
        [('أمس', '2023-09-20')]
    """
    check_labels(labels)
    day, precision = _published(published)
    article = RawArticle(
        id="text",
        title=title,
        text=text,
        published=day,
        precision=precision,
    )
    known = parts(entities=Path(entities) if entities else None)
    found = extract_article(article, known.finder)
    return Extraction(mentions_of(found, known.gazetteer, labels), dates_of(found))


def _published(given: str | dt.date | None) -> tuple[dt.date | None, Precision]:
    """Return the first day of what is given, and how much of it is known."""
    if not given:
        return None, "day"
    value = given.isoformat()[: ISO_LENGTHS["day"]] if isinstance(given, dt.date) else given
    precisions = {size: name for name, size in ISO_LENGTHS.items()}
    found = period(value) if len(value) in precisions else None
    if found is None:
        raise ValueError(
            f"published {value!r}: expected a date such as 2023-09-21, 2023-09 or 2023"
        )
    return found[0], precisions[len(value)]

"""Articles of an index, as plain values: what a notebook or a script needs of a hit."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal, get_args

from marsad.indexer.build.document import StoredArticle, load_hit
from marsad.indexer.engine.request import Hit as EngineHit
from marsad.indexer.extract.entities.gazetteer import Gazetteer
from marsad.indexer.extract.extract import Extracted
from marsad.indexer.fields import ENTITY_FACETS
from marsad.indexer.search.highlight import Highlighter
from marsad.indexer.search.snippet import best_passages

Labels = Literal["ar", "en", "ru"]


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, place, organisation, armed group or nationality that an article names.

    `type` is one of person, place, organisation, armed_group, nationality. `id` is the id in
    a list of names, or `~` and the folded words if no list has the name. `label` is its name in
    the language that the index was opened with.
    """

    type: str
    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where an article names an entity.

    `start` to `end` are code points of the `title` or of the `text`, as `field` says, and cover
    the name without clitics. `text` is what is printed there, clitics included. `inferred` is
    true where the name alone does not say who is meant.
    """

    field: Literal["title", "text"]
    start: int
    end: int
    text: str
    entity: Entity
    inferred: bool


@dataclass(frozen=True, slots=True)
class DateMention:
    """One place where an article names a date.

    `start` to `end` are code points of the `title` or of the `text`, as `field` says. `value` is
    ISO 8601: 2023-09-21, 2023-09, 2023, or 2020/2022 with both years included. `first` and `last`
    are the first and the last day of it.
    """

    field: Literal["title", "text"]
    start: int
    end: int
    text: str
    value: str
    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of an article, or a part of it, that answers the query.

    `spans` has the start and the end of each word or phrase that answers, in code points of
    `text`. `cut_start` and `cut_end` are true where the sentence goes on.
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    cut_start: bool
    cut_end: bool

    def __str__(self) -> str:
        """Return the plain text."""
        return self.text


class Article:
    """One article of an index. Each attribute is worked out when it is asked for."""

    def __init__(self, hit: EngineHit, gazetteer: Gazetteer, labels: Labels) -> None:
        self._found = hit
        self._gazetteer = gazetteer
        self._labels = labels

    @cached_property
    def _stored(self) -> StoredArticle:
        return load_hit(self._found)

    @property
    def id(self) -> str:
        """The id, unique in an index."""
        return self._stored.article.id

    @property
    def damage(self) -> str:
        """Why the stored article cannot be read; empty if it can, as nearly always.

        All texts of a damaged article are empty.
        """
        return self._stored.damage

    @property
    def title(self) -> str:
        """The title, empty where there is none."""
        return self._stored.article.title

    @property
    def date(self) -> str | None:
        """The publication date as far as it is known: 2023-09-21, 2023-09 or 2023; or None."""
        return self._stored.article.published_iso()

    @property
    def day(self) -> dt.date | None:
        """The publication date, the first day of it where only a month or a year is known."""
        return self._stored.article.published

    @property
    def source(self) -> str:
        """The source that the article names, such as a news agency; empty where there is none."""
        return self._stored.article.source

    @property
    def publisher(self) -> str:
        """The publisher, empty where there is none."""
        return self._stored.article.publisher

    @property
    def author(self) -> str:
        """The author, empty where there is none."""
        return self._stored.article.author

    @property
    def language(self) -> str:
        """The code of the language: ar, fa, ur, ckb, ru, uk, en or und."""
        return self._stored.article.language

    @property
    def url(self) -> str:
        """The web address where the article was published, empty where it is not known."""
        return self._stored.article.url

    @property
    def text(self) -> str:
        """The whole text; two newlines part its paragraphs."""
        return self._stored.article.text

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """Every mention of an entity, those of the title first."""
        return mentions_of(self._stored.extracted, self._gazetteer, self._labels)

    @property
    def entities(self) -> tuple[Entity, ...]:
        """The entities that are named, each once, in the order of their first mention."""
        return tuple(dict.fromkeys(mention.entity for mention in self.mentions))

    @cached_property
    def dates(self) -> tuple[DateMention, ...]:
        """Every mention of a date, those of the title first."""
        return dates_of(self._stored.extracted)

    def to_dict(self) -> dict[str, Any]:
        """Return the values as a dictionary that `json.dumps` takes."""
        return {
            "id": self.id,
            "title": self.title,
            "date": self.date,
            "source": self.source,
            "publisher": self.publisher,
            "author": self.author,
            "language": self.language,
            "url": self.url,
            "entities": [asdict(entity) for entity in self.entities],
            "text": self.text,
        }

    def __repr__(self) -> str:
        """Show what a reader of a list needs to tell articles apart."""
        return f"<{type(self).__name__} {self.id}: {self.date or 'undated'}, {self.title}>"


class Hit(Article):
    """An article that answers a query."""

    def __init__(
        self, hit: EngineHit, gazetteer: Gazetteer, labels: Labels, highlighter: Highlighter
    ) -> None:
        super().__init__(hit, gazetteer, labels)
        self._hit = hit
        self._highlighter = highlighter

    @property
    def score(self) -> float:
        """The score. Scores of one search can be compared with each other, and with no other."""
        return self._hit.score

    @property
    def copies(self) -> int:
        """How many near-duplicates are folded under this hit, in a search with `collapse`."""
        return self._hit.copies

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """The two sentences that together answer most of the query, in reading order."""
        text = self._stored.article.text
        names = [
            (mention.start, mention.end, mention.id)
            for mention in self._stored.extracted.entities
            if mention.field == "text"
        ]
        found = best_passages(text, self._highlighter.find(text, names))
        return tuple(
            Passage(
                text=passage.text,
                spans=tuple((mark.start, mark.end) for mark in passage.highlights),
                cut_start=passage.cut_start,
                cut_end=passage.cut_end,
            )
            for passage in found
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the values as a dictionary that `json.dumps` takes."""
        own = super().to_dict()
        text = own.pop("text")
        return {
            **own,
            "score": self.score,
            "copies": self.copies,
            "passages": [
                {"text": passage.text, "spans": [list(span) for span in passage.spans]}
                for passage in self.passages
            ],
            "text": text,
        }


def check_labels(labels: str) -> None:
    """Refuse a language that entities have no names in.

    Raises:
        ValueError: it is another than Arabic, English and Russian.
    """
    if labels not in get_args(Labels):
        raise ValueError(f"labels {labels!r}: expected one of {', '.join(get_args(Labels))}")


def mentions_of(extracted: Extracted, gazetteer: Gazetteer, labels: Labels) -> tuple[Mention, ...]:
    """Return the entity mentions that were found in an article."""
    return tuple(
        Mention(
            field=mention.field,
            start=mention.start,
            end=mention.end,
            text=mention.text,
            entity=Entity(mention.type, mention.id, gazetteer.label(mention.id, labels)),
            inferred=mention.inferred,
        )
        for mention in extracted.entities
    )


def dates_of(extracted: Extracted) -> tuple[DateMention, ...]:
    """Return the date mentions that were found in an article."""
    return tuple(
        DateMention(
            field=field,
            start=mention.start,
            end=mention.end,
            text=mention.text,
            value=mention.value,
            first=mention.first,
            last=mention.last,
        )
        for field, mention in extracted.dates
    )


def rows(hits: Iterable[Hit]) -> list[dict[str, Any]]:
    """Return *hits* as the rows of a table: names of entities by their type, passages as text."""
    made = []
    for hit in hits:
        row = hit.to_dict()
        text = row.pop("text")
        del row["entities"]
        row["day"] = hit.day
        row["passages"] = [passage.text for passage in hit.passages]
        for name in ENTITY_FACETS:
            row[name] = [entity.label for entity in hit.entities if entity.type == name]
        made.append({**row, "text": text})
    return made

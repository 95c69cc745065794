"""Documents: an article becomes what an engine indexes, and is read back from what it stored.

Article -> [Documents.prepare] -> Prepared: a Document and a sketch
stored text -> [load_stored] -> StoredArticle
"""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from marsad.corpus.article import (
    ISO_LENGTHS,
    Article,
    Evidence,
    Origin,
    Place,
    Precision,
    Section,
)
from marsad.corpus.dates.mention import DateMention
from marsad.corpus.long_text import analysed_end
from marsad.corpus.source import MOST_KEPT_BYTES, Refusal
from marsad.indexer.analysis.analyzer import Analyzer
from marsad.indexer.analysis.sentences import NO_BREAKS, breaks_of
from marsad.indexer.analysis.terms import Terms
from marsad.indexer.copies.sketch import Sketcher, Sketches
from marsad.indexer.engine.request import Hit
from marsad.indexer.engine.seam import Document
from marsad.indexer.errors import ArticleDamagedError
from marsad.indexer.extract.entities.finder import Finder
from marsad.indexer.extract.extract import Extracted, extract
from marsad.indexer.extract.mentions import Mention
from marsad.indexer.fields import (
    ARTICLE_FACETS,
    BODY,
    ENTITY_FACETS,
    EVENT_FACETS,
    SOURCE,
    STARTS_OF,
    TITLE,
    index_field,
)
from marsad.indexer.query.events import event_values

# Raise this when the stored form changes, or when extraction changes without a new gazetteer.
FORM = 13

# The title does not count for near-duplicates: copies of a story get new titles.
_SKETCHED = index_field(BODY, "surface")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as it comes back from an index.

    `damage` says why it cannot be read, empty if it can. A damaged one has its id and its date.
    """

    article: Article
    extracted: Extracted
    damage: str = ""


class Prepared(NamedTuple):
    """A document, and the sketch by which its near-duplicates are found."""

    document: Document
    sketch: Sketches


class Documents:
    """Makes documents with one analyzer and one gazetteer."""

    def __init__(self, analyzer: Analyzer, finder: Finder) -> None:
        self._analyzer = analyzer
        self._finder = finder
        self._sketcher = Sketcher()
        self._version = f"{FORM} {analyzer.version}"

    @property
    def version(self) -> str:
        """The version of the documents that are made; another version makes other documents."""
        return self._version

    def digest(self, article: Article) -> str:
        """Return the digest of the document that `make` would return, without making it."""
        raw = f"{self._version} {article.digest()}"
        return hashlib.sha256(raw.encode("utf-8")).hexdigest()

    def sketch_text(self, article_id: str, text: str) -> Sketches:
        """Return the sketch of an article's text."""
        analysed = text[: analysed_end(text)]
        return self._sketcher.sketch(article_id, self._analyzer.columns(analysed).surfaces)

    def entities(self, article: Article) -> tuple[Mention, ...]:
        """Return the mentions that `make` would store, without making a document."""
        return self._finder.find(_analysed(article))

    def prepare(self, article: Article) -> Prepared | Refusal:
        """Make the document and the sketch of *article*.

        Whatever is raised on the way comes back as a refusal, so that one article ends no run.
        """
        try:
            document = self.make(article)
            sketch = self._sketcher.sketch(document.id, document.fields[_SKETCHED])
        except Exception as error:  # noqa: BLE001  (the refusal keeps the reason)
            return _refusal(article, error)
        return Prepared(document, sketch)

    def make(self, article: Article) -> Document:
        """Extract and analyse *article*, and return its document."""
        analysed = _analysed(article)
        extracted = extract(analysed, self._finder)
        fields: dict[str, Terms] = {}
        starts: Sequence[int] = ()
        breaks = NO_BREAKS
        texts = ((TITLE, article.title), (BODY, analysed.text), (SOURCE, article.source))
        for field, text in texts:
            analyzed = self._analyzer.columns(text)
            for level in field.levels:
                fields[index_field(field, level)] = analyzed.terms(level)
            if field is STARTS_OF:
                starts = analyzed.starts
                breaks = breaks_of(text, starts)
        return Document(
            id=article.id,
            digest=self.digest(article),
            date=article.published,
            fields=fields,
            facets=_facets(article, extracted),
            stored=dump_stored(StoredArticle(article, extracted)),
            starts=starts,
            breaks=breaks,
        )


def _analysed(article: Article) -> Article:
    """Return *article*, or one with the beginning of its text if it is too long to be analysed."""
    end = analysed_end(article.text)
    return article if end == len(article.text) else replace(article, text=article.text[:end])


def _refusal(article: Article, error: Exception) -> Refusal:
    path, record = (article.origin.path, article.origin.record) if article.origin else ("", 0)
    raw = json.dumps({"id": article.id, "title": article.title, "text": article.text})
    reason = f"found an article that cannot be analysed ({error!r:.200})"
    return Refusal(path, record, reason, raw.encode("utf-8", "replace")[:MOST_KEPT_BYTES])


def _facets(article: Article, extracted: Extracted) -> dict[str, tuple[str, ...]]:
    iso = article.published_iso() or ""
    facets: dict[str, tuple[str, ...]] = {
        "published_year": (iso[:4],) if iso else (),
        "published_month": (iso[:7],) if len(iso) >= len("2023-09") else (),
    }
    for name in ARTICLE_FACETS:
        value = getattr(article, name)
        facets[name] = (value,) if value else ()
    values = dict.fromkeys(mention.value for _, mention in extracted.dates)
    facets |= dict(zip(EVENT_FACETS, event_values(values), strict=True))
    for name in ENTITY_FACETS:
        ids = sorted({m.id for m in extracted.entities if m.type == name and m.is_facet})
        facets[name] = tuple(ids)
    return facets


def dump_stored(stored: StoredArticle) -> str:
    """Return the JSON text that an engine stores."""
    article = stored.article
    record: dict[str, Any] = {
        "id": article.id,
        "title": article.title,
        "text": article.text,
        "sections": [[s.heading, s.start, s.end] for s in article.sections],
        "published": article.published.isoformat() if article.published else None,
        "precision": article.precision,
        "language": article.language,
        "source": article.source,
        "publisher": article.publisher,
        "photo_credit": article.photo_credit,
        "author": article.author,
        "url": article.url,
        "evidence": article.evidence,
        "printed": _printed(article),
        "origin": _origin(article.origin),
        "entities": [
            [m.field, m.start, m.end, m.text, m.type, m.id, m.by] for m in stored.extracted.entities
        ],
        "dates": [
            [name, m.start, m.end, m.text, m.value, m.precision, m.resolution, m.modifier]
            for name, m in stored.extracted.dates
        ],
    }
    if article.places:
        record["places"] = [[p.kind, p.number, p.start] for p in article.places]
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def stored_texts(stored: str) -> tuple[str, str]:
    """Return the title and the text in a stored article, without reading the rest.

    Example:
        >>> stored_texts('{"id":"a","title":"هدنة","text":"قال","sections":[]}')
        ('هدنة', 'قال')
    """
    found = []
    at = 0
    for key in ('{"id":', ',"title":', ',"text":'):
        if not stored.startswith(key, at):
            record = json.loads(stored)
            return record["title"], record["text"]
        value, at = _DECODER.raw_decode(stored, at + len(key))
        found.append(value)
    return found[1], found[2]


def _printed(article: Article) -> str | None:
    """Return the printed date, None if it is the same as the ISO date."""
    return None if article.printed_date == article.published_iso() else article.printed_date


def _origin(origin: Origin | None) -> list[str | int] | None:
    return [origin.path, origin.record, origin.sha256, origin.read_at] if origin else None


def load_stored(text: str) -> StoredArticle:
    """Return the article that `dump_stored` was given."""
    record: dict[str, Any] = json.loads(text)
    entities = tuple(map(Mention._make, record["entities"]))
    dates = tuple((mention[0], DateMention(*mention[1:])) for mention in record["dates"])
    return StoredArticle(_article(record), Extracted(entities, dates))


def load_hit(hit: Hit) -> StoredArticle:
    """Return the article of a hit; a damaged one has only its id and its date."""
    if not hit.damage:
        return load_stored(hit.stored)
    article = Article(id=hit.id, title="", text="", published=hit.date)
    return StoredArticle(article, Extracted((), ()), hit.damage)


def load_whole(hit: Hit) -> StoredArticle:
    """Return the article of a hit.

    Raises:
        ArticleDamagedError: its stored text is damaged.
    """
    if hit.damage:
        raise ArticleDamagedError(hit.id, hit.damage)
    return load_stored(hit.stored)


def load_article(text: str) -> tuple[Article, frozenset[str]]:
    """Return a stored article of any earlier form, and the ids of its entities.

    Fields that an earlier form did not store are empty.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: *text* is not a stored article.
    """
    record: dict[str, Any] = {"evidence": "", "origin": None, **json.loads(text)}
    at = Mention._fields.index("id")
    return _article(record), frozenset(mention[at] for mention in record["entities"])


def _article(record: dict[str, Any]) -> Article:
    published = record["published"]
    precision: Precision = record["precision"]
    evidence: Evidence = record["evidence"]
    # Form 8 did not store it.
    printed: str | None = record.get("printed", "")
    return Article(
        id=record["id"],
        title=record["title"],
        text=record["text"],
        sections=tuple(Section(*section) for section in record["sections"]),
        published=dt.date.fromisoformat(published) if published else None,
        precision=precision,
        language=record["language"],
        source=record["source"],
        publisher=record["publisher"],
        photo_credit=record["photo_credit"],
        author=record["author"],
        url=record["url"],
        evidence=evidence,
        printed_date=(published or "")[: ISO_LENGTHS[precision]] if printed is None else printed,
        origin=Origin(*record["origin"]) if record["origin"] else None,
        # Only articles of files with pages or chapters have them.
        places=tuple(Place(*place) for place in record.get("places", ())),
    )

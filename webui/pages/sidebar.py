"""Sidebar: the lists beside an article: its entities, its dates and its metadata."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from marsad.corpus.article import Article
from marsad.corpus.dates.mention import DateMention
from marsad.indexer.build.document import StoredArticle
from marsad.indexer.fields import ENTITY_FACETS
from marsad.webui.i18n.catalogue import Catalogue
from marsad.webui.i18n.labels import Labels
from marsad.webui.request.forms import SearchForm

_MOST_NAMES = 24
_MOST_DATES = 16


@dataclass(frozen=True, slots=True)
class NamedEntity:
    """An entity that the article mentions.

    `count` is the number of mentions, `href` the page of the entity, `anchor` the paragraph of
    its first mention (empty if only the title mentions it).
    """

    label: str
    kind: str
    count: str
    href: str
    anchor: str


@dataclass(frozen=True, slots=True)
class NamedDate:
    """A date that the article mentions.

    `label` is the date in words, `how` says how it was resolved, `printed` is its text in the
    article, `anchor` its paragraph.
    """

    label: str
    how: str
    printed: str
    anchor: str


@dataclass(frozen=True, slots=True)
class MetadataRow:
    """One row of the metadata; `is_code` is set for values such as a hash."""

    name: str
    value: str
    href: str = ""
    is_code: bool = False


def metadata_rows(article: Article, form: SearchForm, t: Catalogue) -> Iterator[MetadataRow]:
    """Yield the metadata of *article*; a field that the source did not give has no row."""
    new_search = form.new_search()
    if article.source:
        yield MetadataRow(
            t("facet_source"),
            article.source,
            new_search.toggled("include", "source", article.source).url(),
        )
    rows = (
        ("publisher", article.publisher),
        ("author", article.author),
        ("photo", article.photo_credit),
        ("facet_language", t.language_name(article.language) if article.language else ""),
        ("indexed_id", article.id),
    )
    yield from (MetadataRow(t(key), value) for key, value in rows if value)
    origin = article.origin
    if origin is not None:
        record = f" · {t.number(origin.record)}" if origin.record else ""
        yield MetadataRow(t("origin"), origin.path.rpartition("/")[2] + record)
        yield MetadataRow(t("read_at"), t.date(origin.read_at[:10]))
        yield MetadataRow(t("origin_hash"), origin.sha256, is_code=True)


def named_entities(
    stored: StoredArticle, anchors: "Anchors", form: SearchForm, labels: Labels
) -> Iterator[NamedEntity]:
    """Yield the entities of *stored*, class by class, the most frequent first."""
    counts = Counter((m.type, m.id) for m in stored.extracted.entities)
    first: dict[str, str] = {}
    for mention in stored.extracted.entities:
        if mention.field == "text":
            first.setdefault(mention.id, anchors.at(mention.start))
    order = {name: at for at, name in enumerate(ENTITY_FACETS)}
    ranked = sorted(counts.items(), key=lambda pair: (order[pair[0][0]], -pair[1], pair[0][1]))
    for (kind, name), count in ranked[:_MOST_NAMES]:
        yield NamedEntity(
            label=labels.value(kind, name),
            kind=kind,
            count=labels.t.number(count),
            href=form.new_search().url(f"/entity/{quote(name, safe='')}"),
            anchor=first.get(name, ""),
        )


def named_dates(stored: StoredArticle, anchors: "Anchors", t: Catalogue) -> Iterator[NamedDate]:
    """Yield the first dates that *stored* mentions, each value once, in the order of the text."""
    seen: set[str] = set()
    for field, mention in stored.extracted.dates:
        if mention.value in seen:
            continue
        seen.add(mention.value)
        if len(seen) > _MOST_DATES:
            return
        yield NamedDate(
            label=date_words(mention, t),
            how=t(f"resolution_{mention.resolution}"),
            printed=mention.text,
            anchor=anchors.at(mention.start) if field == "text" else "",
        )


def date_words(mention: DateMention, t: Catalogue) -> str:
    """Return the date of a mention in words; a range has both its ends."""
    words = " – ".join(t.date(part) for part in mention.value.split("/"))
    return f"{t(f'part_{mention.modifier}')} {words}" if mention.modifier else words


class Anchors:
    """Finds the paragraph that contains an offset of the text."""

    def __init__(self) -> None:
        self._starts: list[tuple[int, str]] = []

    def add(self, start: int, anchor: str) -> None:
        """Register that paragraph *anchor* starts at offset *start*; call in ascending order."""
        self._starts.append((start, anchor))

    def at(self, offset: int) -> str:
        """Return the anchor of the paragraph that contains *offset*, in code points."""
        found = ""
        for start, anchor in self._starts:
            if start > offset:
                break
            found = anchor
        return found

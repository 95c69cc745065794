"""Hits: one row of the results: title, date and how well it is known, passages, citations.

The engine says where the words of the query stand, so that no text is analysed again.
"""

from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup, escape

from marsad.indexer.analysis.tokenizer import token_end
from marsad.indexer.build.document import StoredArticle, load_stored
from marsad.indexer.engine.request import Hit
from marsad.indexer.fields import BODY, index_field
from marsad.indexer.query.parse import Parsed
from marsad.indexer.query.tree import All
from marsad.indexer.search.highlight import Highlight, Highlighter, HighlightQuery, highlight_query
from marsad.indexer.search.snippet import Passage, best_passages
from marsad.webui.i18n.catalogue import Catalogue
from marsad.webui.pages.marked import marked, strokes
from marsad.webui.pages.whys import ReasonLine, Whys
from marsad.webui.request.clock import check_time
from marsad.webui.request.links import Links, article_path
from marsad.webui.state.site import Site

# What a page asks the engine to point out.
MATCHES = tuple(index_field(BODY, level) for level in BODY.levels)


@dataclass(frozen=True, slots=True)
class HitRow:
    """One hit; `title` and `passages` are marked, `event` is a day that it speaks of."""

    id: str
    href: str
    path: str
    name: str
    title: Markup
    source: str
    date: str
    iso: str
    precision: str
    event: str
    lang: str
    copies: str
    copies_href: str
    passages: tuple[Markup, ...]
    whys: tuple[ReasonLine, ...]


@dataclass(frozen=True, slots=True)
class Sought:
    """What a query asks for in titles and in bodies."""

    title: HighlightQuery
    body: HighlightQuery


def sought(parsed: Parsed) -> Sought:
    """Return what *parsed* asks for; a search without a query asks for no word."""
    if isinstance(parsed.tree, All):
        return Sought(HighlightQuery(), HighlightQuery())
    return Sought(highlight_query(parsed.tree, "title"), highlight_query(parsed.tree, "body"))


class HitRows:
    """Makes the rows of one page; what its hits have in common is looked at once."""

    def __init__(self, parsed: Parsed, links: Links, site: Site, t: Catalogue) -> None:
        self._wanted, self._links, self._t = sought(parsed), links, t
        self._titles = Highlighter(self._wanted.title, site.analyzer)
        self._whys = Whys(parsed, site.analyzer, t)

    def row(self, hit: Hit, at: int) -> HitRow:
        """Return the row of *hit*, which is number *at* of its search."""
        check_time()
        stored, t = load_stored(hit.stored), self._t
        article = stored.article
        iso = article.published_iso()
        marks = body_marks(hit, stored, self._wanted)
        return HitRow(
            id=article.id,
            href=self._links.article(article.id, at),
            path=article_path(article.id),
            name=article.title or article.id,
            title=self._title(stored),
            source=article.source,
            date=t.date(iso) if iso else t("no_date"),
            iso=iso or "",
            precision=t(f"precision_{article.precision}")
            if iso and len(iso) < len("2023-09-21")
            else "",
            event=t.date(event) if (event := event_day(stored)) else "",
            lang=article.language,
            copies=t.count("more_copies", hit.copies) if hit.copies else "",
            copies_href=self._links.page(f"/cluster/{quote(article.id, safe='')}")
            if hit.copies
            else "",
            passages=tuple(map(_passage, best_passages(article.text, marks))),
            whys=self._whys.line(
                article.text[start:end] for start, end in strokes(article.text, marks)
            ),
        )

    def _title(self, stored: StoredArticle) -> Markup:
        title = stored.article.title
        if not title:
            return escape(stored.article.id)
        names: list[tuple[int, int, str]] = []
        if self._wanted.title.entities:
            mentions = stored.extracted.entities
            names = [(m.start, m.end, m.id) for m in mentions if m.field == "title"]
        return marked(title, strokes(title, self._titles.find(title, names)))


def event_day(stored: StoredArticle) -> str:
    """Return the day that *stored* names most often, if it is not the day of publication."""
    counts: dict[str, int] = {}
    for _, mention in stored.extracted.dates:
        if mention.precision == "day":
            counts[mention.value] = counts.get(mention.value, 0) + 1
    # Of equals, the one named first.
    day = max(counts, key=lambda value: counts[value], default="")
    return "" if day == stored.article.published_iso() else day


def body_marks(hit: Hit, stored: StoredArticle, wanted: Sought) -> tuple[Highlight, ...]:
    """Return the marks of the article's text, in order, never overlapping."""
    text = stored.article.text
    found = {m.start: Highlight(m.start, token_end(text, m.start), m.term) for m in hit.matches}
    names = wanted.body.entities
    if names:
        for mention in stored.extracted.entities:
            if mention.field == "text" and mention.id in names:
                found[mention.start] = Highlight(mention.start, mention.end, mention.id)
    kept: list[Highlight] = []
    for start in sorted(found):
        mark = found[start]
        if start >= 0 and mark.end > start and (not kept or start >= kept[-1].end):
            kept.append(mark)
    return tuple(kept)


def _passage(passage: Passage) -> Markup:
    found = marked(passage.text, strokes(passage.text, passage.highlights))
    if passage.cut_start or passage.cut_end:
        found = ("…" if passage.cut_start else "") + found + ("…" if passage.cut_end else "")
    return found

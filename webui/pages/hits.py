"""Hits: the rows of a results page: title, source, date, passages and the reasons for the match.

The engine gives the positions of the query's words in the text, so that a page of hits does
not have to analyze the texts again.
"""

from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup, escape

from marsad.indexer.analysis.tokenizer import token_end
from marsad.indexer.build.document import StoredArticle, load_hit
from marsad.indexer.engine.request import Hit
from marsad.indexer.fields import BODY, index_field
from marsad.indexer.query.parse import Parsed
from marsad.indexer.query.tree import All
from marsad.indexer.search.highlight import Highlight, Highlighter, HighlightQuery, highlight_query
from marsad.indexer.search.snippet import Passage, best_passages
from marsad.webui.i18n.catalogue import Catalogue
from marsad.webui.pages.highlighted_text import highlight_ranges, highlighted_html
from marsad.webui.pages.reasons import HitReasons, ReasonLine
from marsad.webui.request.links import Links, article_path
from marsad.webui.request.time_limit import check_time
from marsad.webui.state.backend import Backend

# The fields for which a page needs the positions of the matches: the body in every strictness.
MATCHES = tuple(index_field(BODY, level) for level in BODY.levels)


@dataclass(frozen=True, slots=True)
class HitRow:
    """One hit as the template prints it.

    `title` and `passages` are HTML with highlights. `event` is the day that the article mentions
    most often, `precision` is set if only the month or year of publication is known. `copies` is
    the number of collapsed near-duplicates in words, `path` the path of the article. `damage` is
    a sentence if the text of the article cannot be read, so that only its id and date are known.
    """

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
    damage: str
    reasons: tuple[ReasonLine, ...]


@dataclass(frozen=True, slots=True)
class HighlightQueries:
    """The parts of a query that are highlighted in titles and in bodies."""

    title: HighlightQuery
    body: HighlightQuery


def highlight_queries(parsed: Parsed) -> HighlightQueries:
    """Return the parts of *parsed* to highlight; none if there is no query."""
    if isinstance(parsed.tree, All):
        return HighlightQueries(HighlightQuery(), HighlightQuery())
    return HighlightQueries(
        highlight_query(parsed.tree, "title"), highlight_query(parsed.tree, "body")
    )


class HitRows:
    """Makes the rows of one page; the work that all its hits share is done once."""

    def __init__(self, parsed: Parsed, links: Links, backend: Backend, t: Catalogue) -> None:
        self._queries, self._links, self._t = highlight_queries(parsed), links, t
        self._titles = Highlighter(self._queries.title, backend.analyzer)
        self._reasons = HitReasons(parsed, backend.analyzer, t)

    def row(self, hit: Hit, at: int) -> HitRow:
        """Return the row of *hit*, which is hit number *at* of the search, from 1."""
        check_time()
        stored, t = load_hit(hit), self._t
        article = stored.article
        iso = article.published_iso()
        highlights = body_highlights(hit, stored, self._queries)
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
            damage=t("damaged_article") if stored.damage else "",
            passages=tuple(map(_passage, best_passages(article.text, highlights))),
            reasons=self._reasons.lines(
                article.text[start:end] for start, end in highlight_ranges(article.text, highlights)
            ),
        )

    def _title(self, stored: StoredArticle) -> Markup:
        title = stored.article.title
        if not title:
            return escape(stored.article.id)
        names: list[tuple[int, int, str]] = []
        if self._queries.title.entities:
            mentions = stored.extracted.entities
            names = [(m.start, m.end, m.id) for m in mentions if m.field == "title"]
        return highlighted_html(title, highlight_ranges(title, self._titles.find(title, names)))


def event_day(stored: StoredArticle) -> str:
    """Return the day that *stored* mentions most often, as ISO date.

    Empty if it mentions no day, or if that day is the day of publication: the row shows it.
    """
    counts: dict[str, int] = {}
    for _, mention in stored.extracted.dates:
        if mention.precision == "day":
            counts[mention.value] = counts.get(mention.value, 0) + 1
    # If several days are equally frequent, `max` returns the one that is mentioned first.
    day = max(counts, key=lambda value: counts[value], default="")
    return "" if day == stored.article.published_iso() else day


def body_highlights(
    hit: Hit, stored: StoredArticle, queries: HighlightQueries
) -> tuple[Highlight, ...]:
    """Return the highlights of the article's text, in order and without overlaps.

    They are the matches that the engine found, and the mentions of the query's entities.
    """
    text = stored.article.text
    # The engine gives the start of each match; the end of the word is read from the text.
    found = {m.start: Highlight(m.start, token_end(text, m.start), m.term) for m in hit.matches}
    names = queries.body.entities
    if names:
        for mention in stored.extracted.entities:
            if mention.field == "text" and mention.id in names:
                found[mention.start] = Highlight(mention.start, mention.end, mention.id)
    kept: list[Highlight] = []
    for start in sorted(found):
        highlight = found[start]
        if start >= 0 and highlight.end > start and (not kept or start >= kept[-1].end):
            kept.append(highlight)
    return tuple(kept)


def _passage(passage: Passage) -> Markup:
    found = highlighted_html(passage.text, highlight_ranges(passage.text, passage.highlights))
    if passage.cut_start or passage.cut_end:
        found = ("…" if passage.cut_start else "") + found + ("…" if passage.cut_end else "")
    return found

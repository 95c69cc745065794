"""Article page: one article with its entities, its dates and the matches of the query."""

import json
from dataclasses import dataclass, replace
from urllib.parse import quote

from werkzeug.urls import uri_to_iri

from marsad.corpus.article import Article
from marsad.indexer.build.document import StoredArticle, load_hit
from marsad.indexer.engine.request import DEEPEST_HIT, SearchRequest
from marsad.indexer.extract.mentions import Mention, MentionField
from marsad.indexer.fields import ENTITY_FACETS
from marsad.indexer.query.parse import Parsed, parse_article
from marsad.indexer.query.tree import All
from marsad.indexer.search.explain import explain_hit
from marsad.indexer.search.highlight import HighlightQuery, find_highlights, highlight_query
from marsad.webui.i18n.catalogue import Catalogue
from marsad.webui.i18n.labels import Labels
from marsad.webui.pages.article_formats import format_links, text_digest
from marsad.webui.pages.article_link import ArticleLink, article_link
from marsad.webui.pages.blocks import Block, paragraphs
from marsad.webui.pages.copies import Copy, copies_of
from marsad.webui.pages.frame import Frame, frame
from marsad.webui.pages.highlighted_text import Run, Span, highlight_ranges, number_highlights, runs
from marsad.webui.pages.reasons import ReasonLine, condition_words, reason_line
from marsad.webui.pages.sidebar import (
    Anchors,
    MetadataRow,
    NamedDate,
    NamedEntity,
    metadata_rows,
    named_dates,
    named_entities,
)
from marsad.webui.request.citations import footnote, footnote_parts
from marsad.webui.request.forms import SearchForm
from marsad.webui.request.links import Link, Links, article_path
from marsad.webui.request.time_limit import deadline
from marsad.webui.state.backend import Backend, search_request

_RELATED = 5
_MOST_PARTS = 12
_DAY = len("2023-09-21")
# Characters of the text that related articles are compared with: the lead says the subject.
_LEAD_LENGTH = 300
_MOST_HIT_LINKS = 40


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The rank of the article in the search it was opened from, and the hits around it.

    `place` is the rank in words; `previous` and `following` are URLs, empty at either end.
    """

    place: str
    previous: str
    following: str


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """The page of one article as the template prints it.

    `known_by` says what the date was read from. `hits` are the numbers of the highlights, for the
    links that jump to them. `reasons` and `conditions` say why the article matches the query, and
    `parts` what its score is made of: term, field and score. `schema` is JSON-LD.
    """

    frame: Frame
    article: Article
    iso: str
    lang: str
    title: tuple[Run, ...]
    date: str
    weekday: str
    precision: str
    known_by: str
    blocks: tuple[Block, ...]
    legend: tuple[tuple[str, str], ...]
    metadata: tuple[MetadataRow, ...]
    url: str
    url_in_words: str
    names: tuple[NamedEntity, ...]
    dates: tuple[NamedDate, ...]
    hits: tuple[str, ...]
    hits_total: str
    neighbours: Neighbours | None
    back: Link
    formats: tuple[Link, ...]
    citation: str
    cited: tuple[str, ...]
    sha256: str
    copies: tuple[Copy, ...]
    copies_page: Link | None
    reasons: tuple[ReasonLine, ...]
    conditions: tuple[tuple[str, str], ...]
    parts: tuple[tuple[str, str, str], ...]
    related: tuple[ArticleLink, ...]
    schema: str
    canonical: str


def article_page(
    backend: Backend,
    stored: StoredArticle,
    form: SearchForm,
    parsed: Parsed,
    t: Catalogue,
    root: str,
) -> ArticlePage:
    """Build the page of an article.

    Args:
        backend: The open index.
        stored: The article.
        form: The search that the article was opened from.
        parsed: The parsed query of *form*; its matches are highlighted.
        t: The catalogue of the page.
        root: The address of the site, such as https://example.org.
    """
    article = stored.article
    labels = Labels(t, backend.gazetteer)
    iso = article.published_iso() or ""
    text, count = number_highlights(_runs_of(stored, "text", parsed, backend, labels))
    anchors = Anchors()
    blocks = paragraphs(article, text, anchors, t)
    explanation = (
        explain_hit(parsed, stored, backend.analyzer, backend.engine, deadline())
        if form.q
        else None
    )
    copies = copies_of(backend, article, form, t)
    # An address of another scheme, such as javascript:, must never become a link.
    url = article.url if article.url.startswith(("http://", "https://")) else ""
    first_page = (max(form.at, 1) - 1) // form.per_page + 1
    path = article_path(article.id)
    return ArticlePage(
        frame=frame(form, t, article.title or article.id, path),
        article=article,
        iso=iso,
        lang=article.language,
        title=_runs_of(stored, "title", parsed, backend, labels),
        date=t.date(iso) if iso else t("no_date"),
        weekday=t.weekday(iso),
        known_by=t(f"known_by_{article.evidence or 'nothing'}") if iso else "",
        precision=t(f"precision_{article.precision}") if 0 < len(iso) < _DAY else "",
        blocks=blocks,
        legend=(*((name, t(f"facet_{name}")) for name in ENTITY_FACETS), ("date", t("class_date"))),
        metadata=tuple(metadata_rows(article, form, t)),
        url=url,
        url_in_words=uri_to_iri(url),
        names=tuple(named_entities(stored, anchors, form, labels)),
        dates=tuple(named_dates(stored, anchors, t)),
        hits=tuple(t.number(n) for n in range(1, min(count, _MOST_HIT_LINKS) + 1)),
        hits_total=t.count("hits_in_text", count) if count else "",
        neighbours=_neighbours(backend, form, parsed, t),
        back=Link(
            t("back_to_results") if form.at else t("home"),
            replace(form, at=0, page=first_page).url(),
        )
        if form.at
        else Link(t("home"), form.new_search().url("/")),
        formats=format_links(backend, article.id, t),
        citation=footnote(article),
        cited=footnote_parts(article),
        sha256=text_digest(article),
        copies=copies,
        copies_page=Link(t("all_copies"), form.url(f"/cluster/{quote(article.id, safe='')}"))
        if copies
        else None,
        reasons=tuple(reason_line(reason, t) for reason in explanation.reasons if reason.forms)
        if explanation
        else (),
        conditions=tuple(
            condition_words(condition, t) for condition in explanation.conditions if condition.holds
        )
        if explanation
        else (),
        parts=tuple(
            (
                part.term or t("shared_letters"),
                t(f"part_of_{part.field.partition('_')[0]}") if part.field else "",
                f"{part.score:.2f}",
            )
            for part in sorted(explanation.parts, key=lambda part: -part.score)[:_MOST_PARTS]
        )
        if explanation
        else (),
        related=tuple(_related(backend, article, {c.id for c in copies}, form, t)),
        schema=_schema(article, root),
        canonical=root + path,
    )


def _runs_of(
    stored: StoredArticle, field: MentionField, parsed: Parsed, backend: Backend, labels: Labels
) -> tuple[Run, ...]:
    """Return the title or text with its mentions and the matches of the query."""
    text = stored.article.title if field == "title" else stored.article.text
    if not text and field == "title":
        return (Run(stored.article.id),)
    mentions = [m for m in stored.extracted.entities if m.field == field]
    spans = [Span(m.start, m.end, _kind(m), _title(m, labels)) for m in mentions]
    # Spans may not overlap; where an entity and a date do, the entity is kept.
    taken = [(span.start, span.end) for span in spans]
    spans += [
        Span(m.start, m.end, "date", m.value)
        for name, m in stored.extracted.dates
        if name == field and not any(m.start < end and start < m.end for start, end in taken)
    ]
    tree_field = "title" if field == "title" else "body"
    query = (
        HighlightQuery()
        if isinstance(parsed.tree, All)
        else highlight_query(parsed.tree, tree_field)
    )
    highlights = find_highlights(
        text, query, backend.analyzer, [(m.start, m.end, m.id) for m in mentions]
    )
    return runs(text, highlight_ranges(text, highlights), spans)


def _kind(mention: Mention) -> str:
    return f"{mention.type} inferred" if mention.inferred else mention.type


def _title(mention: Mention, labels: Labels) -> str:
    """Return the tooltip of a mention: its entity and, if that was inferred, the evidence."""
    label = labels.value(mention.type, mention.id)
    return f"{label} ({labels.t(f'by_{mention.by}')})" if mention.inferred else label


def _neighbours(
    backend: Backend, form: SearchForm, parsed: Parsed, t: Catalogue
) -> Neighbours | None:
    """Return the hits before and after hit *form.at*; None if the search has no such hit."""
    if not 1 <= form.at <= DEEPEST_HIT - 1:
        return None
    # Three hits: the one before, the article itself, and the one after.
    offset = max(form.at - 2, 0)
    request = replace(
        search_request(form, parsed, collapse=True), offset=offset, limit=3, stored=False
    )
    result = backend.engine.search(request)
    rows = result.total if result.stories is None else result.stories
    if form.at > rows:
        return None
    links, here = Links(form), form.at - 1 - offset
    ids = [hit.id for hit in result.hits]
    return Neighbours(
        place=t("place_among", at=t.number(form.at), total=t.number(rows)),
        previous=links.article(ids[here - 1], form.at - 1) if here > 0 else "",
        following=links.article(ids[here + 1], form.at + 1) if here + 1 < len(ids) else "",
    )


def _related(
    backend: Backend, article: Article, copies: set[str], form: SearchForm, t: Catalogue
) -> list[ArticleLink]:
    """Return the articles most similar to the title and lead of *article*, without its copies."""
    text = f"{article.title} {article.text[:_LEAD_LENGTH]}"
    tree = parse_article(text, backend.analyzer)
    # The article and its copies are hits too, so that many more are requested. The
    # total is not shown, so it need not be exact.
    request = SearchRequest(
        query=tree,
        limit=_RELATED + 1 + len(copies),
        exact_total=False,
        deadline=deadline(),
    )
    found = []
    for hit in backend.engine.search(request).hits:
        if hit.id == article.id or hit.id in copies:
            continue
        other = load_hit(hit).article
        found.append(article_link(other, form.new_search().url(article_path(other.id)), t))
    return found[:_RELATED]


def _schema(article: Article, root: str) -> str:
    """Return schema.org JSON-LD that is safe inside a script element."""
    record = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": root + article_path(article.id),
        "headline": article.title or article.id,
        "inLanguage": article.language,
        "datePublished": article.published_iso() or "",
        "identifier": article.id,
    }
    record = {name: value for name, value in record.items() if value}
    if article.url.startswith(("http://", "https://")):
        record["isBasedOn"] = article.url
    extra: dict[str, object] = {}
    if article.author:
        extra["author"] = {"@type": "Person", "name": article.author}
    if article.source or article.publisher:
        name = article.source or article.publisher
        extra["publisher"] = {"@type": "NewsMediaOrganization", "name": name}
    text = json.dumps({**record, **extra}, ensure_ascii=False)
    # The template prints it unescaped, so no "</script>" may be left in it.
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")

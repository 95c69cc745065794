"""Reader: the page of one article, with what it names and what was searched marked in it."""

import hashlib
import json
from dataclasses import dataclass, replace
from urllib.parse import quote

from werkzeug.urls import uri_to_iri

from marsad.corpus.article import Article
from marsad.indexer.build.document import StoredArticle, load_stored
from marsad.indexer.engine.request import DEEPEST_HIT, SearchRequest
from marsad.indexer.extract.mentions import Mention, MentionField
from marsad.indexer.fields import ENTITY_FACETS
from marsad.indexer.query.parse import Parsed, parse_article
from marsad.indexer.query.tree import All
from marsad.indexer.search.explain import explain_hit
from marsad.indexer.search.highlight import HighlightQuery, find_highlights, highlight_query
from marsad.webui.i18n.catalogue import Catalogue
from marsad.webui.i18n.labels import Labels
from marsad.webui.pages.copies import Copy, copies_of
from marsad.webui.pages.frame import Frame, frame
from marsad.webui.pages.listed import LinkItem, listed
from marsad.webui.pages.marked import Run, Span, numbered, runs, strokes
from marsad.webui.pages.sidebar import (
    Anchors,
    Fact,
    NamedDate,
    NamedEntity,
    facts,
    named_dates,
    named_entities,
)
from marsad.webui.pages.whys import ReasonLine, ground_words, reason_words
from marsad.webui.request.citations import cited, plain
from marsad.webui.request.clock import deadline
from marsad.webui.request.forms import SearchForm
from marsad.webui.request.links import Link, Links, article_path
from marsad.webui.state.site import Site, search_request

FORMATS = ("ris", "bib", "csl.json", "txt", "json")
_RELATED = 5
_MOST_PARTS = 12
_DAY = len("2023-09-21")
_RELATED_WORDS = 300
_MOST_HIT_LINKS = 40


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or subhead; `anchor` is its place, from p1."""

    anchor: str
    number: str
    heading: bool
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where the article stands among the hits of the search it was opened from."""

    place: str
    previous: str
    following: str


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """The page of one article."""

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
    facts: tuple[Fact, ...]
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
    whys: tuple[ReasonLine, ...]
    grounds: tuple[tuple[str, str], ...]
    parts: tuple[tuple[str, str, str], ...]
    related: tuple[LinkItem, ...]
    schema: str
    canonical: str


def article_page(
    site: Site, stored: StoredArticle, form: SearchForm, parsed: Parsed, t: Catalogue, root: str
) -> ArticlePage:
    """Build the page of *stored*; the words of *parsed* are marked in it."""
    article = stored.article
    labels = Labels(t, site.gazetteer)
    iso = article.published_iso() or ""
    marked, count = numbered(_marked(stored, "text", parsed, site, labels))
    anchors = Anchors()
    blocks = _blocks(article, marked, anchors, t)
    why = explain_hit(parsed, stored, site.analyzer, site.engine, deadline()) if form.q else None
    copies = copies_of(site, article, form, t)
    url = article.url if article.url.startswith(("http://", "https://")) else ""
    first_page = (max(form.at, 1) - 1) // form.per_page + 1
    path = article_path(article.id)
    return ArticlePage(
        frame=frame(form, t, article.title or article.id, path),
        article=article,
        iso=iso,
        lang=article.language,
        title=_marked(stored, "title", parsed, site, labels),
        date=t.date(iso) if iso else t("no_date"),
        weekday=t.weekday(iso),
        known_by=t(f"known_by_{article.evidence or 'nothing'}") if iso else "",
        precision=t(f"precision_{article.precision}") if 0 < len(iso) < _DAY else "",
        blocks=blocks,
        legend=(*((name, t(f"facet_{name}")) for name in ENTITY_FACETS), ("date", t("class_date"))),
        facts=tuple(facts(article, form, t)),
        url=url,
        url_in_words=uri_to_iri(url),
        names=tuple(named_entities(stored, anchors, form, labels)),
        dates=tuple(named_dates(stored, anchors, t)),
        hits=tuple(t.number(n) for n in range(1, min(count, _MOST_HIT_LINKS) + 1)),
        hits_total=t.count("hits_in_text", count) if count else "",
        neighbours=_neighbours(site, form, parsed, t),
        back=Link(
            t("back_to_results") if form.at else t("home"),
            replace(form, at=0, page=first_page).url(),
        )
        if form.at
        else Link(t("home"), form.blank().url("/")),
        formats=tuple(
            Link(t(f"cite_{name}"), _download(site, article.id, name)) for name in FORMATS
        ),
        citation=plain(article),
        cited=cited(article),
        sha256=text_digest(article),
        copies=copies,
        copies_page=Link(t("all_copies"), form.url(f"/cluster/{quote(article.id, safe='')}"))
        if copies
        else None,
        whys=tuple(reason_words(reason, t) for reason in why.reasons if reason.forms)
        if why
        else (),
        grounds=tuple(ground_words(ground, t) for ground in why.grounds if ground.holds)
        if why
        else (),
        parts=tuple(
            (
                part.term or t("shared_letters"),
                t(f"part_of_{part.field.partition('_')[0]}") if part.field else "",
                f"{part.score:.2f}",
            )
            for part in sorted(why.parts, key=lambda part: -part.score)[:_MOST_PARTS]
        )
        if why
        else (),
        related=tuple(_related(site, article, {c.id for c in copies}, form, t)),
        schema=_schema(article, root),
        canonical=root + path,
    )


def raw_text(article: Article) -> bytes:
    """Return the text of an article as `/article/ID.txt` gives it."""
    return article.text.encode("utf-8", "replace")


def text_digest(article: Article) -> str:
    """Return the SHA-256 of `raw_text`."""
    return hashlib.sha256(raw_text(article)).hexdigest()


def _marked(
    stored: StoredArticle, field: MentionField, parsed: Parsed, site: Site, labels: Labels
) -> tuple[Run, ...]:
    text = stored.article.title if field == "title" else stored.article.text
    if not text and field == "title":
        return (Run(stored.article.id),)
    mentions = [m for m in stored.extracted.entities if m.field == field]
    spans = [Span(m.start, m.end, _kind(m), _title(m, labels)) for m in mentions]
    taken = [(span.start, span.end) for span in spans]
    spans += [
        Span(m.start, m.end, "date", m.value)
        for name, m in stored.extracted.dates
        if name == field and not any(m.start < end and start < m.end for start, end in taken)
    ]
    tree_field = "title" if field == "title" else "body"
    wanted = (
        HighlightQuery()
        if isinstance(parsed.tree, All)
        else highlight_query(parsed.tree, tree_field)
    )
    marks = find_highlights(text, wanted, site.analyzer, [(m.start, m.end, m.id) for m in mentions])
    return runs(text, strokes(text, marks), spans)


def _kind(mention: Mention) -> str:
    return f"{mention.type} inferred" if mention.inferred else mention.type


def _title(mention: Mention, labels: Labels) -> str:
    """Return who is meant, and by what, where the name alone does not say it."""
    label = labels.value(mention.type, mention.id)
    return f"{label} ({labels.t(f'by_{mention.by}')})" if mention.inferred else label


def _blocks(
    article: Article, marked: tuple[Run, ...], anchors: Anchors, t: Catalogue
) -> tuple[Block, ...]:
    """Cut the runs of a text at its line ends; a run across a line end stays in its class."""
    headings = {section.start for section in article.sections}
    blocks: list[Block] = []
    line: list[Run] = []
    at = start = 0
    for run in (*marked, Run("\n")):
        pieces = run.text.split("\n")
        for number, piece in enumerate(pieces):
            if number:
                if any(r.text.strip() for r in line):
                    anchor = f"p{len(blocks) + 1}"
                    anchors.add(start, anchor)
                    shown = t.number(len(blocks) + 1)
                    blocks.append(Block(anchor, shown, start in headings, tuple(line)))
                line = []
                at += 1
                start = at
            if piece:
                line.append(run._replace(text=piece))
                at += len(piece)
    return tuple(blocks)


def _neighbours(site: Site, form: SearchForm, parsed: Parsed, t: Catalogue) -> Neighbours | None:
    """Return the hits before and after hit *form.at* of its search."""
    if not 1 <= form.at <= DEEPEST_HIT - 1:
        return None
    offset = max(form.at - 2, 0)
    asked = replace(search_request(form, parsed, fold=True), offset=offset, limit=3, stored=False)
    result = site.engine.search(asked)
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
    site: Site, article: Article, copies: set[str], form: SearchForm, t: Catalogue
) -> list[LinkItem]:
    """Return the articles that share the most with the title and the lead; no copies."""
    text = f"{article.title} {article.text[:_RELATED_WORDS]}"
    tree = parse_article(text, site.analyzer)
    asked = SearchRequest(
        query=tree,
        limit=_RELATED + 1 + len(copies),
        exact_total=False,
        deadline=deadline(),
    )
    found = []
    for hit in site.engine.search(asked).hits:
        if hit.id == article.id or hit.id in copies:
            continue
        other = load_stored(hit.stored).article
        found.append(listed(other, form.blank().url(article_path(other.id)), t))
    return found[:_RELATED]


def _schema(article: Article, root: str) -> str:
    """Return schema.org JSON-LD, safe inside a script element."""
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
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _download(site: Site, article_id: str, name: str) -> str:
    """Return the address of a format, which must not be the address of another article."""
    path, whole = article_path(article_id), f"{article_id}.{name}"
    others = [whole.removesuffix(f".{other}") for other in FORMATS if other != name]
    is_taken = any(site.engine.digest(other) is not None for other in {whole, *others})
    return f"{path}?format={name}" if is_taken else f"{path}.{name}"

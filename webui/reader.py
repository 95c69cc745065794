"""Reader: the page of one article, with what it names marked in its text."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.article import Article
from indexer.analysis.analyzer import Analyzer
from indexer.document import StoredArticle
from indexer.extract.entities.gazetteer import Gazetteer
from indexer.extract.mentions import MentionField
from indexer.fields import ENTITY_FACETS
from indexer.query.parse import Parsed
from indexer.query.tree import All
from indexer.snippet import Wanted, find_marks, wanted_in
from webui.forms import SearchForm
from webui.i18n.catalogue import Catalogue
from webui.marked import Run, Span, runs, strokes
from webui.pages import Frame, Link, frame

_MOST_NAMES = 24
_MOST_DATES = 16


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or subhead; `anchor` is its place, from p1."""

    anchor: str
    heading: bool
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class NamedEntity:
    """An entity of the side panel."""

    label: str
    kind: str
    count: str
    href: str


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """The page of one article."""

    frame: Frame
    lang: str
    title: tuple[Run, ...]
    date: str
    blocks: tuple[Block, ...]
    legend: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]
    url: str
    names: tuple[NamedEntity, ...]
    dates: tuple[tuple[str, str], ...]
    back: Link


def article_page(
    stored: StoredArticle,
    form: SearchForm,
    parsed: Parsed,
    *,
    analyzer: Analyzer,
    gazetteer: Gazetteer,
    t: Catalogue,
    here: str,
) -> ArticlePage:
    """Build the page of *stored*; the words of *parsed* are marked in it."""
    article = stored.article
    iso = article.published_iso()
    return ArticlePage(
        frame=frame(form, t, article.title or article.id, here),
        lang=article.language,
        title=_marked(stored, "title", parsed, analyzer, gazetteer, t),
        date=t.date(iso) if iso else t("no_date"),
        blocks=_blocks(article, _marked(stored, "text", parsed, analyzer, gazetteer, t)),
        legend=(*((name, t(f"facet_{name}")) for name in ENTITY_FACETS), ("date", t("class_date"))),
        facts=tuple(_facts(article, t)),
        url=article.url if article.url.startswith(("http://", "https://")) else "",
        names=_names(stored, form, gazetteer, t),
        dates=_dates(stored, t),
        back=Link(
            t("results") if form.q else t("home"),
            SearchForm(q=form.q, lang=form.lang, digits=form.digits).url(),
        ),
    )


def _marked(
    stored: StoredArticle,
    field: MentionField,
    parsed: Parsed,
    analyzer: Analyzer,
    gazetteer: Gazetteer,
    t: Catalogue,
) -> tuple[Run, ...]:
    text = stored.article.title if field == "title" else stored.article.text
    mentions = [m for m in stored.extracted.entities if m.field == field]
    spans = [Span(m.start, m.end, m.type, gazetteer.label(m.id, t.lang)) for m in mentions]
    taken = [(span.start, span.end) for span in spans]
    spans += [
        Span(m.start, m.end, "date", m.value)
        for name, m in stored.extracted.dates
        if name == field and not any(m.start < end and start < m.end for start, end in taken)
    ]
    tree_field = "title" if field == "title" else "body"
    wanted = Wanted() if isinstance(parsed.tree, All) else wanted_in(parsed.tree, tree_field)
    marks = find_marks(text, wanted, analyzer, [(m.start, m.end, m.id) for m in mentions])
    return runs(text, strokes(text, marks), spans)


def _blocks(article: Article, marked: tuple[Run, ...]) -> tuple[Block, ...]:
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
                    blocks.append(Block(anchor, start in headings, tuple(line)))
                line = []
                at += 1
                start = at
            if piece:
                line.append(Run(piece, run.marked, run.kind, run.title))
                at += len(piece)
    return tuple(blocks)


def _facts(article: Article, t: Catalogue) -> Iterator[tuple[str, str]]:
    rows = (
        ("facet_source", article.source),
        ("publisher", article.publisher),
        ("author", article.author),
        ("photo", article.photo_credit),
        ("facet_language", t.language_name(article.language) if article.language else ""),
        ("indexed_id", article.id),
    )
    yield from ((t(key), value) for key, value in rows if value)


def _names(
    stored: StoredArticle, form: SearchForm, gazetteer: Gazetteer, t: Catalogue
) -> tuple[NamedEntity, ...]:
    counts = Counter((m.type, m.id) for m in stored.extracted.entities)
    order = {name: at for at, name in enumerate(ENTITY_FACETS)}
    ranked = sorted(counts.items(), key=lambda pair: (order[pair[0][0]], -pair[1], pair[0][1]))
    blank = SearchForm(lang=form.lang, digits=form.digits)
    return tuple(
        NamedEntity(
            gazetteer.label(name, t.lang),
            kind,
            t.number(count),
            blank.toggled("include", kind, name).url(),
        )
        for (kind, name), count in ranked[:_MOST_NAMES]
    )


def _dates(stored: StoredArticle, t: Catalogue) -> tuple[tuple[str, str], ...]:
    shown: dict[str, str] = {}
    for _, mention in stored.extracted.dates:
        value = " – ".join(t.date(part) for part in mention.value.split("/"))
        shown.setdefault(value, t(f"resolution_{mention.resolution}"))
    return tuple(shown.items())[:_MOST_DATES]

"""Pages: everything a template shows, as frozen values.

    form, parsed query, engine's answer -> [search_page] -> SearchPage -> template

A template gets one page and computes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from indexer.analysis.analyzer import Analyzer
from indexer.document import load_stored
from indexer.engine import (
    DEEPEST_HIT,
    FacetCounts,
    FacetRequest,
    Hit,
    SearchRequest,
    SearchResult,
)
from indexer.extract.entities.gazetteer import Gazetteer
from indexer.fields import ENTITY_FACETS, FACETS
from indexer.query.parse import Parsed
from indexer.query.tree import All
from indexer.snippet import Wanted, best_passages, find_marks, wanted_in
from webui.charts import Chart, bar_chart
from webui.forms import FACET_SIZES, SORTS, SearchForm
from webui.i18n.catalogue import Catalogue, languages
from webui.marked import Run, runs, strokes

FACET_SIZE = 8
# Years and months are shown in the order of time, so all of them are asked for.
_TIME_FACETS = ("published_year", "published_month")
_EVERY_VALUE = 1_200
_MONTHS_SHOWN = 6
_PAGER_REACH = 3


@dataclass(frozen=True, slots=True)
class Link:
    """A link, or plain text where there is nowhere to go."""

    text: str
    href: str
    on: bool = False


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One row of a facet; `width` is its bar, 0 to 20."""

    label: str
    count: str
    width: int
    href: str
    exclude_href: str
    exclude_label: str
    on: bool


@dataclass(frozen=True, slots=True)
class FacetBox:
    """One facet: its rows, and what is not shown."""

    name: str
    label: str
    values: tuple[FacetValue, ...]
    others: Link | None
    missing: FacetValue | None


@dataclass(frozen=True, slots=True)
class HitRow:
    """One hit, its title and passages cut into runs."""

    href: str
    title: tuple[Run, ...]
    source: str
    date: str
    lang: str
    passages: tuple[tuple[Run, ...], ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page has round its content."""

    t: Catalogue
    title: str
    q: str
    keep: tuple[tuple[str, str], ...]
    languages: tuple[Link, ...]
    digits: Link
    home: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The search page."""

    frame: Frame
    form: SearchForm
    total: str
    undated: str
    remarks: tuple[str, ...]
    chips: tuple[Link, ...]
    clear: str
    sorts: tuple[Link, ...]
    chart: Chart | None
    facets: tuple[FacetBox, ...]
    hits: tuple[HitRow, ...]
    pager: tuple[Link, ...]
    date_fields: tuple[tuple[str, str], ...]
    try_any: str
    try_unfiltered: str
    examples: tuple[Link, ...]


def search_request(form: SearchForm, parsed: Parsed) -> SearchRequest:
    """Return the one engine call of a search page."""
    days = form.dates()
    return SearchRequest(
        query=parsed.tree,
        filters=form.filters(),
        since=days.since if days else None,
        until=days.until if days else None,
        sort=SORTS[form.sort],
        offset=(form.page - 1) * form.per_page,
        limit=form.per_page,
        facets=tuple(
            FacetRequest(name, _EVERY_VALUE if name in _TIME_FACETS else _size(form, name))
            for name in FACETS
        ),
    )


def _size(form: SearchForm, facet: str) -> int:
    """Return how many values of a facet are shown."""
    usual = _MONTHS_SHOWN if facet == "published_month" else FACET_SIZE
    return dict(form.sizes).get(facet, usual)


def frame(form: SearchForm, t: Catalogue, title: str, here: str) -> Frame:
    """Return the frame of a page; *here* is its path, for the language and digit switches."""
    is_search = here == "/search"

    def switched(changed: SearchForm) -> str:
        if is_search:
            return changed.url()
        query = urlencode([*((("q", changed.q),) if changed.q else ()), *changed.display_pairs()])
        return f"{here}?{query}" if query else here

    links = tuple(
        Link(name, switched(replace(form, lang=code)), on=code == form.lang)
        for code, name in languages().items()
    )
    other = "latn" if form.digits == "arab" else "arab"
    digits = Link(t(f"digits_{other}"), switched(replace(form, digits=other)))
    keep = tuple(form.display_pairs())
    home = SearchForm(lang=form.lang, digits=form.digits).url()
    return Frame(t, title, form.q, keep, links, digits, home)


def search_page(
    form: SearchForm,
    parsed: Parsed,
    result: SearchResult,
    *,
    analyzer: Analyzer,
    gazetteer: Gazetteer,
    t: Catalogue,
) -> SearchPage:
    """Build the search page from the engine's one answer."""
    labels = _Labels(t, gazetteer)
    by_field = {counts.field: counts for counts in result.facets}
    filtered = bool(form.choices or form.since or form.until)
    plain = replace(form, choices=(), since="", until="", page=1)
    return SearchPage(
        frame=frame(form, t, form.q or t("tagline"), "/search"),
        form=form,
        total=t.count("articles", result.total),
        undated=t.count("undated", _undated(result)) if _undated(result) else "",
        remarks=tuple(t(f"remark_{d.kind}", detail=d.detail) for d in parsed.diagnostics),
        chips=tuple(_chips(form, labels)),
        clear=plain.url() if filtered else "",
        sorts=tuple(
            Link(t(f"sort_{name}"), replace(form, sort=name, page=1).url(), on=name == form.sort)
            for name in SORTS
        ),
        chart=_chart(form, by_field, t),
        facets=tuple(_facet_box(form, by_field[name], labels) for name in FACETS),
        hits=tuple(_hit_row(hit, form, parsed, analyzer, t) for hit in result.hits),
        pager=tuple(_pager(form, result.total, t)),
        date_fields=tuple(replace(form, since="", until="", page=1).pairs()),
        try_any=replace(form, any_word=True, page=1).url() if form.q and not form.any_word else "",
        try_unfiltered=plain.url() if filtered else "",
        examples=tuple(_examples(form, t)),
    )


def _undated(result: SearchResult) -> int:
    return next((c.missing for c in result.facets if c.field == "published_year"), 0)


class _Labels:
    """What a facet value is called in the language of the page."""

    def __init__(self, t: Catalogue, gazetteer: Gazetteer) -> None:
        self.t = t
        self._gazetteer = gazetteer

    def value(self, facet: str, value: str) -> str:
        if facet in ENTITY_FACETS:
            return self._gazetteer.label(value, self.t.lang)
        if facet == "published_month" and len(value) == len("2023-09"):
            return self.t.date(value) if value.replace("-", "").isdigit() else value
        if facet == "language":
            return self.t.language_name(value)
        return self.t.digits(value) if facet == "published_year" else value


def _chips(form: SearchForm, labels: _Labels) -> Iterator[Link]:
    t = labels.t
    if form.any_word:
        yield Link(t("any_word"), replace(form, any_word=False, page=1).url())
    if form.since:
        yield Link(t("since", value=t.digits(form.since)), replace(form, since="", page=1).url())
    if form.until:
        yield Link(t("until", value=t.digits(form.until)), replace(form, until="", page=1).url())
    for kind, facet, value in form.choices:
        if kind == "missing":
            name = t("no_value")
        else:
            name = labels.value(facet, value)
            name = t("without", value=name) if kind == "exclude" else name
        text = f"{t(f'facet_{facet}')}: {name}"
        yield Link(text, form.toggled(kind, facet, value).url())


def _facet_box(form: SearchForm, counts: FacetCounts, labels: _Labels) -> FacetBox:
    name, t = counts.field, labels.t
    listed = list(counts.values)
    if name in _TIME_FACETS:
        listed.sort(reverse=True)
        if name == "published_month":
            listed = listed[: _size(form, name)]
    chosen = [value for kind, facet, value in form.choices if (kind, facet) == ("include", name)]
    known = {value for value, _ in listed}
    listed += [(value, 0) for value in chosen if value not in known]
    top = max((count for _, count in listed), default=1) or 1
    rows = tuple(_facet_value(form, name, value, count, top, labels) for value, count in listed)
    missing = None
    if counts.missing and listed:
        label = t("no_date") if name in _TIME_FACETS else t("no_value")
        missing = FacetValue(
            label,
            t.number(counts.missing),
            0,
            form.toggled("missing", name, "true").url(),
            "",
            "",
            ("missing", name, "true") in form.choices,
        )
    others = None
    if counts.more or len(counts.values) > len(known):
        larger = next((size for size in FACET_SIZES if size > len(known)), FACET_SIZES[-1])
        others = Link(t("more_values"), form.sized(name, larger).url())
    return FacetBox(name, t(f"facet_{name}"), rows, others, missing)


def _facet_value(
    form: SearchForm, facet: str, value: str, count: int, top: int, labels: _Labels
) -> FacetValue:
    label = labels.value(facet, value)
    return FacetValue(
        label=label,
        count=labels.t.number(count),
        width=round(20 * count / top),
        href=form.toggled("include", facet, value).url(),
        exclude_href=form.toggled("exclude", facet, value).url(),
        exclude_label=labels.t("without", value=label),
        on=("include", facet, value) in form.choices,
    )


def _chart(form: SearchForm, by_field: dict[str, FacetCounts], t: Catalogue) -> Chart | None:
    """Return the bars over time: years, or the months of the one year that is chosen."""
    years = [
        value
        for kind, facet, value in form.choices
        if (kind, facet) == ("include", "published_year")
    ]
    facet = "published_month" if len(years) == 1 else "published_year"
    counts = {
        value: count
        for value, count in by_field[facet].values
        if facet == "published_year" or value.startswith(years[0])
    }
    chosen = {value for kind, name, value in form.choices if (kind, name) == ("include", facet)}
    label = t("by_month" if facet == "published_month" else "by_year")
    return bar_chart(
        counts,
        label=label,
        rtl=t.direction == "rtl",
        href=lambda value: form.toggled("include", facet, value).url(),
        name=t.date,
        title=lambda value, count: f"{t.date(value)}: {t.count('articles', count)}",
        chosen=chosen,
    )


def _hit_row(
    hit: Hit, form: SearchForm, parsed: Parsed, analyzer: Analyzer, t: Catalogue
) -> HitRow:
    stored = load_stored(hit.stored)
    article = stored.article
    entities = {
        name: [(m.start, m.end, m.id) for m in stored.extracted.entities if m.field == name]
        for name in ("title", "text")
    }
    in_title = find_marks(
        article.title, wanted_in(parsed.tree, "title"), analyzer, entities["title"]
    )
    wanted = _body_wanted(parsed)
    in_body = find_marks(article.text, wanted, analyzer, entities["text"])
    passages = best_passages(article.text, in_body)
    iso = article.published_iso()
    return HitRow(
        href=article_url(article.id, form),
        title=runs(article.title or article.id, strokes(article.title or article.id, in_title)),
        source=article.source,
        date=t.date(iso) if iso else t("no_date"),
        lang=article.language,
        passages=tuple(
            (
                *((Run("…"),) if passage.cut_start else ()),
                *runs(passage.text, strokes(passage.text, passage.marks)),
                *((Run("…"),) if passage.cut_end else ()),
            )
            for passage in passages
        ),
    )


def _body_wanted(parsed: Parsed) -> Wanted:
    return Wanted() if isinstance(parsed.tree, All) else wanted_in(parsed.tree, "body")


def article_url(article_id: str, form: SearchForm) -> str:
    """Return the address of an article, which keeps the query to mark and the display settings."""
    pairs = [*((("q", form.q),) if form.q else ()), *form.display_pairs()]
    path = f"/article/{quote(article_id, safe='')}"
    return f"{path}?{urlencode(pairs)}" if pairs else path


def _pager(form: SearchForm, total: int, t: Catalogue) -> Iterator[Link]:
    last = min(-(-total // form.per_page), DEEPEST_HIT // form.per_page)
    if last <= 1:
        return
    if form.page > 1:
        yield Link(t("previous"), replace(form, page=form.page - 1).url())
    near = range(max(1, form.page - _PAGER_REACH), min(last, form.page + _PAGER_REACH) + 1)
    for number in sorted({1, last, *near}):
        yield Link(t.number(number), replace(form, page=number).url(), on=number == form.page)
    if form.page < last:
        yield Link(t("next"), replace(form, page=form.page + 1).url())


def _examples(form: SearchForm, t: Catalogue) -> Iterator[Link]:
    """Yield example queries for the help box; they show the query language at work."""
    queries = (
        ("help_words", "باكو يريفان"),
        ("help_phrase", "«قوات حفظ السلام»"),
        ("help_or", "هدنة أو معاهدة"),
        ("help_not", "هدنة -غزة"),
        ("help_prefix", "كارابا*"),
        ("help_pattern", "كار?باخ"),
        ("help_near", '"قوات السلام"~3'),
        ("help_field", "شخص:علييف"),
        ("help_date", "تاريخ:2020..2021-06"),
    )
    for key, query in queries:
        blank = SearchForm(q=query, lang=form.lang, digits=form.digits)
        yield Link(f"{query}\n{t(key)}", blank.url())

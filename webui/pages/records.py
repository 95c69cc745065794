"""Records: searches and articles as JSON values, for the API and the exports.

Highlights are given as offsets in code points beside the plain text, never as HTML.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from marsad.corpus.article import Article
from marsad.indexer.build.document import StoredArticle, load_hit
from marsad.indexer.engine.request import FacetCounts, Hit, SearchResult
from marsad.indexer.fields import ENTITY_FACETS
from marsad.indexer.query.parse import Parsed
from marsad.indexer.search.snippet import best_passages
from marsad.webui.i18n.labels import Labels
from marsad.webui.pages.broader import any_word
from marsad.webui.pages.hits import HighlightQueries, body_highlights, highlight_queries
from marsad.webui.request.forms import SearchForm
from marsad.webui.request.links import Links, article_path
from marsad.webui.request.time_limit import check_time
from marsad.webui.state.backend import Backend

Record = dict[str, Any]


def article_record(stored: StoredArticle, labels: Labels) -> Record:
    """Return one article with its metadata, sections, entity mentions, date mentions and text."""
    article = stored.article
    return {
        **_head(article),
        "publisher": article.publisher,
        "photo_credit": article.photo_credit,
        "author": article.author,
        "original_url": article.url,
        "published_from": article.evidence,
        "published_as_printed": article.printed_date,
        "origin": asdict(article.origin) if article.origin else None,
        "sections": [
            {"heading": s.heading, "start": s.start, "end": s.end} for s in article.sections
        ],
        "places": [asdict(place) for place in article.places],
        "entities": [
            {
                "class": m.type,
                "id": m.id,
                "label": labels.value(m.type, m.id),
                "field": m.field,
                "start": m.start,
                "end": m.end,
                "text": m.text,
                "by": m.by,
            }
            for m in stored.extracted.entities
        ],
        "dates": [
            {
                "value": m.value,
                "precision": m.precision,
                "resolution": m.resolution,
                "field": name,
                "start": m.start,
                "end": m.end,
                "text": m.text,
            }
            for name, m in stored.extracted.dates
        ],
        "text": article.text,
        "damage": stored.damage or None,
    }


def entity_ids(stored: StoredArticle) -> dict[str, tuple[str, ...]]:
    """Return the entity ids of each class, in the order of their first mention."""
    return {
        name: tuple(dict.fromkeys(m.id for m in stored.extracted.entities if m.type == name))
        for name in ENTITY_FACETS
    }


def search_record(
    backend: Backend, form: SearchForm, parsed: Parsed, result: SearchResult, labels: Labels
) -> Record:
    """Return one page of a search, with facets, histogram and links."""
    links = Links(form)
    first = (form.page - 1) * form.per_page
    queries = highlight_queries(parsed)
    rows = result.total if result.stories is None else result.stories
    more = first + len(result.hits) < rows
    broader = any_word(backend, form, result.total)
    return {
        **search_head(backend, form, parsed, result),
        "any_word": {"documents": broader.total, "link": broader.form.url("/api/v1/search")}
        if broader
        else None,
        "links": {
            **_links(form),
            "next": replace(form, page=form.page + 1).url("/api/v1/search") if more else None,
            "prev": replace(form, page=form.page - 1).url("/api/v1/search")
            if form.page > 1
            else None,
        },
        "facets": [_facet(form, counts, links, labels) for counts in result.facets],
        "histogram": [
            {"from": first_day.isoformat(), "count": count} for first_day, count in result.histogram
        ],
        "results": [hit_record(hit, queries) for hit in result.hits],
    }


def search_head(backend: Backend, form: SearchForm, parsed: Parsed, result: SearchResult) -> Record:
    """Return the description of a search that comes before its hits: query, corpus, total."""
    return {
        "query": {
            "typed": form.q,
            "diagnostics": [
                {"kind": d.kind, "start": d.start, "end": d.end, "detail": d.detail}
                for d in parsed.diagnostics
            ],
        },
        "corpus": corpus_record(backend, result.generation),
        # Totals are always exact. Search APIs that estimate say "gte" here.
        "total": {"documents": result.total, "stories": result.stories, "relation": "eq"},
    }


def corpus_record(backend: Backend, generation: int | None = None) -> Record:
    """Return the size and the dates of the corpus; for *generation* see `corpus_summary`."""
    summary = backend.corpus_summary(generation)
    return {
        "generation": summary.generation,
        "documents": summary.documents,
        "sources": summary.sources,
        "first": summary.first.isoformat() if summary.first else None,
        "last": summary.last.isoformat() if summary.last else None,
        "analyzer": backend.analyzer.version,
        "lost_commits": [str(loss) for loss in backend.losses()],
    }


def hit_record(hit: Hit, queries: HighlightQueries) -> Record:
    """Return one hit with its score and its passages."""
    check_time()
    stored = load_hit(hit)
    passages = best_passages(stored.article.text, body_highlights(hit, stored, queries))
    return {
        **_head(stored.article),
        "score": round(hit.score, 6),
        "copies": hit.copies,
        "damage": hit.damage or None,
        "passages": [
            {
                "text": passage.text,
                "spans": [[found.start, found.end] for found in passage.highlights],
            }
            for passage in passages
        ],
    }


def facet_record(facet: str, values: Sequence[tuple[str, int]], labels: Labels) -> list[Record]:
    """Return the values of a facet with their names and counts."""
    return [
        {"value": value, "label": labels.value(facet, value), "count": count}
        for value, count in values
    ]


def _facet(form: SearchForm, counts: FacetCounts, links: Links, labels: Labels) -> Record:
    chosen = {v for kind, facet, v in form.choices if (kind, facet) == ("include", counts.field)}
    return {
        "field": counts.field,
        "label": labels.t(f"facet_{counts.field}"),
        "missing": counts.missing,
        "more": counts.more,
        "values": [
            {
                **value,
                "selected": value["value"] in chosen,
                "href": links.toggled("include", counts.field, value["value"]),
            }
            for value in facet_record(counts.field, counts.values, labels)
        ],
    }


def _head(article: Article) -> Record:
    iso = article.published_iso()
    return {
        "id": article.id,
        "url": article_path(article.id),
        "title": article.title,
        "source": article.source,
        "language": article.language,
        "published": {"date": iso, "precision": article.precision} if iso else None,
    }


def _links(form: SearchForm) -> Record:
    first = replace(form, page=1)
    return {
        "self": form.url("/api/v1/search"),
        "html": form.url(),
        **{name: first.url(f"/search.{name}") for name in ("csv", "jsonl", "ris", "bib", "atom")},
        "receipt": first.url("/receipt"),
    }

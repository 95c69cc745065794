"""Output: the JSON that commands print with --json, as plain Python values."""

from typing import Any

from marsad.corpus.article import Article, Origin
from marsad.corpus.dates.mention import DateMention
from marsad.indexer.analysis.token import Token
from marsad.indexer.build.document import StoredArticle, load_hit
from marsad.indexer.engine.request import Hit, SearchResult
from marsad.indexer.extract.entities.gazetteer import Gazetteer
from marsad.indexer.extract.extract import Extracted
from marsad.indexer.extract.mentions import Mention
from marsad.indexer.query.parse import Parsed
from marsad.indexer.search.explain import Explanation
from marsad.indexer.search.suggest import Suggestion


def token_json(token: Token) -> dict[str, Any]:
    """Return one token of `marsad analyze --json`."""
    return {
        "text": token.text,
        "start": token.start,
        "end": token.end,
        "terms": {
            "exact": token.exact,
            "surface": token.surface,
            "stem": token.stem,
            "root": token.root,
        },
        "rule": token.rule,
    }


def article_json(article: Article) -> dict[str, Any]:
    """Return the fields of an article."""
    return {
        "id": article.id,
        "title": article.title,
        "published": article.published_iso(),
        "published_from": article.evidence,
        "published_as_printed": article.printed_date,
        "language": article.language,
        "source": article.source,
        "publisher": article.publisher,
        "photo_credit": article.photo_credit,
        "author": article.author,
        "url": article.url,
        "origin": _origin(article.origin),
        "sections": [section.heading for section in article.sections],
        "places": [[place.kind, place.number, place.start] for place in article.places],
        "text": article.text,
    }


def _origin(origin: Origin | None) -> dict[str, Any] | None:
    if origin is None:
        return None
    return {
        "path": origin.path,
        "record": origin.record,
        "sha256": origin.sha256,
        "read_at": origin.read_at,
    }


def extracted_json(article: Article, extracted: Extracted, gazetteer: Gazetteer) -> dict[str, Any]:
    """Return one object of `marsad extract --json`."""
    return {
        **article_json(article),
        "entities": [_mention(mention, gazetteer) for mention in extracted.entities],
        "dates": [_date(name, mention) for name, mention in extracted.dates],
    }


def _mention(mention: Mention, gazetteer: Gazetteer) -> dict[str, Any]:
    return {
        "field": mention.field,
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        "type": mention.type,
        "id": mention.id,
        "label": gazetteer.label(mention.id, "ar"),
        "by": mention.by,
        "inferred": mention.inferred,
    }


def _date(name: str, mention: DateMention) -> dict[str, Any]:
    return {
        "field": name,
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        "value": mention.value,
        "precision": mention.precision,
        "first": mention.first.isoformat(),
        "last": mention.last.isoformat(),
        "modifier": mention.modifier,
        "resolution": mention.resolution,
    }


def result_json(parsed: Parsed, result: SearchResult, gazetteer: Gazetteer) -> dict[str, Any]:
    """Return the object of `marsad search --json`."""
    return {
        "query": {
            "typed": parsed.typed,
            "diagnostics": [
                {"kind": d.kind, "start": d.start, "end": d.end, "detail": d.detail}
                for d in parsed.diagnostics
            ],
        },
        "total": result.total,
        "generation": result.generation,
        "facets": {
            counts.field: {
                "values": [
                    {"value": value, "label": gazetteer.label(value, "ar"), "count": count}
                    for value, count in counts.values
                ],
                "missing": counts.missing,
                "more": counts.more,
            }
            for counts in result.facets
        },
        "hits": [_hit(hit) for hit in result.hits],
    }


def _hit(hit: Hit) -> dict[str, Any]:
    stored: StoredArticle = load_hit(hit)
    found = {"score": round(hit.score, 6), **article_json(stored.article)}
    return {**found, "damage": stored.damage} if stored.damage else found


def offer_json(offer: Suggestion) -> dict[str, Any]:
    """Return an offer as plain JSON values."""
    return {name: getattr(offer, name) for name in offer.__slots__}


def explanation_json(why: Explanation) -> dict[str, Any]:
    """Return an explanation as plain JSON values."""
    return {
        "words": [
            {
                "asked": reason.asked,
                "start": reason.start,
                "end": reason.end,
                "level": reason.strictness,
                "forms": [
                    {
                        "text": form.text,
                        "rule": form.rule,
                        "count": form.count,
                        "lemma": form.lemma or None,
                    }
                    for form in reason.forms
                ],
            }
            for reason in why.reasons
        ],
        "found": [
            {
                "field": one.field,
                "start": one.start,
                "end": one.end,
                "text": one.text,
                "rule": one.rule,
                "asked": one.asked,
            }
            for one in why.occurrences
        ],
        "hit": why.is_hit,
        "conditions": [
            {
                "asked": ground.asked,
                "start": ground.start,
                "end": ground.end,
                "kind": ground.kind,
                "holds": ground.holds,
                "shown": list(ground.shown),
            }
            for ground in why.conditions
        ],
        "score": round(why.score, 6),
        "parts": [
            {
                "field": part.field,
                "term": part.term,
                "kind": part.kind,
                "frequency": part.frequency,
                "score": round(part.score, 6),
            }
            for part in why.parts
        ],
    }

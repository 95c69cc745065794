"""OpenAPI: the description of the API (OpenAPI 3.1), built from the tables that read requests.

A parameter with a new value is described without a change here, because both come from one
table.
"""

from typing import Any, get_args

from marsad.indexer.engine.request import Interval
from marsad.indexer.fields import ENTITY_FACETS, FACETS
from marsad.indexer.query.strictness import STRICTNESSES, SWITCHES
from marsad.indexer.search.complete import WORD
from marsad.webui.i18n.catalogue import languages
from marsad.webui.pages.facet_page import ORDERS
from marsad.webui.request.forms import CALENDARS, DIGITS, FACET_SIZES, PAGE_SIZES, SORTS, TIMELINES
from marsad.webui.request.parameters import LONGEST_QUERY, LONGEST_VALUE

Schema = dict[str, Any]

_DATE: Schema = {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}
_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_NULLABLE: Schema = {"type": ["string", "null"]}
MOST_REPEATED = 10
LONGEST_ANALYZED = 2_000


def document(version: str) -> Schema:
    """Return the OpenAPI document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Marsad",
            "version": version,
            "summary": "Search in Arabic news of armed conflict",
            "description": "A search takes the same parameters as the search page and the exports, "
            "so the query string of a page can be sent here unchanged. All offsets count Unicode "
            "code points.",
            "license": {"name": "GPL-3.0-or-later", "identifier": "GPL-3.0-or-later"},
        },
        "servers": [{"url": "/api/v1"}],
        "paths": {
            "/search": _operation("search", "Search articles", search_parameters(), "Search"),
            "/articles/{id}": _operation(
                "article",
                "Get one article",
                [_path("id", {"minLength": 1})],
                "Article",
                missing=True,
            ),
            "/facets/{field}": _operation(
                "facet",
                "List the values of a facet in a search",
                [_path("field", {"enum": list(FACETS)}), *search_parameters(), *_list_parameters()],
                "Facet",
            ),
            "/entities/{id}": _operation(
                "entity", "Get one entity", [_path("id", {"minLength": 1})], "Entity", missing=True
            ),
            "/suggest": _operation(
                "suggest",
                "Complete a query while it is typed: first names, then words of the index",
                [
                    _query("q", {"type": "string", "maxLength": LONGEST_VALUE}, "The typed text"),
                    _display()[0],
                ],
                "Suggestions",
            ),
            "/analyze": _operation(
                "analyze",
                "Show the tokens and index terms of a text",
                [
                    _query(
                        "text",
                        {"type": "string", "minLength": 1, "maxLength": LONGEST_ANALYZED},
                        "The text",
                        required=True,
                    )
                ],
                "Analysis",
            ),
            "/corpus": _operation("corpus", "Get the size and dates of the index", [], "Corpus"),
        },
        "components": {"schemas": _schemas()},
    }


def search_parameters() -> list[Schema]:
    """Return the descriptions of the parameters of a search."""
    found = [
        _query("q", {"type": "string", "maxLength": LONGEST_QUERY}, "The query"),
        _query("any", {"enum": ["0", "1"]}, "1: any of the words may match; 0: all must match"),
        _query("match", {"enum": list(STRICTNESSES)}, "How similar a word must be to match"),
        _query(
            "off",
            {"type": "array", "maxItems": len(SWITCHES), "items": {"enum": list(SWITCHES)}},
            "Matching rules to switch off",
        ),
        _query(
            "not_lemma",
            {
                "type": "array",
                "maxItems": MOST_REPEATED,
                "items": {"type": "string", "minLength": 1, "maxLength": LONGEST_VALUE},
            },
            "Lemmas to exclude as readings of the typed words",
        ),
        _query("collapse", {"enum": ["0", "1"]}, "1: near-duplicates are shown as one hit"),
        _query("sort", {"enum": list(SORTS)}, "The order of the hits"),
        _query("page", {"type": "integer", "minimum": 1, "maximum": 100}, "The page, from 1"),
        _query("per_page", {"enum": list(PAGE_SIZES)}, "The number of hits on a page"),
        _query(
            "timeline",
            {"enum": list(TIMELINES)},
            "The dates that the histogram counts: of publication, or mentioned in the article",
        ),
    ]
    ends = (
        ("gte", "The first day, month or year of the range"),
        ("lte", "The last day, month or year of the range"),
    )
    for timeline in TIMELINES:
        for end, words in ends:
            found.append(_query(f"filter:{end}:{timeline}", _DATE, words))
        interval = {"enum": list(get_args(Interval))}
        found.append(
            _query(f"facet_interval:{timeline}", interval, "The interval of the histogram")
        )
    repeated: Schema = {
        "type": "array",
        "maxItems": MOST_REPEATED,
        "items": {"type": "string", "minLength": 1, "maxLength": LONGEST_VALUE},
    }
    for field in FACETS:
        found.append(_query(f"filter:{field}", repeated, "Only articles with one of these values"))
        found.append(_query(f"exclude:{field}", repeated, "No articles with one of these values"))
        found.append(_query(f"empty:{field}", {"enum": ["true"]}, "Only articles without a value"))
        size = {"enum": list(FACET_SIZES)}
        found.append(_query(f"facet_size:{field}", size, "The number of values that are listed"))
    return [*found, *_display()]


def _display() -> list[Schema]:
    return [
        _query("lang", {"enum": list(languages())}, "The language of labels"),
        _query("digits", {"enum": list(DIGITS)}, "The digits of labels"),
        _query("calendar", {"enum": list(CALENDARS)}, "The calendar of labels"),
    ]


def _list_parameters() -> list[Schema]:
    return [
        _query("contains", {"type": "string", "maxLength": 100}, "A part of the value's name"),
        _query("order", {"enum": list(ORDERS)}, "The order of the values"),
        _query(
            "values_page",
            {"type": "integer", "minimum": 1, "maximum": 500},
            "The page of values, from 1",
        ),
    ]


def _query(name: str, schema: Schema, words: str, *, required: bool = False) -> Schema:
    found: Schema = {"name": name, "in": "query", "description": words, "schema": schema}
    if required:
        found["required"] = True
    if schema.get("type") == "array":
        found |= {"style": "form", "explode": True}
    return found


def _path(name: str, schema: Schema) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", **schema}}


def _operation(
    name: str, summary: str, parameters: list[Schema], schema: str, *, missing: bool = False
) -> Schema:
    problem = {
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        }
    }
    responses = {
        "200": {
            "description": "The answer",
            "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
        },
        "304": {"description": "The answer has not changed since the ETag of the request"},
        "400": {"description": "A parameter is unknown, or its value is not allowed"} | problem,
        "401": {"description": "The password is missing or wrong"} | problem,
        "403": {"description": "The reverse proxy did not send the name of a user"} | problem,
        "410": {"description": "The article was removed from the index"} | problem,
        "404": {"description": "There is no such id" if missing else "There is no such address"}
        | problem,
        "429": {"description": "Too many requests; Retry-After says when to try again"} | problem,
        "500": {"description": "An error in the server"} | problem,
        "503": {
            "description": "The request took longer than `limit_seconds`, too many others are "
            "waiting, or the index is changing"
        }
        | problem,
    }
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": parameters,
            "responses": responses,
        }
    }


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _schemas() -> Schema:
    span = {"type": "array", "items": _COUNT, "minItems": 2, "maxItems": 2}
    published = {
        "oneOf": [
            {"type": "null"},
            _object(date=_DATE, precision={"enum": ["day", "month", "year"]}),
        ]
    }
    head = {
        "id": _TEXT,
        "url": _TEXT,
        "title": _TEXT,
        "source": _TEXT,
        "language": _TEXT,
        "published": published,
    }
    place = {"field": {"enum": ["title", "text"]}, "start": _COUNT, "end": _COUNT, "text": _TEXT}
    value = _object(value=_TEXT, label=_TEXT, count=_COUNT)
    hit = _object(
        **head,
        score={"type": "number"},
        copies=_COUNT,
        damage=_NULLABLE,
        passages=_list(_object(text=_TEXT, spans=_list(span))),
    )
    return {
        "Search": _object(
            query=_object(
                typed=_TEXT,
                diagnostics=_list(_object(kind=_TEXT, start=_COUNT, end=_COUNT, detail=_TEXT)),
            ),
            corpus=_ref("Corpus"),
            total=_object(
                documents=_COUNT,
                stories={"type": ["integer", "null"], "minimum": 0},
                relation={"const": "eq"},
            ),
            any_word={"oneOf": [{"type": "null"}, _object(documents=_COUNT, link=_TEXT)]},
            links={"type": "object", "additionalProperties": _NULLABLE},
            facets=_list(
                _object(
                    field=_TEXT,
                    label=_TEXT,
                    missing=_COUNT,
                    more={"type": "boolean"},
                    values=_list(value),
                )
            ),
            histogram=_list({"type": "object", "properties": {"from": _DATE, "count": _COUNT}}),
            results=_list(hit),
        ),
        "Article": _object(
            **head,
            publisher=_TEXT,
            photo_credit=_TEXT,
            author=_TEXT,
            original_url=_TEXT,
            published_from=_TEXT,
            published_as_printed=_TEXT,
            origin={
                "oneOf": [
                    {"type": "null"},
                    _object(path=_TEXT, record=_COUNT, sha256=_TEXT, read_at=_TEXT),
                ]
            },
            sections=_list(_object(heading=_TEXT, start=_COUNT, end=_COUNT)),
            places=_list(_object(kind=_TEXT, number=_COUNT, start=_COUNT)),
            entities=_list(_object(**{"class": _TEXT}, id=_TEXT, label=_TEXT, by=_TEXT, **place)),
            dates=_list(_object(value=_TEXT, precision=_TEXT, resolution=_TEXT, **place)),
            text=_TEXT,
            damage=_NULLABLE,
            sha256=_TEXT,
        ),
        "Facet": _object(
            field=_TEXT, label=_TEXT, total=_COUNT, missing=_COUNT, values=_list(value)
        ),
        "Entity": _object(
            **{"class": _TEXT},
            id=_TEXT,
            labels={"type": "object"},
            aliases=_list(_TEXT),
            articles=_COUNT,
        ),
        "Suggestions": _object(
            suggestions=_list(
                _object(
                    text=_TEXT,
                    **{"class": {"enum": [*ENTITY_FACETS, WORD]}},
                    id=_NULLABLE,
                    articles=_COUNT,
                )
            )
        ),
        "Analysis": _object(
            analyzer=_TEXT,
            tokens=_list(
                _object(
                    text=_TEXT,
                    start=_COUNT,
                    end=_COUNT,
                    surface=_TEXT,
                    stem=_TEXT,
                    stop={"type": "boolean"},
                )
            ),
        ),
        "Corpus": _object(
            generation=_COUNT,
            documents=_COUNT,
            sources=_COUNT,
            first=_NULLABLE,
            last=_NULLABLE,
            analyzer=_TEXT,
            lost_commits=_list(_TEXT),
        ),
        "Problem": _object(type=_TEXT, title=_TEXT, status=_COUNT, instance=_TEXT, detail=_TEXT),
    }

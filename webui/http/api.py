"""API: the searches of the pages as JSON, with an OpenAPI document and a page to try it."""

import json
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, Response, redirect, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from marsad.indexer.build.document import load_whole
from marsad.indexer.engine.request import FacetRequest
from marsad.indexer.fields import FACETS
from marsad.indexer.search.complete import completion_json
from marsad.webui.http.openapi import LONGEST_ANALYZED, document
from marsad.webui.i18n.catalogue import catalogue
from marsad.webui.i18n.labels import Labels
from marsad.webui.pages.article_formats import text_digest
from marsad.webui.pages.facet_page import (
    MOST_VALUES,
    PAGE,
    VIEW_PARAMETERS,
    FacetView,
    chosen_values,
)
from marsad.webui.pages.frame import Frame, frame
from marsad.webui.pages.records import article_record, corpus_record, facet_record, search_record
from marsad.webui.pages.results import results_request
from marsad.webui.request.forms import FormError, SearchForm
from marsad.webui.request.parameters import LONGEST_VALUE, read_form, single
from marsad.webui.request.time_limit import check_time
from marsad.webui.state.backend import Backend, search_request

_DISPLAY = ("lang", "digits", "calendar")
# A search has about 70 parameters, most of them for facets: too many for one form.
_MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API on the page to try it.

    `fields` are the inputs of its form: name, example value and description.
    """

    name: str
    path: str
    summary: str
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class DocsPage:
    """The page to try the API."""

    frame: Frame
    operations: tuple[Operation, ...]


def add_api(app: Flask, backend: Backend, codes: tuple[str, ...]) -> None:
    """Add the routes for searches and articles to *app*; *codes* are the languages."""

    def form_of(
        allowed: tuple[str, ...] | None = None, ignored: tuple[str, ...] = ()
    ) -> SearchForm:
        return _form(codes, allowed, ignored)

    def labels_of(form: SearchForm) -> Labels:
        return Labels(catalogue(form.lang, form.digits, form.calendar), backend.gazetteer)

    @app.get("/api/v1/search")
    def api_search() -> Response:
        form = form_of()
        parsed = backend.parse_query(form)
        result = backend.engine.search(results_request(form, parsed, collapse=False))
        return _json(search_record(backend, form, parsed, result, labels_of(form)))

    @app.get("/api/v1/articles/<path:article_id>")
    def api_article(article_id: str) -> Response:
        form = form_of(_DISPLAY)
        check_time()
        hit = backend.engine.get(article_id)
        if hit is None:
            backend.raise_if_removed(article_id)
            raise NotFound
        stored = load_whole(hit)
        record = article_record(stored, labels_of(form))
        return _json({**record, "sha256": text_digest(stored.article)})

    @app.get("/api/v1/facets/<field>")
    def api_facet(field: str) -> Response:
        if field not in FACETS:
            raise FormError("field", field, f"one of {', '.join(FACETS)}")
        form = form_of(ignored=VIEW_PARAMETERS)
        view = FacetView.read(request.args.items(multi=True))
        counting = replace(
            search_request(form, backend.parse_query(form)),
            offset=0,
            limit=0,
            facets=(FacetRequest(field, MOST_VALUES),),
        )
        (counts,) = backend.engine.search(counting).facets
        labels = labels_of(form)
        kept = chosen_values(view, counts, labels)
        start = (view.page - 1) * PAGE
        return _json(
            {
                "field": field,
                "label": labels.t(f"facet_{field}"),
                "total": len(kept),
                "missing": counts.missing,
                "values": facet_record(field, kept[start : start + PAGE], labels),
            }
        )

    @app.get("/api/v1/entities/<path:entity_id>")
    def api_entity(entity_id: str) -> Response:
        form_of(())
        entity = backend.gazetteer.by_id.get(entity_id)
        if entity is None:
            raise NotFound
        search = SearchForm().toggled("include", entity.type, entity_id)
        counting = replace(search_request(search, backend.parse_query(search)), limit=0)
        return _json(
            {
                "class": entity.type,
                "id": entity.id,
                "labels": dict(zip(("ar", "en", "ru"), entity.labels, strict=True)),
                "aliases": list(entity.aliases),
                "articles": backend.engine.search(counting).total,
            }
        )


def add_api_parts(app: Flask, backend: Backend, codes: tuple[str, ...]) -> None:
    """Add the other routes of the API to *app*: completion, analysis, corpus, description."""

    @app.get("/api/v1/suggest")
    def api_suggest() -> Response:
        form = _form(codes, ("q", "lang"))
        found = backend.completions(form.q[:LONGEST_VALUE], form.lang)
        return _json({"suggestions": [completion_json(one) for one in found]})

    @app.get("/api/v1/analyze")
    def api_analyze() -> Response:
        for name in request.args:
            if name != "text":
                raise FormError(name, name, "text")
        text = single(request.args.items(multi=True), "text")
        if not 1 <= len(text) <= LONGEST_ANALYZED:
            raise FormError("text", f"{len(text)} characters", f"1 to {LONGEST_ANALYZED}")
        check_time()
        tokens = [
            {
                "text": token.text,
                "start": token.start,
                "end": token.end,
                "surface": token.surface,
                "stem": token.stem,
                "stop": token.stop,
            }
            for token in backend.analyzer.analyze(text)
        ]
        return _json({"analyzer": backend.analyzer.version, "tokens": tokens})

    @app.get("/api/v1/corpus")
    def api_corpus() -> Response:
        _form(codes, ())
        check_time()
        return _json(corpus_record(backend))

    @app.get("/api/v1/openapi.json")
    def api_document() -> Response:
        _form(codes, ())
        return _json(document(version("marsad")))

    @app.get("/api/v1/docs")
    def api_docs() -> str:
        form = _form(codes, _DISPLAY)
        t = catalogue(form.lang, form.digits, form.calendar)
        page = DocsPage(frame(form, t, t("api"), "/api/v1/docs"), operations())
        return render_template("docs.html", page=page)

    @app.get("/api/v1/docs/<name>")
    def api_try(name: str) -> BaseResponse:
        """Redirect a form of the page above to its API request, for browsers without scripts."""
        path = next((found.path for found in operations() if found.name == name), None)
        if path is None:
            raise NotFound
        query = []
        for field, value in request.args.items(multi=True):
            if f"{{{field}}}" in path:
                path = path.replace(f"{{{field}}}", quote(value, safe=""))
            elif value:
                query.append((field, value))
        return redirect(f"{path}?{urlencode(query)}" if query else path)


_EXAMPLES = {
    "q": "هدنة",
    "text": "وللكرملين",
    "id": "",
    "field": "place",
    "filter:gte:published": "2020",
}


def operations() -> tuple[Operation, ...]:
    """Return the operations of the API with their first parameters, for the page to try it."""
    found = []
    for path, methods in document(version("marsad"))["paths"].items():
        operation = methods["get"]
        fields = tuple(
            (parameter["name"], _EXAMPLES.get(parameter["name"], ""), _description(parameter))
            for parameter in operation["parameters"][:_MOST_SHOWN]
        )
        name = operation["operationId"]
        found.append(Operation(name, f"/api/v1{path}", operation["summary"], fields))
    return tuple(found)


def _form(
    codes: tuple[str, ...], allowed: tuple[str, ...] | None, ignored: tuple[str, ...] = ()
) -> SearchForm:
    """Return the form of the current request.

    Args:
        codes: The codes of the languages.
        allowed: The only parameters that this operation takes; None: those of a search.
        ignored: Parameters that the caller reads itself.

    Raises:
        FormError: a parameter is unknown or not allowed here, or its value is not allowed.
    """
    given = [pair for pair in request.args.items(multi=True) if pair[0] not in ignored]
    for name, _ in given:
        if allowed is not None and name not in allowed:
            expected = f"one of {', '.join(allowed)}" if allowed else "no parameter"
            raise FormError(name, name, expected)
    return replace(read_form(given, codes), at=0)


def _description(parameter: dict[str, Any]) -> str:
    text = parameter.get("description", "")
    values = parameter["schema"].get("enum")
    return f"{text}: {', '.join(map(str, values))}" if values else text


def _json(record: dict[str, Any]) -> Response:
    body = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    # A lone surrogate in an article has no UTF-8 form, and must not make the answer fail.
    return Response(body.encode("utf-8", "replace"), mimetype="application/json")

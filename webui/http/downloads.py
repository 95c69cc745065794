"""Downloads: routes for exports, the feed, the search receipt and the formats of an article."""

import datetime as dt
import json
from collections.abc import Generator, Iterable, Iterator
from dataclasses import replace
from importlib.metadata import version
from itertools import chain, islice

from flask import Flask, Response, request

from marsad.indexer.build.document import StoredArticle, load_hit
from marsad.indexer.engine.request import Hit, SearchRequest, SearchResult
from marsad.webui.exports.exports import (
    EXPORTS,
    Pieces,
    batched,
    json_pieces,
    with_bom,
    with_remark,
)
from marsad.webui.exports.feed import ENTRIES, atom
from marsad.webui.i18n.catalogue import catalogue
from marsad.webui.i18n.labels import Labels
from marsad.webui.pages.article_formats import raw_text, text_digest
from marsad.webui.pages.records import Record, article_record, search_head
from marsad.webui.request.citations import bibtex, csl_text, ris
from marsad.webui.request.forms import FormError, SearchForm
from marsad.webui.request.parameters import read_form, single
from marsad.webui.state.backend import Backend, search_request
from marsad.webui.state.permits import Permits
from marsad.webui.state.settings import EXPORTS_AT_ONCE

_JSON = "application/json"


def add_exports(app: Flask, backend: Backend, codes: tuple[str, ...]) -> None:
    """Add the routes of the exports to *app*; *codes* are the languages."""
    permits = Permits(EXPORTS_AT_ONCE)

    @app.get("/search.<any(csv,jsonl,ris,bib,json):name>")
    def export(name: str) -> Response:
        """Stream all hits of a search in format *name*."""
        form, bom = _form_and_bom(codes)
        parsed = backend.parse_query(form)
        all_hits = replace(search_request(form, parsed), offset=0, limit=0)
        labels = Labels(catalogue(form.lang, form.digits, form.calendar), backend.gazetteer)

        def start() -> tuple["_Walk", SearchResult, Record]:
            counted = backend.engine.search(all_hits)
            # The walk keeps this generation of the index open. Its first hit must come before
            # the deadline; after that, sending may take as long as the reader needs.
            walk = _Walk(backend, all_hits)
            return walk, counted, search_head(backend, form, parsed, counted)

        # The permit is taken before the search, so that a refused export costs nothing.
        permit = permits.acquire()
        try:
            walk, counted, head = backend.read_consistently(start)
        except BaseException:
            permit.release()
            raise
        articles = walk.articles()
        if name == "json":
            pieces: Pieces = json_pieces(articles, labels, head)
            mimetype = _JSON
        else:
            pieces, mimetype = EXPORTS[name].write(articles, labels), EXPORTS[name].mimetype
        answer = Response(
            permit.release_after(batched(with_bom(pieces) if bom else pieces)),
            content_type=f"{mimetype}; charset=utf-8",
        )
        answer.headers["Content-Disposition"] = f'attachment; filename="marsad.{name}"'
        # With collapsed copies, the export has one row for each story.
        rows = counted.total if counted.stories is None else counted.stories
        answer.headers["X-Total-Count"] = str(rows)
        # A HEAD request or a lost connection never reads the stream to its end.
        answer.call_on_close(walk.close)
        answer.call_on_close(permit.release)
        return answer


def add_downloads(app: Flask, backend: Backend, codes: tuple[str, ...]) -> None:
    """Add the routes of the feed and of the search receipt to *app*."""

    @app.get("/search.atom")
    def feed() -> Response:
        """Return a search as an Atom feed, newest articles first unless `sort` says otherwise."""
        form, _ = _form_and_bom(codes)
        if "sort" not in request.args:
            form = replace(form, sort="published:desc")
        parsed = backend.parse_query(form)
        page = replace(
            search_request(form, parsed), offset=(form.page - 1) * ENTRIES, limit=ENTRIES
        )
        result = backend.engine.search(page)
        articles = [with_remark(load_hit(hit)).article for hit in result.hits]
        t = catalogue(form.lang, form.digits, form.calendar)
        body = atom(form, articles, result.total, request.host_url.rstrip("/"), t)
        return Response(body, mimetype="application/atom+xml")

    @app.get("/receipt")
    def receipt() -> Response:
        """Return a record of a search that is enough to cite it and to repeat it.

        It has the parameters, the parsed query, the counts and the state of the index.
        """
        form, _ = _form_and_bom(codes)
        form = replace(form, page=1)
        parsed = backend.parse_query(form)
        counting = replace(search_request(form, parsed), limit=0, offset=0)

        def read() -> Record:
            head = search_head(backend, form, parsed, backend.engine.search(counting))
            return {**head, "content_sha256": backend.stats().content}

        record = {
            "made": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "program": f"marsad {version('marsad')}",
            "url": request.host_url.rstrip("/") + form.url(),
            "parameters": [list(pair) for pair in form.pairs()],
            "understood": repr(parsed.tree),
            **backend.read_consistently(read),
        }
        body = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
        return Response(body, mimetype=_JSON)


def _form_and_bom(codes: tuple[str, ...]) -> tuple[SearchForm, bool]:
    """Return the form of the current request, and whether its export starts with a BOM."""
    given = list(request.args.items(multi=True))
    bom = single(given, "bom") or "0"
    if bom not in ("0", "1"):
        raise FormError("bom", bom, "one of 0, 1")
    rest = [pair for pair in given if pair[0] != "bom"]
    return replace(read_form(rest, codes), at=0), bom == "1"


def article_download(stored: StoredArticle, name: str, labels: Labels) -> Response:
    """Return one article in format *name*, which is one of `article_formats.FORMATS`."""
    article = stored.article
    match name:
        case "ris":
            body, mimetype = ris(article), EXPORTS["ris"].mimetype
        case "bib":
            body, mimetype = bibtex(article), EXPORTS["bib"].mimetype
        case "csl.json":
            body, mimetype = csl_text(article), "application/vnd.citationstyles.csl+json"
        case "json":
            record = {**article_record(stored, labels), "sha256": text_digest(article)}
            body, mimetype = json.dumps(record, ensure_ascii=False, indent=1) + "\n", _JSON
        case _:
            answer = Response(raw_text(article), content_type="text/plain; charset=utf-8")
            answer.headers["X-Content-SHA256"] = text_digest(article)
            return answer
    return Response(body.encode("utf-8", "replace"), content_type=f"{mimetype}; charset=utf-8")


class _Walk:
    """All hits of a search, from the generation of the index that is the newest now."""

    def __init__(self, backend: Backend, all_hits: SearchRequest) -> None:
        self._hits = backend.engine.walk(all_hits)
        # A walk opens its generation at the first hit, so that hit is read right away.
        self._first: Iterable[Hit] = tuple(islice(self._hits, 1))

    def articles(self) -> Iterator[StoredArticle]:
        """Yield the articles in the order of the search; call it once."""
        for hit in chain(self._first, self._hits):
            # A damaged article keeps its row, with a remark in place of its title.
            yield with_remark(load_hit(hit))

    def close(self) -> None:
        """Release the generation of the index."""
        if isinstance(self._hits, Generator):
            self._hits.close()

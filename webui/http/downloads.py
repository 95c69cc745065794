"""Downloads: searches and articles in the formats of other tools, under the URLs of the pages."""

import datetime as dt
import json
from collections.abc import Generator, Iterable, Iterator
from dataclasses import replace
from importlib.metadata import version
from itertools import chain, islice

from flask import Flask, Response, request

from marsad.indexer.build.document import StoredArticle, load_stored
from marsad.indexer.engine.request import Hit, SearchRequest, SearchResult
from marsad.webui.exports.exports import EXPORTS, Pieces, batched, json_pieces, with_bom
from marsad.webui.exports.feed import ENTRIES, atom
from marsad.webui.i18n.catalogue import catalogue
from marsad.webui.i18n.labels import Labels
from marsad.webui.pages.reader import raw_text, text_digest
from marsad.webui.pages.records import Record, article_record, search_head
from marsad.webui.request.citations import bibtex, csl_text, ris
from marsad.webui.request.forms import FormError, SearchForm
from marsad.webui.request.parameters import read_form, single
from marsad.webui.state.places import Places
from marsad.webui.state.settings import EXPORTS_AT_ONCE
from marsad.webui.state.site import Site, search_request

_JSON = "application/json"


def add_exports(app: Flask, site: Site, codes: tuple[str, ...]) -> None:
    """Add the routes of the exports to *app*."""
    places = Places(EXPORTS_AT_ONCE)

    @app.get("/search.<any(csv,jsonl,ris,bib,json):name>")
    def export(name: str) -> Response:
        """Stream every hit of a search."""
        form, bom = _asked(codes)
        parsed = site.understood(form)
        wanted = replace(search_request(form, parsed), offset=0, limit=0)
        labels = Labels(catalogue(form.lang, form.digits, form.calendar), site.gazetteer)

        def begun() -> tuple["_Walk", SearchResult, Record]:
            counted = site.engine.search(wanted)
            # The walk holds the state of the index that was counted. It has to begin in time;
            # what is found may be sent as long as it takes.
            walk = _Walk(site, wanted)
            return walk, counted, search_head(site, form, parsed, counted.total, counted.stories)

        place = places.take()
        try:
            walk, counted, head = site.of_one_state(begun)
        except BaseException:
            place.leave()
            raise
        articles = walk.articles()
        if name == "json":
            pieces: Pieces = json_pieces(articles, labels, head)
            mimetype = _JSON
        else:
            pieces, mimetype = EXPORTS[name].write(articles, labels), EXPORTS[name].mimetype
        answer = Response(
            place.until_sent(batched(with_bom(pieces) if bom else pieces)),
            content_type=f"{mimetype}; charset=utf-8",
        )
        answer.headers["Content-Disposition"] = f'attachment; filename="marsad.{name}"'
        rows = counted.total if counted.stories is None else counted.stories
        answer.headers["X-Total-Count"] = str(rows)
        answer.call_on_close(walk.close)
        answer.call_on_close(place.leave)
        return answer


def add_downloads(app: Flask, site: Site, codes: tuple[str, ...]) -> None:
    """Add the routes of the feed and of the receipt to *app*."""

    @app.get("/search.atom")
    def feed() -> Response:
        """Give a search as a feed, newest first unless another order is asked for."""
        form, _ = _asked(codes)
        if "sort" not in request.args:
            form = replace(form, sort="published:desc")
        parsed = site.understood(form)
        page = replace(
            search_request(form, parsed), offset=(form.page - 1) * ENTRIES, limit=ENTRIES
        )
        result = site.engine.search(page)
        articles = [load_stored(hit.stored).article for hit in result.hits]
        t = catalogue(form.lang, form.digits, form.calendar)
        body = atom(form, articles, result.total, request.host_url.rstrip("/"), t)
        return Response(body, mimetype="application/atom+xml")

    @app.get("/receipt")
    def receipt() -> Response:
        """Give what has to be said of a search so that it can be cited and made again."""
        form, _ = _asked(codes)
        form = replace(form, page=1)
        parsed = site.understood(form)
        wanted = replace(search_request(form, parsed), limit=0, offset=0)

        def said() -> Record:
            found = site.engine.search(wanted)
            head = search_head(site, form, parsed, found.total, found.stories)
            return {**head, "content_sha256": site.stats().content}

        record = {
            "made": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "program": f"marsad {version('marsad')}",
            "url": request.host_url.rstrip("/") + form.url(),
            "parameters": [list(pair) for pair in form.pairs()],
            "understood": repr(parsed.tree),
            **site.of_one_state(said),
        }
        body = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
        return Response(body, mimetype=_JSON)


def _asked(codes: tuple[str, ...]) -> tuple[SearchForm, bool]:
    """Read the form of a request, and whether the mark for Excel is wished."""
    given = list(request.args.items(multi=True))
    bom = single(given, "bom") or "0"
    if bom not in ("0", "1"):
        raise FormError("bom", bom, "one of 0, 1")
    rest = [pair for pair in given if pair[0] != "bom"]
    return replace(read_form(rest, codes), at=0), bom == "1"


def article_download(stored: StoredArticle, name: str, labels: Labels) -> Response:
    """Return one article in the format *name* of `marsad.webui.pages.reader.FORMATS`."""
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
    """Every article of a search, of the state of the index that is newest now."""

    def __init__(self, site: Site, wanted: SearchRequest) -> None:
        self._hits = site.engine.walk(wanted)
        self._first: Iterable[Hit] = tuple(islice(self._hits, 1))

    def articles(self) -> Iterator[StoredArticle]:
        for hit in chain(self._first, self._hits):
            yield load_stored(hit.stored)

    def close(self) -> None:
        """Let go of the state of the index."""
        if isinstance(self._hits, Generator):
            self._hits.close()

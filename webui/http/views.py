"""Views: one for each page: read a form, ask the engine, build a page, render its template."""

from dataclasses import replace
from urllib.parse import urlencode

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import NotFound

from marsad.corpus.article import Article
from marsad.indexer.build.document import StoredArticle, load_stored
from marsad.indexer.engine.request import FacetRequest
from marsad.indexer.fields import FACETS
from marsad.webui.http.downloads import article_download
from marsad.webui.i18n.catalogue import Catalogue, catalogue
from marsad.webui.i18n.labels import Labels
from marsad.webui.pages.comparison import comparison_page
from marsad.webui.pages.copies import cluster_page
from marsad.webui.pages.entity_page import entity_page
from marsad.webui.pages.facet_page import MOST_VALUES, OWN_PARAMETERS, FacetView, facet_page
from marsad.webui.pages.help_page import help_page
from marsad.webui.pages.home import home_page
from marsad.webui.pages.reader import FORMATS, article_page
from marsad.webui.pages.results import results_page, results_request
from marsad.webui.request.clock import check_time
from marsad.webui.request.forms import FormError, SearchForm
from marsad.webui.request.parameters import read_form, single
from marsad.webui.state.site import Site, search_request


def add_views(app: Flask, site: Site, codes: tuple[str, ...]) -> None:
    """Add the routes of the pages to *app*."""

    def asked(but: tuple[str, ...] = ()) -> tuple[SearchForm, Catalogue]:
        return _asked(codes, but)

    def root() -> str:
        return request.host_url.rstrip("/")

    def found(article_id: str) -> StoredArticle | None:
        return _found(site, article_id)

    @app.get("/")
    def home() -> str:
        form, t = asked()
        return render_template("home.html", page=home_page(site, form, t))

    @app.get("/search")
    def search() -> str:
        form, t = asked()
        form = replace(form, at=0)
        parsed = site.understood(form)
        result = site.engine.search(results_request(form, parsed))
        return render_template("search.html", page=results_page(site, form, parsed, result, t))

    @app.get("/article/<path:article_id>")
    def article(article_id: str) -> str | Response:
        form, t = asked(("format",))
        stored, suffix = found(article_id), _format()
        if stored is None:
            return download(article_id, suffix, t)
        if suffix:
            return article_download(stored, suffix, Labels(t, site.gazetteer))
        parsed = site.understood(form)
        page = article_page(site, stored, form, parsed, t, root())
        return render_template("article.html", page=page)

    def download(name: str, asked_for: str, t: Catalogue) -> Response:
        for suffix in FORMATS:
            if name.endswith(f".{suffix}"):
                stored = found(name.removesuffix(f".{suffix}"))
                if stored is not None:
                    if asked_for not in ("", suffix):
                        raise FormError("format", asked_for, f"{suffix}, as the address says")
                    return article_download(stored, suffix, Labels(t, site.gazetteer))
        site.check_gone(name)
        raise NotFound

    @app.get("/facet/<field>")
    def facet(field: str) -> str:
        if field not in FACETS:
            raise NotFound
        form, t = asked(OWN_PARAMETERS)
        view = FacetView.read(request.args.items(multi=True))
        wanted = replace(
            search_request(form, site.understood(form)),
            offset=0,
            limit=0,
            facets=(FacetRequest(field, MOST_VALUES),),
        )
        (counts,) = site.engine.search(wanted).facets
        page = facet_page(form, view, counts, Labels(t, site.gazetteer))
        return render_template("facet.html", page=page)

    @app.get("/entity/<path:entity_id>")
    def entity(entity_id: str) -> str:
        form, t = asked()
        page = entity_page(site, entity_id, form, t)
        if page is None:
            raise NotFound
        return render_template("entity.html", page=page)


def add_side_pages(app: Flask, site: Site, codes: tuple[str, ...]) -> None:
    """Add the routes of the pages beside search and articles."""

    @app.get("/cluster/<path:article_id>")
    def cluster(article_id: str) -> str:
        form, t = _asked(codes)
        page = cluster_page(site, article_id, form, t)
        if page is None:
            raise NotFound
        return render_template("cluster.html", page=page)

    @app.get("/compare")
    def compare() -> str:
        form, t = _asked(codes, ("left", "right"))
        left, right = named("left"), named("right")
        query = urlencode([("left", left.id), ("right", right.id)])
        page = comparison_page(left, right, form, t, f"/compare?{query}")
        return render_template("compare.html", page=page)

    def named(parameter: str) -> Article:
        article_id = single(request.args.items(multi=True), parameter)
        if not article_id:
            raise FormError(parameter, article_id, "the id of an article")
        stored = _found(site, article_id)
        if stored is None:
            raise NotFound
        return stored.article

    @app.get("/help")
    def help_() -> str:
        form, t = _asked(codes)
        return render_template("help.html", page=help_page(form, t))


def _asked(codes: tuple[str, ...], but: tuple[str, ...] = ()) -> tuple[SearchForm, Catalogue]:
    given = [pair for pair in request.args.items(multi=True) if pair[0] not in but]
    form = read_form(given, codes)
    return form, catalogue(form.lang, form.digits, form.calendar)


def _format() -> str:
    """Return the format that is asked for by a parameter, empty where none is."""
    given = single(request.args.items(multi=True), "format")
    if given and given not in FORMATS:
        raise FormError("format", given, f"one of {', '.join(FORMATS)}")
    return given


def _found(site: Site, article_id: str) -> StoredArticle | None:
    check_time()
    hit = site.engine.get(article_id)
    return load_stored(hit.stored) if hit else None

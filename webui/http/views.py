"""Views: one function for each page: read the form, search, build the page, render its template."""

from dataclasses import replace
from urllib.parse import urlencode

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import NotFound

from marsad.corpus.article import Article
from marsad.indexer.build.document import StoredArticle, load_whole
from marsad.indexer.engine.request import FacetRequest
from marsad.indexer.fields import FACETS
from marsad.webui.http.downloads import article_download
from marsad.webui.i18n.catalogue import Catalogue, catalogue
from marsad.webui.i18n.labels import Labels
from marsad.webui.pages.article_formats import FORMATS
from marsad.webui.pages.article_page import article_page
from marsad.webui.pages.comparison import comparison_page
from marsad.webui.pages.copies import cluster_page
from marsad.webui.pages.entity_page import entity_page
from marsad.webui.pages.facet_page import MOST_VALUES, VIEW_PARAMETERS, FacetView, facet_page
from marsad.webui.pages.help_page import help_page
from marsad.webui.pages.home import home_page
from marsad.webui.pages.results import results_page, results_request
from marsad.webui.request.forms import FormError, SearchForm
from marsad.webui.request.parameters import read_form, single
from marsad.webui.request.time_limit import check_time
from marsad.webui.state.backend import Backend, search_request


def add_views(app: Flask, backend: Backend, codes: tuple[str, ...]) -> None:
    """Add the routes of the main pages to *app*; *codes* are the languages."""

    def form_and_catalogue(ignored: tuple[str, ...] = ()) -> tuple[SearchForm, Catalogue]:
        return _form_and_catalogue(codes, ignored)

    def root() -> str:
        return request.host_url.rstrip("/")

    def stored_article(article_id: str) -> StoredArticle | None:
        return _stored_article(backend, article_id)

    @app.get("/")
    def home() -> str:
        form, t = form_and_catalogue()
        return render_template("home.html", page=home_page(backend, form, t))

    @app.get("/search")
    def search() -> str:
        form, t = form_and_catalogue()
        # `at` is for the page of an article; the links of this page must not pass it on.
        form = replace(form, at=0)
        parsed = backend.parse_query(form)
        result = backend.engine.search(results_request(form, parsed))
        return render_template("search.html", page=results_page(backend, form, parsed, result, t))

    @app.get("/article/<path:article_id>")
    def article(article_id: str) -> str | Response:
        form, t = form_and_catalogue(("format",))
        stored, name = stored_article(article_id), _format()
        if stored is None:
            return download(article_id, name, t)
        if name:
            return article_download(stored, name, Labels(t, backend.gazetteer))
        parsed = backend.parse_query(form)
        page = article_page(backend, stored, form, parsed, t, root())
        return render_template("article.html", page=page)

    def download(path: str, parameter: str, t: Catalogue) -> Response:
        """Return the download of a path such as ID.ris; *parameter* must not contradict it."""
        for name in FORMATS:
            if path.endswith(f".{name}"):
                stored = stored_article(path.removesuffix(f".{name}"))
                if stored is not None:
                    if parameter not in ("", name):
                        raise FormError("format", parameter, f"{name}, as in the address")
                    return article_download(stored, name, Labels(t, backend.gazetteer))
        backend.raise_if_removed(path)
        raise NotFound

    @app.get("/facet/<field>")
    def facet(field: str) -> str:
        if field not in FACETS:
            raise NotFound
        form, t = form_and_catalogue(VIEW_PARAMETERS)
        view = FacetView.read(request.args.items(multi=True))
        counting = replace(
            search_request(form, backend.parse_query(form)),
            offset=0,
            limit=0,
            facets=(FacetRequest(field, MOST_VALUES),),
        )
        (counts,) = backend.engine.search(counting).facets
        page = facet_page(form, view, counts, Labels(t, backend.gazetteer))
        return render_template("facet.html", page=page)

    @app.get("/entity/<path:entity_id>")
    def entity(entity_id: str) -> str:
        form, t = form_and_catalogue()
        page = entity_page(backend, entity_id, form, t)
        if page is None:
            raise NotFound
        return render_template("entity.html", page=page)


def add_side_pages(app: Flask, backend: Backend, codes: tuple[str, ...]) -> None:
    """Add the routes of the other pages to *app*: copies, comparison and help."""

    @app.get("/cluster/<path:article_id>")
    def cluster(article_id: str) -> str:
        form, t = _form_and_catalogue(codes)
        page = cluster_page(backend, article_id, form, t)
        if page is None:
            raise NotFound
        return render_template("cluster.html", page=page)

    @app.get("/compare")
    def compare() -> str:
        form, t = _form_and_catalogue(codes, ("left", "right"))
        left, right = article_of("left"), article_of("right")
        query = urlencode([("left", left.id), ("right", right.id)])
        page = comparison_page(left, right, form, t, f"/compare?{query}")
        return render_template("compare.html", page=page)

    def article_of(parameter: str) -> Article:
        article_id = single(request.args.items(multi=True), parameter)
        if not article_id:
            raise FormError(parameter, article_id, "the id of an article")
        stored = _stored_article(backend, article_id)
        if stored is None:
            raise NotFound
        return stored.article

    @app.get("/help")
    def help_() -> str:
        form, t = _form_and_catalogue(codes)
        return render_template("help.html", page=help_page(form, t))


def _form_and_catalogue(
    codes: tuple[str, ...], ignored: tuple[str, ...] = ()
) -> tuple[SearchForm, Catalogue]:
    """Return the form of the current request, without the *ignored* parameters, and its texts."""
    given = [pair for pair in request.args.items(multi=True) if pair[0] not in ignored]
    form = read_form(given, codes)
    return form, catalogue(form.lang, form.digits, form.calendar)


def _format() -> str:
    """Return the value of the parameter `format`, empty if it is absent.

    Raises:
        FormError: there is no such format.
    """
    given = single(request.args.items(multi=True), "format")
    if given and given not in FORMATS:
        raise FormError("format", given, f"one of {', '.join(FORMATS)}")
    return given


def _stored_article(backend: Backend, article_id: str) -> StoredArticle | None:
    """Return the article of this id, None if there is none.

    Raises:
        ArticleDamagedError: its stored text cannot be read.
    """
    check_time()
    hit = backend.engine.get(article_id)
    return load_whole(hit) if hit else None

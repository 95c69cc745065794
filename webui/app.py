"""Application: the pages, downloads and API over one open index.

request -> [guard] -> [form] -> [parse] -> engine -> [page or record] -> response
"""

import json
import logging
from http import HTTPStatus

from flask import Flask, Response, render_template, request
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException

from marsad.indexer.analysis.analyzer import Analyzer
from marsad.indexer.engine.request import DEEPEST_HIT
from marsad.indexer.engine.seam import Engine
from marsad.indexer.errors import (
    ArticleDamagedError,
    FileDamagedError,
    IndexDamagedError,
    IndexerError,
    IndexMissingError,
    TimeLimitError,
    WindowTooDeepError,
)
from marsad.indexer.extract.entities.gazetteer import Gazetteer
from marsad.indexer.parts import parts
from marsad.indexer.registry import open_engine, side_folder
from marsad.indexer.sync.tombstones import Tombstones
from marsad.webui.http.api import add_api, add_api_parts
from marsad.webui.http.assets import asset_url
from marsad.webui.http.downloads import add_downloads, add_exports
from marsad.webui.http.errors import Problem
from marsad.webui.http.font import add_font
from marsad.webui.http.guard import guard
from marsad.webui.http.service import add_service
from marsad.webui.http.views import add_side_pages, add_views
from marsad.webui.i18n.catalogue import languages
from marsad.webui.pages.losses import loss_lines
from marsad.webui.request.forms import FormError
from marsad.webui.request.query_limits import QueryTooLargeError
from marsad.webui.request.time_limit import add_time_limit
from marsad.webui.state.backend import Backend, GoneError
from marsad.webui.state.settings import Settings

_LOG = logging.getLogger("marsad.server")
# An error under these paths is problem+json, because programs read them; other errors are pages.
_MACHINES = ("/api/v1/", "/search.", "/suggest", "/receipt")
_PAGES = ("/api/v1/docs",)
# If one of these takes too long, the reader is told to narrow the search.
_SEARCHES = ("/search", "/facet/", "/receipt", "/api/v1/search", "/api/v1/facets/")
_NO_BODY = 1_000


def create_app(
    engine: Engine,
    analyzer: Analyzer,
    gazetteer: Gazetteer,
    settings: Settings | None = None,
    tombstones: Tombstones | None = None,
) -> Flask:
    """Return the application over an open index.

    Args:
        engine: The open index.
        analyzer: The analyzer that the index was built with.
        gazetteer: The names of entities.
        settings: The operator's settings; without them, the defaults.
        tombstones: The removed articles; without them, a removed article is a plain 404.
    """
    app = Flask("marsad.webui")
    # A misspelt name in a template is then an error, which tests find, and no empty text.
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["asset"] = asset_url
    app.jinja_env.globals["address"] = lambda: request.url
    # The site is read-only, so no request needs a body.
    app.config["MAX_CONTENT_LENGTH"] = _NO_BODY
    # An article id may contain "//".
    app.url_map.merge_slashes = False
    backend = Backend(engine, analyzer, gazetteer, tombstones)
    app.jinja_env.globals["loss_lines"] = lambda t: loss_lines(backend.losses(), t)
    app.extensions["marsad"] = backend
    codes = tuple(languages())
    settings = settings or Settings()
    add_time_limit(app, settings.time_limit_s)
    guard(app, backend, settings)
    add_views(app, backend, codes)
    add_side_pages(app, backend, codes)
    add_downloads(app, backend, codes)
    add_exports(app, backend, codes)
    add_api(app, backend, codes)
    add_api_parts(app, backend, codes)
    add_service(app, backend)
    add_font(app, settings)
    _add_errors(app)
    return app


def open_app(index_dir: str, settings: Settings) -> Flask:
    """Open the index in *index_dir* and return its application.

    Raises:
        IndexerError: there is no index, or it cannot be used.
    """
    known = parts(entities=settings.entities)
    engine = open_engine(index_dir, known.analyzer)
    stones = Tombstones(side_folder(index_dir))
    app = create_app(engine, known.analyzer, known.gazetteer, settings, stones)
    app.extensions["marsad"].warm()
    return app


def _add_errors(app: Flask) -> None:
    def answer(problem: Problem) -> Response:
        if request.path.startswith(_MACHINES) and request.path not in _PAGES:
            record = problem.record(request.full_path.rstrip("?"))
            body = json.dumps(record, ensure_ascii=False).encode("utf-8", "replace")
            return Response(body, problem.status, mimetype="application/problem+json")
        page = render_template("error.html", page=problem.page(request.args))
        return Response(page, problem.status)

    @app.errorhandler(FormError)
    def bad_form(error: FormError) -> Response:
        return answer(Problem(status=400, error=error))

    @app.errorhandler(QueryTooLargeError)
    def too_large(error: QueryTooLargeError) -> Response:
        return answer(Problem(status=400, error=error))

    @app.errorhandler(WindowTooDeepError)
    def too_deep(error: WindowTooDeepError) -> Response:
        del error
        return answer(Problem(status=400, depth=DEEPEST_HIT))

    @app.errorhandler(TimeLimitError)
    def too_late(error: TimeLimitError) -> Response:
        is_search = request.path.startswith(_SEARCHES)
        return answer(Problem(status=503, limit_s=error.limit_s, is_search=is_search))

    @app.errorhandler(ArticleDamagedError)
    def article_damaged(error: ArticleDamagedError) -> Response:
        _LOG.error("%s", error)
        return answer(Problem(status=500, damaged=error.article_id))

    @app.errorhandler(FileDamagedError)
    @app.errorhandler(IndexDamagedError)
    @app.errorhandler(IndexMissingError)
    def index_damaged(error: IndexerError) -> Response:
        _LOG.error("%s", error)
        return answer(Problem(status=503, is_index_damaged=True))

    @app.errorhandler(GoneError)
    def gone(error: GoneError) -> Response:
        return answer(Problem(status=410, tombstone=error.tombstone))

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        # Redirects are exceptions too.
        if error.code and error.code < HTTPStatus.BAD_REQUEST:
            return error.get_response()  # type: ignore[return-value]
        # Headers such as Allow and Retry-After belong to the error, not to its page.
        found = answer(Problem(status=error.code or 500))
        for name, value in error.get_headers():
            if name != "Content-Type":
                found.headers[name] = value
        if found.status_code == HTTPStatus.UNAUTHORIZED:
            found.headers["WWW-Authenticate"] = 'Basic realm="Marsad", charset="UTF-8"'
        return found

    @app.errorhandler(Exception)
    def fault(error: Exception) -> Response:
        # The reader gets no details: they belong in the log, and may name files of the server.
        _LOG.error("request failed", exc_info=error)
        return answer(Problem(status=500))

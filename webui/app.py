"""Application: routes, errors and headers of the search page.

request -> [form] -> [parse] -> one engine call -> [page] -> one template
"""

from urllib.parse import quote

from flask import Flask, Response, redirect, render_template, request
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response as BaseResponse

from indexer.analysis.analyzer import Analyzer
from indexer.document import load_stored
from indexer.engine import Engine
from indexer.errors import WindowTooDeepError
from indexer.extract.entities.gazetteer import Gazetteer
from indexer.query.parse import Parsed, parse
from webui.errors import ErrorPage, error_page
from webui.forms import FormError, SearchForm
from webui.i18n.catalogue import catalogue, languages
from webui.pages import search_page, search_request
from webui.reader import article_page

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def create_app(engine: Engine, analyzer: Analyzer, gazetteer: Gazetteer) -> Flask:
    """Return the application over an open engine."""
    app = Flask("webui")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    def read_form() -> SearchForm:
        return SearchForm.read(request.args.items(multi=True), languages())

    def understood(form: SearchForm) -> Parsed:
        return parse(form.q, analyzer, gazetteer.resolve, any_word=form.any_word)

    @app.get("/")
    def home() -> BaseResponse:
        return redirect(SearchForm.read(request.args.items(multi=True), languages()).url())

    @app.get("/search")
    def search() -> str:
        form = read_form()
        parsed = understood(form)
        result = engine.search(search_request(form, parsed))
        t = catalogue(form.lang, form.digits)
        page = search_page(form, parsed, result, analyzer=analyzer, gazetteer=gazetteer, t=t)
        return render_template("search.html", page=page)

    @app.get("/article/<path:article_id>")
    def article(article_id: str) -> str:
        form = read_form()
        hit = engine.get(article_id)
        if hit is None:
            raise NotFound
        page = article_page(
            load_stored(hit.stored),
            form,
            understood(form),
            analyzer=analyzer,
            gazetteer=gazetteer,
            t=catalogue(form.lang, form.digits),
            here=f"/article/{quote(article_id, safe='')}",
        )
        return render_template("article.html", page=page)

    @app.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", mimetype="text/plain")

    def failed(page: ErrorPage, status: int) -> tuple[str, int]:
        return render_template("error.html", page=page), status

    @app.errorhandler(FormError)
    def bad_form(error: FormError) -> tuple[str, int]:
        return failed(error_page(400, request.args, form_error=error), 400)

    @app.errorhandler(WindowTooDeepError)
    def too_deep(error: WindowTooDeepError) -> tuple[str, int]:
        return failed(error_page(400, request.args, depth=error.deepest), 400)

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> tuple[str, int]:
        code = error.code or 500
        return failed(error_page(code if code in (400, 404) else 400, request.args), code)

    @app.errorhandler(Exception)
    def fault(error: Exception) -> tuple[str, int]:
        app.logger.error("request failed", exc_info=error)
        return failed(error_page(500, request.args), 500)

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return app

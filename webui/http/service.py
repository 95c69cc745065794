"""Service routes: health checks, robots.txt, OpenSearch and completion in the search box."""

import json
import logging
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Flask, Response, request

from marsad.indexer.errors import IndexerError
from marsad.indexer.fields import ENTITY_FACETS
from marsad.indexer.search.complete import WORD
from marsad.webui.i18n.catalogue import catalogue, languages
from marsad.webui.request.forms import FormError
from marsad.webui.request.parameters import LONGEST_VALUE, single
from marsad.webui.state.backend import Backend

_LOG = logging.getLogger("marsad.server")
_OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
_CLASSES = {WORD: "class_word"} | {name: f"facet_{name}" for name in ENTITY_FACETS}
_ROBOTS = """User-agent: *
Disallow: /search
Disallow: /search.
Disallow: /facet/
Disallow: /compare
Disallow: /suggest
Disallow: /receipt
Disallow: /api/
"""


def add_service(app: Flask, backend: Backend) -> None:
    """Add the service routes to *app*."""

    @app.get("/healthz")
    def healthz() -> Response:
        """Answer 200 as long as the process runs."""
        return Response("ok\n", mimetype="text/plain")

    @app.get("/readyz")
    def readyz() -> Response:
        """Answer 200 if the index can be searched, 503 if not.

        The text begins with `degraded` if a part of the index is damaged, and says what.
        """
        try:
            generation = backend.generation()
            losses = backend.engine.lost_commits()
        except (IndexerError, OSError) as error:
            _LOG.exception("not ready", exc_info=error)
            return Response("not ready\n", status=503, mimetype="text/plain")
        state = "degraded" if losses else "ready"
        lines = (f"{state}, generation {generation}", *losses)
        return Response("".join(f"{line}\n" for line in lines), mimetype="text/plain")

    @app.get("/robots.txt")
    def robots() -> Response:
        """Ask crawlers to read articles, but not to follow the endless links of searches."""
        return Response(_ROBOTS, mimetype="text/plain")

    @app.get("/opensearch.xml")
    def opensearch() -> Response:
        """Describe the site to browsers, which can add it as a search engine."""
        return Response(
            description(_known_language(), request.host_url.rstrip("/")),
            mimetype="application/opensearchdescription+xml",
        )

    @app.get("/suggest")
    def suggest() -> Response:
        """Return completions of the typed text, as the JSON that browsers expect (OpenSearch)."""
        for name in request.args:
            if name not in ("q", "lang"):
                raise FormError(name, name, "one of q, lang")
        typed = single(request.args.items(multi=True), "q")[:LONGEST_VALUE]
        lang = _known_language()
        found = backend.completions(typed, lang)
        t = catalogue(lang, "latn")
        notes = [f"{t(_CLASSES[s.kind])} · {t.count('articles', s.count)}" for s in found]
        body = json.dumps([typed, [s.text for s in found], notes], ensure_ascii=False)
        return Response(body, mimetype="application/x-suggestions+json")


def description(lang: str, root: str) -> bytes:
    """Return the OpenSearch description document as XML; *root* is the address of the site."""
    t = catalogue(lang, "latn")
    document = Element("OpenSearchDescription", {"xmlns": _OPENSEARCH})
    for name, text in (
        ("ShortName", t("name")),
        ("Description", t("tagline")),
        ("InputEncoding", "UTF-8"),
        ("Language", lang),
    ):
        SubElement(document, name).text = text
    icon = {"type": "image/svg+xml", "width": "32", "height": "32"}
    SubElement(document, "Image", icon).text = f"{root}/static/icon.svg"
    # Arabic is the default language of the pages.
    tail = "" if lang == "ar" else f"&lang={lang}"
    urls = (
        ("text/html", f"/search?q={{searchTerms}}{tail}", "results"),
        ("application/atom+xml", f"/search.atom?q={{searchTerms}}{tail}", "results"),
        ("application/x-suggestions+json", f"/suggest?q={{searchTerms}}{tail}", "suggestions"),
    )
    for mimetype, template, rel in urls:
        attributes = {"type": mimetype, "method": "get", "rel": rel, "template": root + template}
        SubElement(document, "Url", attributes)
    body: bytes = tostring(document, encoding="utf-8", xml_declaration=True)
    return body


def _known_language() -> str:
    lang = single(request.args.items(multi=True), "lang") or "ar"
    if lang not in languages():
        raise FormError("lang", lang, f"one of {', '.join(languages())}")
    return lang

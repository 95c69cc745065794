"""Guard: access control, rate limit, caching headers and compression of every request.

request -> [access] -> [rate limit] -> [304 if unchanged] -> view -> [headers, compression]
"""

import gzip
import hashlib
import hmac
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address

from flask import Flask, Response, current_app, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from werkzeug.exceptions import Forbidden, Unauthorized
from werkzeug.middleware.proxy_fix import ProxyFix

from marsad.webui.http.assets import asset_url
from marsad.webui.state.backend import Backend
from marsad.webui.state.settings import Settings

# Articles are untrusted text: even if one of them got into a page as markup, a browser would
# run no script of it and load nothing from another host.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
        "img-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# These need no password and have no rate limit: monitoring and crawlers have no account.
_OPEN = ("healthz", "readyz", "robots")
_UNCHANGING = ("static", "font", "font_css")
_WITHOUT_VALIDATOR = (*_OPEN, *_UNCHANGING, "receipt")
# A smaller body fits into one network packet, so compression would gain nothing.
_LEAST_COMPRESSED = 1_200
# Higher levels take more processor time than they save in transfer.
_LEVEL = 3
_COMPRESSED = ("text/", "application/json", "application/problem+json", "image/svg+xml")


def guard(app: Flask, backend: Backend, settings: Settings) -> None:
    """Add the checks before each view of *app*, and the headers after it."""
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    app.before_request(lambda: _check_user(settings))
    _limit(app, settings)
    app.before_request(lambda: _unchanged(backend, settings))
    app.after_request(_finish)


def _check_user(settings: Settings) -> None:
    if request.endpoint in _OPEN:
        return
    if settings.user_header and not request.headers.get(settings.user_header):
        raise Forbidden
    if settings.password:
        given = request.authorization
        password = (given.password or "") if given and given.type == "basic" else ""
        # This comparison takes the same time wherever the two differ.
        if not hmac.compare_digest(password.encode(), settings.password.encode()):
            raise Unauthorized


def _limit(app: Flask, settings: Settings) -> None:
    """Limit the requests of one address; each process counts for itself, in memory."""
    if not settings.rate:
        return
    limiter = Limiter(
        get_remote_address,
        app=app,
        default_limits=[settings.rate],
        storage_uri="memory://",
        headers_enabled=True,
    )

    @limiter.request_filter
    def is_exempt() -> bool:
        return request.endpoint in (*_OPEN, *_UNCHANGING) or is_loopback(request.remote_addr or "")


def is_loopback(address: str) -> bool:
    """Return whether *address* is a loopback address (this machine), in IPv4 or IPv6.

    Example:
        >>> is_loopback("127.0.0.1"), is_loopback("::ffff:127.0.0.1"), is_loopback("10.0.0.1")
        (True, True, False)
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return (mapped or parsed).is_loopback


def _unchanged(backend: Backend, settings: Settings) -> Response | None:
    """Return 304 if the client has the current version of this page, None to build the page.

    The ETag is made before the page: it holds everything that the page depends on.
    """
    if request.method not in ("GET", "HEAD") or request.endpoint in (None, *_WITHOUT_VALIDATOR):
        return None
    digest = hashlib.blake2b(request.full_path.encode("utf-8", "surrogatepass"), digest_size=8)
    # A new version of the program may render the same URL differently, and some pages contain
    # the address of the site.
    digest.update(settings.started.encode())
    digest.update(request.host_url.encode("utf-8", "surrogatepass"))
    generation = backend.generation()
    # The pages say what is damaged.
    digest.update("".join(backend.losses()).encode("utf-8", "replace"))
    g.etag = f"{generation}.{backend.vocabulary_generation()}-{digest.hexdigest()}"
    # `If-None-Match: *` asks whether the page exists at all. Only the view knows that, so it
    # must run.
    if not request.if_none_match.star_tag and request.if_none_match.contains_weak(g.etag):
        return Response(status=304)
    return None


def _finish(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if response.status_code in (200, 304) and _has_versioned_url():
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif response.status_code in (200, 304) and "etag" in g:
        response.set_etag(g.etag, weak=True)
        response.headers.setdefault("Cache-Control", "private, no-cache")
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    return _compressed(response)


def _has_versioned_url() -> bool:
    """Return whether the URL of the request has the hash of the file's current content.

    Only then a client may keep the file for ever: an old URL may get newer content.
    """
    if request.endpoint not in _UNCHANGING:
        return False
    if request.endpoint == "static":
        known = asset_url((request.view_args or {})["filename"])
    else:
        known = str(current_app.jinja_env.globals["font_css"])
    return request.args.get("v") == known.rpartition("?v=")[2]


def _compressed(response: Response) -> Response:
    """Return the response compressed, if it is a text of some size and the client accepts gzip.

    Streamed exports are left as they are: they would have to be held in memory.
    """
    if response.is_streamed and request.endpoint not in _UNCHANGING:
        return response
    if response.status_code == HTTPStatus.NOT_MODIFIED:
        # A 304 must have the same Vary header as the page that it confirms.
        response.vary.add("Accept-Encoding")
        return response
    # A byte range counts bytes of the uncompressed file, so a part must not be compressed.
    is_whole = response.status_code not in (HTTPStatus.NO_CONTENT, HTTPStatus.PARTIAL_CONTENT)
    if not is_whole or not (response.mimetype or "").startswith(_COMPRESSED):
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"] or "Content-Encoding" in response.headers:
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) >= _LEAST_COMPRESSED:
        response.set_data(gzip.compress(body, _LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        tag, is_weak = response.get_etag()
        if tag and not is_weak:
            # A strong ETag would claim that the bytes are those of the uncompressed file.
            response.set_etag(tag, weak=True)
    return response

"""Errors: says what went wrong and what to do, as a page or as problem+json (RFC 9457)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from marsad.indexer.sync.tombstones import Tombstone
from marsad.webui.i18n.catalogue import Catalogue, catalogue, languages
from marsad.webui.pages.frame import Frame, frame
from marsad.webui.request.forms import CALENDARS, DIGITS, FormError, SearchForm
from marsad.webui.request.links import Link
from marsad.webui.request.query_limits import QueryTooLargeError

# Statuses with texts of their own in the catalogues.
_NAMED = (400, 401, 403, 404, 405, 410, 429, 500, 503)


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """The page for a request that failed; `detail` names the parameter, in English."""

    frame: Frame
    heading: str
    hint: str
    detail: str
    home: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A request that failed, and why.

    Attributes:
        status: The HTTP status.
        error: The error in its parameters or its query, if that is the reason.
        depth: The deepest hit that a page may show, if the request asked for a deeper one.
        limit_s: The time limit in seconds, if the request took longer.
        is_search: Whether the request was a search, so that narrowing it may help.
        tombstone: The record of the removal, if the article was removed.
        damaged: The id of the article, if its stored text cannot be read.
        is_index_damaged: Whether no state of the index can be read.
    """

    status: int
    error: FormError | QueryTooLargeError | None = None
    depth: int = 0
    limit_s: float = 0.0
    is_search: bool = True
    tombstone: Tombstone | None = None
    damaged: str = ""
    is_index_damaged: bool = False

    def record(self, instance: str) -> dict[str, Any]:
        """Return the problem+json object; *instance* is the URL of the request."""
        found: dict[str, Any] = {
            "type": f"urn:marsad:problem:{self._kind()}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "instance": instance,
        }
        if self.tombstone is not None:
            found["article"] = asdict(self.tombstone)
        if self.limit_s:
            found["limit_seconds"] = self.limit_s
        match self.error:
            case FormError():
                found["detail"] = str(self.error)
                found["parameter"] = self.error.parameter
                found["expected"] = self.error.expected
            case QueryTooLargeError():
                found["detail"] = str(self.error)
                found["parameter"] = "q"
            case None:
                # Programs get English, whatever the language of the request.
                found["detail"] = self._hint(catalogue("en", "latn"))
        return found

    def page(self, arguments: Mapping[str, str]) -> ErrorPage:
        """Return the error page, in the language of *arguments* if that is valid."""
        form = _display(arguments)
        t = catalogue(form.lang, form.digits, form.calendar)
        heading = t(self._heading_key())
        return ErrorPage(
            frame=frame(form, t, heading, "/search"),
            heading=heading,
            hint=self._hint(t),
            detail=str(self.error) if self.error else "",
            home=Link(t("home"), form.url("/")),
        )

    def _named(self) -> int:
        """Return the status whose texts are shown: its own, or 400 or 500 for its class."""
        if self.status in _NAMED:
            return self.status
        return 500 if self.status > 500 else 400  # noqa: PLR2004

    def _heading_key(self) -> str:
        if self.damaged:
            return "error_damaged"
        if self.is_index_damaged:
            return "error_index"
        return self._timeout_key() if self.limit_s else f"error_{self._named()}"

    def _timeout_key(self) -> str:
        return "error_time" if self.is_search else "error_time_page"

    def _kind(self) -> str:
        if self.depth:
            return "window-too-deep"
        if self.limit_s:
            return "time-limit"
        if self.damaged or self.is_index_damaged:
            return "article-damaged" if self.damaged else "index-damaged"
        kinds = {FormError: "bad-parameter", QueryTooLargeError: "query-too-large"}
        default = HTTPStatus(self.status).phrase.lower().replace(" ", "-")
        return kinds.get(type(self.error), default) if self.error else default

    def _hint(self, t: Catalogue) -> str:
        if self.damaged:
            return t("error_damaged_hint", id=self.damaged)
        if self.is_index_damaged:
            return t("error_index_hint")
        if self.tombstone is not None:
            since = t.date(self.tombstone.gone_at[:10])
            return t("error_gone", title=self.tombstone.title or self.tombstone.id, since=since)
        if self.depth:
            return t("error_depth", depth=t.number(self.depth))
        if self.limit_s:
            return t(f"{self._timeout_key()}_hint", limit=_seconds(self.limit_s, t))
        match self.error:
            case FormError():
                return t("error_parameter", parameter=self.error.parameter, found=self.error.found)
            case QueryTooLargeError():
                return t(
                    f"error_large_{self.error.unit}",
                    found=t.number(self.error.found),
                    most=t.number(self.error.most),
                )
            case None:
                return t(f"error_{self._named()}_hint")


def _seconds(number: float, t: Catalogue) -> str:
    if number == int(number):
        return t.count("seconds", int(number))
    return t("part_of_seconds", n=t.decimal(number))


def _display(arguments: Mapping[str, str]) -> SearchForm:
    """Return a form with the display parameters of *arguments*, or defaults for invalid ones.

    The parameters may be the reason for the error, so an invalid one must not raise again.
    """

    def known(name: str, allowed: tuple[str, ...]) -> str:
        return value if (value := arguments.get(name, "")) in allowed else allowed[0]

    return SearchForm(
        lang=known("lang", tuple(languages())),
        digits=known("digits", DIGITS),
        calendar=known("calendar", CALENDARS),
    )

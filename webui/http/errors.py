"""Errors: what went wrong and what to do, as a page or as problem+json (RFC 9457)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from marsad.indexer.sync.tombstones import Tombstone
from marsad.webui.i18n.catalogue import Catalogue, catalogue, languages
from marsad.webui.pages.frame import Frame, frame
from marsad.webui.request.bounds import QueryTooLargeError
from marsad.webui.request.forms import CALENDARS, DIGITS, FormError, SearchForm
from marsad.webui.request.links import Link

_NAMED = (400, 401, 403, 404, 405, 410, 429, 500, 503)


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """The page of a request that could not be answered."""

    frame: Frame
    heading: str
    hint: str
    detail: str
    home: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A request that could not be answered.

    `depth` is how deep pages go, `limit_s` how long a search may take, or a page that is none,
    where that is why; `stone` tells of an article that is gone.
    """

    status: int
    error: FormError | QueryTooLargeError | None = None
    depth: int = 0
    limit_s: float = 0.0
    is_search: bool = True
    stone: Tombstone | None = None

    def record(self, instance: str) -> dict[str, Any]:
        """Return the problem+json object; *instance* is the URL that was asked for."""
        found: dict[str, Any] = {
            "type": f"urn:marsad:problem:{self._kind()}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "instance": instance,
        }
        if self.stone is not None:
            found["article"] = asdict(self.stone)
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
                words = catalogue("en", "latn")
                found["detail"] = self._hint(words)
        return found

    def page(self, arguments: Mapping[str, str]) -> ErrorPage:
        """Return the page; whatever the URL holds, it can be built."""
        form = _display(arguments)
        t = catalogue(form.lang, form.digits, form.calendar)
        heading = t(self._late() if self.limit_s else f"error_{self._named()}")
        return ErrorPage(
            frame=frame(form, t, heading, "/search"),
            heading=heading,
            hint=self._hint(t),
            detail=str(self.error) if self.error else "",
            home=Link(t("home"), form.url("/")),
        )

    def _named(self) -> int:
        if self.status in _NAMED:
            return self.status
        return 500 if self.status > 500 else 400  # noqa: PLR2004

    def _late(self) -> str:
        return "error_time" if self.is_search else "error_time_page"

    def _kind(self) -> str:
        if self.depth:
            return "window-too-deep"
        if self.limit_s:
            return "time-limit"
        kinds = {FormError: "bad-parameter", QueryTooLargeError: "query-too-large"}
        default = HTTPStatus(self.status).phrase.lower().replace(" ", "-")
        return kinds.get(type(self.error), default) if self.error else default

    def _hint(self, t: Catalogue) -> str:
        if self.stone is not None:
            since = t.date(self.stone.gone_at[:10])
            return t("error_gone", title=self.stone.title or self.stone.id, since=since)
        if self.depth:
            return t("error_depth", depth=t.number(self.depth))
        if self.limit_s:
            return t(f"{self._late()}_hint", limit=_seconds(self.limit_s, t))
        match self.error:
            case FormError():
                return t("error_parameter", parameter=self.error.parameter, found=self.error.found)
            case QueryTooLargeError():
                return t(
                    f"error_large_{self.error.what}",
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
    """Return a form of what can be used of *arguments*: language, digits, calendar."""

    def known(name: str, allowed: tuple[str, ...]) -> str:
        return value if (value := arguments.get(name, "")) in allowed else allowed[0]

    return SearchForm(
        lang=known("lang", tuple(languages())),
        digits=known("digits", DIGITS),
        calendar=known("calendar", CALENDARS),
    )

"""Error pages: what went wrong and where to go, in the language of the request."""

from collections.abc import Mapping
from dataclasses import dataclass

from webui.forms import DIGITS, FormError, SearchForm
from webui.i18n.catalogue import catalogue, languages
from webui.pages import Frame, Link, frame


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """The page of a request that could not be answered."""

    frame: Frame
    heading: str
    hint: str
    detail: str
    home: Link


def error_page(
    status: int,
    arguments: Mapping[str, str],
    *,
    form_error: FormError | None = None,
    depth: int | None = None,
) -> ErrorPage:
    """Build the page for *status* 400, 404 or 500; whatever the URL holds, it can be built."""
    lang = arguments.get("lang", "ar")
    digits = arguments.get("digits", "latn")
    form = SearchForm(
        lang=lang if lang in languages() else "ar", digits=digits if digits in DIGITS else "latn"
    )
    t = catalogue(form.lang, form.digits)
    hint = t(f"error_{status}_hint") if status in (404, 500) else ""
    detail = ""
    if form_error is not None:
        hint = t("error_parameter", parameter=form_error.parameter, found=form_error.found)
        detail = str(form_error)
    if depth is not None:
        hint = t("error_depth", depth=t.number(depth))
    heading = t(f"error_{status}")
    return ErrorPage(
        frame(form, t, heading, "/search"), heading, hint, detail, Link(t("home"), form.url())
    )

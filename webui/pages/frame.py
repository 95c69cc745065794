"""Frame: what every page has round its content: name, box, language, digits, calendar."""

from collections.abc import Iterator
from dataclasses import dataclass

from marsad.webui.i18n.catalogue import Catalogue, languages
from marsad.webui.request.forms import CALENDARS, DIGITS, SearchForm
from marsad.webui.request.links import Link, Links


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of one page; `keep` is what a new search from the box takes along."""

    t: Catalogue
    title: str
    q: str
    keep: tuple[tuple[str, str], ...]
    languages: tuple[Link, ...]
    digits: tuple[Link, ...]
    calendars: tuple[Link, ...]
    home: str
    help: str
    api: str
    path: str


def frame(
    form: SearchForm, t: Catalogue, title: str, here: str, links: Links | None = None
) -> Frame:
    """Return the frame of a page; *here* is its path, for the switches."""
    links = links or Links(form)

    def switched(**display: str) -> str:
        url = links.changed("", page=form.page, at=form.at, **display)
        return f"{here}&{url[1:]}" if "?" in here and url else here + url

    return Frame(
        t=t,
        title=title,
        q=form.q,
        keep=tuple(form.display_pairs()),
        languages=tuple(
            Link(name, switched(lang=code), on=code == form.lang)
            for code, name in languages().items()
        ),
        digits=tuple(
            Link(t(f"digits_{name}"), switched(digits=name), on=name == form.digits)
            for name in DIGITS
        ),
        calendars=tuple(
            Link(
                t(f"calendar_{name}"),
                switched(calendar=name),
                on=name == form.calendar,
            )
            for name in CALENDARS
        ),
        home=links.blank("/"),
        help=links.blank("/help"),
        api=links.blank("/api/v1/docs"),
        path=here,
    )


def pager(links: Links, last: int, t: Catalogue, reach: int = 3) -> Iterator[Link]:
    """Yield links to the pages near the form's, of *last*; none where there is one page."""
    form = links.form
    if last <= 1:
        return
    near = range(max(1, form.page - reach), min(last, form.page + reach) + 1)
    for number in sorted({1, last, *near}):
        yield Link(t.number(number), links.changed(page=number), on=number == form.page)

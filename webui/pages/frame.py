"""Frame: the parts that all pages share: search box, language, digits and calendar."""

from collections.abc import Iterator
from dataclasses import dataclass

from marsad.webui.i18n.catalogue import Catalogue, languages
from marsad.webui.request.forms import CALENDARS, DIGITS, SearchForm
from marsad.webui.request.links import Link, Links


@dataclass(frozen=True, slots=True)
class Frame:
    """The shared parts of one page.

    `keep` are the parameters that a new search from the box keeps. `home`, `help` and `api` are
    URLs; `path` is the path of the page itself.
    """

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
    """Return the frame of a page.

    Args:
        form: The search of the page.
        t: The catalogue of the page.
        title: The title of the page.
        here: The path of the page; the links that change the language lead back to it.
        links: The links of *form*, if the caller has them already.
    """
    links = links or Links(form)

    def switched(**display: str) -> str:
        # A change of language must not lead to another page of results or to another hit.
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
        home=links.new_search("/"),
        help=links.new_search("/help"),
        api=links.new_search("/api/v1/docs"),
        path=here,
    )


def pager(links: Links, last: int, t: Catalogue, reach: int = 3) -> Iterator[Link]:
    """Yield links to the first page, the last, and *reach* pages around the current one.

    Nothing if there is only one page.
    """
    form = links.form
    if last <= 1:
        return
    near = range(max(1, form.page - reach), min(last, form.page + reach) + 1)
    for number in sorted({1, last, *near}):
        yield Link(t.number(number), links.changed(page=number), on=number == form.page)

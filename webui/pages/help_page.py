"""Help: the query language by examples that can be clicked, the keys, the URL grammar."""

from dataclasses import dataclass

from marsad.webui.i18n.catalogue import Catalogue
from marsad.webui.pages.examples import EXAMPLES
from marsad.webui.pages.frame import Frame, frame
from marsad.webui.request.forms import SearchForm
from marsad.webui.request.links import Link

KEYS = ("/", "j", "k", "n", "p", "?")


@dataclass(frozen=True, slots=True)
class HelpPage:
    """The help page; an example is its query, its link and what it does."""

    frame: Frame
    examples: tuple[tuple[Link, str], ...]
    keys: tuple[tuple[str, str], ...]
    parameters: tuple[tuple[str, str], ...]


_PARAMETERS = (
    ("filter:place=baku", "grammar_filter"),
    ("exclude:person=ilham-aliyev", "grammar_exclude"),
    ("empty:published=true", "grammar_empty"),
    ("filter:gte:published=2020-09", "grammar_from"),
    ("filter:lte:event=2023", "grammar_to"),
    ("facet_interval:published=month", "grammar_interval"),
    ("sort=published:desc", "grammar_sort"),
    ("/search.csv?q=…", "grammar_export"),
)


def help_page(form: SearchForm, t: Catalogue) -> HelpPage:
    """Build the help page."""
    return HelpPage(
        frame=frame(form, t, t("help"), "/help"),
        examples=tuple((Link(query, form.blank(query).url()), t(key)) for key, query in EXAMPLES),
        keys=tuple((key, t(f"key_{key}")) for key in KEYS),
        parameters=tuple((written, t(key)) for written, key in _PARAMETERS),
    )

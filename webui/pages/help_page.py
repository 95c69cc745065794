"""Help page: the query language by clickable examples, the keys, and the URL parameters."""

from dataclasses import dataclass

from marsad.webui.i18n.catalogue import Catalogue
from marsad.webui.pages.examples import EXAMPLES
from marsad.webui.pages.frame import Frame, frame
from marsad.webui.request.forms import SearchForm
from marsad.webui.request.links import Link

KEYS = ("/", "j", "k", "n", "p", "?")


@dataclass(frozen=True, slots=True)
class HelpPage:
    """The help page; its rows are pairs of an example, key or parameter and an explanation."""

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
        examples=tuple(
            (Link(query, form.new_search(query).url()), t(key)) for key, query in EXAMPLES
        ),
        keys=tuple((key, t(f"key_{key}")) for key in KEYS),
        parameters=tuple((written, t(key)) for written, key in _PARAMETERS),
    )

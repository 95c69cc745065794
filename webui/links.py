"""Links: the URLs of one search with one thing changed, made from parts.

A results page has some hundred links that share all but one parameter; quoting the
query anew for each would cost more than the search.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import quote, quote_plus, urlencode

from webui.forms import Choice, SearchForm, choice_pair


@dataclass(frozen=True, slots=True)
class Link:
    """A link, or plain text where there is nowhere to go; `on` says that it is chosen."""

    text: str
    href: str
    on: bool = False


@lru_cache(maxsize=50_000)
def _encoded(choice: Choice) -> str:
    name, value = choice_pair(choice)
    return f"{quote_plus(name)}={quote_plus(value)}"


class Links:
    """URLs near *form*; each equals `form.toggled(...).url()` and its like."""

    def __init__(self, form: SearchForm) -> None:
        first = replace(form, page=1, at=0)
        self._choices = form.choices
        self._head = [urlencode([("q", form.q)])] if form.q else []
        self._own = [_encoded(choice) for choice in form.choices]
        pairs = list(first.pairs_after())
        self._tail = [urlencode([pair]) for pair in pairs]
        ends = (f"filter:gte:{form.timeline}", f"filter:lte:{form.timeline}")
        kept = [pair for pair in replace(first, interval=None).pairs_after() if pair[0] not in ends]
        # In the order of the form: published before event, both before all else.
        first_other = next(
            (at for at, (name, _) in enumerate(kept) if not _is_before(name, form.timeline)),
            len(kept),
        )
        self._before_ends = [urlencode([pair]) for pair in kept[:first_other]]
        self._after_ends = [urlencode([pair]) for pair in kept[first_other:]]
        self._ends = [f"{quote_plus(end)}=" for end in ends]
        at = urlencode(list(replace(form, at=0).pairs()))
        self._article = f"?{at}&at=" if at else "?at="

    def toggled(self, kind: str, facet: str, value: str) -> str:
        """Return the URL with one choice put in, or taken out where it is in, at page 1."""
        choice = (kind, facet, value)
        own = _encoded(choice)
        if choice in self._choices:
            parts = [*self._head, *(known for known in self._own if known != own), *self._tail]
        else:
            parts = [*self._head, *self._own, own, *self._tail]
        return f"/search?{'&'.join(parts)}" if parts else "/search"

    def between(self, since: str, until: str) -> str:
        """Return the URL with these ends of the timeline's dates, at page 1."""
        ends = [
            name + quote_plus(value)
            for name, value in zip(self._ends, (since, until), strict=True)
            if value
        ]
        parts = [*self._head, *self._own, *self._before_ends, *ends, *self._after_ends]
        return f"/search?{'&'.join(parts)}" if parts else "/search"

    def page(self, path: str) -> str:
        """Return the URL of another page that keeps this search, for the way back."""
        return path + self._article.removesuffix("at=").rstrip("&?")

    def article(self, article_id: str, at: int) -> str:
        """Return the URL of an article that is hit *at*, from 1, of this search."""
        return f"{article_path(article_id)}{self._article}{at}"


def _is_before(name: str, timeline: str) -> bool:
    return timeline == "event" and name.endswith(":published") and name.startswith("filter:")


def article_path(article_id: str) -> str:
    """Return the path of an article's page.

    Example:
        >>> article_path("a/b")
        '/article/a%2Fb'
    """
    return f"/article/{quote(article_id, safe='')}"

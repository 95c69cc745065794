"""Links: the URLs of one search with one parameter changed, joined from encoded parts.

A results page has about a hundred links that differ in one parameter. Encoding the whole
query for each link would take longer than the search itself, so each part is encoded once.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from marsad.indexer.query.strictness import MatchRule
from marsad.webui.request.forms import (
    DISPLAY,
    URL_PARAMETERS,
    SearchForm,
    choice_pair,
    field_pairs,
    toggled_rules,
    value_pairs,
)

# The longest text, in characters, whose encoding is cached.
_SHORT = 60


class Link(NamedTuple):
    """A link of a page; `on` says that it is the current choice."""

    text: str
    href: str
    on: bool = False


class Links:
    """The URLs of the links on a search page: each is *form* with one change.

    Every method gives the same URL as `SearchForm.url` of the changed form, only faster. The
    URL leads to page 1 and leaves out `at`. Two methods differ: `page` and `article` keep the
    page number, and `article` adds the rank of its hit as `at`.
    """

    def __init__(self, form: SearchForm) -> None:
        self.form = form
        self._choices = form.choices
        encoded = {name: _encoded(field_pairs(name, form)) for name in URL_PARAMETERS}
        self._parts = encoded | {"page": "", "at": ""}
        head = [part for name in _HEAD if (part := self._parts[name])]
        tail = [
            part for name in URL_PARAMETERS if name not in _HEAD and (part := self._parts[name])
        ]
        # Most links add one facet choice. Choices come right after the query, so the text before
        # and after the new choice is the same in all of them.
        self._before = f"/search?{'&'.join([*head, ''])}"
        self._after = "&".join(["", *tail])
        self._here = _joined(*(encoded | {"at": ""}).values())
        self._to_hit = f"?{_joined(self._here, 'at=')}"
        self._ends = _ends_of(form)
        # Each bar of the timeline sets both ends of the range: the same method for them.
        kept = self._parts | dict.fromkeys((*self._ends, "interval"), "")
        kept["interval"] = _encoded(field_pairs("interval", replace(form, interval=None)))
        names = list(URL_PARAMETERS)
        at = names.index(self._ends[0])
        self._before_ends = _joined(*(kept[name] for name in names[:at]))
        self._after_ends = _joined(*(kept[name] for name in names[at:]))

    def changed(self, path: str = "/search", **changes: Any) -> str:  # noqa: ANN401
        """Return the URL with these attributes of the form changed, at page 1 unless one is given.

        Args:
            path: The path of the page or download.
            changes: New values by attribute of SearchForm.
        """
        parts = self._parts
        if changes:
            parts = parts.copy()
            for name, value in changes.items():
                if name not in _TOGETHER:
                    parts[name] = _encoded(value_pairs(name, value))
            if not _TOGETHER.isdisjoint(changes):
                parts["interval"] = _encoded(field_pairs("interval", replace(self.form, **changes)))
        return _url(path, *parts.values())

    def new_search(self, path: str) -> str:
        """Return the URL of a page that keeps only the display parameters."""
        return _url(path, *(self._parts[name] for name in DISPLAY))

    def toggled(self, kind: str, facet: str, value: str) -> str:
        """Return the URL with one facet choice added, or removed if it is there already."""
        choice = (kind, facet, value)
        if choice in self._choices:
            return self.changed(choices=tuple(known for known in self._choices if known != choice))
        return f"{self._before}{_choice(kind, facet, value)}{self._after}"

    def rule_toggled(self, rule: MatchRule) -> str:
        """Return the URL with one matching rule switched off, or on again."""
        return self.changed(off=toggled_rules(self.form.off, rule))

    def with_range(self, since: str, until: str) -> str:
        """Return the URL with this range of the timeline's dates, and no fixed interval."""
        since, until = (
            _pair(URL_PARAMETERS[name], value) if value else ""
            for name, value in zip(self._ends, (since, until), strict=True)
        )
        return _url("/search", self._before_ends, since, until, self._after_ends)

    def page(self, path: str) -> str:
        """Return the URL of *path* with the parameters of this search and its page number.

        The page there, such as the list of a facet's values, can then link back to this one.
        """
        return _url(path, self._here)

    def article(self, article_id: str, at: int) -> str:
        """Return the URL of an article that is hit number *at*, from 1, of this search."""
        return f"{article_path(article_id)}{self._to_hit}{at}"


_HEAD = ("q", "choices")
# One parameter stands for both: `facet_interval:event=month` says the dates and the interval.
_TOGETHER = frozenset(("timeline", "interval"))


def _ends_of(form: SearchForm) -> tuple[str, str]:
    """Return the names of the two attributes that hold the range of the timeline's dates."""
    return ("event_since", "event_until") if form.timeline == "event" else ("since", "until")


@lru_cache(maxsize=20_000)
def _short_pair(name: str, value: str) -> str:
    return urlencode([(name, value)])


@lru_cache(maxsize=20_000)
def _short_choice(kind: str, facet: str, value: str) -> str:
    return urlencode([choice_pair((kind, facet, value))])


def _choice(kind: str, facet: str, value: str) -> str:
    if len(facet) + len(value) <= _SHORT:
        return _short_choice(kind, facet, value)
    return urlencode([choice_pair((kind, facet, value))])


def _pair(name: str, value: str) -> str:
    # Only short values are cached, so that long typed texts cannot fill the memory.
    return _short_pair(name, value) if len(value) <= _SHORT else urlencode([(name, value)])


def _encoded(pairs: Iterable[tuple[str, str]]) -> str:
    return "&".join([_pair(name, value) for name, value in pairs])


def _joined(*parts: str) -> str:
    return "&".join([part for part in parts if part])


def _url(path: str, *parts: str) -> str:
    query = _joined(*parts)
    return f"{path}?{query}" if query else path


def article_path(article_id: str) -> str:
    """Return the path of the page of an article.

    Example:
        >>> article_path("a/b")
        '/article/a%2Fb'
    """
    return f"/article/{quote(article_id, safe='')}"

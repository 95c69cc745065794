"""Links: the URLs of one search with one thing changed, made from parts.

A results page has some hundred links that share all but one parameter; quoting the
query anew for each would cost more than the search.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from marsad.indexer.query.strictness import MatchRule
from marsad.webui.request.forms import (
    DISPLAY,
    SLOTS,
    SearchForm,
    choice_pair,
    slot_pairs,
    switched,
    value_pairs,
)

_SHORT = 60


class Link(NamedTuple):
    """A link, or plain text where there is nowhere to go; `on` says that it is chosen."""

    text: str
    href: str
    on: bool = False


class Links:
    """URLs near *form*; each but `article` is `url` of the form so changed, at page 1 and no hit.

    `article` keeps the page and has its hit last.
    """

    def __init__(self, form: SearchForm) -> None:
        self.form = form
        self._choices = form.choices
        own = {slot: _encoded(slot_pairs(slot, form)) for slot in SLOTS}
        self._parts = own | {"page": "", "at": ""}
        head = [part for slot in _HEAD if (part := self._parts[slot])]
        tail = [part for slot in SLOTS if slot not in _HEAD and (part := self._parts[slot])]
        # What stands before and after one choice more.
        self._before = f"/search?{'&'.join([*head, ''])}"
        self._after = "&".join(["", *tail])
        self._here = _joined(*(own | {"at": ""}).values())
        self._to_hit = f"?{_joined(self._here, 'at=')}"
        self._ends = _ends_of(form)
        kept = self._parts | dict.fromkeys((*self._ends, "interval"), "")
        kept["interval"] = _encoded(slot_pairs("interval", replace(form, interval=None)))
        slots = list(SLOTS)
        at = slots.index(self._ends[0])
        self._before_ends = _joined(*(kept[slot] for slot in slots[:at]))
        self._after_ends = _joined(*(kept[slot] for slot in slots[at:]))

    def changed(self, path: str = "/search", **changes: Any) -> str:  # noqa: ANN401
        """Return the URL with these attributes of the form changed; its page is 1 if not named."""
        parts = self._parts
        if changes:
            parts = parts.copy()
            for name, value in changes.items():
                if name not in _TOGETHER:
                    parts[name] = _encoded(value_pairs(name, value))
            if not _TOGETHER.isdisjoint(changes):
                parts["interval"] = _encoded(slot_pairs("interval", replace(self.form, **changes)))
        return _url(path, *parts.values())

    def blank(self, path: str) -> str:
        """Return the URL of a page that keeps only the language, the digits and the calendar."""
        return _url(path, *(self._parts[slot] for slot in DISPLAY))

    def toggled(self, kind: str, facet: str, value: str) -> str:
        """Return the URL with one choice put in, or taken out where it is in."""
        choice = (kind, facet, value)
        if choice in self._choices:
            return self.changed(choices=tuple(known for known in self._choices if known != choice))
        return f"{self._before}{_choice(kind, facet, value)}{self._after}"

    def switched(self, rule: MatchRule) -> str:
        """Return the URL with one rule switched off, or on again where it is off."""
        return self.changed(off=switched(self.form.off, rule))

    def between(self, since: str, until: str) -> str:
        """Return the URL with these ends of the timeline's dates, its interval left open."""
        since, until = (
            _pair(SLOTS[slot], value) if value else ""
            for slot, value in zip(self._ends, (since, until), strict=True)
        )
        return _url("/search", self._before_ends, since, until, self._after_ends)

    def page(self, path: str) -> str:
        """Return the URL of another page that keeps this search and its page, for the way back."""
        return _url(path, self._here)

    def article(self, article_id: str, at: int) -> str:
        """Return the URL of an article that is hit *at*, from 1, of this search."""
        return f"{article_path(article_id)}{self._to_hit}{at}"


_HEAD = ("q", "choices")
_TOGETHER = frozenset(("timeline", "interval"))


def _ends_of(form: SearchForm) -> tuple[str, str]:
    """Return the attributes that are the ends of the timeline's dates."""
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
    # What is remembered is short, so that what is typed fills no memory.
    return _short_pair(name, value) if len(value) <= _SHORT else urlencode([(name, value)])


def _encoded(pairs: Iterable[tuple[str, str]]) -> str:
    return "&".join([_pair(name, value) for name, value in pairs])


def _joined(*parts: str) -> str:
    return "&".join([part for part in parts if part])


def _url(path: str, *parts: str) -> str:
    query = _joined(*parts)
    return f"{path}?{query}" if query else path


def article_path(article_id: str) -> str:
    """Return the path of an article's page.

    Example:
        >>> article_path("a/b")
        '/article/a%2Fb'
    """
    return f"/article/{quote(article_id, safe='')}"

"""Parameters: reads the query string of a request into a checked form.

An unknown parameter is an error that names it, never ignored: a link with a typing mistake
must not show a wider search than the reader expects. An empty parameter counts as absent.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import get_args

from marsad.indexer.engine.request import Interval
from marsad.indexer.fields import FACETS
from marsad.indexer.query.strictness import STRICTNESSES, SWITCHES, MatchRule, Strictness
from marsad.webui.request.forms import (
    CALENDARS,
    DIGITS,
    ENDS,
    FACET_SIZES,
    PAGE_SIZES,
    SORTS,
    TIMELINES,
    DateKind,
    FormError,
    SearchForm,
)

LONGEST_QUERY = 2_000
LONGEST_VALUE = 500
MOST_PARAMETERS = 200
_LONGEST_NUMBER = 6
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
_KINDS = {"filter": "include", "exclude": "exclude", "empty": "missing"}
# An article without a year has no date at all, so the facet of years finds the undated ones.
_ALIASES = {"published": "published_year", "event": "event_year"}


def read_form(arguments: Iterable[tuple[str, str]], languages: Iterable[str]) -> SearchForm:
    """Return the form that the parameters of a URL describe.

    Args:
        arguments: Pairs of parameter and value, in the order of the URL.
        languages: The codes that `lang` may have.

    Raises:
        FormError: a parameter is unknown, its value is not allowed, or it has two values.
    """
    given = list(arguments)
    if len(given) > MOST_PARAMETERS:
        found = f"{len(given)} parameters"
        raise FormError("*", found, f"at most {MOST_PARAMETERS}")
    form, codes = SearchForm(), tuple(languages)
    seen: dict[str, str] = {}
    for name, raw in given:
        value = without_controls(raw)
        # A browser sends an empty field of a form as an empty parameter.
        if not value:
            continue
        if not _may_repeat(name) and seen.setdefault(name, value) != value:
            raise FormError(name, f"{seen[name]} and {value}", "one value")
        form = _with(form, name, value, codes)
    # Both raise for a wrong date, so that it is an error also where dates are not used.
    form.dates()
    form.events()
    return form


def without_controls(value: str) -> str:
    r"""Return *value* with control characters as spaces, and without spaces at both ends.

    Example:
        >>> without_controls("\x00هدنة\x0bغزة\n")
        'هدنة غزة'
    """
    return _CONTROLS.sub(" ", value).strip()


def single(arguments: Iterable[tuple[str, str]], name: str) -> str:
    """Return the value of one parameter unchanged, empty if it is absent.

    Raises:
        FormError: the parameter has several different values.
    """
    values = list(dict.fromkeys(value for given, value in arguments if given == name and value))
    if len(values) > 1:
        raise FormError(name, f"{values[0]} and {values[1]}", "one value")
    return values[0] if values else ""


def _may_repeat(name: str) -> bool:
    kind, _, facet = name.partition(":")
    return name in ("off", "not_lemma") or (kind in ("filter", "exclude") and facet in FACETS)


def _with(form: SearchForm, name: str, value: str, languages: tuple[str, ...]) -> SearchForm:
    longest = LONGEST_QUERY if name == "q" else LONGEST_VALUE
    if len(value) > longest:
        raise FormError(name, f"{len(value)} characters", f"at most {longest}")
    if name in ENDS:
        # `with_end` goes back to page 1, but the parameter `page` may have been read already.
        return replace(form.with_end(name, value), page=form.page)
    if name in ("lang", "digits", "calendar"):
        return _with_display(form, name, value, languages)
    if name in ("any", "collapse", "match", "off"):
        return _with_matching(form, name, value)
    match name:
        case "q":
            return replace(form, q=value)
        case "not_lemma":
            known = value in form.not_lemmas
            return form if known else replace(form.lemma_toggled(value), page=form.page)
        case "sort":
            return replace(form, sort=_one_of(name, value, tuple(SORTS)))
        case "timeline":
            return replace(form, timeline=_timeline(name, value))
        case "page":
            return replace(form, page=_number(name, value))
        case "at":
            return replace(form, at=_number(name, value))
        case "per_page":
            size = _one_of(name, value, tuple(str(size) for size in PAGE_SIZES))
            return replace(form, per_page=int(size))
        case _:
            return _with_facet(form, name, value)


def _with_display(
    form: SearchForm, name: str, value: str, languages: tuple[str, ...]
) -> SearchForm:
    match name:
        case "lang":
            return replace(form, lang=_one_of(name, value, languages))
        case "digits":
            return replace(form, digits=_one_of(name, value, DIGITS))
        case _:
            return replace(form, calendar=_one_of(name, value, CALENDARS))


def _with_matching(form: SearchForm, name: str, value: str) -> SearchForm:
    match name:
        case "any":
            return replace(form, any_word=_one_of(name, value, ("1", "0")) == "1")
        case "collapse":
            return replace(form, collapse=_one_of(name, value, ("1", "0")) == "1")
        case "match":
            levels: dict[str, Strictness] = {level: level for level in STRICTNESSES}
            return replace(form, match=levels[_one_of(name, value, tuple(levels))])
        case _:
            rules: dict[str, MatchRule] = {rule: rule for rule in SWITCHES}
            rule = rules[_one_of(name, value, tuple(rules))]
            return form if rule in form.off else replace(form.rule_toggled(rule), page=form.page)


def _with_facet(form: SearchForm, name: str, value: str) -> SearchForm:
    kind, colon, facet = name.partition(":")
    if not colon or (kind not in _KINDS and kind not in ("facet_size", "facet_interval")):
        raise FormError(name, name, "a parameter of this page")
    if kind == "facet_interval":
        timeline = _timeline(name, facet)
        return replace(form, timeline=timeline, interval=_interval(name, value))
    if kind == "empty":
        facet, value = _ALIASES.get(facet, facet), _one_of(name, value, ("true",))
    if facet not in FACETS:
        raise FormError(name, facet, f"one of {', '.join(FACETS)}")
    if kind == "facet_size":
        return form.with_facet_size(facet, int(_one_of(name, value, tuple(map(str, FACET_SIZES)))))
    choice = (_KINDS[kind], facet, value)
    return form if choice in form.choices else replace(form, choices=(*form.choices, choice))


def _timeline(name: str, value: str) -> DateKind:
    known: dict[str, DateKind] = {timeline: timeline for timeline in TIMELINES}
    return known[_one_of(name, value, tuple(known))]


def _interval(name: str, value: str) -> Interval:
    known: dict[str, Interval] = {interval: interval for interval in get_args(Interval)}
    return known[_one_of(name, value, tuple(known))]


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise FormError(name, value, f"one of {', '.join(allowed)}")
    return value


def _number(name: str, value: str) -> int:
    # `int` alone would take "٣" and " 3", and digits enough to take long.
    if not (
        value.isascii() and value.isdigit() and len(value) <= _LONGEST_NUMBER and int(value) >= 1
    ):
        raise FormError(name, value, "a whole number from 1")
    return int(value)

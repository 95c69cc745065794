"""Broader searches: when a search finds few articles, offers searches that find more.

form, total -> [broader_links] -> links on the results page
form, total -> [any_word] -> the offer of the API

An offer is a link with its exact count. The search itself is never relaxed in silence.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from marsad.indexer.query.parse import Parsed
from marsad.indexer.query.strictness import STRICTNESSES
from marsad.indexer.search.any_word import FEW
from marsad.webui.i18n.catalogue import Catalogue
from marsad.webui.request.forms import SearchForm
from marsad.webui.request.links import Link
from marsad.webui.state.backend import Backend, search_request


@dataclass(frozen=True, slots=True)
class BroaderSearch:
    """A search that finds more articles, and their number."""

    form: SearchForm
    total: int


def any_word(backend: Backend, form: SearchForm, total: int) -> BroaderSearch | None:
    """Return the search for any of the words of *form*.

    Args:
        backend: Counts the articles.
        form: A search for all of its words.
        total: The number of articles that it found.

    Returns:
        None if *form* found enough articles, searches for any word already, or would find no
        more articles that way.
    """
    if total > FEW or form.any_word or not form.q.strip():
        return None
    broader = replace(form, any_word=True, page=1)
    found = _count(backend, broader, backend.parse_query(broader))
    return BroaderSearch(broader, found) if found > total else None


def broader_links(
    backend: Backend, form: SearchForm, parsed: Parsed, total: int, t: Catalogue
) -> Iterator[Link]:
    """Yield links to broader searches with their counts, if *form* found few articles.

    Args:
        backend: Counts the articles.
        form: The search.
        parsed: The parsed query of *form*.
        total: The number of articles that *form* found.
        t: The catalogue of the page.
    """
    if total > FEW:
        return
    tries = []
    if form.is_narrowed():
        tries.append(("broader_unfiltered", form.without_filters()))
    if form.q and not form.any_word:
        tries.append(("broader_any", replace(form, any_word=True, page=1)))
        tries.append(("broader_any_unfiltered", replace(form.without_filters(), any_word=True)))
    # A looser level is offered with all of its rules on, so that it finds the most.
    looser = STRICTNESSES[STRICTNESSES.index(form.match) + 1 :] if form.q else ()
    tries += [(f"match_{level}", replace(form, match=level, off=(), page=1)) for level in looser]
    seen = {form.url()}
    # A search with the count of an earlier one most likely finds the same articles: no offer.
    counts = {total}
    # Filters do not change how a query is read, so searches that differ in them share one parse.
    readings = {_reading_key(form): parsed}
    for key, broader in tries:
        if broader.url() in seen:
            continue
        seen.add(broader.url())
        reading = _reading_key(broader)
        if reading not in readings:
            readings[reading] = backend.parse_query(broader)
        count = _count(backend, broader, readings[reading])
        if count and count not in counts:
            counts.add(count)
            yield Link(f"{t(key)} ({t.count('articles', count)})", broader.url())


def _reading_key(form: SearchForm) -> tuple[object, ...]:
    """Return the attributes that `Backend.parse_query` reads: equal keys have equal results."""
    return form.q, form.any_word, form.match, form.off, form.not_lemmas


def _count(backend: Backend, form: SearchForm, parsed: Parsed) -> int:
    return backend.engine.search(replace(search_request(form, parsed), offset=0, limit=0)).total

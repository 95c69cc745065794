"""Wider: the searches that find more where one finds few, each with how much; none is made unasked.

form, total -> [wider_links] -> links of the page
form, total -> [any_word] -> what the API offers
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from marsad.indexer.engine.request import SearchRequest
from marsad.indexer.query.strictness import STRICTNESSES
from marsad.indexer.search.any_word import FEW
from marsad.webui.i18n.catalogue import Catalogue
from marsad.webui.request.forms import SearchForm
from marsad.webui.request.links import Link
from marsad.webui.state.site import Site, search_request


@dataclass(frozen=True, slots=True)
class Wider:
    """A search that finds more, and how many articles it finds."""

    form: SearchForm
    total: int


def any_word(site: Site, form: SearchForm, total: int) -> Wider | None:
    """Return the search for any of the words where *form*'s, for all, found *total*: few.

    None where it found enough, has any already, or any finds no more.
    """
    if total > FEW or form.any_word or not form.q.strip():
        return None
    some = replace(form, any_word=True, page=1)
    found = site.engine.search(_count(site, some)).total
    return Wider(some, found) if found > total else None


def wider_links(site: Site, form: SearchForm, total: int, t: Catalogue) -> Iterator[Link]:
    """Yield links to searches that find more, each with how much, where *total* is few."""
    if total > FEW:
        return
    tries = []
    if form.is_narrowed():
        tries.append(("wider_unfiltered", form.bare()))
    if form.q and not form.any_word:
        tries.append(("wider_any", replace(form, any_word=True, page=1)))
        tries.append(("wider_any_unfiltered", replace(form.bare(), any_word=True)))
    looser = STRICTNESSES[STRICTNESSES.index(form.match) + 1 :] if form.q else ()
    tries += [(f"match_{level}", replace(form, match=level, off=(), page=1)) for level in looser]
    seen = {form.url()}
    counts = {site.engine.search(_count(site, form)).total}
    for key, wider in tries:
        if wider.url() in seen:
            continue
        seen.add(wider.url())
        count = site.engine.search(_count(site, wider)).total
        if count and count not in counts:
            counts.add(count)
            yield Link(f"{t(key)} ({t.count('articles', count)})", wider.url())


def _count(site: Site, form: SearchForm) -> SearchRequest:
    return replace(search_request(form, site.understood(form)), offset=0, limit=0)

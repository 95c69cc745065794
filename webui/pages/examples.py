"""Examples: queries that show what can be typed; those of the first page find something.

A corpus that has nothing of ours gets examples of its own, from what its articles name most.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from marsad.indexer.engine.request import FacetRequest
from marsad.webui.request.forms import SearchForm
from marsad.webui.state.site import CorpusCard, Site, search_request

EXAMPLES = (
    ("help_words", "باكو يريفان"),
    ("help_phrase", "«قوات حفظ السلام»"),
    ("help_or", "هدنة أو معاهدة"),
    ("help_not", "هدنة -غزة"),
    ("help_prefix", "كارابا*"),
    ("help_pattern", "كار?باخ"),
    ("help_near", '"قوات السلام"~3'),
    ("help_near_any", "هدنة قرب/5 غزة"),
    ("help_sentence", "هدنة قرب/جملة غزة"),
    ("help_often", "تكرار3(هدنة)"),
    ("help_lead_field", "مطلع:هدنة"),
    ("help_exact", "=القوات"),
    ("help_root", "√كتب"),
    ("help_field", "شخص:علييف"),
    ("help_entity", "كيان:كاراباخ"),
    ("help_title", "عنوان:هدنة"),
    ("help_group", "عنوان:(هدنة أو معاهدة)"),
    ("help_date", "تاريخ:2020..2021-06"),
    ("help_event", "حدث:2020-11"),
    ("help_question", "متى وقعت الهدنة؟"),
)
_QUERIES = dict(EXAMPLES)
_ON_HOME = ("words", "phrase", "or", "not", "field", "event")
_NAMED = ("person", "place", "organisation")


@dataclass(frozen=True, slots=True)
class Example:
    """A query of the first page, what it shows (`words`, `phrase`, ...), what it finds."""

    kind: str
    query: str
    count: int


@lru_cache(maxsize=2)
def fruitful(site: Site, card: CorpusCard) -> tuple[Example, ...]:
    """Return examples that find something in the state of the index that *card* is of."""
    own = dict(_own(site, card))
    found = []
    for kind in _ON_HOME:
        for query in (_QUERIES[f"help_{kind}"], own.get(kind, "")):
            count = _count(site, query) if query else 0
            if count:
                found.append(Example(kind, query, count))
                break
    return tuple(found)


def _own(site: Site, card: CorpusCard) -> Iterator[tuple[str, str]]:
    """Yield a query of each kind from the names that the articles have most."""
    facets = tuple(FacetRequest(name, 2) for name in _NAMED)
    asked = replace(search_request(SearchForm(), site.understood(SearchForm())), limit=0)
    result = site.engine.search(replace(asked, facets=facets))
    named = {
        counts.field: [
            site.gazetteer.label(value, "ar").split(" / ")[0] for value, _ in counts.values
        ]
        for counts in result.facets
    }
    if named["place"][1:]:
        first, second = named["place"]
        yield "words", f"{first} {second}"
        yield "or", f"{first} أو {second}"
        yield "not", f'{first} -"{second}"'
    for name in named["organisation"][:1]:
        yield "phrase", f"«{name}»"
    for name in named["person"][:1]:
        yield "field", f'شخص:"{name}"'
    if card.last:
        yield "event", f"حدث:{card.last:%Y-%m}"


def _count(site: Site, query: str) -> int:
    form = SearchForm(q=query)
    asked = search_request(form, site.understood(form))
    return site.engine.search(replace(asked, limit=0)).total

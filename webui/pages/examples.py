"""Examples: queries that show the query language, for the help page and the first page.

The first page shows only examples that find something. If a query of EXAMPLES finds nothing
in a corpus, a query made from the most frequent names of that corpus takes its place.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from marsad.indexer.engine.request import FacetRequest
from marsad.webui.request.forms import SearchForm
from marsad.webui.state.backend import Backend, CorpusSummary, search_request

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
    """A query of the first page: the feature it shows (`words`, `phrase`, ...) and its hits."""

    kind: str
    query: str
    count: int


# A dozen searches. The summary changes with each commit, and so the examples are counted anew.
@lru_cache(maxsize=2)
def examples_with_hits(backend: Backend, summary: CorpusSummary) -> tuple[Example, ...]:
    """Return one example of each kind that finds articles in the corpus of *summary*."""
    from_names = dict(_queries_from_names(backend, summary))
    found = []
    for kind in _ON_HOME:
        for query in (_QUERIES[f"help_{kind}"], from_names.get(kind, "")):
            count = _count(backend, query) if query else 0
            if count:
                found.append(Example(kind, query, count))
                break
    return tuple(found)


def _queries_from_names(backend: Backend, summary: CorpusSummary) -> Iterator[tuple[str, str]]:
    """Yield pairs of kind and query, made from the most frequent names of the corpus."""
    facets = tuple(FacetRequest(name, 2) for name in _NAMED)
    request = replace(search_request(SearchForm(), backend.parse_query(SearchForm())), limit=0)
    result = backend.engine.search(replace(request, facets=facets))
    # A label may give two names, such as "قره باغ / كاراباخ"; one is enough for a query.
    named = {
        counts.field: [
            backend.gazetteer.label(value, "ar").split(" / ")[0] for value, _ in counts.values
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
    if summary.last:
        yield "event", f"حدث:{summary.last:%Y-%m}"


def _count(backend: Backend, query: str) -> int:
    form = SearchForm(q=query)
    request = search_request(form, backend.parse_query(form))
    return backend.engine.search(replace(request, limit=0)).total

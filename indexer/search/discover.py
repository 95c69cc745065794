"""Discover: names that articles have often and no list has.

index -> [discover] -> rows of an authority file, to be corrected by a person
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from marsad.indexer.build.document import load_stored
from marsad.indexer.engine.request import SearchRequest
from marsad.indexer.engine.seam import Engine
from marsad.indexer.extract.entities.authority import COLUMNS, REVIEW_COLUMNS
from marsad.indexer.extract.entities.gazetteer import Gazetteer, name_key
from marsad.indexer.extract.entities.phonetic import PhoneticIndex
from marsad.indexer.extract.mentions import UNLISTED, EntityClass

_CONTEXTS = 3
_AROUND = 40
_SOURCE = "found by marsad entities discover"


@dataclass(slots=True)
class Candidate:
    """A name that no list has: its printed forms, classes, articles and some contexts."""

    id: str
    articles: int = 0
    forms: Counter[str] = field(default_factory=Counter)
    kinds: Counter[EntityClass] = field(default_factory=Counter)
    contexts: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, ...]:
        """The folded words of the name."""
        return tuple(self.id.removeprefix(UNLISTED).split("_"))

    @property
    def kind(self) -> EntityClass:
        """The class it was most often found as."""
        return self.kinds.most_common(1)[0][0]


def discover(engine: Engine, least: int = 5) -> list[Candidate]:
    """Return the unlisted names of at least *least* articles, the most frequent first."""
    found: dict[str, Candidate] = {}
    for hit in engine.walk(SearchRequest()):
        stored = load_stored(hit.stored)
        seen: set[str] = set()
        for mention in stored.extracted.entities:
            if not mention.id.startswith(UNLISTED) or not mention.is_facet or mention.inferred:
                continue
            text = stored.article.title if mention.field == "title" else stored.article.text
            candidate = found.setdefault(mention.id, Candidate(mention.id))
            candidate.forms[" ".join(text[mention.start : mention.end].split())] += 1
            candidate.kinds[mention.type] += 1
            if mention.id not in seen and len(candidate.contexts) < _CONTEXTS:
                around = text[max(0, mention.start - _AROUND) : mention.end + _AROUND]
                candidate.contexts.append(" ".join(around.split()))
            seen.add(mention.id)
        for entity_id in seen:
            found[entity_id].articles += 1
    frequent = [candidate for candidate in found.values() if candidate.articles >= least]
    return sorted(frequent, key=lambda c: (-c.articles, c.id))


def candidate_rows(candidates: Iterable[Candidate], gazetteer: Gazetteer) -> Iterator[str]:
    """Yield the lines of an authority file of candidates, its header first."""
    sounds = PhoneticIndex(gazetteer)
    yield _line([*COLUMNS, *REVIEW_COLUMNS])
    for candidate in candidates:
        forms = [form for form, _ in candidate.forms.most_common()]
        likely = sounds.likely(candidate.key, candidate.kind)
        cells = {
            "id": "-".join(candidate.key),
            "class": candidate.kind,
            "ar": forms[0],
            "aliases": "|".join(_distinct(forms)[1:]),
            "source": _SOURCE,
            "articles": str(candidate.articles),
            "variant_of": "|".join(likely),
            "context": " … ".join(candidate.contexts),
        }
        yield _line([cells.get(column, "") for column in (*COLUMNS, *REVIEW_COLUMNS)])


def _distinct(forms: list[str]) -> list[str]:
    """Return the forms without those that fold to an earlier one."""
    from_key: dict[tuple[str, ...], str] = {}
    for form in forms:
        from_key.setdefault(name_key(form), form)
    return list(from_key.values())


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()

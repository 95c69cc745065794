"""Discover: frequent names that are in no list of names.

index -> [discover] -> candidates -> rows of an authority file, which a person corrects
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from marsad.indexer.build.document import load_hit
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
    """A name that is in no list.

    Attributes:
        id: The id of the unlisted name: `~` and its folded words.
        articles: How many articles have it.
        forms: How often each printed form occurs.
        kinds: How often it was tagged with each class.
        contexts: Up to three stretches of text around it.
    """

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
        """The class that it was most often tagged with."""
        return self.kinds.most_common(1)[0][0]


def discover(engine: Engine, least: int = 5) -> list[Candidate]:
    """Return the unlisted names that at least *least* articles have, the most frequent first.

    This reads every article of the index.
    """
    found: dict[str, Candidate] = {}
    for hit in engine.walk(SearchRequest()):
        stored = load_hit(hit)
        seen: set[str] = set()
        for mention in stored.extracted.entities:
            # An inferred mention is not printed there, so it would show no form of the name.
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
    """Yield the CSV lines of an authority file with these candidates, the header first.

    The column `variant_of` has the listed names that sound alike, for the person who decides.
    """
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
    """Return the forms, leaving out each one that folds to the same words as an earlier form."""
    from_key: dict[tuple[str, ...], str] = {}
    for form in forms:
        from_key.setdefault(name_key(form), form)
    return list(from_key.values())


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()

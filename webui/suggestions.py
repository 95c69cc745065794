"""Suggestions: names that complete what is being typed, whatever clitic is written before.

Names are compared folded: علي finds إلهام علييف, وباك finds باكو, ali finds Aliyev. What the
index speaks of more comes first, and what it does not speak of is not offered.
"""

import threading
from bisect import bisect_left
from dataclasses import dataclass

from indexer.analysis.clitics import bare_forms, without_article
from indexer.engine import FacetRequest, SearchRequest
from indexer.extract.entities.gazetteer import name_key
from indexer.fields import ENTITY_FACETS
from webui.site import Site

MOST = 8
_EVERY_VALUE = 20_000
_SHORTEST = 2
_MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name to search for, the class and id of its entity, and how many articles name it."""

    text: str
    facet: str
    id: str
    count: int


class Suggester:
    """Completes names of entities; what it knows follows the newest state of the index."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._lock = threading.Lock()
        self._generation = -1
        self._keys: list[str] = []
        self._owners: list[str] = []
        self._counts: dict[str, int] = {}

    def suggest(self, typed: str, lang: str, most: int = MOST) -> tuple[Suggestion, ...]:
        """Return what the last word or words of *typed* may become, the commonest first."""
        self._refresh()
        known = self._site.gazetteer.by_id
        found: dict[str, None] = {}
        before = ""
        for kept, wanted in _tails(typed):
            found = dict.fromkeys(self._starting(wanted))
            if found:
                before = kept
                break
        ranked = sorted(found, key=lambda owner: (-self._counts[owner], owner))[:most]
        return tuple(
            Suggestion(
                before + known[owner].label(lang), known[owner].type, owner, self._counts[owner]
            )
            for owner in ranked
        )

    def _starting(self, wanted: str) -> list[str]:
        at = bisect_left(self._keys, wanted)
        owners = []
        while at < len(self._keys) and self._keys[at].startswith(wanted):
            owners.append(self._owners[at])
            at += 1
        return owners

    def _refresh(self) -> None:
        generation = self._site.generation()
        with self._lock:
            if generation == self._generation:
                return
            facets = tuple(FacetRequest(name, _EVERY_VALUE) for name in ENTITY_FACETS)
            result = self._site.engine.search(SearchRequest(limit=0, facets=facets))
            self._counts = {value: n for counts in result.facets for value, n in counts.values}
            pairs = set()
            for key, entity in self._site.gazetteer.by_name.items():
                if entity.id in self._counts:
                    for start in range(len(key)):
                        words = (without_article(key[start]), *key[start + 1 :])
                        pairs.add((" ".join(words).lower(), entity.id))
            ordered = sorted(pairs)
            self._keys = [key for key, _ in ordered]
            self._owners = [owner for _, owner in ordered]
            self._generation = generation


def _tails(typed: str) -> list[tuple[str, str]]:
    """Return the endings of *typed* that may begin a name, each with what stands before it.

    The longest is the first; those with a clitic taken off come last.
    """
    words = typed.split()
    plain: list[tuple[str, str]] = []
    bared: list[tuple[str, str]] = []
    for at in range(max(0, len(words) - _MOST_WORDS), len(words)):
        before = "".join(f"{word} " for word in words[:at])
        key = name_key(" ".join(words[at:]))
        if not key:
            continue
        for taken, word in bare_forms(key[0]):
            tail = " ".join((without_article(word), *key[1:])).lower()
            if len(tail) >= _SHORTEST:
                (bared if taken else plain).append((before, tail))
    return plain + bared

"""Matches: the tokens of a document that match a query, and their offsets in its text."""

from bisect import bisect_right

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.engine.request import Match
from marsad.indexer.fields import STARTS_OF, index_field
from marsad.indexer.query.tree import Chain, Lead, Node, Phrase, Prefix, Spot, Term, Wildcard
from marsad.indexer.segments.evaluate import fitting_terms
from marsad.indexer.segments.kernels.positions import places_of_terms, positions_in, token_starts
from marsad.indexer.segments.ranking import required_leaves_of
from marsad.indexer.segments.segment import Segment, term_key
from marsad.indexer.segments.spots import SpotFinder, terms_of

_WITH_STARTS = frozenset(index_field(STARTS_OF, level) for level in STARTS_OF.levels)


class MatchFinder:
    """Finds the tokens that match a tree, in some fields of the documents of one segment.

    A word of a phrase, chain or lead matches only as part of a whole phrase, chain or lead.
    """

    def __init__(self, segment: Segment, tree: Node, fields: tuple[str, ...]) -> None:
        self._segment = segment
        self._fields: list[tuple[str, NDArray[np.int64], list[Phrase], list[Chain | Lead]]] = []
        for field in fields:
            terms = [np.empty(0, np.int64)]
            phrases: dict[Phrase, None] = {}
            placed: dict[Chain | Lead, None] = {}
            for leaf in required_leaves_of(tree):
                if isinstance(leaf, Chain | Lead):
                    if field in {spot.field for spot in _spots(leaf)}:
                        placed[leaf] = None
                    continue
                if leaf.field != field:
                    continue
                match leaf:
                    case Term():
                        terms.append(np.array([segment.find_term(field, leaf.text)], np.int64))
                    case Phrase():
                        phrases[leaf] = None
                    case Prefix():
                        first, end = segment.prefix_range(term_key(field, leaf.text))
                        terms.append(np.arange(first, end))
                    case Wildcard():
                        terms.append(fitting_terms(segment, leaf))
            wanted = np.unique(np.concatenate(terms))
            self._fields.append((field, wanted[wanted >= 0], list(phrases), list(placed)))

    def find(self, doc: int, coded: NDArray[np.uint8]) -> tuple[Match, ...]:
        """Return the matches of a document.

        Args:
            doc: The number of the document in the segment.
            coded: Its token starts, coded as `store` says; empty where offsets are not wanted.
        """
        found: list[Match] = []
        for field, terms, phrases, placed in self._fields:
            known: dict[int, str] = {}
            if len(terms):
                places, numbers = places_of_terms(self._segment.postings, terms, doc)
                for place, number in zip(places.tolist(), numbers.tolist(), strict=True):
                    known[place] = self._segment.text_of(number)
            for phrase in phrases:
                known |= self._phrase_places(phrase, doc)
            for leaf in placed:
                known |= self._spot_places(leaf, field, doc)
            if not known:
                continue
            if field in _WITH_STARTS and len(coded):
                starts = token_starts(coded, max(known) + 1)
                found += [Match(field, at, int(starts[at]), known[at]) for at in sorted(known)]
            else:
                found += [Match(field, at, -1, known[at]) for at in sorted(known)]
        return tuple(found)

    def _spot_places(self, leaf: Chain | Lead, field: str, doc: int) -> dict[int, str]:
        finder = SpotFinder(self._segment, np.array([doc], np.int64))
        found = finder.chained(leaf) if isinstance(leaf, Chain) else [finder.leading(leaf)]
        spots = _spots(leaf)
        places: set[int] = set()
        for spot, spans in zip(spots, found, strict=True):
            if spot.field == field:
                for first, last in zip(spans.begins.tolist(), spans.ends.tolist(), strict=True):
                    places.update(range(first, last + 1))
        terms = {text: finder.places(field, text) for of, text in terms_of(spots) if of == field}
        return {at: text for text, own in terms.items() for at in own if at in places}

    def _phrase_places(self, phrase: Phrase, doc: int) -> dict[int, str]:
        segment = self._segment
        places = [
            positions_in(
                segment.postings, *segment.runs(segment.find_term(phrase.field, term)), doc
            ).tolist()
            for term in phrase.terms
        ]
        reach = len(places) - 1 + phrase.slop
        found: dict[int, str] = {}
        for first in places[0] if places else ():
            chain = [first]
            for own in places[1:]:
                after = bisect_right(own, chain[-1])
                if after == len(own) or own[after] - first > reach:
                    break
                chain.append(own[after])
            else:
                found |= dict(zip(chain, phrase.terms, strict=True))
        return found


def _spots(leaf: Chain | Lead) -> tuple[Spot, ...]:
    return leaf.spots if isinstance(leaf, Chain) else (leaf.spot,)

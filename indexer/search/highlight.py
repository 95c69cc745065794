"""Highlight: finds the words of a text that match a query, so that they can be marked.

    query tree -> [highlight_query] -> HighlightQuery
    HighlightQuery, text -> [find_highlights] -> highlights

A highlight covers whole words of the original text, with their clitics and diacritics.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import translate
from typing import NamedTuple

from marsad.indexer.analysis.analyzer import Analyzer
from marsad.indexer.analysis.folding import fold, printed
from marsad.indexer.analysis.joined import split_joined
from marsad.indexer.analysis.sentences import NO_BREAKS, breaks_of
from marsad.indexer.analysis.token import Token
from marsad.indexer.analysis.tokenizer import find_printed, known_surfaces_of
from marsad.indexer.fields import STARTS_OF, Level
from marsad.indexer.query.chains import linked, opening_terms, places_of, spots_of
from marsad.indexer.query.tree import (
    And,
    AndMaybe,
    Chain,
    Keyword,
    Lead,
    Node,
    Or,
    Phrase,
    Prefix,
    Term,
    Wildcard,
)

_LEVELS: dict[str, Level] = {
    "surface": "surface",
    "stem": "stem",
    "root": "root",
    "exact": "exact",
}


@dataclass(slots=True)
class HighlightQuery:
    """The parts of a query that can be highlighted in one text field.

    Attributes:
        terms: The terms of each level.
        prefixes: Starts of folded words.
        patterns: Patterns of folded words, with `*` and `?`.
        phrases: Phrases, with the level of their terms.
        positional: Words that count only near others or at the start of the text.
        entities: The ids of entities.
        has_sentences: Whether the field is split into sentences; if not, it counts as one.
    """

    terms: dict[Level, set[str]] = field(default_factory=dict)
    prefixes: set[str] = field(default_factory=set)
    patterns: set[str] = field(default_factory=set)
    phrases: set[tuple[Phrase, Level]] = field(default_factory=set)
    positional: set[Chain | Lead] = field(default_factory=set)
    entities: set[str] = field(default_factory=set)
    has_sentences: bool = False


class Highlight(NamedTuple):
    """A stretch of a text that matches a query: one word or phrase.

    Attributes:
        start: Where it starts, in code points.
        end: Where it ends.
        key: Tells query words apart: equal keys are of one query word.
        name: Whether it is a name of an entity.
    """

    start: int
    end: int
    key: str
    name: bool = False


def highlight_query(node: Node, field_name: str) -> HighlightQuery:
    """Return the parts of a query tree that can be highlighted in `title` or `body`.

    Excluded words (Not) are left out, and so are optional ones: they only change the order of
    hits.
    """
    query = HighlightQuery(has_sentences=field_name == STARTS_OF.name)
    _collect(node, field_name, query)
    return query


def _collect(node: Node, field_name: str, query: HighlightQuery) -> None:
    """Add the parts of *node* to *query*."""
    match node:
        case And() | Or():
            for child in node.children:
                _collect(child, field_name, query)
        case AndMaybe():
            _collect(node.required, field_name, query)
        case Keyword():
            query.entities.add(node.value)
        case Chain() | Lead():
            if any(spot.field.partition("_")[0] == field_name for spot in spots_of(node)):
                query.positional.add(node)
        case Term() | Prefix() | Phrase() | Wildcard():
            name, _, level = node.field.partition("_")
            if name == field_name:
                _collect_leaf(node, _LEVELS[level], query)
        case _:
            pass


def _collect_leaf(
    node: Term | Prefix | Phrase | Wildcard, level: Level, query: HighlightQuery
) -> None:
    match node:
        case Term():
            query.terms.setdefault(level, set()).add(node.text)
        case Prefix():
            query.prefixes.add(node.text)
        case Wildcard():
            query.patterns.add(node.pattern)
        case Phrase():
            query.phrases.add((node, level))


def find_highlights(
    text: str,
    query: HighlightQuery,
    analyzer: Analyzer,
    entities: Sequence[tuple[int, int, str]] = (),
) -> tuple[Highlight, ...]:
    """Return the highlights of *text*, in order, without overlaps.

    Args:
        text: The original text of one field.
        query: The parts of the query for this field, from `highlight_query`.
        analyzer: The analyzer that the index was built with.
        entities: `(start, end, id)` of each entity mention in the text.
    """
    return Highlighter(query, analyzer).find(text, entities)


_NOTHING = (None, False)


class Highlighter:
    """Finds the highlights of many texts for one query.

    It remembers each printed word that it has seen, so it is made once for a page of hits.
    """

    def __init__(self, query: HighlightQuery, analyzer: Analyzer) -> None:
        self._query, self._analyzer = query, analyzer
        self._patterns = [(pattern, _compiled(pattern)) for pattern in query.patterns]
        # The terms that a phrase can start with. A text without any of them has no phrase, and
        # need not be analyzed as a whole.
        self._openings = [(p.terms[0], level) for p, level in query.phrases if p.terms]
        for node in query.positional:
            self._openings += opening_terms(spots_of(node)[:1])
        self._surfaces, self._stems, self._roots = self._terms()
        self._starts = [compiled for _, compiled in self._patterns]
        self._starts += [re.compile(re.escape(prefix)) for prefix in query.prefixes]
        self._memo: dict[str, tuple[Highlight | None, bool]] = {}

    def find(
        self, text: str, entities: Sequence[tuple[int, int, str]] = ()
    ) -> tuple[Highlight, ...]:
        """Return the highlights of *text*, see `find_highlights`."""
        found: list[Highlight] = []
        has_opening = False
        for match in find_printed(text):
            word = match[0]
            highlight, opens = self._memo.get(word) or self._look(word)
            has_opening = has_opening or opens
            if highlight:
                # The one in the memo has offsets into the word.
                start = match.start()
                found.append(Highlight(start, start + highlight.end, highlight.key, highlight.name))
        if has_opening:
            tokens = self._analyzer.analyze(text)
            for phrase, level in self._query.phrases:
                found += _phrase_highlights(tokens, phrase, level)
            found += self._positional_highlights(text, tokens)
        for start, end, entity_id in entities:
            if entity_id in self._query.entities:
                found.append(Highlight(start, end, entity_id, name=True))
        return _without_overlaps(found)

    def _positional_highlights(self, text: str, tokens: Sequence[Token]) -> Iterator[Highlight]:
        """Yield the words that are near each other, or in the lead, as the query asks."""
        if not self._query.positional:
            return
        breaks = NO_BREAKS
        if self._query.has_sentences:
            breaks = breaks_of(text, [token.start for token in tokens])
        for node in self._query.positional:
            places = [places_of(spot, tokens) for spot in spots_of(node)]
            if isinstance(node, Chain):
                places = linked(places, node.links, breaks)
            else:
                places = [[span for span in places[0] if span[1] < node.words]]
            for spans in places:
                for first, last in spans:
                    key = " ".join(token.stem for token in tokens[first : last + 1])
                    yield Highlight(tokens[first].start, tokens[last].end, key)

    def _look(self, word: str) -> tuple[Highlight | None, bool]:
        """Return the highlight of a printed word alone, and whether a phrase can start with it.

        The result is remembered.
        """
        if not self._may_match(word):
            return self._memo.setdefault(word, _NOTHING)
        tokens = self._analyzer.analyze(word)
        highlights = (_word_highlight(token, self._query, self._patterns) for token in tokens)
        opens = any(t.term(level) == term for t in tokens for term, level in self._openings)
        return self._memo.setdefault(word, (next(filter(None, highlights), None), opens))

    def _terms(self) -> tuple[set[str], set[str], set[str]]:
        """Return the surfaces, stems and roots that a matching word can have.

        Terms of the exact level are folded and put among the surfaces: `_may_match` need not be
        exact, only quick and never wrong about a word that matches.
        """
        words: dict[Level, set[str]] = {"surface": set(), "stem": set(), "root": set()}
        for level, terms in (*self._query.terms.items(), *((v, {t}) for t, v in self._openings)):
            if level == "exact":
                words["surface"].update(map(fold, terms))
            else:
                words[level].update(terms)
        return words["surface"], words["stem"], words["root"]

    def _may_match(self, word: str) -> bool:
        """Tell whether a printed word can match at all; most words cannot, and end here."""
        surfaces = split_joined(known_surfaces_of(word))
        exact = printed(word) if len(surfaces) == 1 else ""
        for surface in surfaces:
            stem, root, *_ = self._analyzer.read(exact or surface, surface)
            if surface in self._surfaces or stem in self._stems or root in self._roots:
                return True
            if self._starts and any(compiled.match(surface) for compiled in self._starts):
                return True
        return False


def _compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern with `*` and `?` as a regular expression."""
    # fnmatch compiles a star to a group that is never entered again (no backtracking), so a
    # hostile pattern cannot take exponential time.
    return re.compile(translate(pattern.replace("[", "[[]")))


def _word_highlight(
    token: Token, query: HighlightQuery, patterns: Sequence[tuple[str, re.Pattern[str]]]
) -> Highlight | None:
    """Return the highlight of one token by its terms, prefixes or patterns."""
    if any(token.term(level) in terms for level, terms in query.terms.items()):
        return Highlight(token.start, token.end, token.stem, name=token.rule == "name")
    for prefix in query.prefixes:
        if token.surface.startswith(prefix):
            return Highlight(token.start, token.end, f"{prefix}*")
    for pattern, compiled in patterns:
        if compiled.fullmatch(token.surface):
            return Highlight(token.start, token.end, pattern)
    return None


def _phrase_highlights(
    tokens: Sequence[Token], phrase: Phrase, level: Level
) -> Iterator[Highlight]:
    """Yield each place of a phrase as one highlight, or word by word if others are between."""
    terms, key = phrase.terms, " ".join(phrase.terms)
    if not terms:
        return
    places: dict[str, list[int]] = {term: [] for term in terms}
    for at, token in enumerate(tokens):
        word = token.term(level)
        if word in places:
            places[word].append(at)
    for first in places[terms[0]]:
        chain = [first]
        for term in terms[1:]:
            own = places[term]
            after = bisect_right(own, chain[-1])
            if after == len(own) or own[after] >= first + len(terms) + phrase.slop:
                break
            chain.append(own[after])
        else:
            if chain[-1] - first == len(terms) - 1:
                yield Highlight(tokens[first].start, tokens[chain[-1]].end, key)
            else:
                yield from (Highlight(tokens[at].start, tokens[at].end, key) for at in chain)


def _without_overlaps(highlights: list[Highlight]) -> tuple[Highlight, ...]:
    """Return the highlights in order; of two that overlap, the earlier, then the longer."""
    kept: list[Highlight] = []
    for one in sorted(highlights, key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)

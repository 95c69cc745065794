"""Marks: the words of a text that answer a query.

    tree -> [HighlightQuery] ; text -> [find_highlights] -> marks

Marks are whole words of the original text, clitics and diacritics included.
"""

import re
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
    """What a query asks for in one text field: terms by level, phrases, names.

    Only some fields have sentences, so that others are one.
    """

    terms: dict[Level, set[str]] = field(default_factory=dict)
    prefixes: set[str] = field(default_factory=set)
    patterns: set[str] = field(default_factory=set)
    phrases: set[tuple[Phrase, Level]] = field(default_factory=set)
    placed: set[Chain | Lead] = field(default_factory=set)
    entities: set[str] = field(default_factory=set)
    has_sentences: bool = False


class Highlight(NamedTuple):
    """A word or phrase at `start` to `end`; `key` names the query word it answers."""

    start: int
    end: int
    key: str
    name: bool = False


def highlight_query(node: Node, field_name: str) -> HighlightQuery:
    """Return what *node* asks for in `title` or `body`; what a Not excludes is not wanted.

    Nor is what is optional: it has a say in the order of hits alone.
    """
    wanted = HighlightQuery(has_sentences=field_name == STARTS_OF.name)
    _collect(node, field_name, wanted)
    return wanted


def _collect(node: Node, field_name: str, wanted: HighlightQuery) -> None:
    match node:
        case And() | Or():
            for child in node.children:
                _collect(child, field_name, wanted)
        case AndMaybe():
            _collect(node.required, field_name, wanted)
        case Keyword():
            wanted.entities.add(node.value)
        case Chain() | Lead():
            if any(spot.field.partition("_")[0] == field_name for spot in spots_of(node)):
                wanted.placed.add(node)
        case Term() | Prefix() | Phrase() | Wildcard():
            name, _, level = node.field.partition("_")
            if name == field_name:
                _collect_leaf(node, _LEVELS[level], wanted)
        case _:
            pass


def _collect_leaf(
    node: Term | Prefix | Phrase | Wildcard, level: Level, wanted: HighlightQuery
) -> None:
    match node:
        case Term():
            wanted.terms.setdefault(level, set()).add(node.text)
        case Prefix():
            wanted.prefixes.add(node.text)
        case Wildcard():
            wanted.patterns.add(node.pattern)
        case Phrase():
            wanted.phrases.add((node, level))


def find_highlights(
    text: str,
    wanted: HighlightQuery,
    analyzer: Analyzer,
    entities: Sequence[tuple[int, int, str]] = (),
) -> tuple[Highlight, ...]:
    """Return the marks of *text*, in order, never overlapping.

    Args:
        text: The original text of one field.
        wanted: What to mark, from `highlight_query`.
        analyzer: The chain the index was built with.
        entities: `(start, end, id)` of each entity mention of the text.
    """
    return Highlighter(wanted, analyzer).find(text, entities)


_NOTHING = (None, False)


class Highlighter:
    """Finds the marks of many texts for one query; looks at each printed word once."""

    def __init__(self, wanted: HighlightQuery, analyzer: Analyzer) -> None:
        self._wanted, self._analyzer = wanted, analyzer
        self._patterns = [(pattern, _compiled(pattern)) for pattern in wanted.patterns]
        self._openings = [(p.terms[0], level) for p, level in wanted.phrases if p.terms]
        for node in wanted.placed:
            self._openings += opening_terms(spots_of(node)[:1])
        self._surfaces, self._stems, self._roots = self._terms()
        self._open = [compiled for _, compiled in self._patterns]
        self._open += [re.compile(re.escape(prefix)) for prefix in wanted.prefixes]
        self._memo: dict[str, tuple[Highlight | None, bool]] = {}

    def find(
        self, text: str, entities: Sequence[tuple[int, int, str]] = ()
    ) -> tuple[Highlight, ...]:
        """Return the marks of *text*, as `find_highlights` does."""
        found: list[Highlight] = []
        has_opening = False
        for match in find_printed(text):
            word = match[0]
            mark, opens = self._memo.get(word) or self._look(word)
            has_opening = has_opening or opens
            if mark:
                start = match.start()
                found.append(Highlight(start, start + mark.end, mark.key, mark.name))
        if has_opening:
            tokens = self._analyzer.analyze(text)
            for phrase, level in self._wanted.phrases:
                found += _phrase_marks(tokens, phrase, level)
            found += self._placed_marks(text, tokens)
        for start, end, name in entities:
            if name in self._wanted.entities:
                found.append(Highlight(start, end, name, name=True))
        return _without_overlaps(found)

    def _placed_marks(self, text: str, tokens: Sequence[Token]) -> Iterator[Highlight]:
        """Yield the spots of chains and leads, each in one stroke."""
        if not self._wanted.placed:
            return
        breaks = NO_BREAKS
        if self._wanted.has_sentences:
            breaks = breaks_of(text, [token.start for token in tokens])
        for node in self._wanted.placed:
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
        """Return the mark of *word* standing alone, and whether a phrase may begin with it."""
        if not self._may_be_wanted(word):
            return self._memo.setdefault(word, _NOTHING)
        tokens = self._analyzer.analyze(word)
        marks = (_mark_of(token, self._wanted, self._patterns) for token in tokens)
        opens = any(t.term(level) == term for t in tokens for term, level in self._openings)
        return self._memo.setdefault(word, (next(filter(None, marks), None), opens))

    def _terms(self) -> tuple[set[str], set[str], set[str]]:
        """Return the surfaces, stems and roots of all that is wanted, and of no other word.

        Words wanted as they are printed are among the surfaces, folded.
        """
        words: dict[Level, set[str]] = {"surface": set(), "stem": set(), "root": set()}
        for level, terms in (*self._wanted.terms.items(), *((v, {t}) for t, v in self._openings)):
            if level == "exact":
                words["surface"].update(map(fold, terms))
            else:
                words[level].update(terms)
        return words["surface"], words["stem"], words["root"]

    def _may_be_wanted(self, word: str) -> bool:
        """Tell whether a closer look may find a mark; most words need none."""
        surfaces = split_joined(known_surfaces_of(word))
        exact = printed(word) if len(surfaces) == 1 else ""
        for surface in surfaces:
            stem, root, *_ = self._analyzer.read(exact or surface, surface)
            if surface in self._surfaces or stem in self._stems or root in self._roots:
                return True
            if self._open and any(compiled.match(surface) for compiled in self._open):
                return True
        return False


def _compiled(pattern: str) -> re.Pattern[str]:
    # What fnmatch makes of a star never goes back behind it, so that no word takes long.
    return re.compile(translate(pattern.replace("[", "[[]")))


def _mark_of(
    token: Token, wanted: HighlightQuery, patterns: Sequence[tuple[str, re.Pattern[str]]]
) -> Highlight | None:
    if any(token.term(level) in terms for level, terms in wanted.terms.items()):
        return Highlight(token.start, token.end, token.stem, name=token.rule == "name")
    for prefix in wanted.prefixes:
        if token.surface.startswith(prefix):
            return Highlight(token.start, token.end, f"{prefix}*")
    for pattern, compiled in patterns:
        if compiled.fullmatch(token.surface):
            return Highlight(token.start, token.end, pattern)
    return None


def _phrase_marks(tokens: Sequence[Token], phrase: Phrase, level: Level) -> Iterator[Highlight]:
    """Yield each place of a phrase in one stroke; with slop, each of its words."""
    terms, key = phrase.terms, " ".join(phrase.terms)
    words = [token.term(level) for token in tokens]
    for first, token in enumerate(tokens):
        if not terms or words[first] != terms[0]:
            continue
        chain = [first]
        for term in terms[1:]:
            reach = range(chain[-1] + 1, min(len(tokens), first + len(terms) + phrase.slop))
            following = next((at for at in reach if words[at] == term), None)
            if following is None:
                break
            chain.append(following)
        else:
            if chain[-1] - first == len(terms) - 1:
                yield Highlight(token.start, tokens[chain[-1]].end, key)
            else:
                yield from (Highlight(tokens[at].start, tokens[at].end, key) for at in chain)


def _without_overlaps(marks: list[Highlight]) -> tuple[Highlight, ...]:
    kept: list[Highlight] = []
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return tuple(kept)

"""Snippets: the passages of an article that answer a query, with what to mark in them.

    tree -> [Wanted] ; text -> [find_marks] -> marks -> [best_passages] -> passages

Marks are whole words of the original text, clitics and diacritics included.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from indexer.analysis.analyzer import Analyzer
from indexer.analysis.token import Token
from indexer.query.tree import (
    And,
    AndMaybe,
    Keyword,
    Node,
    Or,
    Phrase,
    Prefix,
    Term,
    Wildcard,
)

_SENTENCE = re.compile(r"[^\n.!?؟…]+(?:[.!?؟…]+[\"'»”’)]*|\n+|$)")
LONGEST_PASSAGE = 260


@dataclass(slots=True)
class Wanted:
    """What a query asks for in one text field: surfaces, stems, phrases, names."""

    stems: set[str] = field(default_factory=set)
    surfaces: set[str] = field(default_factory=set)
    prefixes: set[str] = field(default_factory=set)
    patterns: set[str] = field(default_factory=set)
    phrases: set[Phrase] = field(default_factory=set)
    entities: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Mark:
    """A word or phrase at `start` to `end`; `key` names the query word it answers."""

    start: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Part of a text with its marks, whose offsets are into `text`.

    `cut_start` and `cut_end` say that the sentence goes on beyond.
    """

    text: str
    marks: tuple[Mark, ...]
    cut_start: bool
    cut_end: bool


def wanted_in(node: Node, field_name: str) -> Wanted:
    """Return what *node* asks for in `title` or `body`; what a Not excludes is not wanted."""
    wanted = Wanted()
    _collect(node, field_name, wanted)
    return wanted


def _collect(node: Node, field_name: str, wanted: Wanted) -> None:
    match node:
        case Term() if node.field == f"{field_name}_stem":
            wanted.stems.add(node.text)
        case Term() if node.field == f"{field_name}_surface":
            wanted.surfaces.add(node.text)
        case Prefix() if node.field == f"{field_name}_surface":
            wanted.prefixes.add(node.text)
        case Phrase() if node.field == f"{field_name}_stem":
            wanted.phrases.add(node)
        case Wildcard() if node.field == f"{field_name}_surface":
            wanted.patterns.add(node.pattern)
        case Keyword():
            wanted.entities.add(node.value)
        case And() | Or():
            for child in node.children:
                _collect(child, field_name, wanted)
        case AndMaybe():
            _collect(node.required, field_name, wanted)
            _collect(node.optional, field_name, wanted)
        case _:
            pass


def find_marks(
    text: str,
    wanted: Wanted,
    analyzer: Analyzer,
    entities: Sequence[tuple[int, int, str]] = (),
) -> tuple[Mark, ...]:
    """Return the marks of *text*, in order, never overlapping.

    Args:
        text: The original text of one field.
        wanted: What to mark, from `wanted_in`.
        analyzer: The chain the index was built with.
        entities: `(start, end, id)` of each entity mention of the text.
    """
    tokens = analyzer.analyze(text)
    patterns = [(pattern, _compiled(pattern)) for pattern in wanted.patterns]
    found = [mark for token in tokens if (mark := _mark_of(token, wanted, patterns))]
    for phrase in wanted.phrases:
        found += _phrase_marks(tokens, phrase)
    found += [Mark(start, end, name) for start, end, name in entities if name in wanted.entities]
    return _without_overlaps(found)


def _compiled(pattern: str) -> re.Pattern[str]:
    signs = {"*": ".*", "?": "."}
    return re.compile("".join(signs.get(sign, re.escape(sign)) for sign in pattern), re.DOTALL)


def _mark_of(
    token: Token, wanted: Wanted, patterns: Sequence[tuple[str, re.Pattern[str]]]
) -> Mark | None:
    if token.stem in wanted.stems or token.surface in wanted.surfaces:
        return Mark(token.start, token.end, token.stem)
    for prefix in wanted.prefixes:
        if token.surface.startswith(prefix):
            return Mark(token.start, token.end, f"{prefix}*")
    for pattern, compiled in patterns:
        if compiled.fullmatch(token.surface):
            return Mark(token.start, token.end, pattern)
    return None


def _phrase_marks(tokens: Sequence[Token], phrase: Phrase) -> Iterator[Mark]:
    """Yield each place of a phrase in one stroke; with slop, each of its words."""
    terms, key = phrase.terms, " ".join(phrase.terms)
    for first, token in enumerate(tokens):
        if not terms or token.stem != terms[0]:
            continue
        chain = [first]
        for term in terms[1:]:
            reach = range(chain[-1] + 1, min(len(tokens), first + len(terms) + phrase.slop))
            following = next((at for at in reach if tokens[at].stem == term), None)
            if following is None:
                break
            chain.append(following)
        else:
            if chain[-1] - first == len(terms) - 1:
                yield Mark(token.start, tokens[chain[-1]].end, key)
            else:
                yield from (Mark(tokens[at].start, tokens[at].end, key) for at in chain)


def _without_overlaps(marks: list[Mark]) -> tuple[Mark, ...]:
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return tuple(kept)


def best_passages(text: str, marks: Sequence[Mark], count: int = 2) -> tuple[Passage, ...]:
    """Return the *count* sentences with the most different query words, in reading order.

    Without a mark, the first sentence alone.
    """
    spans = [match.span() for match in _SENTENCE.finditer(text) if match[0].strip()]
    if not spans:
        return ()
    scored: list[tuple[int, int, int]] = []
    for number, (start, end) in enumerate(spans):
        inside = [mark for mark in marks if start <= mark.start < end]
        if inside:
            scored.append((-len({mark.key for mark in inside}), -len(inside), number))
    chosen = sorted(number for _, _, number in sorted(scored)[:count]) or [0]
    return tuple(_passage(text, spans[number], marks) for number in chosen)


def _passage(text: str, span: tuple[int, int], marks: Sequence[Mark]) -> Passage:
    """Cut a sentence to what fits, around its first mark, at spaces."""
    start, end = span
    start += len(text[start:end]) - len(text[start:end].lstrip())
    end = start + len(text[start:end].rstrip())
    inside = [mark for mark in marks if start <= mark.start and mark.end <= end]
    left, right = start, end
    if end - start > LONGEST_PASSAGE:
        anchor = inside[0].start if inside else start
        left = max(start, min(anchor - LONGEST_PASSAGE // 4, end - LONGEST_PASSAGE))
        if left > start:
            left = text.find(" ", left, anchor) + 1 or anchor
        right = min(end, left + LONGEST_PASSAGE)
        if right < end:
            space = text.rfind(" ", left, right)
            right = space if space > anchor else right
    kept = tuple(
        Mark(mark.start - left, mark.end - left, mark.key)
        for mark in inside
        if left <= mark.start and mark.end <= right
    )
    return Passage(text[left:right].replace("\n", " "), kept, left > start, right < end)

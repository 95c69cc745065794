"""Snippets: the passages of an article that answer a query, with what to mark in them.

    tree -> [Wanted] ; text -> [find_marks] -> marks -> [best_passages] -> passages

Marks are whole words of the original text, clitics and diacritics included.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from indexer.analysis.analyzer import Analyzer
from indexer.analysis.token import Token
from indexer.fields import Level
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

# A sentence ends at a line's end, or at a stop and its closing quotes before a space; a full
# stop behind a single letter (د. ج.) or between digits ends none.
_END = re.compile(r"\n+|(?:(?<!\b\w)\.|[!?؟…])[.!?؟…]*[\"'»”’)]*(?=\s|$)")
LONGEST_PASSAGE = 260
# A name in a passage says more than another word.
_NAME_WORTH = 1.5
_LEVELS: dict[str, Level] = {
    "surface": "surface",
    "stem": "stem",
    "root": "root",
    "exact": "exact",
}


@dataclass(slots=True)
class Wanted:
    """What a query asks for in one text field: terms by level, phrases, names."""

    terms: dict[Level, set[str]] = field(default_factory=dict)
    prefixes: set[str] = field(default_factory=set)
    patterns: set[str] = field(default_factory=set)
    phrases: set[tuple[Phrase, Level]] = field(default_factory=set)
    entities: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Mark:
    """A word or phrase at `start` to `end`; `key` names the query word it answers."""

    start: int
    end: int
    key: str
    name: bool = False


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
        case And() | Or():
            for child in node.children:
                _collect(child, field_name, wanted)
        case AndMaybe():
            _collect(node.required, field_name, wanted)
            _collect(node.optional, field_name, wanted)
        case Keyword():
            wanted.entities.add(node.value)
        case Term() | Prefix() | Phrase() | Wildcard():
            name, _, level = node.field.partition("_")
            if name == field_name:
                _collect_leaf(node, _LEVELS[level], wanted)
        case _:
            pass


def _collect_leaf(node: Term | Prefix | Phrase | Wildcard, level: Level, wanted: Wanted) -> None:
    match node:
        case Term():
            wanted.terms.setdefault(level, set()).add(node.text)
        case Prefix():
            wanted.prefixes.add(node.text)
        case Wildcard():
            wanted.patterns.add(node.pattern)
        case Phrase():
            wanted.phrases.add((node, level))


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
    for phrase, level in wanted.phrases:
        found += _phrase_marks(tokens, phrase, level)
    for start, end, name in entities:
        if name in wanted.entities:
            found.append(Mark(start, end, name, name=True))
    return _without_overlaps(found)


def _compiled(pattern: str) -> re.Pattern[str]:
    signs = {"*": ".*", "?": "."}
    return re.compile("".join(signs.get(sign, re.escape(sign)) for sign in pattern), re.DOTALL)


def _mark_of(
    token: Token, wanted: Wanted, patterns: Sequence[tuple[str, re.Pattern[str]]]
) -> Mark | None:
    if any(token.term(level) in terms for level, terms in wanted.terms.items()):
        return Mark(token.start, token.end, token.stem, name=token.rule == "name")
    for prefix in wanted.prefixes:
        if token.surface.startswith(prefix):
            return Mark(token.start, token.end, f"{prefix}*")
    for pattern, compiled in patterns:
        if compiled.fullmatch(token.surface):
            return Mark(token.start, token.end, pattern)
    return None


def _phrase_marks(tokens: Sequence[Token], phrase: Phrase, level: Level) -> Iterator[Mark]:
    """Yield each place of a phrase in one stroke; with slop, each of its words."""
    terms, key = phrase.terms, " ".join(phrase.terms)
    printed = [token.term(level) for token in tokens]
    for first, token in enumerate(tokens):
        if not terms or printed[first] != terms[0]:
            continue
        chain = [first]
        for term in terms[1:]:
            reach = range(chain[-1] + 1, min(len(tokens), first + len(terms) + phrase.slop))
            following = next((at for at in reach if printed[at] == term), None)
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
    """Return the *count* sentences that together answer most of a query, in reading order.

    Each is chosen for the query words that no chosen one has, names before others, then for
    all its query words. Without a mark, the first sentence alone.
    """
    spans = list(sentences(text))
    if not spans:
        return ()
    inside = [[m for m in marks if start <= m.start < end] for start, end in spans]
    left = {number for number, own in enumerate(inside) if own}
    seen: set[str] = set()
    chosen: list[int] = []
    while left and len(chosen) < count:
        best = min(left, key=lambda n: (-_worth(inside[n], seen), -_worth(inside[n], set()), n))
        chosen.append(best)
        left.remove(best)
        seen |= {mark.key for mark in inside[best]}
    return tuple(_passage(text, spans[number], marks) for number in sorted(chosen) or [0])


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each sentence of *text*, white space between them left out.

    Example:
        >>> text = "بلغ 3.5 في المئة. قال د. سامي: «نعم.» ثم انصرف"
        >>> [text[start:end] for start, end in sentences(text)]
        ['بلغ 3.5 في المئة.', 'قال د. سامي: «نعم.»', 'ثم انصرف']
    """
    start = 0
    for end in [*(match.end() for match in _END.finditer(text)), len(text)]:
        part = text[start:end]
        if part.strip():
            yield start + len(part) - len(part.lstrip()), start + len(part.rstrip())
        start = end


def _worth(marks: Sequence[Mark], seen: set[str]) -> float:
    """Return what different words are worth that *seen* does not have."""
    words = {mark.key: mark.name for mark in marks if mark.key not in seen}
    return sum(_NAME_WORTH if name else 1.0 for name in words.values())


def _passage(text: str, span: tuple[int, int], marks: Sequence[Mark]) -> Passage:
    """Cut a sentence to what fits, where most of its words are, at spaces."""
    start, end = span
    inside = [mark for mark in marks if start <= mark.start and mark.end <= end]
    left, right = start, end
    if end - start > LONGEST_PASSAGE:
        anchor = _best_window(inside) if inside else start
        left = max(start, min(anchor - LONGEST_PASSAGE // 4, end - LONGEST_PASSAGE))
        if left > start:
            left = text.find(" ", left, anchor) + 1 or anchor
        right = min(end, left + LONGEST_PASSAGE)
        if right < end:
            space = text.rfind(" ", left, right)
            right = space if space > anchor else right
    kept = tuple(
        Mark(mark.start - left, mark.end - left, mark.key, mark.name)
        for mark in inside
        if left <= mark.start and mark.end <= right
    )
    return Passage(text[left:right].replace("\n", " "), kept, left > start, right < end)


def _best_window(marks: Sequence[Mark]) -> int:
    """Return where the marks begin that are worth most together in one passage."""
    reach = LONGEST_PASSAGE * 3 // 4

    def worth(first: Mark) -> float:
        within = [mark for mark in marks if first.start <= mark.start <= first.start + reach]
        return _worth(within, set())

    return max(marks, key=lambda mark: (worth(mark), -mark.start)).start

"""Answers: finds the words of a text that match a query, and the rule of each match.

tokens of a text, QueryWord -> [find_answers] -> spans, each with its rule

The engine finds articles by terms; this module explains the same matches for one text. Tests check
that both agree.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from marsad.indexer.analysis.analyzer import Analyzer
from marsad.indexer.analysis.sentences import NO_BREAKS, Breaks
from marsad.indexer.analysis.token import Token
from marsad.indexer.query.chains import linked
from marsad.indexer.query.relation import relation
from marsad.indexer.query.strictness import MATCH_RULES, MatchRule
from marsad.indexer.query.words import FORM_RULES, QueryChain, QueryWord

# The match rules that each strictness allows.
_ALLOWED: dict[str, frozenset[MatchRule]] = {
    "exact": frozenset(("exact",)),
    "folded": frozenset(("exact", "folded")),
    "default": frozenset(("exact", "folded", "clitic", "stem", "plural")),
    "root": frozenset(("exact", "folded", "clitic", "stem", "plural", "root")),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """Tokens `first` to `last` of a text match query word number `asked`, by `rule`."""

    first: int
    last: int
    asked: int
    rule: MatchRule


def find_answers(
    tokens: Sequence[Token],
    asked: Sequence[QueryWord],
    analyzer: Analyzer,
    chains: Sequence[QueryChain] = (),
    breaks: Breaks = NO_BREAKS,
    *,
    is_body: bool = True,
) -> tuple[Answer, ...]:
    """Return all matches in a text, in order; each place and query word has its narrowest rule.

    Args:
        tokens: The tokens of the text.
        asked: The query words.
        analyzer: The analyzer that the index was built with.
        chains: Query words that must be near each other; they match only where they are.
        breaks: Where sentences and paragraphs of the text begin.
        is_body: Whether the text is a body, which has a lead.
    """
    found: dict[tuple[int, int, int], Answer] = {}
    for number, one in enumerate(asked):
        for answer in _answers(tokens, one, number, analyzer):
            place = answer.first, answer.last, number
            known = found.get(place)
            if known is None or _width(answer.rule) < _width(known.rule):
                found[place] = answer
    answers: Iterable[Answer] = found.values()
    if is_body:
        answers = [a for a in answers if a.last < (asked[a.asked].lead or len(tokens))]
    for chain in chains:
        answers = _chained(list(answers), chain, breaks)
    return tuple(sorted(answers, key=lambda a: (a.first, a.last, a.asked)))


def _chained(answers: list[Answer], chain: QueryChain, breaks: Breaks) -> Iterable[Answer]:
    """Return *answers* without the words of *chain* that are not in a complete chain."""
    operands = [
        sorted({(a.first, a.last) for a in answers if a.asked in numbers})
        for numbers in chain.operands
    ]
    kept = linked(operands, chain.links, breaks)
    whole = {
        (number, *span)
        for numbers, spans in zip(chain.operands, kept, strict=True)
        for number in numbers
        for span in spans
    }
    asked = {number for numbers in chain.operands for number in numbers}
    return [a for a in answers if a.asked not in asked or (a.asked, a.first, a.last) in whole]


def answer_of(token: Token, asked: QueryWord, analyzer: Analyzer) -> MatchRule | None:
    """Return the narrowest rule by which *token* alone matches *asked*, or part of it."""
    if asked.prefix or asked.pattern:
        return "prefix" if _fits(token, asked) else None
    rules = [_rule(token, word, asked, analyzer) for word in asked.tokens]
    known = [rule for rule in rules if rule is not None]
    if known:
        return min(known, key=_width)
    named = any(
        _names(token, word, variant, asked, analyzer)
        for variant in asked.variants
        for word in variant
    )
    return "name" if named else None


def _answers(
    tokens: Sequence[Token], asked: QueryWord, number: int, analyzer: Analyzer
) -> Iterator[Answer]:
    """Yield the matches of one query word, in no particular order."""
    if asked.prefix or asked.pattern:
        for at, token in enumerate(tokens):
            if _fits(token, asked):
                yield Answer(at, at, number, "prefix")
        return
    for variant in asked.variants:
        held = [[_names(t, w, variant, asked, analyzer) for t in tokens] for w in variant]
        for chain in _chains(held, 0):
            yield Answer(chain[0], chain[-1], number, "name")
    if not asked.tokens:
        return
    # Texts repeat words; each distinct word is compared once.
    memo: dict[tuple[str, str], list[MatchRule | None]] = {}
    rules = [
        memo.get((token.exact, token.surface))
        or memo.setdefault(
            (token.exact, token.surface),
            [_rule(token, word, asked, analyzer) for word in asked.tokens],
        )
        for token in tokens
    ]
    rows = [[row[nth] is not None for row in rules] for nth in range(len(asked.tokens))]
    for chain in _chains(rows, asked.slop):
        widest = max((rules[at][nth] or "exact" for nth, at in enumerate(chain)), key=_width)
        yield Answer(chain[0], chain[-1], number, widest)


def _chains(held: Sequence[Sequence[bool]], slop: int) -> Iterator[list[int]]:
    """Yield the positions of each phrase match, where `held[n][p]` means word n fits position p.

    The words must be in order, with at most *slop* others among them.
    """
    for first in (at for at, here in enumerate(held[0]) if here):
        chain = [first]
        for row in held[1:]:
            end = min(len(row), first + len(held) + slop)
            following = next((at for at in range(chain[-1] + 1, end) if row[at]), None)
            if following is None:
                break
            chain.append(following)
        else:
            yield chain


def _rule(token: Token, word: Token, asked: QueryWord, analyzer: Analyzer) -> MatchRule | None:
    """Return the rule by which *token* matches *word*, or None if that rule is not allowed."""
    rule = relation(word, token, analyzer)
    if asked.strictness == "root" and rule in asked.off:
        return "root"
    return rule if rule in _ALLOWED[asked.strictness] - asked.off else None


def _names(
    token: Token, word: Token, variant: Sequence[Token], asked: QueryWord, analyzer: Analyzer
) -> bool:
    """Return whether *token* is *word* of another name, by the rules that are on."""
    if asked.strictness == "root" or not asked.off & FORM_RULES:
        return token.stem == word.stem
    if len(variant) > 1:
        return token.surface == word.surface
    rule = relation(word, token, analyzer)
    return rule in _ALLOWED["default"] - asked.off


def _fits(token: Token, asked: QueryWord) -> bool:
    """Return whether *token* matches the prefix or pattern of *asked*."""
    if asked.prefix:
        return token.surface.startswith(asked.prefix)
    # `fnmatch` would read [ as the beginning of a set.
    return fnmatchcase(token.surface, asked.pattern.replace("[", "[[]"))


def _width(rule: MatchRule) -> int:
    """Return the place of a rule in the order from narrow to wide."""
    return MATCH_RULES.index(rule)

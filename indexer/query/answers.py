"""Answers: which words of a text answer a query, and by which rule.

tokens of a text, Asked -> [find_answers] -> spans with the rule that joined them
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
from marsad.indexer.query.words import FORM_RULES, AskedChain, QueryWord

_ALLOWED: dict[str, frozenset[MatchRule]] = {
    "exact": frozenset(("exact",)),
    "folded": frozenset(("exact", "folded")),
    "default": frozenset(("exact", "folded", "clitic", "stem", "plural")),
    "root": frozenset(("exact", "folded", "clitic", "stem", "plural", "root")),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """The tokens `first` to `last` of a text answer number `asked` of a query."""

    first: int
    last: int
    asked: int
    rule: MatchRule


def find_answers(
    tokens: Sequence[Token],
    asked: Sequence[QueryWord],
    analyzer: Analyzer,
    chains: Sequence[AskedChain] = (),
    breaks: Breaks = NO_BREAKS,
    *,
    is_body: bool = True,
) -> tuple[Answer, ...]:
    """Return every answer in a text, in order; of one place and word, the narrowest rule.

    Args:
        tokens: The tokens of the text.
        asked: What is asked for.
        analyzer: The chain that the index was built with.
        chains: What must stand near each other; other places of it answer nothing.
        breaks: Where sentences and paragraphs of the text begin.
        is_body: Whether it is a body, which has a lead.
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


def _chained(answers: list[Answer], chain: AskedChain, breaks: Breaks) -> Iterable[Answer]:
    """Return *answers* without those to words of a chain that stand in none."""
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
    """Return the narrowest rule by which one word answers, or is part of an answer to, *asked*."""
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
    """Yield each choice of places in order where word n is held at place n, not too wide."""
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
    rule = relation(word, token, analyzer)
    if asked.strictness == "root" and rule in asked.off:
        return "root"
    return rule if rule in _ALLOWED[asked.strictness] - asked.off else None


def _names(
    token: Token, word: Token, variant: Sequence[Token], asked: QueryWord, analyzer: Analyzer
) -> bool:
    """Tell whether a word of a text is *word* of another name, by the rules that are on."""
    if asked.strictness == "root" or not asked.off & FORM_RULES:
        return token.stem == word.stem
    if len(variant) > 1:
        return token.surface == word.surface
    rule = relation(word, token, analyzer)
    return rule in _ALLOWED["default"] - asked.off


def _fits(token: Token, asked: QueryWord) -> bool:
    if asked.prefix:
        return token.surface.startswith(asked.prefix)
    return fnmatchcase(token.surface, asked.pattern.replace("[", "[[]"))


def _width(rule: MatchRule) -> int:
    return MATCH_RULES.index(rule)

"""Whys: the line under a hit that says which of its words answer the query, and by what rule.

A word that many hits have is looked at once a page.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from marsad.indexer.analysis.analyzer import Analyzer
from marsad.indexer.query.answers import answer_of
from marsad.indexer.query.parse import Parsed
from marsad.indexer.query.strictness import MATCH_RULES, MatchRule
from marsad.indexer.query.words import QueryWord
from marsad.indexer.search.conditions import ConditionCheck
from marsad.indexer.search.explain import Reason
from marsad.webui.i18n.catalogue import Catalogue
from marsad.webui.i18n.direction import apart

_MOST_WORDS, _MOST_FORMS = 6, 3
_GROUNDS = frozenset(("language", "date", "event", "without", "near", "often"))

# How often each form of a word stands in a text, by the form and its rule.
_Forms = dict[tuple[str, MatchRule], int]


class ReasonLine(NamedTuple):
    """A word that was asked for, how often it is answered, and the forms that differ from it."""

    asked: str
    number: str
    forms: tuple[str, ...]


class Whys:
    """Tells why, for the hits of one page."""

    def __init__(self, parsed: Parsed, analyzer: Analyzer, t: Catalogue) -> None:
        self._parsed, self._analyzer, self._t = parsed, analyzer, t
        self._memo: dict[str, tuple[tuple[int, str, MatchRule], ...]] = {}
        self._names = [
            (number, one)
            for number, one in enumerate(parsed.asked)
            if one.variants and " " in one.text
        ]
        # A word of a name that was asked for as a whole says no more than the name.
        self._words = [
            (number, one)
            for number, one in enumerate(parsed.asked)
            if not (one.variants and " " in one.text)
            and not any(name.start <= one.start and one.end <= name.end for _, name in self._names)
        ]

    def line(self, strokes: Iterable[str]) -> tuple[ReasonLine, ...]:
        """Return why an article is a hit in whose text these *strokes*, marked words, stand."""
        counted: dict[int, _Forms] = {}
        for stroke in strokes:
            answers = self._memo.get(stroke)
            if answers is None:
                answers = self._memo[stroke] = tuple(self._answers(stroke))
            for number, text, rule in answers:
                forms = counted.setdefault(number, {})
                forms[text, rule] = forms.get((text, rule), 0) + 1
        return tuple(
            self._why(self._parsed.asked[number].text, counted[number])
            for number in sorted(counted)[:_MOST_WORDS]
        )

    def _answers(self, stroke: str) -> Iterator[tuple[int, str, MatchRule]]:
        """Yield what of a stroke answers what: whole names first, then the words left."""
        tokens = self._analyzer.analyze(stroke)
        taken: set[int] = set()
        for number, name in self._names:
            for rule, words in self._spellings(name):
                for at in range(len(tokens) - len(words) + 1):
                    places = range(at, at + len(words))
                    if [tokens[n].stem for n in places] == words and taken.isdisjoint(places):
                        taken.update(places)
                        yield number, stroke[tokens[at].start : tokens[places[-1]].end], rule
        for at, token in enumerate(tokens):
            if at in taken:
                continue
            for number, asked in self._words:
                known = answer_of(token, asked, self._analyzer)
                if known is not None:
                    yield number, token.text, known

    def _spellings(self, name: QueryWord) -> Iterator[tuple[MatchRule, list[str]]]:
        """Yield the stems of each spelling of a name, the longest first, then itself."""
        for variant in sorted(name.variants, key=len, reverse=True):
            yield "name", [token.stem for token in variant]
        yield "exact", [token.stem for token in self._analyzer.analyze(name.text)]

    def _why(self, asked: str, forms: _Forms) -> ReasonLine:
        differing = [(text, rule, n) for (text, rule), n in forms.items() if rule != "exact"]
        if len(differing) > 1:
            differing.sort(key=lambda form: (MATCH_RULES.index(form[1]), -form[2], form))
        shown = tuple(form_words(*form, self._t) for form in differing[:_MOST_FORMS])
        more = ("…",) if len(differing) > _MOST_FORMS else ()
        return ReasonLine(asked, self._t.number(sum(forms.values())), (*shown, *more))


def form_words(text: str, rule: MatchRule, count: int, t: Catalogue, lemma: str = "") -> str:
    """Return a form with its rule, the lemma that joins it, and its count in words."""
    of = f" {apart(lemma)}" if lemma else ""
    times = f" ×{t.number(count)}" if count > 1 else ""
    return f"{apart(text)} ({t(f'why_{rule}')}{of}){times}"


def reason_words(reason: Reason, t: Catalogue) -> ReasonLine:
    """Return a reason of `search.explain` with all of its forms but the word itself alone."""
    total = sum(form.count for form in reason.forms)
    forms = tuple(
        form_words(form.text, form.rule, form.count, t, form.lemma)
        for form in reason.forms
        if len(reason.forms) > 1 or form.text != reason.asked
    )
    return ReasonLine(reason.asked, t.number(total), forms)


def ground_words(ground: ConditionCheck, t: Catalogue) -> tuple[str, str]:
    """Return a condition as it was typed, and what of the article keeps it in words."""
    shown = "، ".join(apart(text) for text in ground.shown[:_MOST_FORMS])
    more = "…" if len(ground.shown) > _MOST_FORMS else ""
    named = ground.kind if ground.kind in _GROUNDS else "named"
    return ground.asked, t(f"ground_{named}", shown=shown + more)

"""Reasons: says which words of a hit match the query, and by which matching rule.

highlighted texts of a hit -> [HitReasons.lines] -> the line under the hit
search.explain -> [reason_line, condition_words] -> the full list on the page of an article

A printed form that many hits contain is analyzed once for the page.
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
from marsad.webui.i18n.bidi import bidi_isolate
from marsad.webui.i18n.catalogue import Catalogue

_MOST_WORDS, _MOST_FORMS = 6, 3
# Kinds of conditions with a text of their own; all others are names of entities.
_WORDED_CONDITIONS = frozenset(("language", "date", "event", "without", "near", "often"))

# (printed form, matching rule) -> how often the form occurs.
_Forms = dict[tuple[str, MatchRule], int]


class ReasonLine(NamedTuple):
    """A word or name of the query, its number of matches, and the matching forms that differ."""

    word: str
    number: str
    forms: tuple[str, ...]


class HitReasons:
    """Finds the reasons of all hits of one page."""

    def __init__(self, parsed: Parsed, analyzer: Analyzer, t: Catalogue) -> None:
        self._parsed, self._analyzer, self._t = parsed, analyzer, t
        self._memo: dict[str, tuple[tuple[int, str, MatchRule], ...]] = {}
        self._names = [
            (number, one)
            for number, one in enumerate(parsed.asked)
            if one.variants and " " in one.text
        ]
        # A name of several words is searched as a whole; its single words would only repeat it.
        self._words = [
            (number, one)
            for number, one in enumerate(parsed.asked)
            if not (one.variants and " " in one.text)
            and not any(name.start <= one.start and one.end <= name.end for _, name in self._names)
        ]

    def lines(self, highlighted: Iterable[str]) -> tuple[ReasonLine, ...]:
        """Return the reasons for one hit, in the order of the query.

        Args:
            highlighted: The highlighted texts of the article, each as often as it occurs.
        """
        counted: dict[int, _Forms] = {}
        for text in highlighted:
            matches = self._memo.get(text)
            if matches is None:
                matches = self._memo[text] = tuple(self._matches(text))
            for number, form, rule in matches:
                forms = counted.setdefault(number, {})
                forms[form, rule] = forms.get((form, rule), 0) + 1
        return tuple(
            self._reason(self._parsed.asked[number].text, counted[number])
            for number in sorted(counted)[:_MOST_WORDS]
        )

    def _matches(self, text: str) -> Iterator[tuple[int, str, MatchRule]]:
        """Yield (number of the query word, printed form, rule) for each match in *text*.

        Whole names come first; a word that belongs to a name is not reported by itself.
        """
        tokens = self._analyzer.analyze(text)
        taken: set[int] = set()
        for number, name in self._names:
            for rule, words in self._spellings(name):
                for at in range(len(tokens) - len(words) + 1):
                    places = range(at, at + len(words))
                    if [tokens[n].stem for n in places] == words and taken.isdisjoint(places):
                        taken.update(places)
                        yield number, text[tokens[at].start : tokens[places[-1]].end], rule
        for at, token in enumerate(tokens):
            if at in taken:
                continue
            for number, word in self._words:
                word_rule = answer_of(token, word, self._analyzer)
                if word_rule is not None:
                    yield number, token.text, word_rule

    def _spellings(self, name: QueryWord) -> Iterator[tuple[MatchRule, list[str]]]:
        """Yield the stems of the other spellings of a name, longest first, then of its own."""
        # Longest first: a short name can be the start of a longer one.
        for variant in sorted(name.variants, key=len, reverse=True):
            yield "name", [token.stem for token in variant]
        yield "exact", [token.stem for token in self._analyzer.analyze(name.text)]

    def _reason(self, word: str, forms: _Forms) -> ReasonLine:
        differing = [(text, rule, n) for (text, rule), n in forms.items() if rule != "exact"]
        if len(differing) > 1:
            differing.sort(key=lambda form: (MATCH_RULES.index(form[1]), -form[2], form))
        shown = tuple(form_words(*form, self._t) for form in differing[:_MOST_FORMS])
        more = ("…",) if len(differing) > _MOST_FORMS else ()
        return ReasonLine(word, self._t.number(sum(forms.values())), (*shown, *more))


def form_words(text: str, rule: MatchRule, count: int, t: Catalogue, lemma: str = "") -> str:
    """Return a printed form in words, with its rule, its lemma and its count (if above 1)."""
    of = f" {bidi_isolate(lemma)}" if lemma else ""
    times = f" ×{t.number(count)}" if count > 1 else ""
    return f"{bidi_isolate(text)} ({t(f'reason_{rule}')}{of}){times}"


def reason_line(reason: Reason, t: Catalogue) -> ReasonLine:
    """Return a reason of `search.explain` with all its forms.

    A single form that equals the typed word is left out, because it would say nothing new.
    """
    total = sum(form.count for form in reason.forms)
    forms = tuple(
        form_words(form.text, form.rule, form.count, t, form.lemma)
        for form in reason.forms
        if len(reason.forms) > 1 or form.text != reason.asked
    )
    return ReasonLine(reason.asked, t.number(total), forms)


def condition_words(condition: ConditionCheck, t: Catalogue) -> tuple[str, str]:
    """Return a condition as it was typed, and in words how the article satisfies it."""
    shown = "، ".join(bidi_isolate(text) for text in condition.shown[:_MOST_FORMS])
    more = "…" if len(condition.shown) > _MOST_FORMS else ""
    kind = condition.kind if condition.kind in _WORDED_CONDITIONS else "named"
    return condition.asked, t(f"condition_{kind}", shown=shown + more)

"""Whys: the line under a hit that says which of its words answer the query, and by what rule.

A word that many hits have is looked at once a page.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from indexer.analysis.analyzer import Analyzer
from indexer.explain import Reason
from indexer.query.answers import answer_of
from indexer.query.parse import Parsed
from indexer.query.strictness import MATCH_RULES, MatchRule
from webui.i18n.catalogue import Catalogue

_MOST_WORDS, _MOST_FORMS = 6, 3


@dataclass(frozen=True, slots=True)
class Why:
    """A word that was asked for, how often it is answered, and the forms that differ from it."""

    asked: str
    count: str
    forms: tuple[str, ...]


class Whys:
    """Tells why, for the hits of one page."""

    def __init__(self, parsed: Parsed, analyzer: Analyzer, t: Catalogue) -> None:
        self._parsed, self._analyzer, self._t = parsed, analyzer, t
        self._memo: dict[str, tuple[tuple[int, MatchRule], ...]] = {}

    def line(self, words: Iterable[str]) -> tuple[Why, ...]:
        """Return why an article in whose text these printed *words* matched is a hit."""
        counted: dict[int, Counter[tuple[str, MatchRule]]] = {}
        for word, count in Counter(words).items():
            answers = self._memo.get(word)
            if answers is None:
                answers = self._memo[word] = tuple(self._answers(word))
            for number, rule in answers:
                counted.setdefault(number, Counter())[word, rule] += count
        return tuple(
            self._why(self._parsed.asked[number].text, counted[number])
            for number in sorted(counted)[:_MOST_WORDS]
        )

    def _answers(self, word: str) -> Iterable[tuple[int, MatchRule]]:
        for token in self._analyzer.analyze(word)[:1]:
            for number, asked in enumerate(self._parsed.asked):
                rule = answer_of(token, asked, self._analyzer)
                # Part of a name of several words says less than the word itself.
                if rule is not None and not (rule == "name" and len(asked.tokens) > 1):
                    yield number, rule

    def _why(self, asked: str, forms: Counter[tuple[str, MatchRule]]) -> Why:
        ranked = sorted(
            forms.items(), key=lambda pair: (MATCH_RULES.index(pair[0][1]), -pair[1], pair[0])
        )
        differing = [(text, rule, n) for (text, rule), n in ranked if rule != "exact"]
        shown = tuple(form_words(*form, self._t) for form in differing[:_MOST_FORMS])
        more = ("…",) if len(differing) > _MOST_FORMS else ()
        return Why(asked, self._t.number(forms.total()), (*shown, *more))


def form_words(text: str, rule: MatchRule, count: int, t: Catalogue) -> str:
    """Return a form with its rule and count in words."""
    times = f" ×{t.number(count)}" if count > 1 else ""
    return f"{text} ({t(f'why_{rule}')}){times}"


def reason_words(reason: Reason, t: Catalogue) -> Why:
    """Return a reason of `indexer.explain` with all of its forms."""
    total = sum(form.count for form in reason.forms)
    forms = tuple(form_words(form.text, form.rule, form.count, t) for form in reason.forms)
    return Why(reason.asked, t.number(total), forms)

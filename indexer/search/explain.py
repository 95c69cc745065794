"""Explain: why an article is a hit, word by word, and what its score is made of.

query, article -> the forms that answer each word, with rule and count -> Explanation
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from marsad.indexer.analysis.analyzer import Analyzer
from marsad.indexer.analysis.sentences import NO_BREAKS, breaks_of
from marsad.indexer.analysis.token import Token
from marsad.indexer.build.document import StoredArticle
from marsad.indexer.engine.deadline import Deadline
from marsad.indexer.engine.request import ScorePart
from marsad.indexer.engine.seam import Engine
from marsad.indexer.query.answers import answer_of, find_answers
from marsad.indexer.query.parse import Parsed
from marsad.indexer.query.strictness import MATCH_RULES, MatchRule, Strictness
from marsad.indexer.query.words import FORM_RULES
from marsad.indexer.search.conditions import ConditionCheck, check_conditions
from marsad.indexer.search.rerank import reranker_of

TextName = Literal["title", "body"]


@dataclass(frozen=True, slots=True)
class Form:
    """A spelling in an article, the rule that joined it to the query, and how often it stands.

    `lemma` is what joins a form to the word of the query, empty where no lemma does.
    """

    text: str
    rule: MatchRule
    count: int
    lemma: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """What of an article answers one word or phrase, at `start` to `end` of the typed text.

    Forms come narrowest rule first, then commonest; without a form, nothing answers it.
    """

    asked: str
    start: int
    end: int
    strictness: Strictness
    forms: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """An answering word or phrase at `start` to `end` of the title or body; `asked` by number."""

    field: TextName
    start: int
    end: int
    text: str
    rule: MatchRule
    asked: int
    lemma: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an article is a hit: reasons in the order of the query, places, the score's parts.

    `grounds` are its reasons beside words. A hit that only they explain has no parts of a score.
    """

    reasons: tuple[Reason, ...]
    found: tuple[Found, ...]
    parts: tuple[ScorePart, ...] = ()
    grounds: tuple[ConditionCheck, ...] = ()
    is_hit: bool = False

    @property
    def score(self) -> float:
        """The score that the parts add up to."""
        return sum(part.score for part in self.parts)


def explain(parsed: Parsed, stored: StoredArticle, analyzer: Analyzer) -> Explanation:
    """Return what of an article answers a query; see `explain_hit` for its score too."""
    texts: tuple[tuple[TextName, str], ...] = (
        ("title", stored.article.title),
        ("body", stored.article.text),
    )
    found: list[Found] = []
    for name, text in texts:
        tokens = analyzer.analyze(text)
        breaks = NO_BREAKS
        if name == "body" and parsed.chains:
            breaks = breaks_of(text, [token.start for token in tokens])
        for answer in find_answers(
            tokens, parsed.asked, analyzer, parsed.chains, breaks, is_body=name == "body"
        ):
            if name not in parsed.asked[answer.asked].fields:
                continue
            start, end = tokens[answer.first].start, tokens[answer.last].end
            first = tokens[answer.first]
            lemma = _lemma(first, answer.rule) if answer.first == answer.last else ""
            found.append(Found(name, start, end, text[start:end], answer.rule, answer.asked, lemma))
        found += _entities(parsed, stored, name)
    return Explanation(_reasons(parsed, found), tuple(found))


def explain_hit(
    parsed: Parsed,
    stored: StoredArticle,
    analyzer: Analyzer,
    engine: Engine,
    deadline: Deadline | None = None,
) -> Explanation:
    """Return what of an article answers a query, whether it is a hit, and the parts of its score.

    Raises:
        TimeLimitError: the *deadline* has passed.
    """
    why = explain(parsed, stored, analyzer)
    parts = engine.explain(parsed.tree, stored.article.id, deadline, reranker_of(parsed))
    grounds = tuple(check_conditions(parsed, stored, engine, deadline))
    is_hit = engine.holds(parsed.tree, stored.article.id, deadline)
    return Explanation(why.reasons, why.found, parts, grounds, is_hit)


def explain_words(words: Iterable[str], parsed: Parsed, analyzer: Analyzer) -> tuple[Reason, ...]:
    """Return the reasons that *words*, printed words which the engine matched, are.

    This is what a row of results needs: it analyses these words alone, not the article.
    """
    found: list[Found] = []
    for text in words:
        for token in analyzer.analyze(text):
            for number, asked in enumerate(parsed.asked):
                rule = answer_of(token, asked, analyzer)
                if rule is not None:
                    lemma = _lemma(token, rule)
                    found.append(Found("body", token.start, token.end, text, rule, number, lemma))
    return _reasons(parsed, found)


def _entities(parsed: Parsed, stored: StoredArticle, name: TextName) -> Iterable[Found]:
    """Yield the mentions of entities that were asked for by a field such as `person:`."""
    field = "title" if name == "title" else "text"
    for number, asked in enumerate(parsed.asked):
        for mention in stored.extracted.entities if asked.entities else ():
            if mention.field == field and mention.id in asked.entities:
                yield Found(name, mention.start, mention.end, mention.text, "name", number)


def _lemma(token: Token, rule: MatchRule) -> str:
    return token.stem if rule in FORM_RULES else ""


def _reasons(parsed: Parsed, found: Sequence[Found]) -> tuple[Reason, ...]:
    counted: Counter[tuple[int, str, MatchRule, str]] = Counter(
        (one.asked, one.text, one.rule, one.lemma) for one in found
    )
    reasons = []
    for number, asked in enumerate(parsed.asked):
        forms = [
            Form(text, rule, count, lemma)
            for (of, text, rule, lemma), count in counted.items()
            if of == number
        ]
        forms.sort(key=lambda form: (MATCH_RULES.index(form.rule), -form.count, form.text))
        if forms or asked.tokens or not asked.variants:
            reasons.append(
                Reason(asked.text, asked.start, asked.end, asked.strictness, tuple(forms))
            )
    return tuple(reasons)

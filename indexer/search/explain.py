"""Explain: why an article is a hit, word by word, and the parts of its score.

query, article -> [explain] -> the forms in the article that match each query word, and how
query, article, engine -> [explain_hit] -> also the conditions that it meets and its score
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from marsad.indexer.analysis.analyzer import Analyzer
from marsad.indexer.analysis.sentences import NO_BREAKS, breaks_of
from marsad.indexer.analysis.token import Token
from marsad.indexer.build.document import StoredArticle
from marsad.indexer.engine.deadline import Deadline
from marsad.indexer.engine.request import ScorePart
from marsad.indexer.engine.seam import Engine
from marsad.indexer.query.answers import find_answers
from marsad.indexer.query.parse import Parsed
from marsad.indexer.query.strictness import MATCH_RULES, MatchRule, Strictness
from marsad.indexer.query.words import FORM_RULES
from marsad.indexer.search.conditions import ConditionCheck, check_conditions
from marsad.indexer.search.rerank import reranker_of

TextName = Literal["title", "body"]


@dataclass(frozen=True, slots=True)
class MatchedForm:
    """A printed form in an article that matches a query word.

    Attributes:
        text: The form as it is printed.
        rule: The rule by which it matches.
        count: How often it occurs in title and body.
        lemma: The lemma that it shares with the query word; empty for a rule without lemmas.
    """

    text: str
    rule: MatchRule
    count: int
    lemma: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """All forms in an article that match one word or phrase of a query.

    Attributes:
        asked: The word or phrase as it was typed.
        start: Where it starts in the typed text, in code points.
        end: Where it ends.
        strictness: The strictness that it was searched with.
        forms: The matching forms, narrowest rule first, then commonest; empty if none matches.
    """

    asked: str
    start: int
    end: int
    strictness: Strictness
    forms: tuple[MatchedForm, ...]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place in an article that matches a query word.

    Attributes:
        field: The text that it is in.
        start: Where it starts in that text, in code points.
        end: Where it ends.
        text: The text there, as it is printed.
        rule: The rule by which it matches.
        asked: The number of the query word in `Parsed.asked`, from 0.
        lemma: As in `MatchedForm`.
    """

    field: TextName
    start: int
    end: int
    text: str
    rule: MatchRule
    asked: int
    lemma: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an article is a hit, or why it is not.

    Attributes:
        reasons: The matching forms of each query word, in the order of the query.
        occurrences: Every place that matches a query word, by text, then by place.
        parts: The parts that add up to the score; none if the query has only conditions.
        conditions: Whether the article meets each condition of the query.
        is_hit: Whether the query finds the article.
    """

    reasons: tuple[Reason, ...]
    occurrences: tuple[Occurrence, ...]
    parts: tuple[ScorePart, ...] = ()
    conditions: tuple[ConditionCheck, ...] = ()
    is_hit: bool = False

    @property
    def score(self) -> float:
        """The sum of the parts."""
        return sum(part.score for part in self.parts)


def explain(parsed: Parsed, stored: StoredArticle, analyzer: Analyzer) -> Explanation:
    """Return the forms and places in an article that match the words of a query.

    It needs no engine, so it leaves out the score, the conditions and `is_hit`.
    """
    texts: tuple[tuple[TextName, str], ...] = (
        ("title", stored.article.title),
        ("body", stored.article.text),
    )
    found: list[Occurrence] = []
    for name, text in texts:
        tokens = analyzer.analyze(text)
        breaks = NO_BREAKS
        # Only a body has sentences; a title counts as one.
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
            printed = text[start:end]
            found.append(Occurrence(name, start, end, printed, answer.rule, answer.asked, lemma))
        found += _entities(parsed, stored, name)
    return Explanation(_reasons(parsed, found), tuple(found))


def explain_hit(
    parsed: Parsed,
    stored: StoredArticle,
    analyzer: Analyzer,
    engine: Engine,
    deadline: Deadline | None = None,
) -> Explanation:
    """Return a whole explanation: words, conditions, whether it is a hit, and the score.

    Raises:
        TimeLimitError: the *deadline* has passed.
    """
    why = explain(parsed, stored, analyzer)
    parts = engine.explain(parsed.tree, stored.article.id, deadline, reranker_of(parsed))
    conditions = tuple(check_conditions(parsed, stored, engine, deadline))
    is_hit = engine.holds(parsed.tree, stored.article.id, deadline)
    return Explanation(why.reasons, why.occurrences, parts, conditions, is_hit)


def _entities(parsed: Parsed, stored: StoredArticle, name: TextName) -> Iterator[Occurrence]:
    """Yield the mentions of entities that the query names by a field such as `person:`."""
    field = "title" if name == "title" else "text"
    for number, asked in enumerate(parsed.asked):
        for mention in stored.extracted.entities if asked.entities else ():
            if mention.field == field and mention.id in asked.entities:
                yield Occurrence(name, mention.start, mention.end, mention.text, "name", number)


def _lemma(token: Token, rule: MatchRule) -> str:
    return token.stem if rule in FORM_RULES else ""


def _reasons(parsed: Parsed, found: Sequence[Occurrence]) -> tuple[Reason, ...]:
    """Return the occurrences grouped by query word and counted by form."""
    counted: Counter[tuple[int, str, MatchRule, str]] = Counter(
        (one.asked, one.text, one.rule, one.lemma) for one in found
    )
    reasons = []
    for number, asked in enumerate(parsed.asked):
        forms = [
            MatchedForm(text, rule, count, lemma)
            for (of, text, rule, lemma), count in counted.items()
            if of == number
        ]
        forms.sort(key=lambda form: (MATCH_RULES.index(form.rule), -form.count, form.text))
        # The other names of a run of words are noted apart from its words. If the article has
        # none of these names, the words alone are enough to show.
        if forms or asked.tokens or not asked.variants:
            reasons.append(
                Reason(asked.text, asked.start, asked.end, asked.strictness, tuple(forms))
            )
    return tuple(reasons)

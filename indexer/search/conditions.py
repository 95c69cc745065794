"""Conditions: which conditions of a query an article meets, and the part of it that shows so.

A condition is a part of a query that no word of the text answers: a date, a language, an
entity named by a field, an excluded word, words that must be near each other.

    parsed query, article, engine -> [check_conditions] -> a ConditionCheck for each condition
"""

from collections.abc import Iterator
from dataclasses import dataclass

from marsad.indexer.build.document import StoredArticle
from marsad.indexer.engine.deadline import Deadline
from marsad.indexer.engine.seam import Engine
from marsad.indexer.fields import EVENT_FACETS
from marsad.indexer.query.conditions import Condition, ConditionKind
from marsad.indexer.query.events import event_values
from marsad.indexer.query.parse import Parsed
from marsad.indexer.query.tree import Keyword, Node, Or


@dataclass(frozen=True, slots=True)
class ConditionCheck:
    """Whether an article meets one condition.

    Attributes:
        asked: The condition as it was typed.
        start: Where it starts in the typed text, in code points.
        end: Where it ends.
        kind: The kind of the condition.
        holds: Whether the article meets it.
        shown: The language, day, printed dates or printed names of the article that meet it,
            each once. Empty where nothing can be shown, as for an excluded word.
    """

    asked: str
    start: int
    end: int
    kind: ConditionKind
    holds: bool
    shown: tuple[str, ...] = ()


def check_conditions(
    parsed: Parsed, stored: StoredArticle, engine: Engine, deadline: Deadline | None = None
) -> Iterator[ConditionCheck]:
    """Yield a check of each condition of a query, in the order of the query.

    Raises:
        TimeLimitError: the *deadline* has passed.
    """
    for condition in parsed.conditions:
        holds = engine.holds(condition.node, stored.article.id, deadline)
        start, end = condition.start, condition.end
        shown = tuple(dict.fromkeys(_shown(condition, stored))) if holds else ()
        yield ConditionCheck(parsed.typed[start:end], start, end, condition.kind, holds, shown)


def _shown(condition: Condition, stored: StoredArticle) -> Iterator[str]:
    """Yield the texts of an article that meet a condition which it is known to meet."""
    article = stored.article
    match condition.kind:
        case "language":
            yield article.language
        case "date":
            yield article.published_iso() or ""
        case "event":
            asked = set(_facet_values(condition.node))
            for _, mention in stored.extracted.dates:
                values_by_facet = event_values([mention.value])
                if any(
                    (facet, value) in asked
                    for facet, values in zip(EVENT_FACETS, values_by_facet, strict=True)
                    for value in values
                ):
                    yield mention.text
        case "entity" | "person" | "place" | "organisation" | "armed_group" | "nationality":
            asked = set(_facet_values(condition.node))
            for entity in stored.extracted.entities:
                if (entity.type, entity.id) in asked:
                    yield entity.text
        case "without" | "near" | "often":
            # These speak of words, which are marked in the text; there is no field to show.
            return


def _facet_values(node: Node) -> Iterator[tuple[str, str]]:
    """Yield `(facet, value)` of each keyword of a node or of its alternatives."""
    match node:
        case Keyword():
            yield node.field, node.value
        case Or():
            for child in node.children:
                yield from _facet_values(child)
        case _:
            return

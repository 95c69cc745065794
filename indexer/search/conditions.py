"""Grounds: which conditions of a query an article keeps, and by what of it.

conditions of a query, article, engine -> [check_conditions] -> Ground
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
    """Whether an article keeps the condition that was typed as `asked`, at `start` to `end`.

    `shown` is what of the article says so, each once: its language, its day, the dates and
    names that are printed in it. Of what an article lacks there is nothing to show.
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
    """Yield the grounds of an article, in the order of the query.

    Raises:
        TimeLimitError: the *deadline* has passed.
    """
    for condition in parsed.conditions:
        holds = engine.holds(condition.node, stored.article.id, deadline)
        start, end = condition.start, condition.end
        shown = tuple(dict.fromkeys(_shown(condition, stored))) if holds else ()
        yield ConditionCheck(parsed.typed[start:end], start, end, condition.kind, holds, shown)


def _shown(condition: Condition, stored: StoredArticle) -> Iterator[str]:
    article = stored.article
    match condition.kind:
        case "language":
            yield article.language
        case "date":
            yield article.published_iso() or ""
        case "event":
            wanted = set(_values(condition.node))
            for _, mention in stored.extracted.dates:
                values = event_values([mention.value])
                if any(
                    (facet, value) in wanted
                    for facet, own in zip(EVENT_FACETS, values, strict=True)
                    for value in own
                ):
                    yield mention.text
        case "entity" | "person" | "place" | "organisation" | "armed_group" | "nationality":
            wanted = set(_values(condition.node))
            for named in stored.extracted.entities:
                if (named.type, named.id) in wanted:
                    yield named.text
        case "without" | "near" | "often":
            # These speak of words, which are marked in the text; there is no field to show.
            return


def _values(node: Node) -> Iterator[tuple[str, str]]:
    match node:
        case Keyword():
            yield node.field, node.value
        case Or():
            for child in node.children:
                yield from _values(child)
        case _:
            return

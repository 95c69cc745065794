"""Conditions: what a query asks of an article beside its words."""

from dataclasses import dataclass
from typing import Literal, get_args

from marsad.indexer.query.syntax import SearchField
from marsad.indexer.query.tree import Node

ConditionKind = Literal[
    "language",
    "date",
    "event",
    "entity",
    "person",
    "place",
    "organisation",
    "armed_group",
    "nationality",
    "without",
    "near",
    "often",
]
CONDITION_KINDS: tuple[ConditionKind, ...] = get_args(ConditionKind)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition at `start` to `end` of the typed text; *node* finds the articles that keep it.

    That of a value of a field is named by the field; `without` excludes, `near` asks that words
    stand together, `often` that they stand so many times.
    """

    kind: ConditionKind
    start: int
    end: int
    node: Node


def kind_of(field: SearchField) -> ConditionKind:
    """Return the kind of a condition on a field that is no text.

    Raises:
        ValueError: the field is a text.
    """
    kinds = [kind for kind in CONDITION_KINDS if kind == field]
    if not kinds:
        raise ValueError(field)
    return kinds[0]

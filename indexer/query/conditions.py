"""Conditions: the requirements of a query other than its words, for explanations."""

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
    """A condition at `start` to `end` of the typed text; articles that match *node* meet it.

    The condition of a field value has the name of the field as its kind. `without` is an exclusion,
    `near` requires words close together, and `often` requires words a number of times.
    """

    kind: ConditionKind
    start: int
    end: int
    node: Node


def kind_of(field: SearchField) -> ConditionKind:
    """Return the kind of a condition on *field*.

    Raises:
        ValueError: *field* is a text field, which makes no condition.
    """
    kinds = [kind for kind in CONDITION_KINDS if kind == field]
    if not kinds:
        raise ValueError(field)
    return kinds[0]

"""Syntax: the tree of what was typed, before any analysis, with spans."""

from dataclasses import dataclass
from typing import Literal

from marsad.indexer.query.strictness import Strictness
from marsad.indexer.query.tree import Link

SearchField = Literal[
    "title",
    "lead",
    "hlead",
    "source",
    "entity",
    "person",
    "place",
    "organisation",
    "armed_group",
    "nationality",
    "language",
    "date",
    "event",
]


@dataclass(frozen=True, slots=True)
class Word:
    """Loose text without operators: a word, or words glued by punctuation.

    A `pattern` has `*` or `?` inside; `slop` says how many words may stand among quoted ones;
    `level` is the strictness that was typed before it.
    """

    text: str
    start: int
    end: int
    prefix: bool = False
    quoted: bool = False
    pattern: bool = False
    slop: int = 0
    level: Strictness | None = None


@dataclass(frozen=True, slots=True)
class FieldQuery:
    """`field:value`."""

    field: SearchField
    value: Word
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class AndQuery:
    """Operands that must all match."""

    children: tuple["Syntax", ...]


@dataclass(frozen=True, slots=True)
class OrQuery:
    """Operands of which one must match."""

    children: tuple["Syntax", ...]


@dataclass(frozen=True, slots=True)
class NotQuery:
    """An operand that must not match."""

    child: "Syntax"


@dataclass(frozen=True, slots=True)
class Within:
    """`field:(...)`: operands that are all looked for in one field."""

    field: SearchField
    child: "Syntax"
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Together:
    """Operands of which each stands to the next as the link between them says."""

    children: tuple["Syntax", ...]
    links: tuple[Link, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Often:
    """An operand that must stand at least `times` times."""

    child: "Syntax"
    times: int
    start: int
    end: int


Syntax = Word | FieldQuery | AndQuery | OrQuery | NotQuery | Within | Together | Often

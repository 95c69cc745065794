"""Syntax: the tree of a typed query before analysis, with spans in the typed text."""

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
    """A word or phrase without operators; words joined by punctuation are one Word.

    `pattern` means that the word has `*` or `?` inside it. `slop` is the number of other words
    allowed among quoted ones. `level` is the strictness typed before the word, if any.
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
    """A field with one value: `field:value`."""

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
    """Operands of which at least one must match."""

    children: tuple["Syntax", ...]


@dataclass(frozen=True, slots=True)
class NotQuery:
    """An operand that must not match."""

    child: "Syntax"


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """A field with a group: `field:(...)`. All operands are searched in that field."""

    field: SearchField
    child: "Syntax"
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NearQuery:
    """Operands that must occur near each other, as the links between them say."""

    children: tuple["Syntax", ...]
    links: tuple[Link, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class AtLeastQuery:
    """An operand that must occur at least `times` times."""

    child: "Syntax"
    times: int
    start: int
    end: int


Syntax = Word | FieldQuery | AndQuery | OrQuery | NotQuery | FieldGroup | NearQuery | AtLeastQuery

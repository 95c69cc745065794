"""Mention: one place where an article names an entity."""

from dataclasses import dataclass
from typing import Literal

EntityClass = Literal["person", "place", "organisation", "armed_group", "nationality"]
MentionField = Literal["title", "text"]


@dataclass(frozen=True, slots=True)
class Mention:
    """An entity named in the title or text of an article.

    `start` to `end` (code points of that field) cover the name alone. `text` is the
    words as printed, with the clitics that are written onto the first: وعلييف.
    """

    field: MentionField
    start: int
    end: int
    text: str
    type: EntityClass
    id: str

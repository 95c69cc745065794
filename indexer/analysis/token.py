"""Token: one word of a text, with the terms it is indexed under."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Token:
    """A word at `start` to `end` (code points of the original text).

    `surface` is the folded word, `stem` what the light stemmer leaves of it. A stop
    word is its own stem.
    """

    text: str
    start: int
    end: int
    surface: str
    stem: str
    stop: bool

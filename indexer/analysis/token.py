"""Token: one word of a text, with the terms it is indexed under."""

from dataclasses import dataclass

from marsad.indexer.analysis.reading import Rule
from marsad.indexer.fields import Level


@dataclass(frozen=True, slots=True)
class Token:
    """A word at `start` to `end` (code points of the original text).

    `exact` is the word as printed, without marks; `surface` is it folded, `stem` what the
    stemmer leaves of it by `rule`, `root` the consonants of its word family. A stop word is
    its own stem and root. `form` is the word without clitics, as the table spells it.
    `wanted` are the stems that a word of a query asks for, where some were taken out.
    """

    text: str
    start: int
    end: int
    exact: str
    surface: str
    stem: str
    root: str
    stop: bool
    rule: Rule
    form: str
    wanted: tuple[str, ...] = ()

    def term(self, level: Level) -> str:
        """Return the term of one level."""
        match level:
            case "surface":
                return self.surface
            case "stem":
                return self.stem
            case "root":
                return self.root
            case "exact":
                return self.exact

"""Token: one word of a text, with the terms it is indexed under."""

from dataclasses import dataclass

from marsad.indexer.analysis.reading import Rule
from marsad.indexer.fields import Level


@dataclass(frozen=True, slots=True)
class Token:
    """A word at `start` to `end`, in code points of the original text.

    `text` is the word as it is in the text. `exact` is the same without marks, `surface` is the
    folded word, `stem` is its lemma or stem, found by `rule`, and `root` is the consonants of its
    word family. A stop word is its own stem and root. `form` is the word without clitics, in the
    spelling of the morphology table.

    `wanted` is set only for query words of which the user excluded some stems; it lists the stems
    that remain.
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
        """Return the token's term at *level*."""
        match level:
            case "surface":
                return self.surface
            case "stem":
                return self.stem
            case "root":
                return self.root
            case "exact":
                return self.exact

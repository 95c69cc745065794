"""Tails: the ends of a query that is being typed, which may be completed.

typed -> [completion_contexts] -> its last word, its last two, ... with what stands before them
"""

import re
from dataclasses import dataclass

from marsad.corpus.letters import fold_letters
from marsad.indexer.analysis.tokenizer import FORMAT_EDGE, tokenize
from marsad.indexer.fields import ENTITY_FACETS
from marsad.indexer.query.lexer import field_of
from marsad.indexer.query.names import COLONS, LEVEL_SIGNS
from marsad.indexer.query.quotes import DOUBLE
from marsad.indexer.query.visible import VisibleText

_FIELD = re.compile(rf"(\w+)\s*[{COLONS}]\s*[{DOUBLE}]?$")
# What is quoted whole, and the sign that begins a quotation.
_QUOTED = re.compile(r'"[^"]*"|«[^»]*»|“[^”]*”|„[^“”]*[“”]')
_QUOTE = re.compile(r'["«“„]')
_LONGEST = 4


@dataclass(frozen=True, slots=True)
class CompletionContext:
    """The end of what is typed: what stands before it, and its folded words.

    It is open where the last word may go on: no space stands behind it.
    """

    before: str
    words: tuple[str, ...]
    is_open: bool

    @property
    def field(self) -> str:
        """The field that is asked for by name before it, empty where it is none."""
        named = _FIELD.search(fold_letters(VisibleText(self.before).text))
        return (field_of(named[1].lower()) or "") if named else ""

    @property
    def takes_field(self) -> bool:
        """Whether a field may be named here: in no quotation, behind no sign of a level."""
        is_quoted = _QUOTE.search(_QUOTED.sub("", self.before))
        before = VisibleText(self.before).text.rstrip()
        return not is_quoted and not before.endswith((*COLONS, *LEVEL_SIGNS))

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of the names that may complete it."""
        if self.field in ENTITY_FACETS:
            return (self.field,)
        return ENTITY_FACETS if self.field in ("", "title", "entity") else ()

    def begun_by(self, first: str) -> str:
        """Return the words as they begin a name, with another first word."""
        return " ".join((first, *self.words[1:])) + ("" if self.is_open else " ")


def completion_contexts(typed: str) -> list[CompletionContext]:
    """Return the ends of *typed* that may be completed, the longest first; the last is one word.

    Only words with nothing but space between them make one tail. Behind a space a name may go
    on, behind any other sign there is nothing to complete.
    """
    typed = typed.rstrip(FORMAT_EDGE)
    tokens = list(tokenize(typed))
    if not tokens:
        return []
    rest = typed[tokens[-1][2] :]
    if rest.strip():
        return []
    tails: list[CompletionContext] = []
    words: tuple[str, ...] = ()
    for surface, start, end in reversed(tokens[-_LONGEST:]):
        if tails and typed[end : len(tails[-1].before)].strip():
            break
        words = (surface, *words)
        tails.append(CompletionContext(typed[:start], words, not rest))
    return tails[::-1]

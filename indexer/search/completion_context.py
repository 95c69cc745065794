"""Completion context: the last words of a query that is being typed, and the text before them.

    "هدنة قره با" -> [completion_contexts] -> "هدنة قره با", "قره با", "با"

A name may have several words, so the last one, two, three and four words are all tried.
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
# A quotation that is closed, and the sign that opens one.
_QUOTED = re.compile(r'"[^"]*"|«[^»]*»|“[^”]*”|„[^“”]*[“”]')
_QUOTE = re.compile(r'["«“„]')
# Names of more words are found by their last four.
_LONGEST = 4


@dataclass(frozen=True, slots=True)
class CompletionContext:
    """The last words of a typed text, which a completion may replace.

    Attributes:
        before: The typed text before these words, which a completion keeps.
        words: The words, folded; the last one may be incomplete.
        is_open: Whether the last word may go on: there is no space after it.
    """

    before: str
    words: tuple[str, ...]
    is_open: bool

    @property
    def field(self) -> str:
        """The field that is named right before the words (`person:`), or an empty string."""
        named = _FIELD.search(fold_letters(VisibleText(self.before).text))
        return (field_of(named[1].lower()) or "") if named else ""

    @property
    def takes_field(self) -> bool:
        """Whether a field such as `person:` may be written here.

        It may not inside a quotation, nor right after another field or the sign of a level.
        """
        is_quoted = _QUOTE.search(_QUOTED.sub("", self.before))
        before = VisibleText(self.before).text.rstrip()
        return not is_quoted and not before.endswith((*COLONS, *LEVEL_SIGNS))

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of entities that may be offered here; none after `date:` and the like."""
        if self.field in ENTITY_FACETS:
            return (self.field,)
        return ENTITY_FACETS if self.field in ("", "title", "entity") else ()

    def name_prefix(self, first: str) -> str:
        """Return the prefix that a name must have, with *first* in place of the first word."""
        # A space after the last word means that the word is complete.
        return " ".join((first, *self.words[1:])) + ("" if self.is_open else " ")


def completion_contexts(typed: str) -> list[CompletionContext]:
    """Return the last four, three, two and one words of *typed*, each as a context.

    The longest comes first. Words belong together only if nothing but space is between them.
    The list is empty if *typed* ends with a sign other than a space: a pattern such as `قص*`
    or a closed quotation has nothing to complete.
    """
    typed = typed.rstrip(FORMAT_EDGE)
    tokens = list(tokenize(typed))
    if not tokens:
        return []
    rest = typed[tokens[-1][2] :]
    if rest.strip():
        return []
    contexts: list[CompletionContext] = []
    words: tuple[str, ...] = ()
    for surface, start, end in reversed(tokens[-_LONGEST:]):
        if contexts and typed[end : len(contexts[-1].before)].strip():
            break
        words = (surface, *words)
        contexts.append(CompletionContext(typed[:start], words, not rest))
    return contexts[::-1]

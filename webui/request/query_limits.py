"""Bounds: how large a query may be, so that no request takes much longer than another.

Length and parameters are bounded where they are read (`request.parameters`), the depth of
pages by the engine's contract; here, what a parsed query asks of the index.
"""

from marsad.indexer.query.parse import Parsed
from marsad.indexer.query.tree import (
    All,
    And,
    AndMaybe,
    AtLeast,
    Chain,
    DateRange,
    Keyword,
    Lead,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Spot,
    Term,
    Wildcard,
)
from marsad.webui.request.forms import SearchForm

MOST_WORDS = 120
# A word is some clauses: title and body, each form and each name; hundreds, without a rule
# about forms, because each form is then asked for by itself.
MOST_CLAUSES = 12_000
MOST_WITHOUT_RULE = 20
_FORM_RULES = frozenset(("clitic", "stem", "plural"))
MOST_PATTERNS = 16


class QueryTooLargeError(Exception):
    """A query has more clauses or patterns than one request may ask for."""

    def __init__(self, what: str, found: int, most: int) -> None:
        super().__init__(f"q: found {found} {what}, expected at most {most}")
        self.what, self.found, self.most = what, found, most


def check_typed(form: SearchForm) -> None:
    """Refuse what would take long to read already.

    Raises:
        QueryTooLargeError: it has too many words for a search without a rule about forms.
    """
    words = len(form.q.split())
    if words > MOST_WITHOUT_RULE and not _FORM_RULES.isdisjoint(form.off):
        raise QueryTooLargeError("words", words, MOST_WITHOUT_RULE)


def check_size(parsed: Parsed) -> None:
    """Refuse a query with too many words, clauses or patterns.

    Raises:
        QueryTooLargeError: it has too many.
    """
    words = len(parsed.asked)
    if words > MOST_WORDS:
        raise QueryTooLargeError("words", words, MOST_WORDS)
    clauses, leaves = _sizes(parsed.tree)
    # Each is looked for in title and body.
    patterns = leaves // 2
    if clauses > MOST_CLAUSES:
        raise QueryTooLargeError("clauses", clauses, MOST_CLAUSES)
    if patterns > MOST_PATTERNS:
        raise QueryTooLargeError("patterns", patterns, MOST_PATTERNS)


def _size(spot: Spot) -> int:
    return sum(len(word) for row in spot.rows for word in row)


def _sizes(tree: Node) -> tuple[int, int]:
    """Return how many leaves *tree* has, and how many of them are prefixes or patterns."""
    clauses = patterns = 0
    waiting: list[Node] = [tree]
    while waiting:
        node = waiting.pop()
        match node:
            case And() | Or():
                waiting += node.children
            case Not():
                waiting.append(node.child)
            case AndMaybe():
                waiting += (node.required, node.optional)
            case Prefix() | Wildcard():
                clauses, patterns = clauses + 1, patterns + 1
            case Phrase():
                clauses += len(node.terms)
            case Chain() | AtLeast():
                clauses += sum(map(_size, node.spots))
            case Lead():
                clauses += _size(node.spot)
            case All() | Nothing() | Term() | Keyword() | DateRange():
                clauses += 1
    return clauses, patterns

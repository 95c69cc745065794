"""Query limits: the largest query that one request may send to the index.

The limits keep the slowest request near the speed of the others. Two limits are elsewhere:
`request.parameters` checks the length of each parameter, and the engine checks how deep a
page of results is (DEEPEST_HIT).
"""

from marsad.indexer.errors import PicklableError
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
    Near,
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
# One word becomes several clauses: each of its forms and names, in the title and in the body.
MOST_CLAUSES = 12_000
# When a rule about word forms is off, each form becomes a clause of its own, so that one word
# is hundreds of clauses. The limit on words is lower then.
MOST_WORDS_WITHOUT_RULE = 20
_FORM_RULES = frozenset(("clitic", "stem", "plural"))
MOST_PATTERNS = 16


class QueryTooLargeError(PicklableError):
    """A query has more than *most* words, clauses or patterns; *unit* says which of them."""

    def __init__(self, unit: str, found: int, most: int) -> None:
        super().__init__(f"q: found {found} {unit}, expected at most {most}")
        self.unit, self.found, self.most = unit, found, most


def check_word_count(form: SearchForm) -> None:
    """Check the number of words before the query is parsed, because parsing alone can be slow.

    Raises:
        QueryTooLargeError: a rule about word forms is off, and the query has more than
            MOST_WORDS_WITHOUT_RULE words.
    """
    words = len(form.q.split())
    if words > MOST_WORDS_WITHOUT_RULE and not _FORM_RULES.isdisjoint(form.off):
        raise QueryTooLargeError("words", words, MOST_WORDS_WITHOUT_RULE)


def check_query_size(parsed: Parsed) -> None:
    """Check the number of words, clauses and patterns of a parsed query.

    Raises:
        QueryTooLargeError: one of these numbers is above its limit.
    """
    words = len(parsed.asked)
    if words > MOST_WORDS:
        raise QueryTooLargeError("words", words, MOST_WORDS)
    clauses, pattern_clauses = _count_clauses(parsed.tree)
    # The tree has each pattern twice: once for the title and once for the body.
    patterns = pattern_clauses // 2
    if clauses > MOST_CLAUSES:
        raise QueryTooLargeError("clauses", clauses, MOST_CLAUSES)
    if patterns > MOST_PATTERNS:
        raise QueryTooLargeError("patterns", patterns, MOST_PATTERNS)


def _count_terms(spot: Spot) -> int:
    return sum(len(word) for row in spot.rows for word in row)


def _count_clauses(tree: Node) -> tuple[int, int]:
    """Return the number of clauses of *tree*, and how many of them are prefixes or wildcards."""
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
            case Phrase() | Near():
                clauses += len(node.terms)
            case Chain() | AtLeast():
                clauses += sum(map(_count_terms, node.spots))
            case Lead():
                clauses += _count_terms(node.spot)
            case All() | Nothing() | Term() | Keyword() | DateRange():
                clauses += 1
    return clauses, patterns

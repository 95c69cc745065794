"""Bounds: how large a query may be, so that no request takes much longer than another.

Length and parameters are bounded where they are read (`webui.parameters`), the depth of
pages by the engine's contract; here, what a parsed query asks of the index.
"""

from indexer.query.tree import (
    All,
    And,
    AndMaybe,
    DateRange,
    Keyword,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Term,
    Wildcard,
)

# A word is up to four clauses: title and body, as it stands and by its stem.
MOST_CLAUSES = 600
MOST_PATTERNS = 16


class QueryTooLargeError(Exception):
    """A query has more clauses or patterns than one request may ask for."""

    def __init__(self, what: str, found: int, most: int) -> None:
        super().__init__(f"q: found {found} {what}, expected at most {most}")
        self.what, self.found, self.most = what, found, most


def check_size(tree: Node) -> None:
    """Refuse a tree with too many clauses or patterns.

    Raises:
        QueryTooLargeError: it has too many.
    """
    clauses, patterns = _sizes(tree)
    if clauses > MOST_CLAUSES:
        raise QueryTooLargeError("clauses", clauses, MOST_CLAUSES)
    if patterns > MOST_PATTERNS:
        raise QueryTooLargeError("patterns", patterns, MOST_PATTERNS)


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
            case All() | Nothing() | Term() | Keyword() | DateRange():
                clauses += 1
    return clauses, patterns

"""Word diff: the words that only one of two texts has.

two texts -> [word_diff] -> changes, in the order of reading
"""

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from marsad.corpus.letters import fold_letters

ChangeKind = Literal["same", "added", "removed"]

# For longer texts the matcher ignores very common words, because the time of an exact match grows
# with the product of the lengths.
_EXACT_WORDS = 3_000


@dataclass(frozen=True, slots=True)
class Change:
    """A run of words: in both texts, only in the second ("added"), or only in the first."""

    kind: ChangeKind
    text: str


def word_diff(first: str, second: str) -> tuple[Change, ...]:
    """Return how *second* differs from *first*, word by word.

    Words are compared folded, so vowel marks, hamza seats and kinds of digits do not count. They
    are returned as printed; words that both texts have, as printed in the second.

    Example:
        >>> [(c.kind, c.text) for c in word_diff("أعلن الجيش وقف القتال", "اعلن الجيش بدء القتال")]
        [('same', 'اعلن الجيش'), ('removed', 'وقف'), ('added', 'بدء'), ('same', 'القتال')]
    """
    old, new = first.split(), second.split()
    matcher = SequenceMatcher(
        None,
        [fold_letters(word) for word in old],
        [fold_letters(word) for word in new],
        autojunk=max(len(old), len(new)) > _EXACT_WORDS,
    )
    changes: list[Change] = []
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            changes.append(Change("same", " ".join(new[j1:j2])))
            continue
        if i1 < i2:
            changes.append(Change("removed", " ".join(old[i1:i2])))
        if j1 < j2:
            changes.append(Change("added", " ".join(new[j1:j2])))
    return tuple(changes)

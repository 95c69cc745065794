"""Snippets: the passages of an article that answer a query.

text, marks -> [best_passages] -> passages with their marks
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from marsad.indexer.analysis.sentences import sentence_ends
from marsad.indexer.search.highlight import Highlight

LONGEST_PASSAGE = 260
# A name in a passage says more than another word.
_NAME_WORTH = 1.5


@dataclass(frozen=True, slots=True)
class Passage:
    """Part of a text with its marks, whose offsets are into `text`.

    `cut_start` and `cut_end` say that the sentence goes on beyond.
    """

    text: str
    marks: tuple[Highlight, ...]
    cut_start: bool
    cut_end: bool


def best_passages(text: str, marks: Sequence[Highlight], count: int = 2) -> tuple[Passage, ...]:
    """Return the *count* sentences that together answer most of a query, in reading order.

    Each is chosen for the query words that no chosen one has, names before others, then for
    all its query words. Without a mark, the first sentence alone.
    """
    ends = list(sentence_ends(text))
    inside: dict[int, list[Highlight]] = {}
    for mark in marks:
        inside.setdefault(bisect_right(ends, mark.start), []).append(mark)
    if not inside:
        first = next(sentences(text), None)
        return (_passage(text, first, ()),) if first else ()
    edges = [0, *ends, len(text)]
    return tuple(
        _passage(text, _stripped(text, edges[number], edges[number + 1]), inside[number])
        for number in sorted(_choose(inside, count))
    )


def _choose(inside: Mapping[int, Sequence[Highlight]], count: int) -> Iterable[int]:
    if len(inside) <= count:
        return inside
    left = set(inside)
    seen: set[str] = set()
    chosen: list[int] = []
    while left and len(chosen) < count:
        best = min(left, key=lambda n: (-_worth(inside[n], seen), -_worth(inside[n], set()), n))
        chosen.append(best)
        left.remove(best)
        seen |= {mark.key for mark in inside[best]}
    return chosen


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each sentence of *text*, white space between them left out.

    Example:
        >>> text = "بلغ 3.5 في المئة. قال د. سامي: «نعم.» ثم انصرف"
        >>> [text[start:end] for start, end in sentences(text)]
        ['بلغ 3.5 في المئة.', 'قال د. سامي: «نعم.»', 'ثم انصرف']
    """
    start = 0
    for end in [*sentence_ends(text), len(text)]:
        span = _stripped(text, start, end)
        if span[0] < span[1]:
            yield span
        start = end


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    """Return *start* and *end* without the white space at both ends."""
    part = text[start:end].rstrip()
    return start + len(part) - len(part.lstrip()), start + len(part)


def _worth(marks: Sequence[Highlight], seen: set[str]) -> float:
    """Return what different words are worth that *seen* does not have."""
    words = {mark.key: mark.name for mark in marks if mark.key not in seen}
    return sum(_NAME_WORTH if name else 1.0 for name in words.values())


def _passage(text: str, span: tuple[int, int], marks: Sequence[Highlight]) -> Passage:
    """Cut a sentence to what fits, where most of its words are, at spaces."""
    start, end = span
    inside = [mark for mark in marks if start <= mark.start and mark.end <= end]
    left, right = start, end
    if end - start > LONGEST_PASSAGE:
        anchor = _best_window(inside) if inside else start
        left = max(start, min(anchor - LONGEST_PASSAGE // 4, end - LONGEST_PASSAGE))
        if left > start:
            left = text.find(" ", left, anchor) + 1 or anchor
        right = min(end, left + LONGEST_PASSAGE)
        if right < end:
            space = text.rfind(" ", left, right)
            right = space if space > anchor else right
    kept = tuple(
        Highlight(mark.start - left, mark.end - left, mark.key, mark.name)
        for mark in inside
        if left <= mark.start and mark.end <= right
    )
    return Passage(text[left:right].replace("\n", " "), kept, left > start, right < end)


def _best_window(marks: Sequence[Highlight]) -> int:
    """Return where the marks begin that are worth most together in one passage."""
    reach = LONGEST_PASSAGE * 3 // 4

    def worth(first: Highlight) -> float:
        within = [mark for mark in marks if first.start <= mark.start <= first.start + reach]
        return _worth(within, set())

    return max(marks, key=lambda mark: (worth(mark), -mark.start)).start

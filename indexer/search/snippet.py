"""Snippets: the sentences of an article that show best why it answers a query.

text, its highlights -> [best_passages] -> passages with their highlights
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from marsad.indexer.analysis.sentences import sentence_ends
from marsad.indexer.search.highlight import Highlight

# In code points. A longer sentence is cut.
LONGEST_PASSAGE = 260
# A name tells a reader more about a hit than another word of the query.
_NAME_WORTH = 1.5


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a text, at most one sentence.

    Attributes:
        text: The part, with spaces in place of line breaks.
        highlights: Its highlights, with offsets into `text`.
        cut_start: Whether the start of the sentence was cut off.
        cut_end: Whether its end was cut off.
    """

    text: str
    highlights: tuple[Highlight, ...]
    cut_start: bool
    cut_end: bool


def best_passages(
    text: str, highlights: Sequence[Highlight], count: int = 2
) -> tuple[Passage, ...]:
    """Return the *count* sentences that together answer most of a query, in reading order.

    Sentences are chosen one after another. The next one is the sentence with most words of the
    query that no chosen sentence has (a name counts for more), then with most words at all.
    Without highlights, only the first sentence is returned; of an empty text, nothing.
    """
    ends = list(sentence_ends(text))
    inside: dict[int, list[Highlight]] = {}
    for one in highlights:
        inside.setdefault(bisect_right(ends, one.start), []).append(one)
    if not inside:
        first = next(sentences(text), None)
        return (_passage(text, first, ()),) if first else ()
    edges = [0, *ends, len(text)]
    return tuple(
        _passage(text, _stripped(text, edges[number], edges[number + 1]), inside[number])
        for number in sorted(_choose(inside, count))
    )


def _choose(inside: Mapping[int, Sequence[Highlight]], count: int) -> Iterable[int]:
    """Return the numbers of the best sentences, from the highlights of each sentence."""
    if len(inside) <= count:
        return inside
    left = set(inside)
    seen: set[str] = set()
    chosen: list[int] = []
    while left and len(chosen) < count:
        best = min(left, key=lambda n: (-_worth(inside[n], seen), -_worth(inside[n], set()), n))
        chosen.append(best)
        left.remove(best)
        seen |= {one.key for one in inside[best]}
    return chosen


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each sentence of *text*, without the white space between them.

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


def _worth(highlights: Sequence[Highlight], seen: set[str]) -> float:
    """Return the sum of the worths of different highlighted words that are not in *seen*."""
    words = {one.key: one.name for one in highlights if one.key not in seen}
    return sum(_NAME_WORTH if name else 1.0 for name in words.values())


def _passage(text: str, span: tuple[int, int], highlights: Sequence[Highlight]) -> Passage:
    """Return a sentence as a passage; a long one is cut at spaces around its best highlights."""
    start, end = span
    inside = [one for one in highlights if start <= one.start and one.end <= end]
    left, right = start, end
    if end - start > LONGEST_PASSAGE:
        anchor = _best_window(inside) if inside else start
        # Some words before the first highlight make it easier to understand.
        left = max(start, min(anchor - LONGEST_PASSAGE // 4, end - LONGEST_PASSAGE))
        if left > start:
            left = text.find(" ", left, anchor) + 1 or anchor
        right = min(end, left + LONGEST_PASSAGE)
        if right < end:
            space = text.rfind(" ", left, right)
            right = space if space > anchor else right
    kept = tuple(
        Highlight(one.start - left, one.end - left, one.key, one.name)
        for one in inside
        if left <= one.start and one.end <= right
    )
    return Passage(text[left:right].replace("\n", " "), kept, left > start, right < end)


def _best_window(highlights: Sequence[Highlight]) -> int:
    """Return the start of the highlight from which one passage holds the most worth."""
    reach = LONGEST_PASSAGE * 3 // 4
    ordered = sorted(highlights)
    # Of each key in the window: how often it is there, and whether the last one is a name.
    counts: Counter[str] = Counter()
    worths: dict[str, float] = {}
    best, best_worth, total, end = ordered[0].start, -1.0, 0.0, 0
    for first in ordered:
        while end < len(ordered) and ordered[end].start <= first.start + reach:
            one = ordered[end]
            counts[one.key] += 1
            total -= worths.get(one.key, 0.0)
            worths[one.key] = _NAME_WORTH if one.name else 1.0
            total += worths[one.key]
            end += 1
        if total > best_worth:
            best, best_worth = first.start, total
        counts[first.key] -= 1
        if not counts[first.key]:
            total -= worths.pop(first.key)
    return best

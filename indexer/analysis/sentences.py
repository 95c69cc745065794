"""Sentences: where the sentences and paragraphs of a text end.

text -> [sentence_ends] -> places ; text, tokens -> [breaks_of] -> the tokens that begin one
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

# A sentence ends at a line's end, or at a stop and its closing quotes before a space; a full
# stop behind a single letter (د. ج.) or between digits ends none.
# It begins with one set of characters, which is what lets `re` skip all others at once.
_END = re.compile(r"[\n.!?؟…](?:(?<=\n)\n*|(?<!\b\w\.)(?<!\n)[.!?؟…]*[\"'»”’)]*(?=\s|$))")


class Breaks(NamedTuple):
    """The positions of tokens that begin a sentence, or a paragraph; the first token aside."""

    sentences: Sequence[int] = ()
    paragraphs: Sequence[int] = ()


NO_BREAKS = Breaks()


def sentence_ends(text: str) -> Iterator[int]:
    """Yield where the sentences of *text* end, that at its end aside."""
    return (match.end() for match in _END.finditer(text))


def breaks_of(text: str, starts: Sequence[int]) -> Breaks:
    r"""Return the breaks of *text*, whose tokens begin at *starts*; a line is a paragraph.

    Example:
        >>> breaks_of("قال. نعم\nثم", [0, 5, 9])
        Breaks(sentences=[1, 2], paragraphs=[2])
    """
    sentences: list[int] = []
    paragraphs: list[int] = []
    for match in _END.finditer(text):
        at = bisect_left(starts, match.end())
        if not 0 < at < len(starts):
            continue
        if not sentences or sentences[-1] < at:
            sentences.append(at)
        is_line = text[match.start()] == "\n"
        if is_line and (not paragraphs or paragraphs[-1] < at):
            paragraphs.append(at)
    return Breaks(sentences, paragraphs)

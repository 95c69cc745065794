"""Sentences: finds the ends of sentences and paragraphs.

text -> [sentence_ends] -> offsets
text, token starts -> [breaks_of] -> positions of the tokens that begin one
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

# A sentence ends at the end of a line, or at a stop with its closing quotes before a space. A full
# stop after a single letter (د. ج.) or between digits does not end one. The pattern begins with a
# single set of characters, because `re` can then skip all other characters quickly.
_END = re.compile(r"[\n.!?؟…](?:(?<=\n)\n*|(?<!\b\w\.)(?<!\n)[.!?؟…]*[\"'»”’)]*(?=\s|$))")


class Breaks(NamedTuple):
    """Positions of tokens that begin a sentence or paragraph, without a text's first token."""

    sentences: Sequence[int] = ()
    paragraphs: Sequence[int] = ()


NO_BREAKS = Breaks()


def sentence_ends(text: str) -> Iterator[int]:
    """Yield the offset of each sentence end of *text*, except the end of the text itself."""
    return (match.end() for match in _END.finditer(text))


def breaks_of(text: str, starts: Sequence[int]) -> Breaks:
    r"""Return the breaks of *text*, whose tokens begin at the offsets *starts*.

    Each line of the text is a paragraph.

    Example:
        >>> breaks_of("قال. نعم\nثم", [0, 5, 9])
        Breaks(sentences=[1, 2], paragraphs=[2])
    """
    sentences: list[int] = []
    paragraphs: list[int] = []
    for match in _END.finditer(text):
        at = bisect_left(starts, match.end())
        # An end before the first token or after the last one begins no sentence.
        if not 0 < at < len(starts):
            continue
        if not sentences or sentences[-1] < at:
            sentences.append(at)
        is_line = text[match.start()] == "\n"
        if is_line and (not paragraphs or paragraphs[-1] < at):
            paragraphs.append(at)
    return Breaks(sentences, paragraphs)

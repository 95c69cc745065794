"""Marks: vowel signs joined to their letters, and strokes that only stretch a word left out.

glyphs in the order of drawing -> [joined] -> glyphs
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from marsad.corpus.readers.pdf.glyphs import Glyph
from marsad.corpus.readers.pdf.letters import is_mark, with_marks
from marsad.corpus.readers.pdf.logical import kind_of

_REACH = 1.1
_BESIDE = 0.6
_TOUCHES = 0.06
_MOSTLY = 0.9
# Between two Arabic letters that touch, these may be meant. Other signs are meant only if they
# are elsewhere too, as quotation marks are.
_MEANT = frozenset(" ./\\-_،:–—|*")


def joined(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Return the glyphs of a page, each letter with its marks, without stretching strokes."""
    return _without_strokes(_with_marks(glyphs))


def _with_marks(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Give each mark to its letter.

    Marks have no width, and fonts draw them left or right of the pen. But a mark is drawn just
    before or just after its letter, and of these two neighbours the letter is the right one:
    a run of Arabic is drawn either from left to right with each mark before its letter, or from
    right to left with each mark after it.
    """
    found: dict[int, list[str]] = {}
    kept = [at for at, each in enumerate(glyphs) if not is_mark(each.text)]
    if len(kept) == len(glyphs):
        return list(glyphs)
    for at, mark in enumerate(glyphs):
        if not is_mark(mark.text):
            continue
        next_one = bisect_left(kept, at)
        beside = [kept[one] for one in (next_one - 1, next_one) if 0 <= one < len(kept)]
        bearers = [one for one in beside if _bears(glyphs[one], mark)]
        if not bearers:
            # The file draws marks apart from letters.
            bearers = [one for one in kept if _bears(glyphs[one], mark)]
            bearers.sort(key=lambda one: abs(_middle(glyphs[one]) - _middle(mark)))
            bearers = bearers[:1]
        if bearers:
            best = max(bearers, key=lambda one: glyphs[one].x0)
            found.setdefault(best, []).append(mark.text)
    for one, marks in found.items():
        glyphs[one].text = with_marks(glyphs[one].text, marks)
    return [glyphs[one] for one in kept]


def _middle(glyph: Glyph) -> float:
    return (glyph.x0 + glyph.x1) / 2


def _bears(letter: Glyph, mark: Glyph) -> bool:
    edge = _BESIDE * letter.size
    return (
        bool(letter.text.strip())
        and letter.turn == mark.turn
        and abs(letter.y - mark.y) < _REACH * letter.size
        and letter.x0 - edge <= _middle(mark) <= letter.x1 + edge
    )


def _without_strokes(glyphs: list[Glyph]) -> list[Glyph]:
    """Leave out strokes that stretch a word to fill its line, which LibreOffice maps to any sign.

    They lie between two letters that touch them, and some are drawn twice at almost one place.
    """
    inside: Counter[int] = Counter()
    surely: set[int] = set()
    seen: Counter[int] = Counter(each.code for each in glyphs)
    spots: list[int] = []
    for at, each in enumerate(glyphs):
        if kind_of(each.text) == "R" or each.logical:
            continue
        first = last = at
        while first > 0 and glyphs[first - 1].code == each.code:
            first -= 1
        while last + 1 < len(glyphs) and glyphs[last + 1].code == each.code:
            last += 1
        if first == 0 or last + 1 == len(glyphs):
            continue
        before, after = glyphs[first - 1], glyphs[last + 1]
        if not (_joins(before, glyphs[first]) and _joins(glyphs[last], after)):
            continue
        inside[each.code] += 1
        spots.append(at)
        twice = first < last and abs(glyphs[first].x0 - glyphs[first + 1].x0) < 0.5 * (
            each.x1 - each.x0
        )
        inner = kind_of(before.text) == kind_of(after.text) == "R"
        if twice or (inner and each.text not in _MEANT):
            surely.add(each.code)
    strokes = {code for code in surely if inside[code] >= _MOSTLY * seen[code]}
    kept: list[Glyph] = []
    dropped = {at for at in spots if glyphs[at].code in strokes}
    for at, each in enumerate(glyphs):
        if at not in dropped:
            kept.append(each)
        elif kept:
            # The word has no gap here.
            kept[-1].x1 = max(kept[-1].x1, each.x1)
    return kept


def _joins(left: Glyph, right: Glyph) -> bool:
    """Tell whether two glyphs touch, and one at least is an Arabic letter."""
    touch = abs(left.x1 - right.x0) < max(_TOUCHES * left.size, 0.5 * (right.x1 - right.x0))
    arabic = "R" in (kind_of(left.text), kind_of(right.text))
    return touch and arabic and abs(left.y - right.y) < _TOUCHES * left.size

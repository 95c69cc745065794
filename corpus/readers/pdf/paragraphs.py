"""Paragraphs: the lines of all pages, joined to paragraphs.

    lines of pages -> [paragraphs_of] -> Paragraph

A paragraph ends where the gap to the next line is wide, where the size of the letters changes,
where the next line is indented, or where the next word had room on the line.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from marsad.corpus.readers.pdf.columns import Line
from marsad.corpus.readers.pdf.letters import TATWEEL
from marsad.corpus.readers.pdf.logical import CLOSING, OPENING, Reader, kind_of

_PITCH = 1.2
_FIRST_PITCH = 2.2
_SIZES = 1.08
_LARGE = 1.12
_HEADING_PITCH = 1.8
_INDENT = 0.9
_RAGGED = 0.3
_MUCH = 0.5
_STOP = re.compile("[.!?؟…:؛;](?:\\W|$)")
_SPACES = re.compile(" {2,}")
# A tatweel inside a word only stretches it; between spaces it is used as a dash.
_STRETCH = re.compile(f"(?<=\\w){TATWEEL}+|{TATWEEL}+(?=\\w)")
_BULLET = re.compile(r"^\s*(?:[•●▪■◦‣·*-]|\(?[0-9٠-٩]{1,3}[.)-])\s")


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together. `starts` has (page, offset in the text) of each new page."""

    lines: list[Line]
    size: float
    bold: bool
    text: str = ""
    starts: list[tuple[int, int]] = field(default_factory=list)


def paragraphs_of(pages: Sequence[Sequence[Line]], *, rtl: bool) -> list[Paragraph]:
    """Return the paragraphs of all pages, without their text."""
    pitch = _pitches(pages)
    large = _LARGE * _usual(pages)
    made: list[Paragraph] = []
    for lines in pages:
        for line in lines:
            last = made[-1].lines[-1] if made else None
            if last is None or _ends(last, line, pitch, large, rtl=rtl):
                made.append(Paragraph([line], line.size, line.bold))
            else:
                made[-1].lines.append(line)
    return made


def _pitches(pages: Sequence[Sequence[Line]]) -> dict[int, float]:
    """Return, for each size of letters, the usual distance of two lines of a paragraph."""
    gaps: dict[int, list[float]] = {}
    for lines in pages:
        for one, other in pairwise(lines):
            gap = one.y - other.y
            if 0.5 * one.size < gap < 4 * one.size and not one.row and _is_alike(one, other):
                gaps.setdefault(round(one.size), []).append(gap)
    return {
        size: min(sorted(found)[len(found) // 5], _FIRST_PITCH * max(1, size))
        for size, found in gaps.items()
    }


def _is_alike(one: Line, other: Line) -> bool:
    return max(one.size, other.size) < _SIZES * min(one.size, other.size)


def _usual(pages: Sequence[Sequence[Line]]) -> float:
    """Return the size of most letters."""
    sizes: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            sizes[line.size] += len(line.texts)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _ends(last: Line, line: Line, pitches: dict[int, float], large: float, *, rtl: bool) -> bool:
    """Tell whether a paragraph ends between two lines that follow each other."""
    if last.row or line.row:
        return last.row != line.row
    if not _is_alike(last, line) or last.bold != line.bold:
        return True
    moved = last.page != line.page or line.y > last.y
    if last.size > large and not moved and last.y - line.y < _HEADING_PITCH * last.size:
        # The lines of a heading end where its author wants.
        return False
    if _has_bullet(line, rtl=rtl):
        return True
    if not moved:
        pitch = pitches.get(round(last.size), _FIRST_PITCH * last.size)
        if last.y - line.y > _PITCH * pitch:
            return True
    begin = (line.right - line.x1) if rtl else (line.x0 - line.left)
    begin_before = (last.right - last.x1) if rtl else (last.x0 - last.left)
    if begin > begin_before + _INDENT * line.size and begin > _INDENT * line.size:
        centred = abs((line.x0 + line.x1) - (line.left + line.right)) < line.size
        if not centred:
            return True
    return _has_room(last, line, rtl=rtl)


def _has_room(last: Line, line: Line, *, rtl: bool) -> bool:
    """Tell whether the first word of a line had room at the end of the line before."""
    room = (last.x0 - last.left) if rtl else (last.right - last.x1)
    wide = last.right - last.left
    # A line that is centred leaves room on both sides.
    other = (last.right - last.x1) if rtl else (last.x0 - last.left)
    if other > last.size and abs(other - room) < last.size:
        room += other
    last_letters = "".join(last.texts[:3][::-1] if rtl else last.texts[-3:])
    beside = last.page == line.page and line.y < last.y
    if beside and room < _MUCH * wide and not _STOP.search(last_letters):
        # The words may be narrower than the program that broke the line took them to be.
        return False
    return room > line.ends[rtl] + 0.25 * line.size + _RAGGED * last.size + 0.01 * wide


def _has_bullet(line: Line, *, rtl: bool) -> bool:
    texts = line.texts[::-1] if rtl else line.texts
    return bool(_BULLET.match("".join(texts[:6])))


def is_rtl(lines: Sequence[Line], default: bool) -> bool:
    """Tell whether some lines are read from right to left.

    The letters decide; those of the direction of the whole file count twice.
    """
    kinds = Counter(kind_of(each) for line in lines for each in line.texts)
    right, left = kinds["R"], kinds["L"]
    if not right and not left:
        return default
    return 2 * right > left if default else right > 2 * left


def write(paragraphs: Sequence[Paragraph], *, rtl: bool) -> None:
    """Set the texts of paragraphs.

    A file maps a mirrored bracket to what is drawn or to what was typed: the one that gives more
    pairs of brackets is taken.
    """
    drawn = [_text(each, rtl=rtl, mirror=True) for each in paragraphs]
    typed = [_text(each, rtl=rtl, mirror=False) for each in paragraphs]
    best = drawn if sum(map(_pairs, drawn)) >= sum(map(_pairs, typed)) else typed
    for each, text in zip(paragraphs, best, strict=True):
        each.text = text


def _pairs(text: str) -> int:
    """Return the number of brackets in pairs less the number of those without."""
    open_brackets: list[str] = []
    balance = 0
    for char in text:
        if char in OPENING:
            open_brackets.append(char)
        elif char in CLOSING:
            if open_brackets and open_brackets[-1] == OPENING[CLOSING.index(char)]:
                open_brackets.pop()
                balance += 1
            else:
                balance -= 1
    return balance - len(open_brackets)


def _text(paragraph: Paragraph, *, rtl: bool, mirror: bool) -> str:
    """Return the text of a paragraph, and set where its pages start."""
    reader = Reader(is_rtl(paragraph.lines, rtl), mirror)
    text = ""
    paragraph.starts = []
    page, cell, row = 0, 0, 0
    for line in paragraph.lines:
        new = _SPACES.sub(" ", _STRETCH.sub("", reader.line(line.texts, line.stated))).strip()
        if line.row and (line.row, line.cell) != (row, cell):
            reader.strong = ""
            text = text + "\t" if text else text
        elif text.endswith("\u00ad") or _is_split(text, new):
            text = text[:-1]
        elif text:
            text += " "
        if line.page != page:
            paragraph.starts.append((line.page, len(text)))
        text += new
        page, cell, row = line.page, line.cell, line.row
    return text.replace("\u00ad", "")


def _is_split(text: str, new: str) -> bool:
    """Tell whether a Latin or Cyrillic word is split over two lines."""
    return bool(re.search("[a-zа-я]-$", text) and re.match("[a-zа-я]", new))

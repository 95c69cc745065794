"""Draft: make articles of the blocks of a document.

    blocks, notes, stated title -> [read_draft] -> one article, or those of an export

The lines of a document are read as those of a text file: title, date line, credits, body. What
the document knows beyond that (which line is a heading, where a page begins) is kept.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from marsad.corpus.article import Article, Place, PlaceKind
from marsad.corpus.encoding import clean
from marsad.corpus.readers.layout import frame_article, read_frame, text_lines
from marsad.corpus.readers.office.flow import Block
from marsad.corpus.readers.press.export import articles_of
from marsad.corpus.source import Read, Source

_FINAL_STOP = re.compile(r"[.!?؟…:؛،,;][\"'»”’)\]]*$")
_LONGEST_HEADING = 80
# A title that the document states is looked for in so many lines at the top.
_TITLE_LINES = 4
_MOST_ABOVE = 16


@dataclass(slots=True)
class Draft:
    """The blocks of a document, its notes, and the title that it states, if any.

    A title that is not `sure` may be of another document, from which this one was made: lines at
    the top go before it.
    """

    blocks: list[Block]
    notes: list[Block] = field(default_factory=list)
    title: str = ""
    sure: bool = False


@dataclass(slots=True)
class Line:
    """One line of a document: its text, its kind, and the page that it begins and ends on."""

    text: str
    kind: str
    # Code points of the line at which a page begins, each with its number.
    pages: list[tuple[int, int]] = field(default_factory=list)


def read_draft(draft: Draft, source: Source, digest: str) -> Iterator[Read]:
    """Yield the article of a document, or the articles if a press database wrote it.

    Args:
        draft: The document.
        source: The file that it was read from.
        digest: The SHA-256 of the file.

    Raises:
        RecordError: there is no text in it.
    """
    lines = lines_of(draft.blocks)
    found = articles_of([line.text for line in lines])
    if found is not None:
        for piece in found:
            yield piece.read(source)
        return
    article = source.article(draft_article(draft, lines), 0, b"")
    origin = article.origin and replace(article.origin, sha256=digest)
    yield replace(article, origin=origin)


def lines_of(blocks: Sequence[Block]) -> list[Line]:
    """Return the lines of *blocks*; pages count from 1."""
    rendered = any(kind == "rendered" for block in blocks for _, kind in block.breaks)
    page = 1
    lines: list[Line] = []
    # The page breaks since the last line, as code points of the next one.
    waiting: list[int] = []
    for block in blocks:
        breaks = [at for at, kind in block.breaks if not rendered or kind == "rendered"]
        begin = 0
        waiting = [0] * len(waiting)
        for raw in block.text.split("\n"):
            end = begin + len(raw)
            while breaks and breaks[0] <= end:
                page += 1
                at = breaks.pop(0)
                waiting.append(max(0, at - begin - (len(raw) - len(raw.lstrip()))))
            begin = end + 1
            for text in text_lines(clean(raw)):
                count = len(waiting)
                pages = [(min(at, len(text)), page - count + n + 1) for n, at in enumerate(waiting)]
                lines.append(Line(text, block.kind, pages))
                waiting = []
    return lines


def draft_article(draft: Draft, lines: list[Line]) -> Article:
    """Return the article of a document with these *lines*.

    Raises:
        RecordError: there is no text in it.
    """
    lines, known = _title_first(lines, draft.title)
    texts = [line.text for line in lines]
    title, body, frame = read_frame(texts, known or (draft.title if draft.sure else ""))
    if draft.title and title != draft.title and (not title or title.endswith(".")):
        # The first paragraph is no title.
        title, body, frame = read_frame(texts, draft.title)
    begin = _place_of(body, lines)
    notes = [text for block in draft.notes for text in text_lines(clean(block.text))]
    headings = _headings(lines, title)
    article = frame_article(title, [*body, *notes] if body else [], frame, headings=headings)
    return replace(article, places=_places(lines[begin : begin + len(body)], lines[:begin], "page"))


def _title_first(lines: list[Line], stated: str) -> tuple[list[Line], str]:
    """Return the lines with the title that the document knows as the first, and that title."""
    top = lines[:_TITLE_LINES]
    at = next((n for n, line in enumerate(top) if line.kind == "title"), None)
    if at is None:
        at = next((n for n, line in enumerate(top) if line.text == stated), None)
    if at is None:
        return lines, ""
    return [lines[at], *lines[:at], *lines[at + 1 :]], lines[at].text


def _headings(lines: list[Line], title: str) -> set[str] | None:
    """Return the headings if the document knows them, None if they are to be guessed."""
    known = {line.text for line in lines if line.kind == "heading"} - {title}
    if known:
        return known
    if all(line.kind != "row" for line in lines):
        return None
    return {
        line.text
        for line in lines
        if line.kind != "row"
        and len(line.text) < _LONGEST_HEADING
        and not _FINAL_STOP.search(line.text)
    }


def _place_of(body: list[str], lines: list[Line]) -> int:
    """Return the line at which the body begins: few are above it."""
    texts = [line.text for line in lines]
    places = range(min(len(texts), _MOST_ABOVE))
    return next((at for at in places if texts[at : at + len(body)] == body), 0)


def _places(body: Sequence[Line], above: Sequence[Line], kind: PlaceKind) -> tuple[Place, ...]:
    """Return where the pages of a body begin, none if it has one page only."""
    first = max((number for line in above for _, number in line.pages), default=1)
    places = [Place(kind, first, 0)]
    start = 0
    for line in body:
        for at, number in line.pages:
            place = Place(kind, number, start + at)
            if place.start == places[-1].start:
                places.pop()
            places.append(place)
        start += len(line.text) + 2
    return tuple(places) if len(places) > 1 or places[0].number > 1 else ()

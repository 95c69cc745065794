"""Plain-text layout: one article as the news site prints it.

    switch line, title, date line, paragraphs and subheads, publisher, credit, source

The lines between are blank or hold a no-break space. Every part but the body may
be missing. A subhead is a short line without a final stop that stands between
paragraphs; the publisher is such a line right above the credit and source lines.
"""

import re
from dataclasses import dataclass

from corpus.article import Article, Precision, Section, content_id
from corpus.dates.mention import period
from corpus.dates.resolve import parse_dateline
from corpus.errors import RecordError
from corpus.language import detect_language
from corpus.letters import FORMAT_CHARS

_SWITCH = re.compile(r"(?:(?:Ru|En|Ar|Fr|De|Es|Tr|Fa|Рус|Eng)\b[\s|/]*)+", re.IGNORECASE)
_CREDIT = re.compile(r"(?:الصورة|الصور|صورة|Фото|Photo)\s*[:：]\s*(?P<value>.*)", re.IGNORECASE)
_SOURCE = re.compile(r"(?:المصدر|مصدر|Источник|Source)\s*[:：]\s*(?P<value>.*)", re.IGNORECASE)
_AUTHOR = re.compile(r"(?:الكاتب|بقلم|Автор|Author)\s*[:：]\s*(?P<value>.*)", re.IGNORECASE)
_URL = re.compile(r"https?://\S+")
_FINAL_STOP = re.compile(r"[.!?؟…:؛،,;][\"'»”’)\]]*$")
_LONGEST_HEADING = 80
_LONGEST_PUBLISHER = 120
_EDGES = " \t\r\f\v\u00a0" + "".join(
    chr(code) for code in (0x200B, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0xFEFF)
)


@dataclass(slots=True)
class _Foot:
    """The lines below the body, gathered from the last one upward."""

    source: str = ""
    photo_credit: str = ""
    author: str = ""
    url: str = ""
    publisher: str = ""


def parse_layout(text: str) -> Article:
    """Return the article that *text* holds.

    Raises:
        RecordError: *text* has no body below its title and date.
    """
    lines = [line.strip(_EDGES) for line in text.splitlines()]
    lines = [line for line in lines if line.strip(FORMAT_CHARS)]
    while lines and _SWITCH.fullmatch(lines[0]):
        lines.pop(0)
    untitled = bool(lines) and parse_dateline(lines[0]) is not None
    title = lines.pop(0) if lines and not untitled else ""
    value = parse_dateline(lines[0]) if lines else None
    if value is not None:
        lines.pop(0)
    foot = _take_foot(lines)
    if not lines:
        found = "only a title" if title else "no text at all"
        message = f"found {found}, expected a title and at least one paragraph below it"
        raise RecordError(message)
    body, sections = _join(lines)
    published = period(value)[0] if value and period(value) else None  # type: ignore[index]
    return Article(
        id=content_id(title=title, text=body, published=value, source=foot.source, url=foot.url),
        title=title,
        text=body,
        sections=sections,
        published=published,
        precision=precision_of(value),
        language=detect_language(f"{title}\n{body}"),
        source=foot.source,
        publisher=foot.publisher,
        photo_credit=foot.photo_credit,
        author=foot.author,
        url=foot.url,
    )


def precision_of(value: str | None) -> Precision:
    """Return how exactly an ISO date value is known.

    Example:
        >>> precision_of("2023-09")
        'month'
    """
    names: dict[int, Precision] = {4: "year", 7: "month"}
    return names.get(len(value or ""), "day")


def _take_foot(lines: list[str]) -> _Foot:
    """Take credit, source, author, link and publisher off the end of *lines*."""
    foot = _Foot()
    taken = 0
    while lines:
        line = lines[-1]
        if match := _SOURCE.fullmatch(line):
            foot.source = match["value"].strip()
        elif match := _CREDIT.fullmatch(line):
            foot.photo_credit = match["value"].strip()
        elif match := _AUTHOR.fullmatch(line):
            foot.author = match["value"].strip()
        elif _URL.fullmatch(line):
            foot.url = line
        else:
            break
        lines.pop()
        taken += 1
    if taken and len(lines) > 1 and _is_publisher(lines[-1]):
        foot.publisher = lines.pop()
    return foot


def _is_publisher(line: str) -> bool:
    return len(line) <= _LONGEST_PUBLISHER and not _FINAL_STOP.search(line)


def _is_heading(lines: list[str], at: int) -> bool:
    line = lines[at]
    return len(line) < _LONGEST_HEADING and at + 1 < len(lines) and not _FINAL_STOP.search(line)


def _join(lines: list[str]) -> tuple[str, tuple[Section, ...]]:
    """Join *lines* two newlines apart and return the text with its sections."""
    starts: list[tuple[str, int]] = []
    position = 0
    for at, line in enumerate(lines):
        if _is_heading(lines, at):
            starts.append((line, position))
        position += len(line) + 2
    text = "\n\n".join(lines)
    sections = []
    for at, (heading, start) in enumerate(starts):
        end = starts[at + 1][1] if at + 1 < len(starts) else len(text)
        sections.append(Section(heading, start, start + len(text[start:end].rstrip())))
    return text, tuple(sections)

"""Plain-text layout: one article as the news site prints it.

    switch line, title, date line, paragraphs and subheads, publisher, credit, source

The lines between are blank or hold a no-break space. Every part but the body may be
missing, doubled, or in another order: date, credit and source lines are recognised by their
words, anywhere above or below the body. A subhead is a short line between paragraphs without
a full stop at its end; the publisher is such a line next to the credit and source lines.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from marsad.corpus.article import Article, Evidence, Section, content_id
from marsad.corpus.dates.dateline import parse_dateline
from marsad.corpus.dates.mention import period
from marsad.corpus.dates.value import precision_of
from marsad.corpus.encoding import decoded_text
from marsad.corpus.errors import RecordError
from marsad.corpus.language import detect_language
from marsad.corpus.letters import FORMAT_CHARS
from marsad.corpus.published import as_printed
from marsad.corpus.readers.front import split_front
from marsad.corpus.readers.press.export import export_articles
from marsad.corpus.record import article_of
from marsad.corpus.source import Read, Source

_SWITCH = re.compile(
    r"(?:(?:Ru|En|Ar|Fr|De|Es|Tr|Fa|Рус|Eng|Русский|English|العربية|عربي|Français|Türkçe)(?!\w)"
    r"[\s|/·•-]*)+",
    re.IGNORECASE,
)
_COLON = r"\s*[:：]\s*(?P<value>.*)"
_CREDIT = re.compile(
    rf"(?:(?:ال)?صور(?:ة|ه)?|مصدر\s+الصورة|تصوير|Фото|Photo|Image){_COLON}", re.IGNORECASE
)
_SOURCE = re.compile(
    rf"(?:(?:ال)?مصدر|المصادر|نقلا\s+عن|Источник|Source|Agency){_COLON}", re.IGNORECASE
)
_AUTHOR = re.compile(rf"(?:الكاتب|الكاتبة|بقلم|تحرير|إعداد|Автор|Author|By){_COLON}", re.IGNORECASE)
_TITLE = re.compile(rf"(?:Title|Headline|(?:ال)?عنوان|Заголовок){_COLON}", re.IGNORECASE)
_URL = re.compile(r"https?://\S+")
# The sign of a heading in Markdown.
_HEADING = re.compile(r"#{1,6}\s+(?P<value>\S.*)")
_FINAL_STOP = re.compile(r"[.!?؟…:؛،,;][\"'»”’)\]]*$")
_LONGEST_HEADING = 80
_LONGEST_PUBLISHER = 120
_LONGEST_TITLE = 250
_LONGEST_LABELLED = 300
# At most so many lines at the top, and at the foot, are searched for date, credit and the like.
_HEAD_LINES = 8
_EDGES = " \t\r\f\v\u00a0" + "".join(
    chr(code) for code in (0x200B, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0xFEFF)
)


@dataclass(slots=True)
class Frame:
    """The facts in the lines above and below the body of an article.

    `value` is the date in ISO 8601, and `printed` is the line that it was read from.
    """

    value: str | None = None
    printed: str = ""
    source: str = ""
    photo_credit: str = ""
    author: str = ""
    url: str = ""
    publisher: str = ""

    def take(self, line: str) -> bool:
        """Read a labelled line, a date line or an address; return False for any other line.

        The first line of each kind counts.
        """
        if len(line) > _LONGEST_LABELLED:
            return False
        for name, pattern in (("photo_credit", _CREDIT), ("source", _SOURCE), ("author", _AUTHOR)):
            if match := pattern.fullmatch(line):
                if not getattr(self, name):
                    setattr(self, name, match["value"].strip())
                return True
        if _URL.fullmatch(line):
            self.url = self.url or line
            return True
        value = parse_dateline(line)
        if value is not None and not self.value:
            self.value, self.printed = value, line
        return value is not None


def is_layout(text: str, named: str) -> bool:  # noqa: ARG001  (as every `looks_like`)
    """Return True: any text may be an article in the layout."""
    return True


def read_layout(raw: bytes, source: Source) -> Iterator[Read]:
    """Yield the one article of a file, or the articles if a press database wrote it.

    Raises:
        RecordError: the file is not text, or has no body below its title and date.
    """
    decoded = decoded_text(raw)
    export = export_articles(decoded.text, source)
    if export is not None:
        yield from export
        return
    facts, text = split_front(decoded.text)
    article = article_of({**facts, "text": text}) if facts else parse_layout(text)
    yield source.article(replace(article, remarks=(*article.remarks, *decoded.remarks)), 0, raw)


def parse_layout(text: str) -> Article:
    """Return the article of *text*.

    Raises:
        RecordError: *text* has no body below its title and date.
    """
    title, body, frame = read_frame(text_lines(text))
    return frame_article(title, body, frame)


def text_lines(text: str) -> list[str]:
    """Return the lines of *text* that are not blank, stripped, without repeated neighbours."""
    lines: list[str] = []
    for raw in text.splitlines():
        line = raw.strip(_EDGES)
        if line.strip(FORMAT_CHARS) and (not lines or line != lines[-1]):
            lines.append(line)
    return lines


def read_frame(lines: Sequence[str], title: str = "") -> tuple[str, list[str], Frame]:
    """Split *lines* into title, body and frame; a known *title* is kept."""
    frame = Frame()
    left = list(lines)
    found = title
    for _ in range(_HEAD_LINES):
        if not left:
            break
        line = left[0]
        if not (_SWITCH.fullmatch(line) or frame.take(line) or line == found):
            if found or not _may_be_title(line, left, frame):
                break
            found = _plain_title(line)
        left.pop(0)
    _take_foot(left, frame)
    return found, left, frame


def _plain_title(line: str) -> str:
    match = _TITLE.fullmatch(line) or _HEADING.fullmatch(line)
    return (match["value"].strip() if match else "") or line


def _may_be_title(line: str, left: Sequence[str], frame: Frame) -> bool:
    """Tell whether the first line that is not labelled may be the title.

    A title is short. A line with a full stop is a title only if it is above the date, or if
    there is no date, and if more lines follow.
    """
    if not line.endswith("."):
        return len(line) <= _LONGEST_TITLE
    return frame.value is None and len(line) <= _LONGEST_PUBLISHER and len(left) > 1


def _take_foot(lines: list[str], frame: Frame) -> None:
    """Move credit, source, author, link and publisher from the end of *lines* to *frame*."""
    tail = range(max(1, len(lines) - _HEAD_LINES), len(lines))
    taken = [at for at in tail if _is_labelled(lines[at])]
    if not taken:
        return
    first = taken[0]
    loose = [at for at in range(first, len(lines)) if at not in taken]
    if any(not _is_publisher(lines[at]) for at in loose):
        # A paragraph is below a label: only the lines after the last paragraph are the foot.
        last = max(at for at in loose if not _is_publisher(lines[at]))
        taken = [at for at in taken if at > last]
        if not taken:
            return
        first = taken[0]
        loose = [at for at in range(first, len(lines)) if at not in taken]
    if not loose and first > 1 and _is_publisher(lines[first - 1]):
        first -= 1
        loose = [first]
    for at in taken:
        frame.take(lines[at])
    if loose:
        frame.publisher = lines[loose[0]]
    del lines[first:]


def _is_labelled(line: str) -> bool:
    return Frame().take(line)


def frame_article(
    title: str,
    body: Sequence[str],
    frame: Frame,
    *,
    headings: Collection[str] | None = None,
    evidence: Evidence = "dateline",
) -> Article:
    """Return the article of these parts; *headings* are its subheads, if they are known.

    Raises:
        RecordError: there is no body.
    """
    if not body:
        found = "only a title" if title else "no text at all"
        message = f"found {found}, expected a title and at least one paragraph below it"
        raise RecordError(message)
    text, sections = _join(body, headings)
    bounds = period(frame.value) if frame.value else None
    return Article(
        id=content_id(
            title=title, text=text, published=frame.value, source=frame.source, url=frame.url
        ),
        title=title,
        text=text,
        sections=sections,
        published=bounds[0] if bounds else None,
        precision=precision_of(frame.value),
        language=detect_language(f"{title}\n{text}"),
        source=frame.source,
        publisher=frame.publisher,
        photo_credit=frame.photo_credit,
        author=frame.author,
        url=frame.url,
        evidence=evidence if bounds else "",
        printed_date=as_printed(frame.printed) if bounds else "",
    )


def _is_publisher(line: str) -> bool:
    return len(line) <= _LONGEST_PUBLISHER and not _FINAL_STOP.search(line)


def _is_heading(lines: Sequence[str], at: int, headings: Collection[str] | None) -> bool:
    line = lines[at]
    if headings is not None:
        return line in headings and at + 1 < len(lines)
    return len(line) < _LONGEST_HEADING and at + 1 < len(lines) and not _FINAL_STOP.search(line)


def _join(
    lines: Sequence[str], headings: Collection[str] | None
) -> tuple[str, tuple[Section, ...]]:
    """Join *lines* two newlines apart and return the text with its sections."""
    starts: list[tuple[str, int]] = []
    position = 0
    for at, line in enumerate(lines):
        if _is_heading(lines, at, headings):
            starts.append((line, position))
        position += len(line) + 2
    text = "\n\n".join(lines)
    sections = []
    for at, (heading, start) in enumerate(starts):
        end = starts[at + 1][1] if at + 1 < len(starts) else len(text)
        sections.append(Section(heading, start, start + len(text[start:end].rstrip())))
    return text, tuple(sections)

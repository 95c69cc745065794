"""Document: a PDF file as paragraphs with their pages.

    file -> [read_document] -> Document

It runs in a process of its own (`worker`), which has bounds of time and memory.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1
from pdfminer.psexceptions import PSException
from pdfminer.utils import decode_text

from marsad.corpus.readers.pdf.browser import without_browser
from marsad.corpus.readers.pdf.columns import Line, lines_in_order
from marsad.corpus.readers.pdf.frame import without_frame
from marsad.corpus.readers.pdf.glyphs import Glyph, GlyphDevice, TooManyGlyphsError
from marsad.corpus.readers.pdf.lines import segments_of
from marsad.corpus.readers.pdf.logical import kind_of
from marsad.corpus.readers.pdf.marks import joined
from marsad.corpus.readers.pdf.paragraphs import paragraphs_of, write

MOST_PAGES = 5_000
MOST_LETTERS = 6_000_000
MOST_COUNTED = 100_000
SECONDS = 120.0


class PdfError(Exception):
    """A file that cannot be read; the message says what was found."""


@dataclass(slots=True)
class Document:
    """What was read of a file.

    `paragraphs` have a text, the size of their letters, whether they are bold, and their pages as
    (page, offset in the text). `scans` are pages with images and without letters; `broken` are
    pages that could not be read; `unread` is the number of pages behind the last one that was
    read; `url` is the address that a browser printed.
    """

    pages: int = 0
    title: str = ""
    paragraphs: list[tuple[str, float, bool, list[tuple[int, int]]]] = field(default_factory=list)
    scans: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    unknown: int = 0
    letters: int = 0
    unread: int = 0
    url: str = ""


def read_document(file: BinaryIO, on_page: Callable[[], None] = lambda: None) -> Document:
    """Return what the file says; *on_page* is called after each page.

    Raises:
        PdfError: the file is encrypted or damaged.
    """
    try:
        found = PDFDocument(PDFParser(file), password="", caching=True)
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise PdfError(
            "found an encrypted PDF, expected one that opens without a password"
        ) from error
    except (RecursionError, MemoryError):
        raise
    except Exception as error:
        raise PdfError(f"found a damaged PDF ({_reason(error)})") from error
    made = Document(title=_title(found))
    _read_pages(found, made, on_page)
    return made


def _read_pages(found: PDFDocument, made: Document, on_page: Callable[[], None]) -> None:
    end = time.monotonic() + SECONDS
    manager = PDFResourceManager()
    device = GlyphDevice(manager)
    interpreter = PDFPageInterpreter(manager, device)
    lines: list[list[Line]] = []
    heights: list[float] = []
    drawn: list[int] = []
    balance = 0
    pages = _pages(found)
    for page in pages:
        made.pages += 1
        if made.pages > MOST_PAGES or made.letters > MOST_LETTERS or time.monotonic() > end:
            made.unread = 1 + sum(1 for _ in zip(pages, range(MOST_COUNTED), strict=False))
            made.pages += made.unread - 1
            break
        device.begin_page(page, None)
        try:
            interpreter.process_page(page)
        except MemoryError:
            raise
        except (TooManyGlyphsError, RecursionError):
            device.glyphs = []
            made.broken.append(made.pages)
        except Exception:  # noqa: BLE001  (a page is damaged in one of countless ways)
            if not device.glyphs:
                made.broken.append(made.pages)
        box = page.cropbox or page.mediabox
        size = float(box[2] - box[0]), float(box[3] - box[1])
        wide, high = size[::-1] if page.rotate % 180 else size
        heights.append(high)
        made.unknown += device.unknown
        made.letters += len(device.glyphs)
        balance += _balance(device.glyphs)
        drawn.append(device.images)
        lines.append(_lines(device.glyphs, made, (wide, high), rtl=balance > 0))
        on_page()
    kept = without_frame(lines, heights)
    made.scans = [at for at, page in enumerate(kept, 1) if drawn[at - 1] and not page]
    paragraphs = paragraphs_of(kept, rtl=balance > 0)
    write(paragraphs, rtl=balance > 0)
    made.paragraphs = [
        (each.text, each.size, each.bold, each.starts) for each in paragraphs if each.text
    ]


def _balance(glyphs: list[Glyph]) -> int:
    """Return the number of letters that are read from right to left, less that of the others."""
    kinds = [kind_of(each.text) for each in glyphs]
    return kinds.count("R") - kinds.count("L")


def _lines(
    glyphs: list[Glyph], made: Document, size: tuple[float, float], *, rtl: bool
) -> list[Line]:
    """Return the lines of a page; text that is turned comes after the rest."""
    lines: list[Line] = []
    glyphs = joined(glyphs)
    turns = Counter(each.turn for each in glyphs)
    for turn, _ in turns.most_common():
        segments = segments_of([each for each in glyphs if each.turn == turn])
        segments, url = without_browser(segments, size[1], made.pages)
        made.url = made.url or url
        lines += lines_in_order(segments, rtl=rtl, width=0.0 if turn else size[0])
    for line in lines:
        line.page = made.pages
    return lines


def _pages(found: PDFDocument) -> Any:  # noqa: ANN401  (a generator of pdfminer)
    try:
        yield from PDFPage.create_pages(found)
    except (MemoryError, RecursionError):
        raise
    except Exception as error:
        raise PdfError(f"found a damaged PDF ({_reason(error)})") from error


def _title(found: PDFDocument) -> str:
    for info in found.info:
        try:
            raw = resolve1(info.get("Title"))
        except PSException:
            continue
        if isinstance(raw, bytes):
            return decode_text(raw).strip("\x00 \r\n\t")
    return ""


def _reason(error: Exception) -> str:
    return str(error)[:200] or type(error).__name__

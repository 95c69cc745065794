"""Reader: one article of a PDF file (extra `documents`).

    stream -> temporary file -> [worker, a process of its own] -> paragraphs -> Article

A PDF is a program of a stranger that draws pages. It is read in a process with bounds of memory
and time (`worker`), which is ended if a page takes too long.
"""

import hashlib
import json
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.util import find_spec
from typing import IO, Any

from marsad.corpus.article import Article, Evidence, Place
from marsad.corpus.errors import RecordError
from marsad.corpus.published import published_in_url
from marsad.corpus.readers.layout import frame_article, read_frame
from marsad.corpus.readers.pdf.title import Part, choose_title, usual_size
from marsad.corpus.remarks import Remark
from marsad.corpus.source import MOST_KEPT_BYTES, Read, Refusal, Source

MOST_BYTES = 512 * 1024 * 1024
# The worker must finish a page within the first, and the file within the second.
PAGE_SECONDS = 20.0
FILE_SECONDS = 150.0
_MOST_ANSWER_BYTES = 128 * 1024 * 1024
_HEAD_BYTES = 1024
_LEAST_KNOWN = 0.7
_LONGEST_HEADING = 120
_HEADING = 1.08
_ADVICE = "pip install 'marsad[documents]'"


def read_pdf(stream: IO[bytes], source: Source) -> Iterator[Read]:
    """Yield the one article of a file, or its refusal."""
    if find_spec("pdfminer") is None:
        reason = f"found a PDF, which needs an extra; install it with {_ADVICE}"
        yield Refusal(source.name, 0, reason, outside=True)
        return
    with tempfile.TemporaryFile() as file:
        digest = hashlib.sha256()
        size = 0
        head = b""
        while size <= MOST_BYTES and (piece := stream.read(1 << 20)):
            # What is before the mark is no part of a PDF.
            kept = piece if size else piece[max(0, piece[:_HEAD_BYTES].find(b"%PDF")) :]
            head = head or kept[:MOST_KEPT_BYTES]
            file.write(kept)
            digest.update(piece)
            size += len(piece)
        raw = head if size <= MOST_KEPT_BYTES else b""
        try:
            _check_size(size, head)
            file.seek(0)
            made = source.article(article_of(_ask(file)), 0, b"")
        except RecordError as error:
            yield source.refusal(0, str(error), raw, "pdf" if raw else "")
            return
        origin = replace(made.origin, sha256=digest.hexdigest()) if made.origin else None
        yield replace(made, origin=origin)


def _check_size(size: int, head: bytes) -> None:
    if size > MOST_BYTES:
        raise RecordError(f"found a PDF of more than {MOST_BYTES} bytes, expected less")
    if not head.startswith(b"%PDF"):
        raise RecordError("found no PDF in spite of the name: it does not begin with %PDF")


def _ask(file: IO[bytes]) -> dict[str, Any]:
    """Return the answer of a worker that reads *file*.

    Raises:
        RecordError: the worker found a fault, ended early, or took too long.
    """
    command = [sys.executable, "-P", "-m", "marsad.corpus.readers.pdf.worker"]
    with subprocess.Popen(  # noqa: S603  (this program)
        command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as worker:
        try:
            answer = _answer(worker)
        finally:
            worker.kill()
    *_, last = answer.rsplit(b"\n", 1)
    try:
        found = json.loads(last)
    except ValueError:
        raise RecordError("found a damaged PDF (reading it ended without a result)") from None
    if "error" in found:
        raise RecordError(found["error"])
    return dict(found)


def _answer(worker: "subprocess.Popen[bytes]") -> bytes:
    out = worker.stdout
    if out is None:
        return b""
    pieces: list[bytes] = []
    size = 0
    end = time.monotonic() + FILE_SECONDS
    with selectors.DefaultSelector() as ready:
        ready.register(out, selectors.EVENT_READ)
        while True:
            left = min(PAGE_SECONDS, end - time.monotonic())
            if left <= 0 or not ready.select(left):
                raise RecordError(
                    f"found a PDF that takes too long: a page took more than {PAGE_SECONDS:.0f} "
                    f"seconds, or the file more than {FILE_SECONDS:.0f}"
                )
            piece = out.read1(1 << 20)  # type: ignore[attr-defined]
            if not piece:
                return b"".join(pieces)
            size += len(piece)
            if size > _MOST_ANSWER_BYTES:
                raise RecordError("found a PDF with too much text")
            pieces.append(piece)


def article_of(found: dict[str, Any]) -> Article:
    """Return the article of a Document of the worker, as JSON has it.

    Raises:
        RecordError: the document has no text.
    """
    parts: list[Part] = [
        (text, size, bold, starts)
        for each, size, bold, starts in found["paragraphs"]
        if (text := each.replace("\ufffd", "").strip())
    ]
    _check(found, parts)
    title, printed = choose_title(found["title"], parts)
    rest = [part for at, part in enumerate(parts) if at != printed]
    lines = [part[0] for part in rest]
    title, body, frame = read_frame(lines, title)
    frame.url = frame.url or found["url"]
    evidence: Evidence = "dateline"
    if not frame.value and frame.url:
        frame.value, evidence = published_in_url(frame.url), "url"
    article = frame_article(title, body, frame, headings=_headings(rest), evidence=evidence)
    first = next(at for at in range(len(lines)) if lines[at : at + len(body)] == body)
    places = _places(rest[first : first + len(body)], found["pages"], len(article.text))
    return replace(article, places=places, remarks=(*article.remarks, *_remarks(found)))


def _check(found: dict[str, Any], parts: Sequence[Part]) -> None:
    if found["unknown"] > (1 - _LEAST_KNOWN) * max(1, found["letters"]):
        raise RecordError(
            "found a PDF whose fonts do not say which letters they draw, expected text; "
            "run OCR first"
        )
    if parts:
        return
    scans = len(found["scans"])
    if scans:
        pages = "1 page of images" if scans == 1 else f"{scans} pages of images"
        raise RecordError(f"found a scan: {pages} without text, expected text; run OCR first")
    if found["broken"]:
        raise RecordError("found a damaged PDF (no page can be read)")
    if not found["pages"]:
        raise RecordError("found a damaged PDF (it has no pages)")
    raise RecordError(f"found a PDF of {found['pages']} pages without any text, expected text")


def _headings(parts: Sequence[Part]) -> set[str]:
    usual = usual_size(parts)
    letters = sum(len(text) for text, _, _, _ in parts)
    is_light = sum(len(text) for text, _, bold, _ in parts if bold) * 2 < letters
    return {
        text
        for text, size, bold, _ in parts
        if len(text) <= _LONGEST_HEADING and (size > _HEADING * usual or (bold and is_light))
    }


def _places(parts: Sequence[Part], pages: int, length: int) -> tuple[Place, ...]:
    """Return where each page starts; a page without text starts where the next one does."""
    starts: dict[int, int] = {}
    position = 0
    for text, _, _, own in parts:
        for page, offset in own:
            starts.setdefault(page, position + min(offset, len(text)))
        position += len(text) + 2
    made: list[Place] = []
    last = length
    for page in range(pages, 0, -1):
        last = min(last, starts.get(page, last))
        made.append(Place("page", page, last if page > 1 else 0))
    return tuple(reversed(made))


def _remarks(found: dict[str, Any]) -> Iterator[Remark]:
    if found["scans"]:
        pages = _numbers(found["scans"])
        yield Remark("part-left-out", f"{pages}: images without text; run OCR to read them")
    if found["broken"]:
        yield Remark("part-left-out", f"{_numbers(found['broken'])}: damaged, cannot be read")
    if found["unread"]:
        read = found["pages"] - found["unread"]
        yield Remark("text-cut", f"read the first {read} of {found['pages']} pages")


def _numbers(pages: Sequence[int]) -> str:
    """Return page numbers with ranges: "pages 1-3, 7".

    Example:
        >>> _numbers([1, 2, 3, 7]), _numbers([4])
        ('pages 1-3, 7', 'page 4')
    """
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    shown = ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
    return f"{'page' if len(pages) == 1 else 'pages'} {shown}"

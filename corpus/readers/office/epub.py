"""EPUB: one article for each chapter of a book, in reading order.

The table of contents gives the titles of chapters and tells where they begin; a file that it does
not name goes on with the chapter before it. The title of the book is the source of its chapters.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import IO

from marsad.corpus.article import Place
from marsad.corpus.errors import RecordError
from marsad.corpus.readers.markup import decode_page
from marsad.corpus.readers.office.contents import Contents, Entry, read_contents
from marsad.corpus.readers.office.draft import Draft, draft_article, lines_of
from marsad.corpus.readers.office.flow import Block
from marsad.corpus.readers.office.hypertext import flow_of, parse_html
from marsad.corpus.readers.office.package import Package, open_package
from marsad.corpus.source import Read, Skipped, Source

_PAGES = (".xhtml", ".html", ".htm", ".xml")


@dataclass(slots=True)
class _Chapter:
    """The blocks of a chapter, and the title that the table of contents gives it."""

    title: str
    blocks: list[Block]
    notes: list[Block]
    raw: bytes


def read_epub(stream: IO[bytes], source: Source) -> Iterator[Read]:
    """Yield the article of each chapter of a book."""
    try:
        with open_package(stream, source.counter) as package:
            _check_readable(package)
            contents = read_contents(package, source.limit)
            yield from _articles(package, contents, source)
    except RecordError as error:
        yield source.refusal(0, f"EPUB: {error}")


def _check_readable(package: Package) -> None:
    if "meta-inf/rights.xml" in package:
        raise RecordError("found an encrypted book, expected one without a lock")


def _articles(package: Package, contents: Contents, source: Source) -> Iterator[Read]:
    number = 0
    for chapter in _chapters(package, contents, source.limit):
        try:
            lines = lines_of(chapter.blocks)
            draft = Draft(chapter.blocks, chapter.notes, chapter.title, sure=bool(chapter.title))
            article = draft_article(draft, lines)
        except RecordError as error:
            reason = f"part {chapter.title[:80]!r} of the book: {error}"
            yield Skipped(source.name, "record", reason)
            continue
        number += 1
        made = replace(
            article,
            title=article.title or chapter.title,
            source=article.source or contents.title,
            publisher=article.publisher or contents.publisher,
            author=article.author or contents.author,
            places=(Place("chapter", number, 0),),
        )
        yield source.article(made, number, chapter.raw)
    if not number:
        yield source.refusal(0, "EPUB: found no chapter with text, expected at least one")


def _chapters(package: Package, contents: Contents, limit: int) -> Iterator[_Chapter]:
    """Yield the chapters of a book; one may be a part of a file, or several files."""
    listed = {name: titles for name, titles in contents.chapters.items() if titles}
    open_: _Chapter | None = None
    for name in contents.spine or _pages_of(package):
        if name not in package or name == contents.nav:
            continue
        raw = package.read(name, limit)
        flow = flow_of(parse_html(decode_page(raw)), limit)
        if not flow.blocks:
            continue
        parts = _split(flow.blocks, listed.get(name, []))
        for at, (title, blocks) in enumerate(parts):
            goes_on = (
                open_ is not None and not title and len(listed) > 1 and blocks[0].kind != "heading"
            )
            if goes_on and open_ is not None:
                open_.blocks += blocks
            else:
                if open_ is not None:
                    yield open_
                open_ = _Chapter(title, list(blocks), [], raw)
            if at == len(parts) - 1 and open_ is not None:
                open_.notes += flow.notes
    if open_ is not None:
        yield open_


def _split(blocks: list[Block], entries: list[Entry]) -> list[tuple[str, list[Block]]]:
    """Return the parts of a file that the table of contents names, each with its title."""
    starts = {entry.anchor: entry.title for entry in reversed(entries) if entry.anchor}
    title = next((entry.title for entry in entries if not entry.anchor), "")
    parts: list[tuple[str, list[Block]]] = [(title, [])]
    for block in blocks:
        named = next((starts[name] for name in block.anchors if name in starts), None)
        if named is not None:
            if parts[-1][1]:
                parts.append((named, []))
            else:
                parts[-1] = (parts[-1][0] or named, [])
        parts[-1][1].append(block)
    return parts


def _pages_of(package: Package) -> list[str]:
    """Return the pages of a book without a list of them, in the order of their names."""
    names = [name for name in package.names if posixpath.splitext(name)[1] in _PAGES]
    pages = [name for name in names if not name.startswith("meta-inf/")]
    return sorted(
        pages,
        key=lambda name: [int(part) if part.isdigit() else 0 for part in re.split(r"(\d+)", name)],
    )

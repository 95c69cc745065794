"""Export: tell whether a file is an export of a press database, and give its articles."""

from collections.abc import Iterator, Sequence

from marsad.corpus.readers.press.factiva import factiva_pieces
from marsad.corpus.readers.press.nexis import nexis_pieces
from marsad.corpus.readers.press.piece import Piece
from marsad.corpus.source import Read, Source


def articles_of(lines: Sequence[str]) -> list[Piece] | None:
    """Return the articles of an export, None if *lines* are of any other file.

    Args:
        lines: The lines of a file, without white space around them; blank lines may be left out.

    Example:
        >>> articles_of(["عنوان", "نص الخبر."]) is None
        True
    """
    return factiva_pieces(lines) or nexis_pieces(lines)


def export_articles(text: str, source: Source) -> Iterator[Read] | None:
    """Return the articles of the text of a file, None if it is no export."""
    found = articles_of([line.strip() for line in text.splitlines()])
    return None if found is None else (piece.read(source) for piece in found)

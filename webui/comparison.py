"""Comparison: two articles side by side, word by word: what stands in both and in one alone."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from corpus.article import Article
from webui.forms import SearchForm
from webui.frame import Frame, frame
from webui.i18n.catalogue import Catalogue
from webui.links import Link, article_path
from webui.listed import note_of

_WORD = re.compile(r"\S+\s*")
# Word by word comparison takes time by the product of lengths; longer texts are cut, and said so.
MOST_WORDS = 4_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of both texts, or of one alone."""

    kind: Literal["same", "left", "right"]
    text: str


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """The page of two articles."""

    frame: Frame
    left: Link
    right: Link
    left_note: tuple[str, ...]
    right_note: tuple[str, ...]
    share: str
    pieces: tuple[Piece, ...]
    is_cut: bool


def comparison_page(
    left: Article, right: Article, form: SearchForm, t: Catalogue, path: str
) -> ComparisonPage:
    """Build the page that compares *right* with *left*."""
    pieces, share = compare(left.text, right.text)
    blank = form.blank()
    return ComparisonPage(
        frame=frame(form, t, t("compare"), path),
        left=Link(left.title or left.id, blank.url(article_path(left.id))),
        right=Link(right.title or right.id, blank.url(article_path(right.id))),
        left_note=note_of(left, t),
        right_note=note_of(right, t),
        share=t("shared_words", percent=f"{t.number(round(100 * share))}%"),
        pieces=pieces,
        is_cut=max(_count(left.text), _count(right.text)) > MOST_WORDS,
    )


def compare(left: str, right: str) -> tuple[tuple[Piece, ...], float]:
    """Return the pieces of two texts in reading order, and the share of words in both.

    Example:
        >>> pieces, share = compare("هدنة في غزة", "هدنة في باكو")
        >>> [(piece.kind, piece.text) for piece in pieces], round(share, 2)
        ([('same', 'هدنة في '), ('left', 'غزة'), ('right', 'باكو')], 0.67)
    """
    a, b = _WORD.findall(left)[:MOST_WORDS], _WORD.findall(right)[:MOST_WORDS]
    bare_a, bare_b = [word.strip() for word in a], [word.strip() for word in b]
    matcher = SequenceMatcher(None, bare_a, bare_b, autojunk=False)
    pieces = []
    for kind, a_start, a_end, b_start, b_end in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(b[b_start:b_end])))
            continue
        if a_end > a_start:
            pieces.append(Piece("left", "".join(a[a_start:a_end])))
        if b_end > b_start:
            pieces.append(Piece("right", "".join(b[b_start:b_end])))
    return tuple(pieces), matcher.ratio()


def share_of(left: str, right: str) -> float:
    """Return the share of words that two texts have in common, in their order."""
    return compare(left, right)[1]


def _count(text: str) -> int:
    return sum(1 for _ in _WORD.finditer(text))

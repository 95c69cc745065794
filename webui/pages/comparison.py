"""Comparison: two articles side by side, word by word: what stands in both and in one alone."""

from dataclasses import dataclass

from marsad.corpus.article import Article
from marsad.indexer.copies.word_diff import Change, word_diff
from marsad.webui.i18n.catalogue import Catalogue
from marsad.webui.pages.frame import Frame, frame
from marsad.webui.pages.listed import note_of
from marsad.webui.request.clock import check_time
from marsad.webui.request.forms import SearchForm
from marsad.webui.request.links import Link, article_path


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """The page of two articles."""

    frame: Frame
    left: Link
    right: Link
    left_note: tuple[str, ...]
    right_note: tuple[str, ...]
    share: str
    changes: tuple[Change, ...]


def comparison_page(
    left: Article, right: Article, form: SearchForm, t: Catalogue, path: str
) -> ComparisonPage:
    """Build the page that compares *right* with *left*."""
    check_time()
    changes, share = compare(left.text, right.text)
    blank = form.blank()
    return ComparisonPage(
        frame=frame(form, t, t("compare"), path),
        left=Link(left.title or left.id, blank.url(article_path(left.id))),
        right=Link(right.title or right.id, blank.url(article_path(right.id))),
        left_note=note_of(left, t),
        right_note=note_of(right, t),
        share=t("shared_words", percent=f"{t.number(round(100 * share))}%"),
        changes=changes,
    )


def compare(left: str, right: str) -> tuple[tuple[Change, ...], float]:
    """Return the changes between two texts, and the share of words that both have.

    Example:
        >>> changes, share = compare("هدنة في غزة", "هدنة في باكو")
        >>> [change.kind for change in changes], round(share, 2)
        (['same', 'removed', 'added'], 0.67)
    """
    changes = word_diff(left, right)
    words = dict.fromkeys(("same", "removed", "added"), 0)
    for change in changes:
        words[change.kind] += len(change.text.split())
    total = 2 * words["same"] + words["removed"] + words["added"]
    return changes, 2 * words["same"] / total if total else 1.0


def share_of(left: str, right: str) -> float:
    """Return the share of words that two texts have in common, in their order."""
    return compare(left, right)[1]

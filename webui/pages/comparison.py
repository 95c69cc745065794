"""Comparison: the difference between the texts of two articles, word by word."""

from dataclasses import dataclass

from marsad.corpus.article import Article
from marsad.indexer.copies.word_diff import Change, word_diff
from marsad.webui.i18n.catalogue import Catalogue
from marsad.webui.pages.article_link import source_and_date
from marsad.webui.pages.frame import Frame, frame
from marsad.webui.request.forms import SearchForm
from marsad.webui.request.links import Link, article_path
from marsad.webui.request.time_limit import check_time


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """The page that compares two articles; `share` is the share of words that both have."""

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
    """Build the page that shows how *right* differs from *left*; *path* is the page's own path."""
    check_time()
    changes, share = compare(left.text, right.text)
    blank = form.new_search()
    return ComparisonPage(
        frame=frame(form, t, t("compare"), path),
        left=Link(left.title or left.id, blank.url(article_path(left.id))),
        right=Link(right.title or right.id, blank.url(article_path(right.id))),
        left_note=source_and_date(left, t),
        right_note=source_and_date(right, t),
        share=t("shared_words", percent=f"{t.number(round(100 * share))}%"),
        changes=changes,
    )


def compare(left: str, right: str) -> tuple[tuple[Change, ...], float]:
    """Return the changes from one text to the other, and the share of common words, 0 to 1.

    Example:
        >>> changes, share = compare("هدنة في غزة", "هدنة في باكو")
        >>> [change.kind for change in changes], round(share, 2)
        (['same', 'removed', 'added'], 0.67)
    """
    changes = word_diff(left, right)
    words = dict.fromkeys(("same", "removed", "added"), 0)
    for change in changes:
        words[change.kind] += len(change.text.split())
    # A common word counts twice, because it is a word of both texts.
    total = 2 * words["same"] + words["removed"] + words["added"]
    return changes, 2 * words["same"] / total if total else 1.0


def share_of(left: str, right: str) -> float:
    """Return the share of words that two texts have in common, in the same order, 0 to 1."""
    return compare(left, right)[1]

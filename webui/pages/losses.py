"""Losses: what a page says when the index is damaged and shows fewer articles than it should."""

from collections.abc import Iterable

from marsad.indexer.engine.request import LostCommit, LostTexts
from marsad.webui.i18n.catalogue import Catalogue


def loss_lines(losses: Iterable[LostCommit | str], t: Catalogue) -> list[str]:
    """Return a sentence for each loss, in the language of *t*.

    What is damaged is for the operator, who reads it in the log and in `marsad check`.
    """
    return list(dict.fromkeys(_line(loss, t) for loss in losses))


def _line(loss: LostCommit | str, t: Catalogue) -> str:
    if isinstance(loss, LostTexts):
        return t("loss_unknown")
    if not isinstance(loss, LostCommit) or not loss.written:
        return t("loss_commit")
    day = t.date(loss.written)
    if not loss.missing:
        return t("loss_of_day", day=day)
    return t("loss_of_articles", day=day, articles=t.count("articles", loss.missing))

"""Piece: one article of an export, and the lines from which its facts are read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from marsad.corpus.article import Article, content_id
from marsad.corpus.dates.dateline import parse_dateline
from marsad.corpus.dates.mention import period
from marsad.corpus.dates.value import precision_of
from marsad.corpus.language import detect_language
from marsad.corpus.published import as_printed
from marsad.corpus.source import Read, Skipped, Source

_WEEKDAY = re.compile(
    r"[,،]?\s*\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:lun|mar|mercre|jeu|vendre)di"
    r"|samedi|dimanche|(?:Mon|Diens|Donners|Frei|Sams|Sonn)tag|Mittwoch"
    r"|(?:ال|يوم\s+ال)?(?:سبت|[أا]حد|[إا]ثنين|ثلاثاء|[أا]ربعاء|خميس|جمعة)"
    r"|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье)\b[,،]?\s*",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"[,،\s]*\b\d{1,2}:\d\d(?::\d\d)?\s*(?:[ap]\.?m\.?|[صم])?\s*(?:[A-Z]{3,4})?\s*$", re.IGNORECASE
)
# "April 15, 2023" in any language that names the month first.
_MONTH_FIRST = re.compile(
    r"^(?P<month>[^\W\d_/]+(?:/[^\W\d_]+)?)\.?\s+(?P<day>\d{1,2})[,،]?\s+(?P<year>\d{4})$"
)
_LONGEST = 90


@dataclass(slots=True)
class Piece:
    """One article of an export: its facts, and the paragraphs of its body.

    `number` counts from 1; it is 0 if the export holds one article.
    """

    number: int
    title: str = ""
    body: list[str] = field(default_factory=list)
    source: str = ""
    date: str = ""
    author: str = ""
    url: str = ""
    id: str = ""

    def read(self, source: Source) -> Read:
        """Return the article, or what was skipped because it has no text."""
        text = "\n\n".join(self.body)
        if not text:
            reason = f"found no text under {self.title[:80]!r}, expected an article"
            return Skipped(source.name, "record", reason, self.number)
        value = press_date(self.date)
        bounds = period(value) if value else None
        article = Article(
            id=self.id
            or content_id(
                title=self.title, text=text, published=value, source=self.source, url=self.url
            ),
            title=self.title,
            text=text,
            published=bounds[0] if bounds else None,
            precision=precision_of(value),
            language=detect_language(f"{self.title}\n{text}"),
            source=self.source,
            author=self.author,
            url=self.url,
            evidence="dateline" if bounds else "",
            printed_date=as_printed(self.date) if bounds else "",
        )
        return source.article(
            article, self.number, f"{self.title}\n{text}".encode("utf-8", "replace")
        )


def press_date(line: str) -> str | None:
    """Return the ISO value of a line that is a date, as press databases print it.

    Example:
        >>> press_date("April 15, 2023 Saturday 10:30 AM GMT"), press_date("15 April 2023")
        ('2023-04-15', '2023-04-15')
        >>> press_date("السبت 15 نيسان/أبريل 2023"), press_date("on 15 April 2023 he said")
        ('2023-04-15', None)
    """
    if not line or len(line) > _LONGEST:
        return None
    found = parse_dateline(line)
    if found is not None:
        return found
    bare = _WEEKDAY.sub(" ", _TIME.sub("", _WEEKDAY.sub(" ", line))).strip(" \t,،.-–|()")
    if match := _MONTH_FIRST.match(bare):
        bare = f"{match['day']} {match['month']} {match['year']}"
    return parse_dateline(bare)


def first_date(lines: Sequence[str]) -> int | None:
    """Return the place of the first line that is a date, None if there is none."""
    return next((at for at, line in enumerate(lines) if press_date(line)), None)

"""Record: make an article of a row, an object or a line with named fields.

    record, mapping, hints for dates -> [article_of] -> Article with its remarks

Only a missing text refuses a record. Anything else that is not as expected is a remark.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from marsad.corpus.article import Article, Evidence, content_id
from marsad.corpus.columns import Columns, choice_of, choose_columns, lookup
from marsad.corpus.dates.mention import period
from marsad.corpus.dates.value import precision_of
from marsad.corpus.encoding import clean
from marsad.corpus.encodings.mojibake import undo_mojibake
from marsad.corpus.errors import RecordError
from marsad.corpus.fields.date_forms import NO_HINT, DateHint
from marsad.corpus.fields.ids import LONGEST_ID, choose_id
from marsad.corpus.fields.values import is_empty, is_empty_date, strip_tags, text_of
from marsad.corpus.identity import host_of, is_number
from marsad.corpus.language import detect_language
from marsad.corpus.published import as_printed, published_in_url, read_date
from marsad.corpus.remarks import Remark, RemarkKind

__all__ = ["LONGEST_ID", "article_of", "strip_tags"]

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?")
_LANGUAGES = {"arabic": "ar", "العربية": "ar", "عربي": "ar", "عربية": "ar", "english": "en"} | {
    "الإنجليزية": "en",
    "russian": "ru",
    "persian": "fa",
    "farsi": "fa",
    "urdu": "ur",
}
_HIGH_HALF = re.compile("[\ud800-\udbff](?![\udc00-\udfff])")
_HALVES = re.compile("[\ud800-\udfff]")
_PARAGRAPH = re.compile(r"<(?:p|br|div)\b[^>]*>", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
# A longer column of the text wins over a better name if it is so much longer.
_MUCH_LONGER = 1.1
_SHOWN = 60
_NAMES = frozenset({"source", "publisher", "author"})
_NO_HINTS: Mapping[str, DateHint] = {}


def article_of(
    record: Mapping[str, Any],
    mapping: Mapping[str, str] | None = None,
    hints: Mapping[str, DateHint] = _NO_HINTS,
) -> Article:
    """Return the article of a record with named fields.

    Args:
        record: Name to value: strings, numbers, lists of strings, or `{"rendered": html}`.
        mapping: Field to name, if the names are not the usual ones; a path may have dots.
        hints: What the other rows of a table say about the dates of a column.

    Raises:
        RecordError: there is no text, or it has a wrong type or value.
    """
    reading = _Reading(record, choose_columns(tuple(record), tuple((mapping or {}).items())))
    text = reading.text()
    title = reading.value("title")
    url, source, publisher = reading.addresses()
    value, evidence, printed = reading.published(url, hints)
    given = reading.value("language")
    id_ = reading.id() or content_id(
        title=title, text=text, published=value, source=source, url=url
    )
    days = period(value) if value else None
    return Article(
        id=id_,
        title=title,
        text=text,
        published=days[0] if days else None,
        precision=precision_of(value),
        language=_language(given, title, text),
        source=source,
        publisher=publisher,
        author=reading.value("author"),
        url=url,
        evidence=evidence,
        printed_date=printed,
        remarks=tuple(reading.remarks),
        columns=choice_of(reading.columns.names, tuple(sorted(reading.taken.items()))),
    )


class _Reading:
    """The fields of one record as they are read: its remarks, and the columns that were taken."""

    def __init__(self, record: Mapping[str, Any], columns: Columns) -> None:
        self.columns = columns
        self.remarks: list[Remark] = []
        self.taken: dict[str, str] = {}
        self._record = record
        for field, name in columns.missing:
            if field != "text":
                self._remark("column-missing", f"found no {name!r} for the {field}")

    def _remark(self, kind: RemarkKind, detail: str) -> None:
        self.remarks.append(Remark(kind, detail))

    def text(self) -> str:
        """Return the text: of the column with most of it, or else of a summary.

        Raises:
            RecordError: there is none, or it is of a type without text.
        """
        found = [(self._part(name), name) for name in self.columns.first.get("text", ())]
        found = [(text, name) for text, name in found if text]
        if found:
            text, name = found[0]
            for longer, other in found[1:]:
                if len(longer) > _MUCH_LONGER * len(text):
                    text, name = longer, other
            self.taken["text"] = name
            return text
        seconds = self.columns.second.get("text", ())
        for name in seconds:
            text = self._part(name)
            if text:
                self.taken["text"] = name
                if "text" in self.columns.first:
                    empty = self.columns.first["text"][0]
                    detail = f'found nothing under "{empty}", took the text of "{name}"'
                    self._remark("text-elsewhere", detail)
                return text
        missing = [name for field, name in self.columns.missing if field == "text"]
        name = next(iter((*missing, *self.columns.of("text"))), "text")
        message = f'found no text, expected a non-empty string under "{name}"'
        raise RecordError(message)

    def _part(self, name: str) -> str:
        """Return the text in a column, with that of the column above it, if it has one."""
        text = self._string("text", name)
        above = self.columns.parts.get(name)
        first = self._string("text", above) if above else ""
        return "\n\n".join(part for part in (first, text) if part)

    def value(self, field: str) -> str:
        """Return the first value of a field that is not empty."""
        candidates = self.columns.of(field)
        for name in candidates:
            text = self._string(field, name)
            # The number of a page, or the key of a row of another table, names nobody.
            if text and not (field in _NAMES and is_number(text)):
                self.taken[field] = name
                return text
        if candidates:
            self.taken[field] = candidates[0]
        return ""

    def _string(self, field: str, name: str) -> str:
        """Return the text of a column; empty if it is missing or a word for a missing value.

        Raises:
            RecordError: it is the text, and of a type without text or with an invalid byte.
        """
        value = lookup(self._record, name)
        text = text_of(field, value)
        if text is None:
            if field != "text":
                return ""
            message = f'found a {type(value).__name__} under "{name}", expected a string'
            raise RecordError(message)
        if not text.isascii():
            text = self._mended(field, name, text)
        if field != "text":
            text = " ".join(clean(text).split())
        elif _PARAGRAPH.search(text):
            text = clean(strip_tags(text))
        else:
            text = clean(text)
        return "" if is_empty(text) else text

    def _mended(self, field: str, name: str, text: str) -> str:
        """Return a text with a wrong decoding undone, and without halves of characters."""
        if _HALVES.search(text):
            text = self._whole(field, name, text)
        mended = undo_mojibake(text)
        if mended is None:
            return text
        if all(remark.kind != mended.remark.kind for remark in self.remarks):
            self.remarks.append(mended.remark)
        return mended.text

    def _whole(self, field: str, name: str, text: str) -> str:
        """Return a text without the first halves of characters that were cut."""
        kept = _HIGH_HALF.sub("", text)
        kept = kept.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        if "\ufffd" in kept and "\ufffd" not in text and field == "text":
            # The rest of the surrogates: a reader marks invalid bytes with them.
            message = f'found half a surrogate pair under "{name}", expected Unicode text'
            raise RecordError(message)
        self._remark("part-left-out", f'found half a character under "{name}", left it out')
        return kept

    def addresses(self) -> tuple[str, str, str]:
        """Return address, source and publisher; an address in a wrong column goes to its place."""
        url = self.value("url")
        names = []
        for field in ("source", "publisher"):
            name = self.value(field)
            if _ADDRESS.fullmatch(name):
                if not url and _has_path(name):
                    url, self.taken["url"] = name, self.taken[field]
                name = "" if _has_path(name) else host_of(name)
            names.append(name)
        return url, names[0], names[1]

    def id(self) -> str:
        """Return the id, empty if there is none that can be used."""
        found = choose_id(
            ((name, lookup(self._record, name)) for name in self.columns.of("id")),
            ((name, lookup(self._record, name)) for name in self.columns.rows),
        )
        if found.column:
            self.taken["id"] = found.column
        if found.remark is not None:
            self.remarks.append(found.remark)
        return found.id

    def published(
        self, url: str, hints: Mapping[str, DateHint]
    ) -> tuple[str | None, Evidence, str]:
        """Return the ISO value of the date, its evidence, and the date as it was printed."""
        candidates = self.columns.first.get("date") or self.columns.second.get("date", ())
        problem: Remark | None = None
        printed = ""
        for name in candidates:
            value = lookup(self._record, name)
            text = text_of("date", value)
            given = str(value) if text is None else text
            given = as_printed(_HALVES.sub("", clean(given)))
            if not given:
                continue
            form = read_date(given, hints.get(name, NO_HINT)) if text is not None else None
            if form is not None and not is_empty_date(given):
                self.taken["date"] = name
                if form.ambiguous:
                    detail = f"found {given[:_SHOWN]!r}, took {form.value}, the day first"
                    self._remark("date-ambiguous", detail)
                return form.value, "metadata", given
            if problem is None:
                self.taken["date"] = name
                detail = f'found {given[:_SHOWN]!r} under "{name}"'
                if is_empty_date(given):
                    problem = Remark("date-empty", detail)
                else:
                    problem, printed = Remark("date-unreadable", detail), given
        if candidates:
            self.taken.setdefault("date", candidates[0])
        if problem is not None:
            self.remarks.append(problem)
        found = published_in_url(url) if url else None
        return found, "url" if found else "", printed


def _has_path(address: str) -> bool:
    try:
        return urlsplit(address).path.strip("/") != ""
    except ValueError:
        return True


def _language(given: str, title: str, text: str) -> str:
    """Return the given language code without its region, or the detected one if it is no code."""
    named = _LANGUAGES.get(given.lower())
    if named:
        return named
    if _LANGUAGE.fullmatch(given):
        return given[:3].rstrip("-_").lower()
    return detect_language(f"{title}\n{text}")

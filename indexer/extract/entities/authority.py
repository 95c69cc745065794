"""Authority file: a curated list of entities, as CSV that a researcher can edit.

The columns `id`, `class` and `ar` are required, the other COLUMNS are optional; `data/README.md`
describes them. Several values in a cell are separated by `|`. Every error in a row is reported with
its line; nothing is ignored silently.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from marsad.indexer.analysis.lexicon import lexicon
from marsad.indexer.analysis.stopwords import stopwords
from marsad.indexer.analysis.tokenizer import tokenize
from marsad.indexer.errors import IndexerError
from marsad.indexer.extract.entities.entity import CLASSES, Entity
from marsad.indexer.extract.entities.offices import Office, parse_office
from marsad.indexer.extract.mentions import EntityClass

# Columns that `marsad entities discover` adds for the person who reviews its output. They are
# ignored.
REVIEW_COLUMNS = ("articles", "variant_of", "context")
REQUIRED = ("id", "class", "ar")
COLUMNS = (
    *REQUIRED,
    "en",
    "ru",
    "aliases",
    "typos",
    "contested",
    "country",
    "offices",
    "source",
)
_NAME_COLUMNS = ("ar", "aliases", "typos", "contested")
_SHORTEST = 3
# A single word that is this common, and takes pronouns, is an ordinary word and not a name.
_COMMON = 100_000
_PRONOUNS = ("ها", "هم", "نا")


class AuthorityError(IndexerError):
    """A row of an authority file is wrong."""

    def __init__(self, name: str, line: int, reason: str) -> None:
        super().__init__(f"{name}, line {line}: {reason}. Correct the row, then run it again.")
        self.name, self.line = name, line


@dataclass(frozen=True, slots=True)
class Problem:
    """An error in a line of an authority file."""

    line: int
    reason: str


def bundled_entities() -> Iterator[Entity]:
    """Yield the entities that are part of Marsad."""
    text = files("marsad.indexer.extract.entities").joinpath("data/entities.csv").read_text("utf-8")
    yield from parse_authority(text, "entities.csv")


def read_authority(path: Path) -> Iterator[Entity]:
    """Yield the entities of a file.

    Raises:
        AuthorityError: `check_authority` finds a problem (the first one is raised), or the file
            cannot be read.
    """
    try:
        # Spreadsheet programs write a byte order mark, which is not part of the first column's
        # name.
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise AuthorityError(str(path), 0, f"cannot be read as UTF-8 text ({error})") from error
    for problem in check_authority(text):
        raise AuthorityError(str(path), problem.line, problem.reason)
    yield from parse_authority(text, str(path))


def parse_authority(text: str, name: str) -> Iterator[Entity]:
    """Yield the entities of a CSV text, checking only the requirements of each row.

    Raises:
        AuthorityError: A column is missing, an id is empty or used twice, a class is unknown,
            the Arabic label is missing, or an office cannot be read.
    """
    rows = csv.DictReader(text.splitlines())
    for missing in _missing(rows):
        raise AuthorityError(name, 1, missing)
    seen: dict[str, int] = {}
    for row in rows:
        for reason in _row_faults(row, seen):
            raise AuthorityError(name, rows.line_num, reason)
        seen[_cell(row, "id")] = rows.line_num
        yield _entity(row)


def check_authority(text: str) -> Iterator[Problem]:
    """Yield all problems of a CSV text, in the order of its lines."""
    rows = csv.DictReader(text.splitlines())
    missing = list(_missing(rows))
    yield from (Problem(1, reason) for reason in missing)
    if missing:
        return
    seen: dict[str, int] = {}
    owners: dict[tuple[str, ...], tuple[str, int]] = {}
    for row in rows:
        line, given = rows.line_num, _cell(row, "id")
        reasons = [*_row_faults(row, seen), *_name_faults(row, owners, line)]
        yield from (Problem(line, reason) for reason in reasons)
        seen.setdefault(given, line)


def _missing(rows: "csv.DictReader[str]") -> Iterator[str]:
    """Yield the problems of the header."""
    for column in REQUIRED:
        if column not in (rows.fieldnames or ()):
            yield f"found no column {column!r}, expected {','.join(COLUMNS)}"
    for column in rows.fieldnames or ():
        if column not in (*COLUMNS, *REVIEW_COLUMNS):
            yield f"column {column!r} is not known, expected {','.join(COLUMNS)}"


def _row_faults(row: Mapping[str, str], seen: Mapping[str, int]) -> Iterator[str]:
    """Yield the problems of a row, except those of its names."""
    given = _cell(row, "id")
    if not given:
        yield "found no id"
    elif not given.replace("-", "").replace("_", "").isalnum():
        yield f"id {given!r}: expected letters, digits and hyphens"
    if given in seen:
        yield f"id {given!r} is also in line {seen[given]}"
    if _cell(row, "class") not in CLASSES:
        yield f"class {_cell(row, 'class')!r}, expected {', '.join(CLASSES)}"
    if not _cell(row, "ar"):
        yield f"{given!r} has no Arabic label"
    try:
        _offices(row)
    except ValueError as error:
        yield str(error)
    if None in row:
        yield "found more cells than columns; put a cell with a comma into quotes"


def _name_faults(
    row: Mapping[str, str], owners: dict[tuple[str, ...], tuple[str, int]], line: int
) -> Iterator[str]:
    """Yield the problems with the names of a row; *owners* has the names of earlier rows."""
    given = _cell(row, "id")
    for column in _NAME_COLUMNS:
        if not _cell(row, column):
            continue
        for name in _cell(row, column).split("|"):
            key = tuple(surface for surface, _, _ in tokenize(name))
            if not key:
                yield f"{column} of {given!r} has an empty name between two |"
                continue
            reason = _word_fault(key[0]) if len(key) == 1 else ""
            if _cell(row, "class") == "nationality" and "ordinary" in reason:
                reason = ""
            if reason:
                yield f"{column} of {given!r}: {name.strip()!r} {reason}"
            owner, where = owners.setdefault(key, (given, line))
            if owner != given:
                yield f"{name.strip()!r} is also a name of {owner!r} in line {where}"


def _word_fault(word: str) -> str:
    """Return the problem with a name of one word, or ""."""
    count = lexicon().form
    if word in stopwords():
        return "is a stop word"
    if len(word) < _SHORTEST and not word.isascii():
        return f"is shorter than {_SHORTEST} letters"
    inflected = sum(count(word + ending) for ending in _PRONOUNS)
    if count(word) >= _COMMON and inflected * 40 > count(word):
        return "is an ordinary word; add the word that usually comes before it"
    return ""


def _entity(row: Mapping[str, str]) -> Entity:
    kind: EntityClass = next(known for known in CLASSES if known == _cell(row, "class"))
    # All three languages are always filled, so that labels can be read by position.
    contested = [*_names(row, "contested"), "", "", ""][:3]
    aliases = (*_names(row, "aliases"), *_names(row, "typos"))
    return Entity(
        _cell(row, "id"),
        kind,
        (_cell(row, "ar"), _cell(row, "en"), _cell(row, "ru")),
        tuple(dict.fromkeys((*aliases, *(name for name in contested if name)))),
        contested=(contested[0], contested[1], contested[2]),
        country=_cell(row, "country").lower(),
        offices=_offices(row),
        typos=tuple(_names(row, "typos")),
    )


def _offices(row: Mapping[str, str]) -> tuple[Office, ...]:
    return tuple(parse_office(text) for text in _names(row, "offices"))


def _cell(row: Mapping[str, str], column: str) -> str:
    return (row.get(column) or "").strip()


def _names(row: Mapping[str, str], column: str) -> list[str]:
    return [name.strip() for name in _cell(row, column).split("|") if name.strip()]

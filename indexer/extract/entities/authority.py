"""Authority file: the curated entities, in CSV that a researcher can edit.

Columns `id,class,ar,en,ru,aliases,source`; aliases are parted by `|`. A row that is
wrong is named with its line; nothing is read around it in silence.
"""

import csv
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from indexer.errors import IndexerError
from indexer.extract.entities.entity import CLASSES, Entity

COLUMNS = ("id", "class", "ar", "en", "ru", "aliases", "source")


class AuthorityError(IndexerError):
    """A row of an authority file is wrong."""

    def __init__(self, name: str, line: int, reason: str) -> None:
        super().__init__(f"{name}, line {line}: {reason}. Mend the row and run the command again.")
        self.name, self.line = name, line


def bundled_entities() -> Iterator[Entity]:
    """Yield the entities that come with Marsad."""
    text = files("indexer.extract.entities").joinpath("data/entities.csv").read_text("utf-8")
    yield from parse_authority(text, "entities.csv")


def read_authority(path: Path) -> Iterator[Entity]:
    """Yield the entities of a file."""
    yield from parse_authority(path.read_text("utf-8-sig"), str(path))


def parse_authority(text: str, name: str) -> Iterator[Entity]:
    """Yield the entities of a CSV text.

    Raises:
        AuthorityError: a column is missing, an id is empty or given twice, a class is
            unknown, or there is no Arabic label.
    """
    rows = csv.DictReader(text.splitlines())
    missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        raise AuthorityError(
            name, 1, f"found no column {missing[0]!r}, expected {','.join(COLUMNS)}"
        )
    seen: dict[str, int] = {}
    for row in rows:
        line = rows.line_num
        entity_id = (row["id"] or "").strip()
        kind = next((known for known in CLASSES if known == row["class"]), None)
        if not entity_id:
            raise AuthorityError(name, line, "found no id")
        if entity_id in seen:
            raise AuthorityError(
                name, line, f"id {entity_id!r} stands in line {seen[entity_id]} too"
            )
        if kind is None:
            raise AuthorityError(
                name, line, f"class {row['class']!r}, expected {', '.join(CLASSES)}"
            )
        if not (row["ar"] or "").strip():
            raise AuthorityError(name, line, f"{entity_id!r} has no Arabic label")
        seen[entity_id] = line
        labels = (row["ar"].strip(), (row["en"] or "").strip(), (row["ru"] or "").strip())
        aliases = (alias.strip() for alias in (row["aliases"] or "").split("|"))
        yield Entity(entity_id, kind, labels, tuple(alias for alias in aliases if alias))

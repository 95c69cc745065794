"""Records: articles of XML of any names, as scrapers and databases export it.

    <items><item><title>...</title><text>...</text></item>...</items>

A record is an element whose child elements or attributes have the names of columns, one of them a
text. The level of the records is found at the first ones, and the rest is streamed.
"""

import re
from collections.abc import Iterator
from typing import Any

from marsad.corpus.columns import match_columns
from marsad.corpus.errors import RecordError
from marsad.corpus.readers.xml.scholarly import extracted, is_extracted
from marsad.corpus.readers.xml.text import block_text, local
from marsad.corpus.readers.xml.walk import Found, Walk
from marsad.corpus.source import Source

# Records are looked for in the children of the root element, and in theirs, so many levels down.
_DEEPEST = 4
# Elements whose attribute `name` is the name of the column, in exports of databases and of Solr.
_NAMED = frozenset(
    [
        "field",
        "column",
        "col",
        "property",
        "attribute",
        "arr",
        "str",
        "text",
        "date",
        "int",
        "long",
        "data",
    ]
)
# Elements that are only the values of a list.
_VALUES = frozenset(["value", "item", "li", "string", "str", "element"])
_MARKUP = frozenset(
    ["p", "br", "div", "h1", "h2", "h3", "b", "i", "a", "ul", "ol", "strong", "em", "span", "table"]
)
_MOST_FIELDS = 1000
# The ids of the newswire collections of the LDC: AFP_ARB_19940513.0001.
_DAY_IN_ID = re.compile(r"_((?:19|20)\d\d)(\d\d)(\d\d)\.\d+$")


def fields_of(record: Any) -> dict[str, Any]:  # noqa: ANN401  (lxml's element)
    """Return the columns of a record: its attributes and its child elements.

    A repeated element is a list. The elements of a child that is no markup are columns too, named
    `child.element`.
    """
    if is_extracted(record):
        made = extracted(record, None)
        return made if isinstance(made, dict) else {}
    found: dict[str, Any] = {}
    # Each value is looked up from the first attribute on, so a flood of them is cut before.
    for name in record.keys()[:_MOST_FIELDS]:
        found[name.rpartition("}")[2]] = record.get(name)
    taken: dict[str, list[str]] = {}
    for child in list(record.iterchildren("*"))[:_MOST_FIELDS]:
        name = local(child)
        if name.lower() in _NAMED and child.get("name"):
            name = child.get("name")
        inner = {local(each).lower() for each in child.iterchildren("*")}
        if inner and len(inner) == 1 and inner <= _VALUES:
            taken.setdefault(name, []).extend(block_text(each) for each in child.iterchildren("*"))
            continue
        taken.setdefault(name, []).append(block_text(child))
        if inner and not inner & _MARKUP:
            for each in list(child.iterchildren("*"))[:_MOST_FIELDS]:
                taken.setdefault(f"{name}.{local(each)}", []).append(block_text(each))
    for name, values in taken.items():
        filled = [value for value in values if value]
        found[name] = filled[0] if len(filled) == 1 else filled or ""
    if local(record) == "DOC" and (day := _DAY_IN_ID.search(str(found.get("id", "")))):
        found.setdefault("date", "-".join(day.groups()))
    return found


def is_record(element: Any, source: Source) -> bool:  # noqa: ANN401
    """Tell whether an element has a column of a text that is not a record itself."""
    if is_extracted(element):
        return True
    if not len(element) and not element.attrib:
        return False
    fields = fields_of(element)
    name = _text_column(fields, source)
    if not name or not fields[name]:
        return False
    child = next((each for each in element.iterchildren("*") if local(each) == name), None)
    return child is None or not (len(child) and is_record(child, source))


def _text_column(fields: dict[str, Any], source: Source) -> str:
    try:
        return match_columns(fields, source.mapping).get("text", "")
    except RecordError:
        return ""


def find_records(walk: Walk, source: Source) -> Iterator[tuple[int, Found]]:
    """Yield the number and element of each record; the number is 0 if the root is the record.

    Raises:
        RecordError: no record is found.
    """
    search = _Search(source)
    number, depth = 0, -1
    for event, element in walk.events():
        if event == "start":
            continue
        if depth < 0 and walk.too_long:
            raise RecordError(search.complaint(walk.root))
        if depth < 0:
            found = search.look(element, walk.depth)
            if not found:
                continue
            depth = 0 if element is walk.root and found == [element] else _level(found[0])
            for each in found:
                number += 1
                yield (number if depth else 0), Found(each, too_long=False)
            for each in found:
                walk.release(each)
        elif walk.depth == depth:
            if walk.too_long or local(element) == search.name or is_record(element, source):
                number += 1
                yield number, Found(element, walk.too_long)
            walk.release(element)
        elif walk.depth > depth and walk.too_long:
            element.clear()
    if not number:
        if walk.root is None:
            raise RecordError("found no XML element, expected XML")
        raise RecordError(search.complaint(walk.root))


def _level(element: Any) -> int:  # noqa: ANN401
    return sum(1 for _ in element.iterancestors())


class _Search:
    """Finds the level of the records at the ends of the first elements."""

    def __init__(self, source: Source) -> None:
        self._source = source
        # The records that were found and whose parent has not ended, by level.
        self._waiting: dict[int, list[Any]] = {}
        self._columns: list[str] = []
        self.name = ""

    def look(self, element: Any, depth: int) -> list[Any]:  # noqa: ANN401
        """Return the first records once their level is sure, at the end of an element.

        A level is sure if it is that of the children of the root, or of two equal elements in one
        parent. One alone may be a part of a record above: it waits for the end of its parent.
        """
        if depth > _DEEPEST:
            return []
        inner = self._waiting.pop(depth + 1, [])
        if is_record(element, self._source):
            same = [*self._waiting.get(depth, []), element]
            self._waiting[depth] = same
            alike = [each for each in same if local(each) == local(element)]
            if depth <= 1 or len(alike) > 1:
                self.name = local(element)
                return alike
        elif inner:
            self.name = local(inner[0])
            return inner
        elif depth and not self._columns:
            self._columns = list(fields_of(element))[:20]
        return []

    def complaint(self, root: Any) -> str:  # noqa: ANN401
        """Return what is wrong with a file without records."""
        columns = ", ".join(self._columns)[:200]
        beside = f" and elements such as {columns}" if columns else ""
        return (
            f"found XML with the root <{local(root)[:60]}>{beside}, expected a feed, news items, "
            f"TEI, a wiki dump, or equal elements with a title and a text each; --map text=NAME "
            f"names the element of the text"
        )

"""Properties: the title, author and the like that a document states of itself."""

import re
from dataclasses import dataclass

from marsad.corpus.errors import RecordError
from marsad.corpus.readers.office.package import Package

_LONGEST = 250
# What programs write where nobody gave a title.
_NO_TITLE = re.compile(
    r"(?:microsoft\s+(?:word|office|excel)\b.*|powerpoint\b.*|untitled.*|unknown|document\s*\d*"
    r"|doc\s*\d+|new\s+.{0,20}document|word\s+document|book\s*\d*|title|normal|.*\.\w{3,5}"
    r"|مستند\s*\S*|بدون\s+عنوان|(?:ال)?عنوان|документ\s*\d*|без\s+имени.*|\W*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Properties:
    """Properties of a document, each empty if it is not stated."""

    title: str = ""
    creator: str = ""


def read_properties(package: Package, part: str) -> Properties:
    """Return the properties in a part; all empty if there is none, or it is damaged."""
    found = _Fields()
    if part in package:
        try:
            package.parse(part, found)
        except RecordError:
            return Properties()
    return Properties(sensible_title(found.text("title")), found.text("creator"))


def sensible_title(given: str) -> str:
    """Return the title in a property, empty if a program wrote it and not a person.

    Example:
        >>> sensible_title("Microsoft Word - a.doc"), sensible_title("هدنة في الجنوب")
        ('', 'هدنة في الجنوب')
    """
    title = " ".join(given.split())
    return "" if len(title) > _LONGEST or _NO_TITLE.fullmatch(title) else title


class _Fields:
    """Collects the text of each element by its name without namespace."""

    def __init__(self) -> None:
        self._all: dict[str, str] = {}
        self._name = ""

    def text(self, name: str) -> str:
        return self._all.get(name, "").strip()

    def start(self, tag: str, attrib: dict[str, str]) -> None:  # noqa: ARG002
        self._name = tag.rpartition("}")[2]

    def end(self, tag: str) -> None:  # noqa: ARG002
        self._name = ""

    def data(self, data: str) -> None:
        if self._name and len(self._all.get(self._name, "")) < 4 * _LONGEST:
            self._all[self._name] = self._all.get(self._name, "") + data

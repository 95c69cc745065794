"""Contents: what a book says of itself: its title, its order of reading, and its chapters."""

import posixpath
import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from marsad.corpus.errors import RecordError
from marsad.corpus.readers.markup import decode_page
from marsad.corpus.readers.office.hypertext import parse_html
from marsad.corpus.readers.office.package import Package, pump, resolved

_CONTAINER = "META-INF/container.xml"
_MOST_BYTES = 32 * 1024 * 1024
_NOBODY = re.compile(r"\s*(?:unknown|anonymous|مجهول|غير\s+معروف)\b", re.IGNORECASE)
_MOST_ENTRIES = 200_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a table of contents: its title, and the anchor in the file that it points to."""

    title: str
    anchor: str = ""


@dataclass(slots=True)
class Contents:
    """What a book says of itself; `spine` has its files in reading order, `nav` is not read."""

    title: str = ""
    author: str = ""
    publisher: str = ""
    spine: list[str] = field(default_factory=list)
    nav: str = ""
    chapters: dict[str, list[Entry]] = field(default_factory=dict)


@dataclass(slots=True)
class _Node:
    name: str
    attrib: dict[str, str]
    text: str = ""


class _Nodes:
    """Collects the elements of a small part, in order."""

    def __init__(self) -> None:
        self.all: list[_Node] = []
        self._open: list[_Node] = []

    def start(self, tag: str, attrib: dict[str, str]) -> None:
        node = _Node(tag.rpartition("}")[2], dict(attrib))
        self.all.append(node)
        self._open.append(node)

    def end(self, tag: str) -> None:  # noqa: ARG002
        self._open.pop()

    def data(self, data: str) -> None:
        if self._open:
            self._open[-1].text += data


def read_contents(package: Package, limit: int) -> Contents:
    """Return what a book says of itself; without its own list of files, nothing is known.

    Raises:
        RecordError: the list of files is damaged.
    """
    roots = [
        node.attrib["full-path"]
        for node in (_nodes(package, _CONTAINER) if _CONTAINER in package else [])
        if node.name == "rootfile" and node.attrib.get("full-path")
    ]
    listed = [name for name in package.names if name.endswith(".opf")]
    root = next((name for name in [*roots, *listed] if name in package), "")
    if not root:
        return Contents()
    nodes = _nodes(package, root)
    folder = posixpath.dirname(root)
    found = Contents()
    items: dict[str, _Node] = {}
    for node in nodes:
        match node.name:
            case "title" if not found.title:
                found.title = " ".join(node.text.split())
            case "creator" if node.text.strip() and not _NOBODY.match(node.text):
                found.author = "، ".join(filter(None, (found.author, " ".join(node.text.split()))))
            case "publisher" if not found.publisher:
                found.publisher = " ".join(node.text.split())
            case "item":
                items[node.attrib.get("id", "")] = node
            case "itemref" if (item := items.get(node.attrib.get("idref", ""))) is not None:
                found.spine.append(resolved(folder, item.attrib.get("href", "")))
    for item in items.values():
        name = resolved(folder, item.attrib.get("href", ""))
        if name not in package:
            continue
        if "nav" in item.attrib.get("properties", "").split():
            found.nav = name
            found.chapters = _of_nav(package, name, limit) or found.chapters
        elif item.attrib.get("media-type") == "application/x-dtbncx+xml" and not found.chapters:
            found.chapters = _of_ncx(package, name)
    return found


def _nodes(package: Package, name: str) -> list[_Node]:
    if package.size(name) > _MOST_BYTES:
        raise RecordError(f"found more than {_MOST_BYTES} bytes in {name}, expected less")
    found = _Nodes()
    with package.part(name) as stream:
        for _ in pump(stream, found, name, doctype=True):
            if len(found.all) > _MOST_ENTRIES:
                raise RecordError(f"found more than {_MOST_ENTRIES} entries in {name}")
    return found.all


def _entry(folder: str, target: str, title: str) -> tuple[str, Entry]:
    path, _, anchor = target.partition("#")
    return resolved(folder, path), Entry(" ".join(title.split()), unquote(anchor))


def _of_ncx(package: Package, name: str) -> dict[str, list[Entry]]:
    chapters: dict[str, list[Entry]] = {}
    title = ""
    for node in _nodes(package, name):
        if node.name == "text":
            title = node.text
        elif node.name == "content" and node.attrib.get("src"):
            file, entry = _entry(posixpath.dirname(name), node.attrib["src"], title)
            chapters.setdefault(file, []).append(entry)
    return chapters


def _of_nav(package: Package, name: str, limit: int) -> dict[str, list[Entry]]:
    chapters: dict[str, list[Entry]] = {}
    tree = parse_html(decode_page(package.read(name, min(limit, _MOST_BYTES))))
    navs = list(tree.iter("nav"))
    wanted = [nav for nav in navs if "toc" in (nav.get("epub:type") or "")] or navs[:1]
    for nav in wanted:
        for link in nav.iter("a"):
            if link.get("href"):
                title = "".join(link.itertext())
                file, entry = _entry(posixpath.dirname(name), link.get("href"), title)
                chapters.setdefault(file, []).append(entry)
    return chapters

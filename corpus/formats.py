"""Formats: what a stream holds, by its first bytes, and by its name where they leave it open.

head, name -> [sniff] -> "jsonl", "html", ...
"""

import json
import re
from typing import Literal

from marsad.corpus.columns import match_columns
from marsad.corpus.encoding import decode, encoding_of
from marsad.corpus.errors import RecordError

Format = Literal[
    "layout",
    "html",
    "json",
    "jsonl",
    "csv",
    "feed",
    "warc",
    "parquet",
    "zip",
    "tar",
    "gzip",
    "zstd",
    "binary",
    "empty",
]

HEAD_BYTES = 8192
_MAGIC: tuple[tuple[bytes, Format], ...] = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PAR1", "parquet"),
    (b"WARC/", "warc"),
)
_TAR_MAGIC, _TAR_AT = b"ustar", 257
_SUFFIXES: dict[str, Format] = {
    ".txt": "layout",
    ".text": "layout",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".shtml": "html",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".rss": "feed",
    ".atom": "feed",
    ".xml": "feed",
    ".rdf": "feed",
    ".warc": "warc",
    ".parquet": "parquet",
    ".zip": "zip",
    ".tar": "tar",
    ".tgz": "gzip",
    ".gz": "gzip",
    ".zst": "zstd",
    ".zstd": "zstd",
}
_FEED = re.compile(r"<(?:\w+:)?(?:rss|feed|RDF)[\s>]", re.IGNORECASE)
_HTML = re.compile(
    r"<!doctype\s+html|<(?:html|head|body|article|meta|title|div|p)[\s>]", re.IGNORECASE
)
_MARKUP = re.compile(rb"\s*<[?!A-Za-z]")
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_DELIMITERS = ",;\t|"


def by_name(name: str) -> Format | None:
    """Return the format that a file's suffix names, None where it names none.

    Example:
        >>> by_name("a/News.JSONL"), by_name("notes.md") is None
        ('jsonl', True)
    """
    dot = name.rfind(".")
    return _SUFFIXES.get(name[dot:].lower()) if dot >= 0 else None


def has_suffix(name: str) -> bool:
    """Tell whether a file's name has a suffix at all."""
    return bool(re.search(r".\.[A-Za-z0-9]{1,8}$", re.split("[/!]", name)[-1]))


def sniff(head: bytes, name: str) -> Format:
    """Return what a stream holds that begins with *head*.

    Content counts before the suffix; the suffix decides between text formats that look
    alike, and says what else a file of letters is.
    """
    if not head:
        return "empty"
    for magic, form in _MAGIC:
        if head.startswith(magic):
            return form
    if head[_TAR_AT : _TAR_AT + len(_TAR_MAGIC)] == _TAR_MAGIC:
        return "tar"
    named = by_name(name)
    if named in {"zip", "tar", "gzip", "zstd", "parquet", "warc"}:
        return named
    text = _text(head)
    if text is None:
        return "binary"
    stripped = text.lstrip()
    if stripped.startswith("<"):
        marked = _markup(stripped, named)
        if marked is not None:
            return marked
    if stripped.startswith(("{", "[")):
        jsonlike = _json(stripped, named)
        if jsonlike is not None:
            return jsonlike
    if named == "csv" or (named in {None, "layout"} and _is_table(stripped)):
        return "csv"
    return named if named in {"json", "jsonl"} else "layout"


def _text(head: bytes) -> str | None:
    """Return the beginning of a text, None where it is no text."""
    cut = head
    if encoding_of(head) == "utf-8" and len(head) >= HEAD_BYTES:
        # The last character may be cut.
        cut = head[: max(head.rfind(b"\n"), head.rfind(b" "), HEAD_BYTES - 64)]
    try:
        text = decode(cut)
    except RecordError:
        text = cut.decode("utf-8", "replace")
        if b"\x00" in cut:
            return None
        # Markup in an old encoding says itself which one; its reader knows.
        is_markup = _MARKUP.match(cut) is not None
        return text if is_markup or text.count("\ufffd") * 4 <= len(text) else None
    controls = len(_CONTROLS.findall(cut)) if encoding_of(cut) == "utf-8" else 0
    return None if controls * 10 > len(cut) else text


def _markup(text: str, named: Format | None) -> Format | None:
    if _FEED.search(text[:2000]):
        return "feed"
    if _HTML.search(text) or named == "html":
        return "html"
    return "feed" if named == "feed" else None


def _json(text: str, named: Format | None) -> Format | None:
    first, _, rest = text.partition("\n")
    if named == "jsonl":
        return "jsonl"
    if text[0] == "{":
        try:
            json.loads(first)
        except (ValueError, RecursionError):
            whole = False
        else:
            whole = True
        if whole and (rest.lstrip().startswith("{") or named is None):
            return "jsonl"
        return "json" if named == "json" or _looks_like_object(text) else None
    # A text may begin with a bracket; JSON goes on with an object or a list.
    return "json" if named == "json" or re.match(r"\[\s*[\[{]", text) else None


def _looks_like_object(text: str) -> bool:
    return re.match(r'\{\s*(?:"[^"\n]{1,200}"\s*:|\})', text) is not None


def _is_table(text: str) -> bool:
    """Tell whether the first line names columns of articles, a text among them."""
    first = text.partition("\n")[0]
    sign = delimiter_of(first)
    names = [name.strip().strip('"') for name in first.split(sign)]
    return 2 <= len(names) <= 200 and {"title", "text"} <= match_columns(names).keys()  # noqa: PLR2004


def delimiter_of(header: str) -> str:
    """Return what parts the columns of a header line.

    Example:
        >>> delimiter_of('title;"text";date')
        ';'
    """
    bare = re.sub(r'"[^"]*"', "", header)
    return max(_DELIMITERS, key=bare.count)

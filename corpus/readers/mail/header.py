"""Header: the fields of a message, decoded whatever the program wrote that made it.

Encoded words may be split within a character, fields may hold raw bytes of any encoding, and the
named encoding may be unknown or wrong.
"""

import re
from dataclasses import dataclass, field
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser

from marsad.corpus.encoding import clean, decode, encoding_of
from marsad.corpus.errors import RecordError

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:(.*)", re.DOTALL)
_ADDRESS = re.compile(r"\s*<([^<>]*)>\s*$")
# Programs name these for text of any encoding.
_UNSURE = frozenset({"", "us-ascii", "ascii", "iso-8859-1", "latin-1", "windows-1252", "cp1252"})
_UTF_8 = frozenset({"utf-8", "utf8", "unicode-1-1-utf-8", "unknown-8bit", "x-unknown", "8bit"})
_ALIASES = {"windows-1256-1": "cp1256", "cp-1256": "cp1256", "arabic-windows": "cp1256"}


@dataclass(slots=True)
class Header:
    """The fields of a message or of a part of one.

    `kind` is the media type, in lower case; `fields` are lower-case names to decoded values.
    """

    fields: dict[str, str] = field(default_factory=dict)
    kind: str = "text/plain"
    charset: str = ""
    boundary: bytes = b""
    name: str = ""
    disposition: str = ""
    encoding: str = ""

    def get(self, name: str) -> str:
        """Return the value of a field, empty if it is missing."""
        return self.fields.get(name, "")


def read_header(raw: bytes, default: str = "text/plain") -> Header:
    """Return the header of the lines before the blank one."""
    found = Header(kind=default)
    for line in _unfolded(raw):
        match = _FIELD.match(line)
        if match:
            name = match[1].decode("ascii").lower()
            found.fields.setdefault(name, decode_words(_text(match[2].strip())))
    parsed = BytesHeaderParser().parsebytes(raw)
    if "content-type" in found.fields:
        found.kind = parsed.get_content_type()
    found.charset = _parameter(parsed, "charset")
    found.boundary = _parameter(parsed, "boundary").encode("utf-8", "surrogateescape").rstrip()
    found.name = _file_name(parsed)
    found.disposition = found.get("content-disposition").partition(";")[0].strip().lower()
    found.encoding = found.get("content-transfer-encoding").partition(";")[0].strip().lower()
    return found


def _unfolded(raw: bytes) -> list[bytes]:
    lines: list[list[bytes]] = []
    for line in raw.splitlines():
        if line[:1] in {b" ", b"\t"} and lines:
            lines[-1].append(b" " + line.strip())
        else:
            lines.append([line])
    return [b"".join(parts) for parts in lines]


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return to_text(raw, "")


def _parameter(parsed: "Message", name: str) -> str:
    try:
        value = parsed.get_param(name, "")
    except (ValueError, IndexError, TypeError, LookupError):
        return ""
    if isinstance(value, tuple):
        value = value[2]
    return str(value or "").strip().strip("\"'")


def _file_name(parsed: "Message") -> str:
    try:
        given = parsed.get_filename("") or ""
    except (ValueError, IndexError, TypeError, LookupError):
        given = ""
    raw = str(given).encode("utf-8", "surrogateescape")
    return decode_words(_text(raw))


def decode_words(given: str) -> str:
    """Return a field with its encoded words decoded.

    Words that follow each other are joined before they are decoded, since some programs split
    them within a character.

    Example:
        >>> decode_words("=?utf-8?b?2YfY?= =?utf-8?b?r9mG2Kk=?=")
        'هدنة'
    """
    if "=?" in given:
        try:
            parts = decode_header(given)
        except (ValueError, LookupError):
            parts = []
        joined = "".join(_word(part, charset) for part, charset in parts)
        given = joined or given
    return " ".join(clean(given).split())


def _word(part: str | bytes, charset: str | None) -> str:
    if isinstance(part, str):
        return part
    # The library escapes what stands between encoded words.
    return part.decode("raw-unicode-escape") if charset is None else to_text(part, charset)


def to_text(raw: bytes, charset: str) -> str:
    """Return the text of bytes whose encoding is named, perhaps wrongly.

    UTF-8 comes first, since no other text is valid UTF-8 by chance. Then comes the named encoding,
    unless it is one that programs name by habit and the bytes look Arabic.

    Example:
        >>> to_text("هدنة".encode("cp1256"), "no-such-charset")
        'هدنة'
    """
    name = _ALIASES.get(charset.lower().strip(), charset.lower().strip())
    wide = name.startswith(("utf-16", "utf-32", "iso-2022", "utf-7"))
    if not wide:
        try:
            return clean(raw.decode("utf-8-sig"))
        except UnicodeDecodeError:
            pass
    if name in _UNSURE and encoding_of(raw) == "utf-8":
        name = "cp1252" if name else ""
    elif name in _UNSURE:
        name = ""
    if name and name not in _UTF_8:
        try:
            return clean(raw.decode(name).removeprefix("\ufeff"))
        except (LookupError, UnicodeError, ValueError):
            pass
    try:
        return decode(raw)
    except RecordError:
        return clean(raw.decode("utf-8", "replace"))


def author_of(given: str) -> str:
    """Return the name in a From field, or the address if it has no name.

    Example:
        >>> author_of('"Layla" <l@example.org>'), author_of("<l@example.org>")
        ('Layla', 'l@example.org')
    """
    match = _ADDRESS.search(given)
    if match is None:
        return given.strip()
    name = given[: match.start()].strip().strip("\"'").replace('\\"', '"').strip()
    return name or match[1].strip()

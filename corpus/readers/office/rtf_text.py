"""RTF text: the code pages, signs and groups of RTF."""

import codecs
import re
from dataclasses import dataclass

from marsad.corpus.encoding import encoding_of
from marsad.corpus.readers.office.flow import BlockKind

DEFAULT = "cp1252"
_LAST_LEVEL = 8
_BYTES = re.compile(rb"\\'([0-9A-Fa-f]{2})")

# The number of a character set in a table of fonts, and its code page in Python.
CHARSETS = {
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gbk",
    136: "big5",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    179: "cp1256",
    180: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
    255: "cp850",
}
# Control words that stand for a character.
SIGNS = {
    "tab": "\t",
    "line": "\n",
    "lbr": "\n",
    "emdash": "—",
    "endash": "–",
    "emspace": "\u2003",
    "enspace": "\u2002",
    "qmspace": "\u2005",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "zwj": "\u200d",
    "zwnj": "\u200c",
    "ltrmark": "\u200e",
    "rtlmark": "\u200f",
}
# Groups whose text is not a part of the document as it is read.
LEFT_OUT = frozenset(
    [
        "colortbl",
        "stylesheet",
        "listtable",
        "listoverridetable",
        "revtbl",
        "rsidtbl",
        "generator",
        "info",
        "pict",
        "objdata",
        "header",
        "headerl",
        "headerr",
        "headerf",
        "footer",
        "footerl",
        "footerr",
        "footerf",
        "ftnsep",
        "ftnsepc",
        "ftncn",
        "aftnsep",
        "aftnsepc",
        "aftncn",
        "annotation",
        "atnid",
        "atnauthor",
        "fldinst",
        "listtext",
        "pntext",
        "pntxta",
        "pntxtb",
        "xe",
        "tc",
        "tcn",
        "rxe",
        "txe",
        "shprslt",
        "sp",
        "nonshppict",
        "nonesttables",
        "filetbl",
        "themedata",
        "colorschememapping",
        "datastore",
        "latentstyles",
        "wgrffmtfilter",
        "xmlnstbl",
        "mmathPr",
        "bkmkstart",
        "bkmkend",
        "userprops",
        "docvar",
        "keywords",
    ]
)
# Groups that a reader of old files passes over, but whose text is a part of the document.
KEPT = frozenset({"shpinst", "ud", "nesttableprops"})


def codec_of(page: int) -> str:
    """Return the name of a code page in Python.

    Example:
        >>> codec_of(1256), codec_of(65001), codec_of(99999)
        ('cp1256', 'utf-8', 'cp1252')
    """
    if page == 65001:  # noqa: PLR2004
        return "utf-8"
    if page == 10000:  # noqa: PLR2004
        return "mac_roman"
    name = f"cp{page}"
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name


def guessed_codec(raw: bytes) -> str:
    """Return the code page that the bytes of a file show: many Arabic ones name another."""
    found = bytes(int(each, 16) for each in _BYTES.findall(raw[: 1 << 20]))
    if b"\\fcharset178" in raw or not found:
        return DEFAULT
    return "cp1256" if encoding_of(found) == "cp1256" else DEFAULT


def is_level(number: int | None) -> bool:
    """Tell whether a number is a level of headings."""
    return number is not None and 0 <= number <= _LAST_LEVEL


@dataclass(slots=True)
class State:
    """What holds within a group."""

    skip: bool = False
    target: str = ""
    codec: str = ""
    count: int = 1
    deleted: bool = False
    hidden: bool = False
    kind: BlockKind = "paragraph"
    style: int = -1
    in_table: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether text is a part of the document."""
        return not (self.skip or self.deleted or self.hidden or self.target)

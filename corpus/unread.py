"""Unread: file formats that are known and not read, with what a person can do about each.

    suffix or first bytes -> [by_suffix, by_magic] -> Unread: what it is, and what to do

A file of such a format is never read as text. The table of formats that are read comes first: a
suffix or magic there wins over one here.
"""

from dataclasses import dataclass
from typing import Literal

from marsad.corpus.readers.office.zip_head import members_of_head

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Unread:
    """A format that is not read: its name with an article, and what to do, empty if nothing.

    A file of the kind `no-article` holds nothing that could be searched. If `unopened`, its suffix
    alone decides in a folder; otherwise the content may still show a format that is read.
    """

    what: str
    advice: str = ""
    kind: Literal["no-article", "not-read"] = "not-read"
    unopened: bool = False

    @property
    def reason(self) -> str:
        """Return the sentence that says so.

        Example:
            >>> Unread("a 7z archive", "unpack it first").reason
            'found a 7z archive, which is not read; unpack it first'
        """
        advice = f"; {self.advice}" if self.advice else ""
        if self.kind == "no-article":
            return f"found {self.what}, which holds no article{advice}"
        return f"found {self.what}, which is not read{advice}"


def _none(what: str) -> Unread:
    return Unread(what, "", "no-article", unopened=True)


_UNPACK = "unpack it first"
_SLIDES = "save it as .pdf or .txt"
_OLD_WORD = Unread("an old Word document (.doc)", "save it as .docx or .txt")
_OLD_EXCEL = Unread("an old Excel workbook (.xls)", "save it as .xlsx or .csv")
_MESSAGE = Unread("an Outlook message (.msg)", "save it as .eml")
_OLD_OFFICE = Unread(
    "a file of old Microsoft Office or Outlook (.doc, .xls, .ppt, .msg)",
    "save it as .docx, .xlsx, .pdf or .eml",
)
_LOCKED = Unread("an encrypted office file", "save it without a password")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_NEW_OFFICE = (".docx", ".docm", ".dotx", ".xlsx", ".xlsm", ".xltx", ".pptx", ".pptm")
_SQLITE = Unread(
    "an SQLite database",
    "export the table of the articles, for example with "
    "sqlite3 -header -csv FILE 'SELECT * FROM TABLE' > articles.csv",
)
_MARKDOWN = Unread(
    "a Markdown text", "name it on the command line to read it as text", unopened=True
)
_PICTURE, _SOUND, _FILM = _none("a picture"), _none("a sound file"), _none("a film")
_FONT, _STYLE, _PROGRAM = _none("a font"), _none("a style sheet"), _none("a program")
_SCRIPT = _none("a script")
_SIGNATURE, _INVITE = _none("a signature or key"), _none("a calendar or address book")
_SHAPE = Unread("a Kindle book", "convert it to .epub, for example with calibre")
_PICKLE = Unread("a Python pickle", "save the articles as .jsonl; a pickle can run programs")

_SUFFIXES: dict[Unread, str] = {
    _PICTURE: "jpg jpeg jpe png gif webp svg ico bmp tif tiff heic heif avif psd ai emf wmf xcf "
    "jfif raw cr2 nef",
    _SOUND: "mp3 wav ogg oga opus flac m4a aac wma amr mid midi aif aiff",
    _FILM: "mp4 avi mov mkv webm m4v wmv flv mpg mpeg 3gp ogv vob m3u8",
    _FONT: "woff woff2 ttf otf eot",
    _STYLE: "css scss less xsl xslt",
    # Archives of a social network have their posts in scripts: the content decides.
    Unread("a script", "", "no-article"): "js",
    _SCRIPT: "mjs ts jsx tsx py pyc pyi ipynb sh bash bat ps1 php rb pl java c h cc cpp hpp go "
    "rs map",
    _PROGRAM: "exe so dll dylib o a class jar apk whl deb rpm msi dmg iso img wasm",
    _SIGNATURE: "asc sig p7s p7m gpg pgp pem crt",
    _INVITE: "ics vcf",
    _MARKDOWN: "md markdown",
    Unread("subtitles", "name the file to read it as text"): "srt vtt sub",
    Unread("a PowerPoint presentation", _SLIDES): "pptx pptm ppsx potx",
    Unread("an old PowerPoint presentation", _SLIDES): "ppt pps",
    Unread("an OpenDocument presentation or drawing", _SLIDES): "odp odg otp",
    Unread("an Apple document", "export it as .docx, .xlsx or .pdf"): "pages numbers key",
    Unread("a binary Excel workbook", "save it as .xlsx or .csv"): "xlsb",
    _OLD_WORD: "doc dot",
    _OLD_EXCEL: "xls xlt",
    _MESSAGE: "msg oft",
    Unread("an Outlook mailbox", "export it as .mbox, for example with readpst"): "pst ost",
    Unread("a winmail.dat of Outlook", "unpack it with tnef"): "tnef",
    _SQLITE: "sqlite sqlite3 db db3",
    Unread("an Access database", "export its tables as .csv"): "mdb accdb",
    Unread("a 7z archive", _UNPACK): "7z",
    Unread("a RAR archive", _UNPACK): "rar",
    Unread("an archive", _UNPACK): "lz4 lz lzma lzo z ace arj cab cpio ar br",
    Unread("a DjVu document", "convert it to .pdf or .txt, for example with djvutxt"): "djvu djv",
    Unread("a PostScript document", "convert it to .pdf, for example with ps2pdf"): "ps eps",
    _SHAPE: "mobi azw azw3 azw4 kfx prc",
    Unread("a compiled help file", "unpack it to .html"): "chm",
    Unread("a FictionBook", "convert it to .epub"): "fb2",
    _PICKLE: "pkl pickle joblib",
    Unread("an R data file", "save the table as .csv"): "rds rda rdata",
    Unread("a file of a statistics program", "save the table as .csv"): "dta sav sas7bdat por",
    Unread("a NumPy or HDF5 file", "save the articles as .jsonl"): "npy npz h5 hdf5",
    Unread("an Arrow, Avro or ORC table", "save it as .parquet"): "arrow feather avro orc",
}
_BY_SUFFIX = {suffix: each for each, names in _SUFFIXES.items() for suffix in names.split()}

# Magic of letters that a text could begin with; a NUL byte must follow among the first ones.
_WEAK = frozenset({b"MZ", b"BM", b"ID3", b"OTTO", b"wOFF", b"wOF2", b"WEBP", b"ftyp", b"TPZ0"})
_MAGIC: tuple[tuple[int, bytes, Unread], ...] = (
    (0, b"7z\xbc\xaf\x27\x1c", _BY_SUFFIX["7z"]),
    (0, b"Rar!\x1a\x07", _BY_SUFFIX["rar"]),
    (0, b"SQLite format 3\x00", _SQLITE),
    (0, b"\x00\x01\x00\x00Standard Jet DB", _BY_SUFFIX["mdb"]),
    (0, b"\x00\x01\x00\x00Standard ACE DB", _BY_SUFFIX["mdb"]),
    (0, b"!BDN", _BY_SUFFIX["pst"]),
    (0, b"\x78\x9f\x3e\x22", _BY_SUFFIX["tnef"]),
    (0, b"AT&TFORM", _BY_SUFFIX["djvu"]),
    (0, b"%!PS", _BY_SUFFIX["ps"]),
    (0, b"\xc5\xd0\xd3\xc6", _BY_SUFFIX["ps"]),
    (60, b"BOOKMOBI", _SHAPE),
    (60, b"TEXtREAd", _SHAPE),
    (0, b"TPZ0", _SHAPE),
    (0, b"\xeaDRMION\xee", _SHAPE),
    (0, b"ITSF\x03", _BY_SUFFIX["chm"]),
    (0, b"\x80\x02}", _PICKLE),
    (0, b"\x80\x02]", _PICKLE),
    (0, b"\x80\x03}", _PICKLE),
    (0, b"\x80\x03]", _PICKLE),
    (0, b"\x80\x04\x95", _PICKLE),
    (0, b"\x80\x05\x95", _PICKLE),
    (0, b"\x89HDF\r\n", _BY_SUFFIX["h5"]),
    (0, b"\x93NUMPY", _BY_SUFFIX["npy"]),
    (0, b"ARROW1\x00\x00", _BY_SUFFIX["arrow"]),
    (0, b"FEA1", _BY_SUFFIX["arrow"]),
    (0, b"Obj\x01", _BY_SUFFIX["avro"]),
    (0, b"RDX2\n", _BY_SUFFIX["rda"]),
    (0, b"RDX3\n", _BY_SUFFIX["rda"]),
    (0, b"<stata_dta>", _BY_SUFFIX["dta"]),
    (0, b"$FL2@(#)", _BY_SUFFIX["sav"]),
    (0, b"LZIP\x01", _BY_SUFFIX["lz"]),
    (0, b"\x04\x22\x4d\x18", _BY_SUFFIX["lz4"]),
    (0, b"\x1f\x9d", _BY_SUFFIX["z"]),
    (0, b"MSCF\x00\x00\x00\x00", _BY_SUFFIX["cab"]),
    (0, b"!<arch>\n", _BY_SUFFIX["ar"]),
    (0, b"\xed\xab\xee\xdb", _PROGRAM),
    (0, b"\x7fELF", _PROGRAM),
    (0, b"MZ", _PROGRAM),
    (0, b"\xca\xfe\xba\xbe", _PROGRAM),
    (0, b"\xcf\xfa\xed\xfe", _PROGRAM),
    (0, b"\x00asm\x01", _PROGRAM),
    (0, b"\x89PNG\r\n\x1a\n", _PICTURE),
    (0, b"\xff\xd8\xff", _PICTURE),
    (0, b"GIF87a", _PICTURE),
    (0, b"GIF89a", _PICTURE),
    (0, b"II*\x00", _PICTURE),
    (0, b"MM\x00*", _PICTURE),
    (0, b"BM", _PICTURE),
    (0, b"\x00\x00\x01\x00", _PICTURE),
    (0, b"8BPS\x00\x01", _PICTURE),
    (8, b"WEBP", _PICTURE),
    (4, b"ftypheic", _PICTURE),
    (4, b"ftypavif", _PICTURE),
    (4, b"ftypmif1", _PICTURE),
    (4, b"ftypM4A", _SOUND),
    (4, b"ftyp", _FILM),
    (8, b"WAVEfmt", _SOUND),
    (8, b"AVI LIST", _FILM),
    (0, b"\x1aE\xdf\xa3", _FILM),
    (0, b"FLV\x01", _FILM),
    (0, b"\x00\x00\x01\xba", _FILM),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", _FILM),
    (0, b"ID3", _SOUND),
    (0, b"OggS\x00", _SOUND),
    (0, b"fLaC\x00", _SOUND),
    (0, b"\xff\xfb", _SOUND),
    (0, b"MThd\x00", _SOUND),
    (0, b"#!AMR", _SOUND),
    (0, b"wOFF", _FONT),
    (0, b"wOF2", _FONT),
    (0, b"OTTO", _FONT),
    (0, b"\x00\x01\x00\x00\x00", _FONT),
)
# What the first members of a zip archive show: office files are zip archives.
_IN_ZIP = (
    (b"ppt/", b"[Content_Types].xml", _BY_SUFFIX["pptx"]),
    (b"xl/workbook.bin", b"[Content_Types].xml", _BY_SUFFIX["xlsb"]),
    (b"opendocument.presentation", b"mimetype", _BY_SUFFIX["odp"]),
    (b"opendocument.graphics", b"mimetype", _BY_SUFFIX["odp"]),
    (b"META-INF/MANIFEST.MF", b"", _PROGRAM),
    (b"AndroidManifest.xml", b"", _PROGRAM),
    (b".iwa", b"Index/", _BY_SUFFIX["pages"]),
)
_ZIPPED = frozenset({each for *_, each in _IN_ZIP} | {_BY_SUFFIX["fb2"]})
_OLD_NAMED = frozenset({_OLD_WORD, _OLD_EXCEL, _MESSAGE, _BY_SUFFIX["ppt"]})


def by_suffix(name: str) -> Unread | None:
    """Return the format of the suffix of a file name, None if it is no known one.

    Example:
        >>> by_suffix("talk.PPTX").what, by_suffix("a.txt")
        ('a PowerPoint presentation', None)
    """
    last = name.rsplit("/", 1)[-1]
    stem, dot, suffix = last.rpartition(".")
    return _BY_SUFFIX.get(suffix.lower()) if stem and dot else None


def by_magic(head: bytes, name: str = "") -> Unread | None:
    """Return the format that the first bytes of a file show, None if they show no known one.

    Args:
        head: The first bytes, some thousands.
        name: The name of the file; formats that share their first bytes are told apart by it.
    """
    if head.startswith(_OLE):
        named = by_suffix(name)
        # A new office file in an old container has a password; its parts are listed early.
        if _ENCRYPTED in head or name.lower().endswith(_NEW_OFFICE):
            return _LOCKED
        return named if named in _OLD_NAMED else _OLD_OFFICE
    if head.startswith(_ZIP):
        named = by_suffix(name)
        names, mimetype = members_of_head(head)
        # Of the archive itself: a document in an archive is not the archive.
        said = b"\n".join([*(each.encode("utf-8", "replace") for each in names), mimetype])
        shown = (each for mark, beside, each in _IN_ZIP if mark in said and beside in said)
        return next(shown, named if named in _ZIPPED else None)
    for at, magic, each in _MAGIC:
        if head.startswith(magic, at):
            weak = magic in _WEAK and b"\x00" not in head[:512]
            return None if weak else each
    return None

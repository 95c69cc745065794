"""Encoding: from the bytes of a text file to its characters.

    bytes -> [find_encoding] -> Encoding -> [decoded_text] -> Decoded: text, encoding, remarks

These encodings are read: UTF-8; UTF-16 and UTF-32 with or without a byte order mark; of old Arabic
systems Windows-1256, ISO-8859-6, MacArabic and the pages 720, 864 and 708 of DOS, which are told
from each other by the words that they give; and Windows-1252 of western text. Others are refused,
because a wrong guess would lose the text without notice.
"""

import codecs
import re
import unicodedata
from dataclasses import dataclass

from marsad.corpus.encodings.mojibake import undo_mojibake
from marsad.corpus.encodings.pairs import ENCODINGS, best_fit
from marsad.corpus.errors import RecordError
from marsad.corpus.remarks import Remark

_ARABIC = re.compile("[\u0621-\u064a]")
_COMMON = re.compile("[اليمنوره]")
_LETTER = re.compile(r"[^\W\d_]")
# Control characters other than tab, LF and CR. They carry no text, and `str.splitlines` takes
# some of them for the end of a line, which no other program does.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f]")
# The second halves of letters of UTF-8 that was read as Latin-1 are kept until that is undone.
_LOOSE_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|(?<![ØÙÚÛÃÂ])[\x80-\x84\x86-\x9f]")
_SAMPLE = 64 * 1024
# The high bytes of UTF-16 text are few: ASCII, Arabic, punctuation.
_HIGH_BYTES = frozenset({0x00, 0x06, 0x20, 0xFE, 0xFB, 0x04})
_SHARE = 0.9
_ARABIC_SHARE = 0.6
_COMMON_SHARE = 0.4
_MARKS = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# Western letters and signs, and how many letters of ASCII they are among at least.
_WESTERN = "àâäáãåæçèéêëíìîïñóòôöõøúùûüßœÀÂÄÁÅÆÇÈÉÊËÍÎÏÑÓÔÖØÚÛÜŒ"
_WESTERN_SIGNS = "\u00a0«»“”‘’„…–—•·©®°€£$%§¿¡º"
_WESTERN_WORD = re.compile(
    rf"(?<=[A-Za-z{_WESTERN}])[{_WESTERN}]|[{_WESTERN}](?=[a-z{_WESTERN}])|(?<!\w)[àÀáÁéÉóÓôèÈ](?!\w)"
)
_LEAST_ASCII = 2
_ONE_BYTE = ("iso8859-1", "iso8859-6", "iso8859-15", "cp125", "mac-", "ascii", "latin")
_LEAST_FOUR = 16
_FIRST_PLANES = 0x110000


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding of a file: its name as Python knows it, and whether it was guessed by words."""

    name: str
    is_guessed: bool = False

    @property
    def is_wide(self) -> bool:
        """Whether each character has several bytes, ASCII too."""
        return self.name.startswith(("utf-16", "utf-32"))

    @property
    def codec(self) -> str:
        """The name of the codec that gives back the bytes of a part of the file."""
        return f"{self.name}-le" if self.name in {"utf-16", "utf-32"} else self.name

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """The remark about each article of the file, none if the encoding is certain."""
        shown = self.name.removeprefix("marsad-")
        detail = f"found no UTF-8, read {shown}, in which the bytes are words"
        return (Remark("encoding-guessed", detail),) if self.is_guessed else ()


UTF8 = Encoding("utf-8")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, its encoding, and remarks about how it was decoded."""

    text: str
    encoding: Encoding
    remarks: tuple[Remark, ...] = ()


def decode(raw: bytes) -> str:
    """Return the text of *raw*, without byte order mark and control characters.

    Raises:
        RecordError: the bytes are not in one of the known encodings.

    Example:
        >>> decode("هدنة".encode("cp1256")), decode("هدنة".encode("utf-16"))
        ('هدنة', 'هدنة')
    """
    return _cleaned(_characters(raw, find_encoding(raw)), _LOOSE_CONTROLS)


def decoded_text(raw: bytes, encoding: Encoding | None = None) -> Decoded:
    """Return the text of *raw* with a wrong decoding undone, and what there is to remark.

    Args:
        raw: The bytes of the text.
        encoding: Its encoding, if it is known.

    Raises:
        RecordError: the bytes are not in one of the known encodings.

    Example:
        >>> decoded_text("أعلن الجيش".encode("iso8859_6")).encoding.name
        'iso8859_6'
    """
    encoding = encoding or find_encoding(raw)
    text = _characters(raw, encoding)
    mended = undo_mojibake(text)
    remarks = encoding.remarks
    if mended is not None:
        text, remarks = mended.text, (*remarks, mended.remark)
    return Decoded(clean(text), encoding, remarks)


def _characters(raw: bytes, encoding: Encoding) -> str:
    try:
        text = raw.decode(encoding.name)
    except UnicodeDecodeError as error:
        byte = raw[error.start]
        message = f"found byte {byte:#04x} at {error.start}, expected {encoding.name.upper()}"
        raise RecordError(message) from error
    if encoding.name == "cp864":
        # It has the shapes of letters.
        text = unicodedata.normalize("NFKC", text)
    return text.removeprefix("\ufeff")


def clean(text: str) -> str:
    """Return *text* with one kind of line end and no other control characters."""
    return _cleaned(text, _CONTROLS)


def _cleaned(text: str, controls: re.Pattern[str]) -> str:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return controls.sub("", text) if controls.search(text) else text


def encoding_of(raw: bytes) -> str:
    """Return the name of the encoding of *raw*; `utf-8` if no other fits better."""
    return find_encoding(raw).name


def find_encoding(raw: bytes) -> Encoding:
    """Return the encoding of *raw*; UTF-8 if no other fits better."""
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return Encoding(name)
    sample = raw[:_SAMPLE]
    wide = _four_bytes(sample) or _wide(sample)
    if wide:
        return Encoding(wide)
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        # With a byte order mark, or much valid UTF-8, the file is UTF-8 with a damaged byte.
        if raw.startswith(b"\xef\xbb\xbf") or _is_mostly_utf8(raw, error.start):
            return UTF8
        return _guess(raw)
    return UTF8


def named_encoding(raw: bytes, name: str) -> Encoding | None:
    """Return the encoding that a page names, or a better one; None if the name is unknown or wrong.

    A page that names an encoding of one byte a letter may have Arabic words in another one only.

    Example:
        >>> named_encoding("أعلن الجيش".encode("cp1256"), "iso-8859-1").name
        'cp1256'
    """
    try:
        known = codecs.lookup(name).name
        raw.decode(known)
    except (LookupError, UnicodeError):
        return None
    found = guess_arabic(raw) if known.startswith(_ONE_BYTE) else None
    if found is None or found.name == known or _same_words(raw, known, found.name):
        return Encoding(known)
    return found


def guess_arabic(raw: bytes) -> Encoding | None:
    """Return the encoding of Arabic in which bytes are words, None if they are in none."""
    fit = best_fit(raw)
    if fit is None:
        return None
    # The beginning may fit an encoding that lacks a letter of the rest.
    for name in (fit.encoding, *ENCODINGS[: ENCODINGS.index("cp720")]):
        if fit.is_arabic and _is_whole(raw, name) and _same_words(raw, name, fit.encoding):
            return Encoding(name, is_guessed=True)
    return Encoding("cp1256", is_guessed=True) if _is_arabic(raw[:_SAMPLE]) else None


def _is_whole(raw: bytes, name: str) -> bool:
    try:
        raw.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def _same_words(raw: bytes, name: str, fitting: str) -> bool:
    sample = raw[:_SAMPLE]
    texts = [_ARABIC.findall(sample.decode(each, "replace")) for each in (name, fitting)]
    return texts[0] == texts[1]


def _guess(raw: bytes) -> Encoding:
    arabic = guess_arabic(raw)
    if arabic is not None:
        return arabic
    return Encoding("cp1252", is_guessed=True) if _is_western(raw) else UTF8


def _is_western(raw: bytes) -> bool:
    """Tell whether bytes are western text: some letters with accents in words of ASCII."""
    try:
        text = raw[:_SAMPLE].decode("cp1252")
    except UnicodeDecodeError:
        return False
    high = [char for char in text if not char.isascii()]
    letters = sum(char.isalpha() for char in high)
    fitting = sum(char in _WESTERN_SIGNS for char in high) + len(_WESTERN_WORD.findall(text))
    ascii_letters = sum(char.isascii() and char.isalpha() for char in text)
    return fitting >= _SHARE * len(high) and ascii_letters >= _LEAST_ASCII * max(1, letters)


def _four_bytes(sample: bytes) -> str:
    """Return the name of UTF-32 without a byte order mark, empty if the bytes are not that."""
    if len(sample) < _LEAST_FOUR or b"\0\0" not in sample:
        return ""
    whole = sample[: len(sample) // 4 * 4]
    for name, top, next_, first in (
        ("utf-32-le", whole[3::4], whole[2::4], whole[0::4]),
        ("utf-32-be", whole[0::4], whole[1::4], whole[3::4]),
    ):
        if not any(top) and max(next_) <= _FIRST_PLANES >> 16 and any(first):
            return name
    return ""


def _wide(sample: bytes) -> str:
    even, odd = sample[0::2], sample[1::2]
    # Spaces and digits have a NUL byte in UTF-16. Fewer than four characters decide nothing.
    if b"\0" not in sample or len(odd) < 4:  # noqa: PLR2004
        return ""
    for name, high, low in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        fitting = sum(byte in _HIGH_BYTES for byte in high) / len(high)
        if fitting > _SHARE and len(set(low)) > len(set(high)) and any(high[:200]) | (0 in high):
            zeros = high.count(0) + high.count(6)
            if zeros > len(high) / 2:
                return name
    return ""


def whole_lines(head: bytes) -> bytes:
    """Return the first bytes of a file without the line that is cut at their end."""
    return head.rsplit(b"\n", 1)[0]


def _is_mostly_utf8(raw: bytes, bad: int) -> bool:
    good = raw[:bad].decode("utf-8", "ignore")
    rest = raw[bad : bad + _SAMPLE].decode("utf-8", "replace")
    return len(_ARABIC.findall(good)) + len(_ARABIC.findall(rest)) > 4 * rest.count("\ufffd")


def _is_arabic(sample: bytes) -> bool:
    text = sample.decode("cp1256")
    letters = len(_LETTER.findall(text))
    arabic = len(_ARABIC.findall(text))
    # Any bytes decode to Arabic letters, but only Arabic text has mostly the common ones.
    common = len(_COMMON.findall(text))
    return arabic > _ARABIC_SHARE * letters and common > _COMMON_SHARE * arabic

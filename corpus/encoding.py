"""Encoding: from the bytes of a text file to its characters.

These encodings are read: UTF-8, UTF-16 with or without a byte order mark, and Windows-1256,
which old Arabic sites and spreadsheets write. Others are refused, because a wrong guess would
lose the text without notice.
"""

import re

from marsad.corpus.errors import RecordError

_ARABIC = re.compile("[\u0621-\u064a]")
_COMMON = re.compile("[اليمنوره]")
_LETTER = re.compile(r"[^\W\d_]")
# Control characters other than tab, LF and CR. They carry no text, and `str.splitlines` takes
# some of them for the end of a line, which no other program does.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f]")
_SAMPLE = 64 * 1024
# The high bytes of UTF-16 text are few: ASCII, Arabic, punctuation.
_HIGH_BYTES = frozenset({0x00, 0x06, 0x20, 0xFE, 0xFB, 0x04})
_SHARE = 0.9
_ARABIC_SHARE = 0.6
_COMMON_SHARE = 0.4


def decode(raw: bytes) -> str:
    """Return the text of *raw*, without byte order mark and control characters.

    Raises:
        RecordError: the bytes are not in one of the known encodings.

    Example:
        >>> decode("هدنة".encode("cp1256")), decode("هدنة".encode("utf-16"))
        ('هدنة', 'هدنة')
    """
    encoding = encoding_of(raw)
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        byte = raw[error.start]
        message = f"found byte {byte:#04x} at {error.start}, expected {encoding.upper()}"
        raise RecordError(message) from error
    return clean(text.removeprefix("\ufeff"))


def clean(text: str) -> str:
    """Return *text* with one kind of line end and no other control characters."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", text) if _CONTROLS.search(text) else text


def encoding_of(raw: bytes) -> str:
    """Return the name of the encoding of *raw*; `utf-8` if no other fits better."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    sample = raw[:_SAMPLE]
    wide = _wide(sample)
    if wide:
        return wide
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        # With a byte order mark, or much valid UTF-8, the file is UTF-8 with a damaged byte.
        if raw.startswith(b"\xef\xbb\xbf") or _is_mostly_utf8(raw, error.start):
            return "utf-8"
        return "cp1256" if _is_arabic(sample.decode("cp1256")) else "utf-8"
    return "utf-8"


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


def _is_mostly_utf8(raw: bytes, bad: int) -> bool:
    good = raw[:bad].decode("utf-8", "ignore")
    rest = raw[bad : bad + _SAMPLE].decode("utf-8", "replace")
    return len(_ARABIC.findall(good)) + len(_ARABIC.findall(rest)) > 4 * rest.count("\ufffd")


def _is_arabic(text: str) -> bool:
    letters = len(_LETTER.findall(text))
    arabic = len(_ARABIC.findall(text))
    # Any bytes decode to Arabic letters, but only Arabic text has mostly the common ones.
    common = len(_COMMON.findall(text))
    return arabic > _ARABIC_SHARE * letters and common > _COMMON_SHARE * arabic

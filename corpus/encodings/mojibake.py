"""Mojibake: text that a program decoded with a wrong encoding, and how that is undone.

    "Ø§Ù„Ø¬ÙŠØ´" -> [undo_mojibake] -> "الجيش"

It is undone only where it is certain. UTF-8 that was read as something else has pairs of signs
that no text has, and they are valid UTF-8 again. Windows-1256 that was read as Windows-1252 is
Arabic words in its own encoding, and no words in letters of western Europe.
"""

import re
from functools import cache
from typing import NamedTuple

from marsad.corpus.encodings.pairs import LETTERS, best_fit
from marsad.corpus.remarks import Remark

# What UTF-8 was read as. Unassigned bytes are kept as control characters.
_READ_AS = ("cp1252", "cp1256", "mac_roman", "cp437", "cp850", "cp1251", "iso8859_6")
_HALVES = (b"\xd8\xd9\xda\xdb", bytes(range(0x80, 0xC0)))
_NON_ASCII = 0x80
_ROUNDS = 3
_LEAST_PAIRS = 3
_LEAST_SHARE = 0.8
_LEAST_LETTERS = 5
_LOST = re.compile("Ù(?:\ufffd|(?![\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ\u00a0]))")
# The first byte of an Arabic letter, read wrongly twice.
_TWICE = re.compile("Ã[\x98-\x9b˜™š›](?=[ÂÅâÆË])")
_RUN = re.compile("[^\\x00-\\x7f]+")
_LATIN_RUN = re.compile("[\u00c0-\u00ff]{2,}")
_HIGH_LETTERS = re.compile("[\u00c0-\u00ff]")


class Mended(NamedTuple):
    """A text whose wrong decoding was undone, and the remark about it."""

    text: str
    remark: Remark


@cache
def _bytes_of(codec: str) -> dict[str, int]:
    """Return a map from character to byte of an encoding; unassigned bytes are controls."""
    found = {}
    for byte in range(_NON_ASCII, 256):
        char = bytes([byte]).decode(codec, "replace")
        found[chr(byte) if char == "\ufffd" else char] = byte
    if codec == "cp1252":
        # Latin-1 is the same, with controls in the place of the signs.
        found |= {chr(byte): byte for byte in range(_NON_ASCII, 0xA0)}
    return found


@cache
def _classes(codec: str) -> tuple[str, str]:
    """Return what the first and the second byte of an Arabic letter in UTF-8 look like."""
    chars = {byte: char for char, byte in _bytes_of(codec).items() if char >= "\xa0"}
    low = "".join(map(chr, range(0x80, 0xA0))) if codec == "cp1252" else ""
    first, second = ("".join(chars[byte] for byte in each if byte in chars) for each in _HALVES)
    return re.escape(first), low + re.escape(second)


@cache
def _pattern(codec: str) -> re.Pattern[str]:
    first, second = _classes(codec)
    return re.compile(f"[{first}][{second}]")


@cache
def _suspect() -> re.Pattern[str]:
    firsts, seconds = ("".join(each) for each in zip(*map(_classes, _READ_AS), strict=True))
    return re.compile(f"[{firsts}][{seconds}]|{_TWICE.pattern}|{_LATIN_RUN.pattern}")


def undo_mojibake(text: str) -> Mended | None:
    """Return *text* as it was before a wrong decoding, None if it had none for certain.

    Example:
        >>> undo_mojibake("أعلن الجيش".encode().decode("latin-1")).text
        'أعلن الجيش'
        >>> undo_mojibake("أعلن الجيش") is None, undo_mojibake("Müller, Genève") is None
        (True, True)
    """
    names: list[str] = []
    for _ in range(_ROUNDS):
        if text.isascii() or _suspect().search(text) is None:
            break
        step = _undo_utf8(text) or _undo_arabic(text)
        if step is None:
            break
        text, name = step
        names.append(name)
    if not names:
        return None
    return Mended(text, Remark("mojibake-undone", f"found {', then '.join(names)}"))


def _undo_utf8(text: str) -> tuple[str, str] | None:
    for codec in _READ_AS:
        is_latin = codec == "cp1252"
        twice = is_latin and len(_TWICE.findall(text)) >= _LEAST_PAIRS
        if not twice and len(_pattern(codec).findall(text)) < _LEAST_PAIRS:
            continue
        # ف is by far the most frequent of the letters that Windows-1252 cannot hold.
        given = _LOST.sub("Ù\x81", text) if is_latin and not twice else text
        runs = [(run, _as_utf8(run, codec)) for run in _RUN.findall(given)]
        changed = sum(len(run) for run, found in runs if found is not None)
        if changed >= max(_LEAST_SHARE * sum(len(run) for run, _ in runs), 2 * _LEAST_PAIRS):
            found = _RUN.sub(lambda match: _mended(match[0], codec), given)  # noqa: B023  (at once)
            lost = ", and ف for what was lost" if given != text else ""
            return found, f"UTF-8 that was read as {codec}{lost}"
    return None


def _mended(run: str, codec: str) -> str:
    found = _as_utf8(run, codec)
    return run if found is None else found


def _as_utf8(run: str, codec: str) -> str | None:
    """Return what a run of letters was in UTF-8, None if it was not that."""
    known = _bytes_of(codec)
    try:
        return bytes(known[char] for char in run).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return None


def _undo_arabic(text: str) -> tuple[str, str] | None:
    runs = _LATIN_RUN.findall(text)
    letters = sum(map(len, runs))
    if letters < _LEAST_LETTERS or letters < _LEAST_SHARE * len(_HIGH_LETTERS.findall(text)):
        return None
    known = _bytes_of("cp1252")
    try:
        raw = bytes(ord(char) if char.isascii() else known[char] for char in text)
    except KeyError:
        return None
    fit = best_fit(raw)
    if fit is None or not fit.is_arabic or fit.encoding in {"cp720", "cp864"}:
        return None
    found = raw.decode(fit.encoding, "replace")
    arabic = sum(char in LETTERS for char in found)
    return (found, f"{fit.encoding} that was read as cp1252") if arabic >= _LEAST_LETTERS else None

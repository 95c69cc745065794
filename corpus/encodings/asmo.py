"""ASMO 708: the Arabic code page of DOS, which Python lacks.

Its Arabic letters are those of ISO-8859-6, and it has French letters as the other pages of DOS. Its
signs for frames and shades are not read.
"""

import codecs
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

ASMO = "marsad-asmo708"
_ASCII, _FIRST_ARABIC = 0x80, 0xA1
# The encoding of no character, as the codecs of Python write it.
_NONE = "\ufffe"
_FRENCH = dict(
    zip(
        bytes.fromhex("82838587 88898a8b 8c939697 aeaf"),
        "éâàç êëèï îôûù «»".replace(" ", ""),
        strict=True,
    )
)


def _char(byte: int) -> str:
    if byte < _ASCII:
        return chr(byte)
    if byte in _FRENCH or byte < _FIRST_ARABIC:
        return _FRENCH.get(byte, _NONE)
    return bytes([byte]).decode("iso8859_6", "replace").replace("\ufffd", _NONE)


_TABLE = "".join(map(_char, range(256)))
_BACK = codecs.charmap_build(_TABLE)


def _encode(text: str, errors: str = "strict") -> tuple[bytes, int]:
    return codecs.charmap_encode(text, errors, _BACK)


def _decode(raw: "Buffer", errors: str = "strict") -> tuple[str, int]:
    return codecs.charmap_decode(bytes(raw), errors, _TABLE)


class _Encoder(codecs.IncrementalEncoder):
    def encode(self, text: str, final: bool = False) -> bytes:  # noqa: ARG002
        return _encode(text, self.errors)[0]


class _Decoder(codecs.IncrementalDecoder):
    def decode(self, raw: bytes, final: bool = False) -> str:  # type: ignore[override]  # noqa: ARG002
        return _decode(raw, self.errors)[0]


def _find(name: str) -> codecs.CodecInfo | None:
    if name.replace("_", "-") != ASMO:
        return None
    return codecs.CodecInfo(
        name=ASMO,
        encode=_encode,
        decode=_decode,
        incrementalencoder=_Encoder,
        incrementaldecoder=_Decoder,
    )


codecs.register(_find)

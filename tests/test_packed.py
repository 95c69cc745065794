"""Packed files: bzip2 and xz are read as gzip is, with the same bounds."""

import bz2
import io
import lzma
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from marsad.corpus.article import Article
from marsad.corpus.read import read
from marsad.corpus.source import Refusal

PACKS: dict[str, Callable[[bytes], bytes]] = {"bz2": bz2.compress, "xz": lzma.compress}
LINES = [b'{"id": "a%d", "text": "x%d"}\n' % (n, n) for n in range(2_000)]


def tar_of(raw: bytes) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        info = tarfile.TarInfo("in/a.jsonl")
        info.size = len(raw)
        archive.addfile(info, io.BytesIO(raw))
    return made.getvalue()


@pytest.mark.parametrize("kind", PACKS)
@pytest.mark.parametrize(
    "shape", ["one stream", "many streams", "padded", "tar", "short suffix", "another suffix"]
)
def test_packed_lines_are_read(tmp_path: Path, kind: str, shape: str) -> None:
    pack, raw = PACKS[kind], b"".join(LINES)
    name, made = f"a.jsonl.{kind}", pack(raw)
    match shape:
        case "many streams":
            made = b"".join(pack(line) for line in LINES)
        case "padded":
            made = pack(raw) + b"\0" * 8
        case "tar":
            name, made = f"a.tar.{kind}", pack(tar_of(raw))
        case "short suffix":
            name, made = {"bz2": "a.tbz2", "xz": "a.txz"}[kind], pack(tar_of(raw))
        case "another suffix":
            name = "a.download"
        case _:
            pass
    (tmp_path / name).write_bytes(made)

    found = [each.id for each in read([tmp_path]) if isinstance(each, Article)]

    assert found == [f"a{n}" for n in range(2_000)]


@pytest.mark.parametrize("kind", PACKS)
@pytest.mark.parametrize("fault", ["cut", "flipped", "tail"])
def test_damage_is_refused_after_what_could_be_read(tmp_path: Path, kind: str, fault: str) -> None:
    first, second = PACKS[kind](b"".join(LINES[:1000])), PACKS[kind](b"".join(LINES[1000:]))
    flipped = second[:60] + bytes([second[60] ^ 64]) + second[61:]
    made = {"cut": second[:-30], "flipped": flipped, "tail": b"no stream"}[fault]
    path = tmp_path / f"a.jsonl.{kind}"
    path.write_bytes(first + made)

    *found, last = read([path])

    # What is before the damage may be kept in a buffer of 64 KiB, but not a whole stream.
    assert len(found) >= 900
    assert isinstance(last, Refusal)
    assert "packed data damaged" in last.reason


@pytest.mark.parametrize("kind", PACKS)
def test_data_that_unpacks_to_far_more_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.jsonl.{kind}"
    path.write_bytes(PACKS[kind](bytes(100_000_000)))

    (*_, last) = read([path])

    assert isinstance(last, Refusal)


def test_xz_that_asks_for_gigabytes_is_refused(tmp_path: Path) -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 29}]
    path = tmp_path / "a.jsonl.xz"
    path.write_bytes(lzma.compress(LINES[0], filters=filters, preset=None))

    (refusal,) = read([path])

    assert isinstance(refusal, Refusal)
    assert "Memory usage limit" in refusal.reason

"""Hostile files: each ends within bounds of time and memory, has a name, and costs no neighbour."""

import gzip
import io
import json
import os
import re
import resource
import struct
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from marsad.corpus.article import Article
from marsad.corpus.read import read
from marsad.corpus.source import Refusal, Skipped
from tests.conftest import PEAK

CPU_SECONDS = 20
MEGABYTES = 500
STORY = "هدنة {0}\n21 سبتمبر 2023\n\nأعلن الجانبان وقف القتال في المدينة {0} بعد أيام من المعارك.\n"
GOOD = STORY.format("أولى").encode()
# The child reads or indexes a folder and says what it met.
READER = f"""
import json, sys
from pathlib import Path
from marsad.corpus.article import Article
from marsad.corpus.read import read
counts, told = {{"Article": 0, "Refusal": 0, "Skipped": 0}}, []
for record in read([Path(sys.argv[1])]):
    counts[type(record).__name__] += 1
    if isinstance(record, Article):
        told += [record.title]
    else:
        told += [record.path + ": " + record.reason]
print(json.dumps([counts, told[:200] + told[-200:], {PEAK}]))
"""
INDEXER = f"""
import sys
from marsad.indexer.cli.main import marsad as main
try:
    main(["index", sys.argv[1], "--index", sys.argv[2], "--workers", "1"], standalone_mode=False)
except SystemExit as end:
    code = end.code
print("peak", {PEAK})
"""


def header(name: str, size: int, kind: bytes = tarfile.REGTYPE) -> bytes:
    """Return the header of a tar member that claims *size* bytes, below 0 or above all."""
    about = tarfile.TarInfo(name)
    about.size, about.type = max(size, 0), kind
    block = bytearray(about.tobuf(tarfile.GNU_FORMAT))
    if size < 0:
        block[124:136] = b"\xff" * 4 + struct.pack(">q", size)
        total = 8 * ord(" ") + sum(block[:148]) + sum(block[156:])
        block[148:156] = f"{total:06o}\0 ".encode()
    return bytes(block)


def padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 512)


FIRST = header("a.txt", len(GOOD)) + padded(GOOD)
END = b"\0" * 1024


def pax(kind: bytes, size: int) -> bytes:
    """Return a tar.gz with an extended header of *size* bytes in which each record claims two."""
    return gzip.compress(FIRST + header("p", size, kind) + padded(b"2 " * (size // 2)) + END)


def sparse() -> bytes:
    """Return a tar whose member claims a map of far more holes than there are bytes."""
    records = b"22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n"
    return (
        FIRST
        + header("p", len(records), tarfile.XHDTYPE)
        + padded(records)
        + header("s.txt", 512)
        + padded(b"99999999999\n1\n1\n")
    )


def whole_tar() -> bytes:
    return FIRST + header("b.txt", len(GOOD)) + padded(GOOD.replace("أولى".encode(), b"2")) + END


def overlapping(entries: int, body: bytes) -> bytes:
    """Return a zip whose entries all have the bytes of one member."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("00000.txt", body)
    raw = made.getvalue()
    at, end = raw.rindex(b"PK\x01\x02"), raw.rindex(b"PK\x05\x06")
    data, entry = raw[:at], raw[at:end]
    names = (f"{number:05}.txt".encode() for number in range(entries))
    listed = b"".join(entry[:46] + name for name in names)
    count = min(entries, 0xFFFF)
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(listed), len(data), 0)
    return data + listed + tail


def nested(levels: int, width: int, leaf: bytes) -> bytes:
    """Return zip archives in each other."""
    raw, suffix = leaf, "txt"
    for _ in range(levels):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(width):
                archive.writestr(f"{number}.{suffix}", raw)
        raw, suffix = made.getvalue(), "zip"
    return raw


def page(tag: str) -> bytes:
    story = "<p>أعلن الجانبان وقف القتال في المدينة بعد أيام من المعارك.</p>" * 3
    return f"<html><body>{tag}{story}</body></html>".encode()


# Name of the file: its bytes, and a part of what is said about it. Empty: it is an article.
READ: dict[str, tuple[Callable[[], bytes], str]] = {
    "petabyte.tar": (
        lambda: FIRST + header("b.txt", 1 << 50) + GOOD,
        "the archive ends there",
    ),
    "terabyte.tar.gz": (
        lambda: gzip.compress(FIRST + header("b.txt", 1 << 40) + GOOD),
        "the archive ends there",
    ),
    "negative.tar": (lambda: FIRST + header("b.txt", -1_000_000) + FIRST + END, "expected"),
    "longname.tar.gz": (
        lambda: gzip.compress(
            FIRST + header("././@LongLink", 40 << 20, b"L") + b"x" * (40 << 20) + END
        ),
        "found a header of more than",
    ),
    "pax.tar.gz": (lambda: pax(tarfile.XHDTYPE, 40 << 20), "found a header of more than"),
    "pax-records.tar.gz": (lambda: pax(tarfile.XHDTYPE, 1 << 19), "damaged extended header"),
    "global.tar.gz": (lambda: pax(tarfile.XGLTYPE, 1 << 19), "damaged extended header"),
    "sparse.tar": (sparse, "sparse.tar"),
    "links.tar.gz": (
        lambda: gzip.compress(
            FIRST + b"".join(header(f"{n}.txt", 0, tarfile.LNKTYPE) for n in range(70_000)) + END
        ),
        "expected fewer",
    ),
    "cut-in-data.tar": (lambda: whole_tar()[: 512 * 3 + 20], "unexpected end of data"),
    "cut-in-header.tar": (lambda: whole_tar()[: 512 * 2 + 20], "the archive ends there"),
    "cut-between.tar": (lambda: whole_tar()[: 512 * 2], "without its end mark"),
    "damaged.tar": (lambda: FIRST + b"\1" * 512 + FIRST + END, "damaged header"),
    "overlapping.zip": (lambda: overlapping(60_000, GOOD * 200), "59999 members that share"),
    "nested.zip": (lambda: nested(5, 16, b"\0" * (8 << 20)), "expected fewer"),
    "wide.zip": (
        lambda: nested(2, 16, b'{"text":"a"}\n' * (1 << 19)),
        "members from '",
    ),
    "records.jsonl.gz": (
        lambda: gzip.compress(b'{"tex":"a"}\n' * 2_000_000),
        "records in",
    ),
    "attributes.html": (
        lambda: page("<p " + " ".join(f'a{n}="b"' for n in range(60_000)) + ">"),
        "",
    ),
    "unclosed-attributes.html": (
        lambda: page("<p " + " ".join(f"a{n}='>'" for n in range(60_000)) + " "),
        "",
    ),
    "deep.html": (lambda: page("<div>" * 100_000), "without text"),
    "deep.json": (lambda: b"[" * 100_000 + b"]" * 100_000, "expected"),
}
# These are articles: what costs is the analysis.
INDEXED: dict[str, Callable[[], str]] = {
    "letters.txt": lambda: "ب" * 3_000_000,
    "lengths.txt": lambda: " ".join("ب" * length for length in range(1, 3_001)),
    "pairs.txt": lambda: "a " * 15_000_000,
    "dates.txt": lambda: "1442 هـ " * 37_500,
    "joined-dates.txt": lambda: (
        "1442هـ" * 60_000 + " مايو،" * 30_000 + " و".join(["مايو"] * 30_000)
    ),
    "places.txt": lambda: "سوريا " * 30_000 + "في دمشق " * 30_000 + "عمان " * 20_000,
}


def folder_with(tmp_path: Path, name: str, raw: bytes) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "0.txt").write_text(STORY.format("قبل"), encoding="utf-8")
    (folder / name).write_bytes(raw)
    (folder / "z.txt").write_text(STORY.format("بعد"), encoding="utf-8")
    return folder


def run(script: str, *args: str) -> subprocess.CompletedProcess[str]:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))

    return subprocess.run(
        [sys.executable, "-c", script, *args],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        preexec_fn=limit,
        env={**os.environ, "PYTHONUTF8": "1"},
    )


@pytest.mark.parametrize("name", READ)
def test_a_hostile_file_ends_within_bounds_and_is_named(tmp_path: Path, name: str) -> None:
    make, said = READ[name]
    folder = folder_with(tmp_path, name, make())

    done = run(READER, str(folder))

    assert done.returncode == 0, done.stderr[-500:]
    counts, told, peak = json.loads(done.stdout)
    assert peak < MEGABYTES * 1024
    assert (told[0], told[-1]) == ("هدنة قبل", "هدنة بعد")
    named = [each for each in told if name in each and said in each]
    assert named if said else counts == {"Article": 3, "Refusal": 0, "Skipped": 0}
    if name.endswith((".tar", ".tar.gz")):
        assert "هدنة أولى" in told


@pytest.mark.parametrize("name", INDEXED)
def test_a_hostile_text_is_indexed_within_bounds(tmp_path: Path, name: str) -> None:
    folder = folder_with(tmp_path, name, f"عنوان\n\n{INDEXED[name]()}".encode())

    done = run(INDEXER, str(folder), str(tmp_path / "index"))

    assert "read 3, added 3" in done.stdout, done.stderr[-500:]
    peak = int(re.findall(r"peak (\d+)", done.stdout)[0])
    assert peak < MEGABYTES * 1024


@pytest.mark.skipif(find_spec("pyarrow") is None, reason="needs the extra parquet")
@pytest.mark.parametrize("kind", ["cells", "rows", "repeats"])
def test_a_hostile_table_ends_within_bounds_and_is_named(tmp_path: Path, kind: str) -> None:
    import pyarrow as pa  # noqa: PLC0415  (an extra)
    from pyarrow.parquet import write_table  # noqa: PLC0415

    def column(value: str, rows: int) -> pa.DictionaryArray:
        return pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), rows), [value])

    value, rows = {"cells": ("كلمة " * 2_000_000, 1_000), "rows": ("نص " * 7_000, 100_000)}.get(
        kind, ("نص", 1_000_000)
    )
    made = io.BytesIO()
    write_table(pa.table({"text": column(value, rows)}), made)
    folder = folder_with(tmp_path, "table.parquet", made.getvalue())

    done = run(READER, str(folder))

    assert done.returncode == 0, done.stderr[-500:]
    counts, told, peak = json.loads(done.stdout)
    assert peak < MEGABYTES * 1024
    assert (told[0], told[-1]) == ("هدنة قبل", "هدنة بعد")
    assert counts["Refusal"] == 1
    assert counts["Article"] < rows


def test_a_link_out_of_the_folder_is_skipped_and_named(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "s.txt").write_text(STORY.format("سر"), encoding="utf-8")
    folder = folder_with(tmp_path, "m.txt", STORY.format("وسط").encode())
    (folder / "link.txt").symlink_to(secret / "s.txt")
    (folder / "linked").symlink_to(secret)
    (folder / "relative.txt").symlink_to("../secret/s.txt")
    (folder / "inside.txt").symlink_to("m.txt")
    (folder / "loop").symlink_to(folder)
    entry = tmp_path / "entry"
    entry.symlink_to(folder)

    records = list(read([entry]))
    followed = list(read([entry], follow_links=True))

    skipped = [each for each in records if isinstance(each, Skipped)]
    assert not any(isinstance(each, Refusal) for each in records)
    assert {Path(each.path).name for each in skipped} == {"link.txt", "linked", "relative.txt"}
    assert {each.kind for each in skipped} == {"outside-link"}
    assert not any(isinstance(each, Article) and "سر" in each.title for each in records)
    assert any(isinstance(each, Article) and "سر" in each.title for each in followed)


def test_a_large_zip_of_small_articles_is_read(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3_000):
            archive.writestr(f"{number}.txt", STORY.format(number))

    assert sum(isinstance(each, Article) for each in read([path])) == 3_000


def test_a_name_is_escaped_where_it_is_printed(tmp_path: Path) -> None:
    name = "a\x1b[31m\x07\u202e\nread 9, added 9.txt"
    folder = folder_with(tmp_path, name, b"")

    done = run(INDEXER, str(folder), str(tmp_path / "index"))

    assert "a\\x1b[31m\\x07\\u202e\\nread 9, added 9.txt" in done.stderr
    assert not re.search("[\x1b\x07\u202e]|^read 9", done.stdout + done.stderr, re.MULTILINE)

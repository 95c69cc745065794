"""Nasty input: any bytes end as articles, or as refusals with a reason."""

import gzip
import io
import json
import os
import random
import resource
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib
from pathlib import Path

import pytest
import zstandard

from marsad.corpus.article import Article
from marsad.corpus.dates.finder import find_dates
from marsad.corpus.language import detect_language
from marsad.corpus.read import read, read_stream
from marsad.corpus.source import Record, Refusal, Skipped, Source
from tests.conftest import CORPUS, Marsad

TEXT = (CORPUS / "gaza-2012-11-truce.txt").read_text(encoding="utf-8")
LINE = json.dumps({"id": "a", "title": "هدنة", "text": "نص الخبر", "date": "2023-09-21"})
PAGE = f"<html><head><title>هدنة</title></head><body><p>{TEXT}</p></body></html>"
FEED = (
    "<rss><channel><item><title>هدنة</title>"
    f"<description>{TEXT}</description></item></channel></rss>"
)
WARC = (
    "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://e.org/\r\n"
    "Content-Type: application/http\r\nContent-Length: 60\r\n\r\n"
    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>a</p>\r\n\r\n\r\n"
)


def zipped(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in members.items():
            archive.writestr(name.replace("__", "."), raw)
    return made.getvalue()


def tarred(**members: bytes) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, raw in members.items():
            info = tarfile.TarInfo(name.replace("__", "."))
            info.size = len(raw)
            archive.addfile(info, io.BytesIO(raw))
    return made.getvalue()


def overlapping_zip(copies: int) -> bytes:
    """Return an archive whose members all are the same bytes, as zip bombs are made."""
    raw = zlib.compress(b"a" * 40_000_000, 9)[2:-4]
    name = b"a.txt"
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0, 0, len(raw), 40_000_000, 5, 0)
    body = local + name + raw
    central = b"".join(
        struct.pack(
            "<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 0, zlib.crc32(b"a" * 40_000_000),
            len(raw), 40_000_000, 5, 0, 0, 0, 0, 0, 0,
        )
        + name
        for _ in range(copies)
    )  # fmt: skip
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, copies, copies, len(central), len(body), 0)
    return body + central + end


def nested(depth: int) -> bytes:
    raw = LINE.encode()
    name = "a__jsonl"
    for _ in range(depth):
        raw, name = zipped(**{name: raw}), "b__zip"
    return raw


_BLANK = (b" " * 99_999 + b"\n") * 1_500
NASTY: dict[str, bytes] = {
    "empty.txt": b"",
    "blank.txt": b" \n\n\xc2\xa0\n",
    "one-word.txt": "هدنة".encode(),
    "marks-only.txt": "\u064b\u064c\u0640\u200f\n\n\u064b\u064e".encode(),
    "nul.txt": ("عنوان\n\nنص\0 الخبر\0 هنا وصل.").encode(),
    "all-nul.txt": b"\0" * 5_000,
    "koi8.txt": "мир и война на земле".encode("koi8-r"),
    "cut-utf8.txt": TEXT.encode()[:-1] + b"\xd9",
    "bad-utf8.txt": TEXT.encode()[:500] + b"\xff\xfe\xff" + TEXT.encode()[500:],
    "odd-utf16.txt": TEXT.encode("utf-16")[:-1],
    "deep.json": b"[" * 200_000,
    "deep-object.json": b'{"a":' * 100_000,
    "cut.json": json.dumps([{"text": "a"}, {"text": "b"}]).encode()[:-3],
    "number.json": b"17",
    "surrogate.jsonl": b'{"text": "\\ud800"}\n{"text": "\\ud83d\\ude00 ok"}\n',
    "huge-number.jsonl": b'{"text": "a", "id": ' + b"9" * 10_000 + b"}\n",
    "years.jsonl": b'{"text": "a", "date": "0000-01-01"}\n{"text": "b", "date": "99999-01-01"}\n',
    "unclosed.csv": b'title,text\na,"b\n' + b"c,d\n" * 1_000,
    "wide.csv": b"title,text\n" + b"," * 100_000 + b"\n",
    "no-columns.csv": b"\n\n\n",
    "cut.zip": zipped(a__txt=TEXT.encode())[:-10],
    "no.zip": b"PK\3\4 this is none",
    "bad-member.zip": zipped(a__txt=TEXT.encode() * 50).replace(b"\0" * 4, b"\xff" * 4, 3),
    "encrypted.zip": zipped(a__txt=b"x")
    .replace(b"PK\3\4\x14\0\0", b"PK\3\4\x14\0\1")
    .replace(b"PK\1\2\x14\3\x14\0\0", b"PK\1\2\x14\3\x14\0\1"),
    "overlapping.zip": overlapping_zip(200),
    "nested.zip": nested(6),
    "cut.tar": tarred(a__txt=TEXT.encode())[:700],
    "links.tar": tarred(a__txt=TEXT.encode()),
    "cut.jsonl.gz": gzip.compress(f"{LINE}\n".encode() * 500)[:-20],
    "bomb.jsonl.gz": gzip.compress(_BLANK),
    "bomb.jsonl.zst": zstandard.compress(_BLANK),
    "cut.warc": WARC.encode()[:-30],
    "no.parquet": b"PAR1 this is none PAR1",
    "no-text.html": b"<html><body></body></html>",
    "broken.html": b"<html><p>" + b"<div>" * 5_000 + "نص".encode(),
    "cut.rss": FEED.encode()[:-40],
    "entities.rss": b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    b"<rss><channel><item><title>&b;</title><description>x</description></item></channel></rss>",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(NASTY))
def test_a_nasty_file_ends_as_articles_or_refusals(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(NASTY[name])

    records = list(read([path]))

    assert records
    for record in records:
        assert isinstance(record, Article | Refusal | Skipped)
        if isinstance(record, Refusal):
            assert record.path.startswith(str(path))
            assert record.reason


@pytest.mark.parametrize("name", ["overlapping.zip", "bomb.jsonl.gz", "bomb.jsonl.zst"])
def test_a_zip_bomb_is_refused_by_the_bound_it_breaks(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(NASTY[name])

    reasons = [record.reason for record in read([path]) if isinstance(record, Refusal)]

    bounds = ("more than 250 times the packed bytes", "share their bytes with others")
    assert any(bound in reason for reason in reasons for bound in bounds)


def test_a_folder_of_nasty_files_is_indexed_in_bounded_memory(
    tmp_path: Path, marsad: Marsad
) -> None:
    folder = tmp_path / "nasty"
    folder.mkdir()
    for name, raw in NASTY.items():
        (folder / name).write_bytes(raw)
    (folder / "million.txt").write_text("عنوان\n\n" + "كلمة أخرى " * 500_000, encoding="utf-8")
    with (folder / "line.jsonl").open("wb") as file:
        file.write(b'{"text": "')
        file.writelines(b"a" * 1_000_000 for _ in range(50))
        file.write(b'"}\n' + LINE.encode() + b"\n")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.txt")
    (folder / "good.jsonl").write_text(LINE.replace('"a"', '"good"') + "\n")

    done = marsad("index", folder, "--index", tmp_path / "index", "--workers", "1")

    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    kept = (tmp_path / "index.quarantine.jsonl").read_text(encoding="utf-8").splitlines()
    refused = [json.loads(line) for line in kept]
    assert {"path", "line", "reason", "format"} <= set(refused[0])
    assert any("line.jsonl" in each["path"] and "more than" in each["reason"] for each in refused)
    assert marsad("check", "--index", tmp_path / "index").returncode == 0
    found = json.loads(marsad("stats", "--index", tmp_path / "index", "--json").stdout)
    assert found["documents"] >= 5
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert most < 3 * 1024 * 1024, f"{most} KiB"


SEEDS: dict[str, bytes] = {
    "a.txt": (TEXT[:400] + TEXT[-100:]).encode(),
    "b.txt": TEXT[:300].encode("utf-16"),
    "c.txt": TEXT[:300].encode("cp1256", "replace"),
    "d.jsonl": f"{LINE}\n{LINE}\n".encode(),
    "e.json": f"[{LINE}, {LINE}]".encode(),
    "f.csv": f'title;text;date\n"أ";"{TEXT[:90]}";2020\nb;c;\n'.encode(),
    "g.tsv": "العنوان\tالنص\nأ\tب\n".encode("utf-16"),
    "h.jsonl.gz": gzip.compress(f"{LINE}\n".encode()),
    "i.zip": zipped(a__jsonl=LINE.encode(), b__txt=TEXT[:300].encode()),
    "j.tar": tarred(a__jsonl=LINE.encode())[:2048],
    "k.zst": zstandard.compress(LINE.encode()),
    "l.warc": WARC.encode(),
}
SLOW_SEEDS = {"m.html": PAGE.encode(), "n.rss": FEED.encode()}
_SPLINTERS = (
    *(b"\0", b"\xff", b"\xef\xbb\xbf", b"\r", b"\n\n", b'"', b"{", b"[", b"\\ud800", b",", b";"),
    *(b"\xd9", b"PK\3\4", b"\x1f\x8b", b"<", b"&", b"]]>", b"99999", b"0000", b"\xe2\x80\x8f"),
)


def mutated(raw: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(raw) + 1)
        match chance.randrange(5):
            case 0:
                raw = raw[:at]
            case 1:
                raw = raw[:at] + chance.choice(_SPLINTERS) + raw[at:]
            case 2:
                end = min(len(raw), at + chance.randint(1, 40))
                raw = raw[:at] + raw[end:]
            case 3:
                raw = raw[:at] + bytes([chance.randrange(256)]) + raw[at + 1 :]
            case _:
                raw = raw[:at] + raw[at : at + 60] + raw[at:]
    return raw


def assert_reads(name: str, raw: bytes) -> None:
    records: list[Record] = list(
        read_stream(io.BytesIO(raw), Source(name, read_at="now"), named=True)
    )
    for record in records:
        assert isinstance(record, Article | Refusal | Skipped)
        if isinstance(record, Article):
            assert record.text.strip()
            record.digest().encode()
            record.text.encode("utf-8")


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_a_hundred_thousand_damaged_inputs_raise_nothing(name: str) -> None:
    chance = random.Random(name)
    for _ in range(8_334):
        raw = mutated(SEEDS[name], chance)
        try:
            assert_reads(name, raw)
        except BaseException as error:
            raise AssertionError(f"{name}: {raw!r}") from error


@pytest.mark.parametrize("name", sorted(SLOW_SEEDS))
def test_damaged_markup_raises_nothing(name: str) -> None:
    chance = random.Random(name)
    for _ in range(250):
        raw = mutated(SLOW_SEEDS[name], chance)
        try:
            assert_reads(name, raw)
        except BaseException as error:
            raise AssertionError(f"{name}: {raw!r}") from error


def test_damaged_text_gives_dates_inside_it() -> None:
    chance = random.Random(1)
    for _ in range(3_000):
        text = mutated(TEXT.encode(), chance).decode("utf-8", "replace")
        detect_language(text)
        for found in find_dates(text, None):
            assert text[found.start : found.end] == found.text


def test_unreadable_files_are_refused() -> None:
    script = (
        "import os, sys; from pathlib import Path; from marsad.corpus.read import read\n"
        "os.setuid(65534) if os.getuid() == 0 else None\n"
        "found = list(read([Path(sys.argv[1])]))\n"
        "print([type(each).__name__ + ' ' + getattr(each, 'reason', '') for each in found])\n"
        "print([each.outside for each in found if each.path.endswith(('shut.txt', 'in'))])"
    )
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o755)
        (place / "shut.txt").write_text("x")
        (place / "shut.txt").chmod(0)
        (place / "in").mkdir()
        (place / "in").chmod(0)

        done = subprocess.run(
            [sys.executable, "-c", script, name], capture_output=True, text=True, check=False
        )
        (place / "in").chmod(0o755)

    assert "Refusal file not readable: Permission denied" in done.stdout, done.stderr
    assert "[True, True]" in done.stdout
    assert "Refusal folder not readable: Permission denied" in done.stdout

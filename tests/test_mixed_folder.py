"""A mixed folder: one command takes it in, and its account adds up to what was there."""

import json
import os
import sqlite3
from itertools import cycle, islice
from pathlib import Path

from marsad.corpus.formats import FORMATS
from tests.conftest import Marsad
from tests.test_formats import BODY, EXAMPLES

FILES = 500
# What each kind of file gives: its name without a number, its bytes, and its account.
BROKEN: dict[str, bytes] = {
    "empty.txt": b"",
    "cut.json": b'{"title": "',
    "cut.zip": b"PK\x03\x04" + bytes(30),
    "cut.gz": b"\x1f\x8b\x08" + bytes(20),
    "no-text.csv": "title,date\nهدنة,2023\n".encode(),
    "noise.txt": bytes(range(256)) * 20,
    "no-entry.xml": b"<rss version='2.0'><channel></channel></rss>",
}
UNREAD: dict[str, bytes] = {
    "picture.jpg": b"\xff\xd8\xff\xe0" + bytes(40),
    "slides.pptx": b"PK\x03\x04" + bytes(60),
    "style.css": b"p { color: red }",
    "packed.7z": b"7z\xbc\xaf\x27\x1c" + bytes(40),
    "packed.rar": b"Rar!\x1a\x07\x01\x00" + bytes(40),
    "notes.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
}


def good() -> dict[str, bytes]:
    """Return a file of each format under each of its suffixes, by name."""
    return {
        f"{name}{suffix}": EXAMPLES[name]
        for name, each in FORMATS.items()
        for suffix in each.suffixes
    }


def make(folder: Path) -> dict[str, int]:
    """Write 500 files of all kinds; return how many of them are read, refused and skipped."""
    kinds = [
        *(("read", *item) for item in good().items()),
        *(("refused", *item) for item in BROKEN.items()),
        *(("skipped", *item) for item in UNREAD.items()),
    ]
    expected = {"read": 0, "refused": 0, "skipped": 0}
    for number, (outcome, name, raw) in enumerate(islice(cycle(kinds), FILES - 3)):
        place = folder / f"{number % 7}" / f"{number:03}-{name}"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(raw)
        expected[outcome] += 1
    with sqlite3.connect(folder / "archive.db") as base:
        base.execute("CREATE TABLE news (text TEXT)")
    base.close()
    os.mkfifo(folder / "pipe")
    (folder / "outside.txt").symlink_to(folder.parent / "elsewhere.txt")
    (folder.parent / "elsewhere.txt").write_text(f"هدنة\n\n{BODY}", encoding="utf-8")
    expected["skipped"] += 3
    return expected


def test_the_account_of_a_mixed_folder_adds_up(tmp_path: Path, marsad: Marsad) -> None:
    folder, index = tmp_path / "in", tmp_path / "i"
    expected = make(folder)

    done = marsad("index", folder, "--index", index, "--json")

    report = json.loads(done.stdout)
    files, articles = report["files"], report["articles"]
    assert done.returncode == 1
    assert files == {"seen": FILES, **expected}
    assert articles["read"] == articles["added"] + articles["updated"] + articles["unchanged"]
    kept = index.with_name("i.quarantine.jsonl").read_text(encoding="utf-8").splitlines()
    refused = {json.loads(line)["path"] for line in kept}
    assert len(kept) == articles["refused"] >= expected["refused"]
    assert all(any(path.endswith(name) for path in refused) for name in BROKEN)
    assert sum(report["skipped"]["counts"].values()) >= expected["skipped"]
    assert len(FORMATS) + len(UNREAD) + 1 >= 18

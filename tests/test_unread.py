"""Unread: a file of a format that is not read is named, and never read as text."""

import io
import pickle
import sqlite3
import zipfile
from pathlib import Path

import pytest

from marsad.corpus.formats import by_name
from marsad.corpus.read import read
from marsad.corpus.source import Refusal, Skipped
from marsad.corpus.unread import _BY_SUFFIX, _SUFFIXES, by_magic


def database(folder: Path) -> bytes:
    with sqlite3.connect(folder / "made") as made:
        made.execute("create table news (title, text)")
    made.close()
    raw = (folder / "made").read_bytes()
    (folder / "made").unlink()
    return raw


def slides() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("ppt/presentation.xml", "<p>نص</p>")
    return made.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
DOCUMENTS = {
    "a.7z": (b"7z\xbc\xaf\x27\x1c\x00\x04" + b"x" * 99, "a 7z archive"),
    "a.rar": (b"Rar!\x1a\x07\x01\x00" + b"x" * 99, "a RAR archive"),
    "a.doc": (OLE, "an old Word document"),
    "a.xls": (OLE, "an old Excel workbook"),
    "a.msg": (OLE, "save it as .eml"),
    "a.djvu": (b"AT&TFORM\x00\x00\x01\x00DJVU", "a DjVu document"),
    "a.mobi": (b"x" * 60 + b"BOOKMOBI\x00", "a Kindle book"),
    "a.ps": (b"%!PS-Adobe-3.0\n/Times findfont\n", "a PostScript document"),
    "a.pptx": (slides(), "a PowerPoint presentation"),
    "a.pkl": (pickle.dumps({"text": "نص"}, 4), "a Python pickle"),
}
MEDIA = {
    "a.png": b"\x89PNG\r\n\x1a\n\0\0",
    "a.jpg": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "a.gif": b"GIF89a\x01\0\x01\0",
    "a.mp4": b"\0\0\0\x18ftypmp42\0\0",
    "a.mp3": b"ID3\x04\0\0",
    "a.ttf": b"\0\x01\0\0\0\x0c",
    "a.exe": b"MZ\x90\0\x03\0",
    "a.elf": b"\x7fELF\x02\x01\x01\0",
}


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("suffix", ["its own", ".txt", ".json", ".xml", ""])
def test_a_document_that_is_not_read_is_refused_if_named_and_skipped_in_a_folder(
    tmp_path: Path, name: str, suffix: str
) -> None:
    raw, what = DOCUMENTS[name]
    path = tmp_path / (name if suffix == "its own" else f"a{suffix}")
    path.write_bytes(raw)

    (named,), (found,) = list(read([path])), list(read([tmp_path]))

    assert isinstance(named, Refusal)
    assert isinstance(found, Skipped)
    assert (found.kind, found.reason) == ("not-read", named.reason)
    assert "which is not read; " in found.reason
    if suffix == "its own":
        assert what in found.reason


@pytest.mark.parametrize("name", MEDIA)
@pytest.mark.parametrize("suffix", ["its own", ".txt", ".csv", ""])
def test_media_and_programs_hold_no_article(tmp_path: Path, name: str, suffix: str) -> None:
    path = tmp_path / (name if suffix == "its own" else f"a{suffix}")
    path.write_bytes(MEDIA[name])

    (named,), (found,) = list(read([path])), list(read([tmp_path]))

    assert isinstance(named, Refusal)
    assert isinstance(found, Skipped)
    assert (found.kind, found.reason) == ("no-article", named.reason)


def test_a_database_is_named_with_the_way_to_export_it(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    path.write_bytes(database(tmp_path))

    (refusal,) = read([path])

    assert isinstance(refusal, Refusal)
    assert refusal.reason.startswith("found an SQLite database, which is not read; export")
    assert "-csv" in refusal.reason


@pytest.mark.parametrize("text", ["MZ هو رمز", "BM هي شركة", "ID3 معيار", "OTTO كاتب", "ftyp نص"])
def test_a_text_that_begins_with_the_letters_of_a_format_is_a_text(text: str) -> None:
    assert by_magic(text.encode()) is None


def test_the_content_of_an_old_suffix_decides(tmp_path: Path) -> None:
    (tmp_path / "a.doc").write_text("<html><body><h1>هدنة</h1><p>نص الخبر</p></body></html>")
    (tmp_path / "b.xls").write_text("title\ttext\nهدنة\tنص\n", encoding="utf-8")

    assert [type(each).__name__ for each in read([tmp_path])] == ["Article", "Article"]


@pytest.mark.parametrize("name", ["a.log", "a.ini", "README.md", "a.py", "a.vcf"])
def test_a_text_of_another_kind_is_skipped_with_a_reason(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("نص")

    (found,) = read([tmp_path])

    assert isinstance(found, Skipped)
    assert found.reason.startswith("found ")


def test_no_format_that_is_read_is_named_as_unread() -> None:
    assert [suffix for suffix in _BY_SUFFIX if by_name(f"a.{suffix}")] == []


def test_a_file_that_cannot_be_read_now_is_tried_again() -> None:
    # Reading the first page of a process is an input/output error, as of a broken disk.
    (refusal,) = read([Path("/proc/self/mem")])

    assert isinstance(refusal, Refusal)
    assert (refusal.reason, refusal.outside) == ("file not readable: Input/output error", True)


def test_no_suffix_has_two_meanings() -> None:
    listed = [suffix for names in _SUFFIXES.values() for suffix in names.split()]

    assert len(listed) == len(set(listed))

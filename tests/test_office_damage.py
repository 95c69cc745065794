"""Office files that are damaged, locked, or made to do harm."""

import io
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from marsad.corpus.article import Article
from marsad.corpus.read import read
from marsad.corpus.source import Record, Refusal
from tests.conftest import PEAK, ROOT
from tests.office_files import (
    STYLES,
    TYPES,
    docx,
    epub,
    ods,
    odt,
    open_table,
    paragraph,
    relations,
    rtf,
    sheet,
    xlsx,
    zipped,
)

TITLE = "هدنة في الجنوب"
FIRST = "أعلن الجانبان اليوم الخميس اتفاقاً على وقف إطلاق النار في المنطقة بعد أيام من القتال."
DOCUMENTS = {
    "docx": docx(paragraph(TITLE) + paragraph(FIRST)),
    "odt": odt(f"<text:p>{TITLE}</text:p><text:p>{FIRST}</text:p>"),
    "xlsx": xlsx({"a": sheet([["title", "text"], [TITLE, FIRST]])}),
    "ods": ods(open_table([["title", "text"], [TITLE, FIRST]])),
    "epub": epub({"a.xhtml": f"<h1>{TITLE}</h1><p>{FIRST}</p>"}),
    "rtf": rtf(f"{TITLE}\\par {FIRST}"),
}
MAIN = {
    "docx": "word/document.xml",
    "odt": "content.xml",
    "xlsx": "xl/worksheets/sheet1.xml",
    "ods": "content.xml",
    "epub": "OEBPS/book.opf",
}


def records(path: Path, raw: bytes, name: str = "a.bin") -> list[Record]:
    (path / name).write_bytes(raw)
    return list(read([path / name]))


def changed(raw: bytes, **parts: bytes | None) -> bytes:
    """Return a zip archive with parts replaced, or left out if they are None."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        kept: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    for name, content in parts.items():
        if content is None:
            kept.pop(name)
        else:
            kept[name] = content
    return zipped(kept)


def part(raw: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return archive.read(name)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_file_that_is_cut_anywhere_is_refused_or_read_and_never_read_as_text(
    tmp_path: Path, name: str
) -> None:
    raw = DOCUMENTS[name]
    for cut in range(5, len(raw), max(1, len(raw) // 40)):
        for record in records(tmp_path, raw[:cut], f"a.{name}"):
            if isinstance(record, Article):
                assert name == "rtf"
                assert record.text in FIRST
                assert "\\" not in record.text


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_file_with_wrong_bytes_ends_no_run(tmp_path: Path, name: str) -> None:
    rng = random.Random(7)
    for _ in range(40):
        raw = bytearray(DOCUMENTS[name])
        for _ in range(rng.choice((1, 5, 50))):
            raw[rng.randrange(len(raw))] = rng.randrange(256)
        for record in records(tmp_path, bytes(raw), f"a.{name}"):
            if isinstance(record, Refusal):
                assert "cannot be read (" not in record.reason, record


@pytest.mark.parametrize("name", MAIN)
@pytest.mark.parametrize(
    "content", [b"", b"<a", b"<a>\x00</a>", b"\x00" * 100, "<a>ا</b>".encode(), b"<a/><b/>"]
)
def test_a_part_that_is_no_xml_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (refusal,) = records(tmp_path, changed(DOCUMENTS[name], **{MAIN[name]: content}))

    assert isinstance(refusal, Refusal)


@pytest.mark.parametrize("name", ["docx", "odt", "xlsx", "ods"])
def test_a_document_without_its_main_part_is_refused(tmp_path: Path, name: str) -> None:
    (refusal,) = records(tmp_path, changed(DOCUMENTS[name], **{MAIN[name]: None}), f"a.{name}")

    assert isinstance(refusal, Refusal)


LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">'
    b'<!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
)


@pytest.mark.parametrize("name", ["docx", "odt", "xlsx", "ods"])
@pytest.mark.parametrize("entity", [b"&e;", b"&f;", b""])
def test_entities_are_refused(tmp_path: Path, name: str, entity: bytes) -> None:
    raw = DOCUMENTS[name]
    content = LAUGHS + part(raw, MAIN[name]).replace(FIRST.encode(), entity + FIRST.encode())

    (refusal,) = records(tmp_path, changed(raw, **{MAIN[name]: content}))

    assert isinstance(refusal, Refusal)
    assert "found a document type in its XML" in refusal.reason


def test_entities_in_a_book_are_not_expanded(tmp_path: Path) -> None:
    raw = DOCUMENTS["epub"]
    page = LAUGHS + f"<html><body><h1>{TITLE}</h1><p>{FIRST}&e;&f;&nbsp;</p></body></html>".encode()
    book = LAUGHS + part(raw, MAIN["epub"]).replace("كتاب".encode(), "&e;كتاب".encode())

    (article,) = records(tmp_path, changed(raw, **{"OEBPS/a.xhtml": page}))
    (refusal,) = records(tmp_path, changed(raw, **{MAIN["epub"]: book}))

    assert isinstance(article, Article)
    assert len(article.text) < 200
    assert "root:" not in article.text
    assert isinstance(refusal, Refusal)


def bomb(parts: dict[str, str | bytes], name: str, begin: bytes, piece: bytes, end: bytes) -> bytes:
    """Return a document with 80 MiB in one part."""
    made = io.BytesIO(zipped(parts))
    with (
        zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w") as out,
    ):
        out.write(begin)
        block = piece * (1024 * 1024 // len(piece))
        for _ in range(80):
            out.write(block)
        out.write(end)
    return made.getvalue()


def bombs() -> dict[str, bytes]:
    word: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": relations(officeDocument="word/document.xml"),
    }
    begin = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    book: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": relations(officeDocument="xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{main}"/>',
        "xl/_rels/workbook.xml.rels": relations(sharedStrings="s.xml", styles="styles.xml"),
        "xl/styles.xml": STYLES,
    }
    text: dict[str, str | bytes] = {"mimetype": "application/vnd.oasis.opendocument.text"}
    return {
        "docx": bomb(word, "word/document.xml", begin, b"<w:p><w:r><w:t>x</w:t></w:r></w:p>", b""),
        "xlsx": bomb(
            book, "xl/s.xml", b"<sst>", b"<si><t>aaaaaaaaaaaaaaaaaaaa</t></si>", b"</sst>"
        ),
        "odt": bomb(text, "content.xml", b"<a>", b"aaaaaaaaaaaaaaaa", b"</a>"),
    }


def test_bombs_are_refused_in_little_memory(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib\n"
        "from marsad.corpus.read import read\n"
        "for path in sys.argv[1:]:\n"
        "    (found,) = read([pathlib.Path(path)])\n"
        "    print(found.reason)\n"
        f"print({PEAK} // 1024)\n"
    )
    for name, raw in bombs().items():
        assert len(raw) < 4_000_000
        (tmp_path / f"a.{name}").write_bytes(raw)

    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, sorted(tmp_path.iterdir()))],
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
        cwd=tmp_path,
    )

    *reasons, megabytes = done.stdout.splitlines()
    assert len(reasons) == 3
    assert all("expected" in each for each in reasons), reasons
    assert int(megabytes) < 300


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (
            odt("", parts={"META-INF/manifest.xml": '<m xmlns:m="u:m"><m:file-entry m:full-path='
                '"content.xml"><m:encryption-data/></m:file-entry></m>'}),
            "found an encrypted document",
        ),
        (
            ods("", parts={"META-INF/manifest.xml": '<m xmlns:m="u:m"><m:file-entry m:full-path='
                '"content.xml"><m:encryption-data/></m:file-entry></m>'}),
            "found an encrypted document",
        ),
        (epub({}, parts={"META-INF/rights.xml": "<r/>"}), "found an encrypted book"),
        (
            zipped({"[Content_Types].xml": TYPES, "xl/workbook.bin": b"x",
                    "_rels/.rels": relations(officeDocument="xl/workbook.bin")}),
            "save it as .xlsx",
        ),
        (docx(""), "no text"),
        (docx(paragraph(TITLE)), "only a title"),
        (rtf(""), "no text"),
        (xlsx({}), "found no rows"),
        (xlsx({"a": sheet([])}), "found no rows"),
        (ods(open_table([])), "found no rows"),
        (epub({"a.xhtml": "<img/>"}), "found no chapter"),
        (rtf("{" * 3000), "groups in each other"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_reason(
    tmp_path: Path, raw: bytes, said: str
) -> None:
    found = records(tmp_path, raw)

    (refusal,) = (each for each in found if isinstance(each, Refusal))
    assert said in refusal.reason
    assert not [each for each in found if isinstance(each, Article)]


def test_a_sheet_that_is_damaged_gives_the_rows_above_the_damage(tmp_path: Path) -> None:
    rows = sheet([["title", "text"], *([TITLE, f"{FIRST} {n}"] for n in range(3000))])
    raw = changed(
        xlsx({"a": ""}), **{"xl/worksheets/sheet1.xml": rows[: len(rows) // 2].encode() + b"<<"}
    )

    found = records(tmp_path, raw)

    assert sum(isinstance(each, Article) for each in found) > 1000
    assert isinstance(found[-1], Refusal)


def test_the_samples_are_small() -> None:
    sizes = [path.stat().st_size for path in (ROOT / "tests" / "samples" / "office").iterdir()]

    assert sum(sizes) < 250_000

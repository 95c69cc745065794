"""Formats: each file format that researchers have is recognised and read."""

import ast
import bz2
import gzip
import io
import json
import lzma
import subprocess
import tarfile
import zipfile
from collections import Counter
from dataclasses import MISSING, fields
from importlib.util import find_spec
from pathlib import Path

import pytest
import zstandard

from marsad.corpus.article import Article
from marsad.corpus.columns import match_columns, parse_mapping
from marsad.corpus.encoding import decode
from marsad.corpus.errors import RecordError
from marsad.corpus.formats import FORMATS, Format, by_name, sniff
from marsad.corpus.language import detect_language
from marsad.corpus.published import published_in_name, published_in_url, read_published
from marsad.corpus.quarantine import Quarantine
from marsad.corpus.read import read
from marsad.corpus.readers.jsonl import parse_json_line
from marsad.corpus.readers.layout import parse_layout
from marsad.corpus.readers.markup import parse_page
from marsad.corpus.source import Refusal, Skipped
from marsad.corpus.streams import HEAD_BYTES
from marsad.indexer.build.batch import index_records
from marsad.indexer.build.document import Documents
from marsad.indexer.engine.seam import Document
from marsad.indexer.parts import Parts
from marsad.indexer.registry import open_engine
from tests.conftest import ROOT, Marsad
from tests.office_files import docx, epub, ods, odt, open_table, paragraph, rtf, sheet, xlsx

PARAGRAPHS = [
    "أعلن الجانبان اليوم الخميس اتفاقاً على وقف إطلاق النار في المنطقة بعد أيام من القتال.",
    "وقال المتحدث إن المفاوضات ستتواصل في الأسبوع المقبل برعاية الأمم المتحدة.",
]
BODY = "\n\n".join(PARAGRAPHS)
PAGE = f"""<!DOCTYPE html><html lang="ar"><head><meta charset="utf-8"><title>هدنة | موقع</title>
<meta property="og:site_name" content="موقع الأخبار">META</head><body>
<nav><a href="/">Ru</a> <a href="/en">En</a></nav><article><h1>هدنة في الجنوب</h1>
<div class="date">٢١ أيلول/سبتمبر ٢٠٢٣</div><p>{PARAGRAPHS[0]}</p><h2>حول المفاوضات</h2>
<p>{PARAGRAPHS[1]}</p><p>الصورة: أرشيف</p><p>المصدر: تاس</p></article>
<footer>جميع الحقوق محفوظة</footer></body></html>"""
FEED = f"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>وكالة</title>
<item><title>هدنة</title><link>https://example.org/1</link>
<pubDate>Thu, 21 Sep 2023 22:00:00 +0300</pubDate>
<description>&lt;p&gt;{PARAGRAPHS[0]}&lt;/p&gt;</description></item>
<item><title>قمة</title><description>{PARAGRAPHS[1]}</description></item></channel></rss>"""


def articles(path: Path, **mapping: str) -> list[Article]:
    records = list(read([path], mapping))
    assert all(isinstance(record, Article) for record in records), records
    return [record for record in records if isinstance(record, Article)]


def packed(name: str, raw: bytes) -> bytes:
    match name:
        case "gz":
            return gzip.compress(raw)
        case "zst":
            return zstandard.compress(raw)
        case "bz2":
            return bz2.compress(raw)
        case "xz":
            return lzma.compress(raw)
        case _:
            return archived(name, raw)


def archived(name: str, raw: bytes) -> bytes:
    made = io.BytesIO()
    if name == "zip":
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr("in/a.jsonl", raw)
    else:
        with tarfile.open(fileobj=made, mode="w:gz" if name == "tar:gz" else "w") as archive:
            info = tarfile.TarInfo("in/a.jsonl")
            info.size = len(raw)
            archive.addfile(info, io.BytesIO(raw))
    return made.getvalue()


@pytest.mark.parametrize("kind", ["gz", "zst", "bz2", "xz", "zip", "tar", "tar:gz"])
@pytest.mark.parametrize("name", ["suffix", "bin"])
def test_packed_articles_are_read_whatever_the_suffix_says(
    tmp_path: Path, kind: str, name: str
) -> None:
    raw = b'{"id": "a", "text": "x"}\n{"id": "b", "text": "y"}\n'
    path = tmp_path / f"a.jsonl.{kind.replace(':', '.') if name == 'suffix' else 'bin'}"
    path.write_bytes(packed(kind, raw))

    assert [article.id for article in articles(path)] == ["a", "b"]


def test_a_page_gives_title_day_credits_and_subheads(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")

    (article,) = articles(path)

    assert article.title == "هدنة في الجنوب"
    assert article.text == f"{PARAGRAPHS[0]}\n\nحول المفاوضات\n\n{PARAGRAPHS[1]}"
    assert [section.heading for section in article.sections] == ["حول المفاوضات"]
    assert (article.published_iso(), article.evidence) == ("2023-09-21", "dateline")
    assert article.printed_date == "٢١ أيلول/سبتمبر ٢٠٢٣"
    assert (article.source, article.photo_credit) == ("تاس", "أرشيف")
    assert article.publisher == "موقع الأخبار"
    assert article.origin is not None
    assert (article.origin.path, article.origin.record) == (str(path), 0)


@pytest.mark.parametrize(
    ("meta", "published", "evidence", "printed"),
    [
        (
            '<meta property="article:published_time" content="2023-09-20T23:10:00+03:00">',
            "2023-09-20",
            "metadata",
            "2023-09-20T23:10:00+03:00",
        ),
        (
            """<script type="application/ld+json">
            {"@type": "NewsArticle", "datePublished": "2023-09-19"}</script>""",
            "2023-09-19",
            "metadata",
            "2023-09-19",
        ),
        ('<link rel="canonical" href="https://e.org/2023/09/18/x">', "2023-09-18", "url", ""),
        (
            "</head><body><article><p>نشر في:  17 أيلول\n2023</p>",
            "2023-09-17",
            "dateline",
            "نشر في: 17 أيلول 2023",
        ),
        ("", None, "", ""),
    ],
)
def test_the_day_of_a_page_is_stated_or_the_page_is_undated(
    tmp_path: Path, meta: str, published: str | None, evidence: str, printed: str
) -> None:
    path = tmp_path / "page.html"
    text = PAGE.replace("META", meta).replace("٢١ أيلول/سبتمبر ٢٠٢٣", "")
    path.write_text(text, encoding="utf-8")

    (article,) = articles(path)

    assert (article.published_iso(), article.evidence) == (published, evidence)
    assert article.printed_date == printed


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1256"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_table_is_read_by_its_header(tmp_path: Path, encoding: str, sign: str) -> None:
    path = tmp_path / "news.csv"
    row = ["هدنة", '"نص، فيه\nسطران"', "21/09/2023", "تاس"]
    path.write_text(
        f"{sign.join(['العنوان', 'النص', 'تاريخ النشر', 'المصدر'])}\r\n{sign.join(row)}\r\n",
        encoding=encoding,
        newline="",
    )

    (article,) = articles(path)

    assert (article.title, article.text) == ("هدنة", "نص، فيه\nسطران")
    assert (article.published_iso(), article.source) == ("2023-09-21", "تاس")


def test_a_mapping_decides_which_column_is_which_field(tmp_path: Path) -> None:
    path = tmp_path / "news.tsv"
    path.write_text("t1\tt2\ttext\nعنوان\tنص\tغيره\n", encoding="utf-8")

    (article,) = articles(path, title="t1", text="t2")

    assert (article.title, article.text) == ("عنوان", "نص")


def test_a_bad_row_is_refused_with_its_header_and_the_next_is_read(tmp_path: Path) -> None:
    path = tmp_path / "news.csv"
    path.write_bytes(b"title,text\na,b,c\nx,\xff\n" + "قمة,نص\n".encode())

    cells, byte, article = read([path])

    assert isinstance(cells, Refusal)
    assert (cells.line, cells.raw) == (2, b"title,text\na,b,c\n")
    assert isinstance(byte, Refusal)
    assert "found byte 0xff" in byte.reason
    assert isinstance(article, Article)


def test_a_table_without_a_text_column_is_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "news.csv"
    path.write_text("a,b\n1,2\n")

    (refusal,) = read([path])

    assert isinstance(refusal, Refusal)
    assert "--map text=COLUMN" in refusal.reason


@pytest.mark.parametrize(
    "written",
    [
        [{"headline": "هدنة", "articleBody": BODY, "datePublished": "2023-09-21"}],
        {"headline": "هدنة", "articleBody": BODY, "datePublished": "2023-09-21T10:00:00Z"},
        {"data": {"items": [{"title": "هدنة", "body": BODY, "published_at": 1695297600}]}},
        {
            "title": {"rendered": "هدنة"},
            "content": {"rendered": f"<p>{BODY}</p>"},
            "date": "2023-09-21",
        },
    ],
)
def test_json_of_every_shape_is_read(tmp_path: Path, written: object) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps(written, indent=2), encoding="utf-8")

    (article,) = articles(path)

    assert (article.title, article.text) == ("هدنة", BODY)
    assert (article.published_iso(), article.evidence) == ("2023-09-21", "metadata")


def test_a_long_list_is_read_element_by_element(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    made = [{"id": f"a{n}", "text": "نص " * (n % 997)} for n in range(2_000)]
    path.write_text(json.dumps(made, ensure_ascii=False)[:-1], encoding="utf-8")

    records = list(read([path]))

    assert sum(isinstance(record, Article) for record in records) == 1_997
    refused = [record for record in records if isinstance(record, Refusal)]
    assert [refusal.line for refusal in refused] == [1, 998, 1995, 2001]
    assert "the end of the list" in refused[-1].reason or "expected an object" in refused[-1].reason


def test_a_feed_gives_its_entries(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(FEED, encoding="utf-8")

    first, second = articles(path)

    assert (first.title, first.text, first.publisher) == ("هدنة", PARAGRAPHS[0], "وكالة")
    assert (first.published_iso(), first.url) == ("2023-09-21", "https://example.org/1")
    assert second.published is None


@pytest.mark.parametrize(
    ("guid", "id_"),
    [
        ("https://example.org/?p=5", "https://example.org/?p=5"),
        ("tag:example.org,2023:5", "tag:example.org,2023:5"),
        ("0f8fad5b-d9cb-469f-a165-70867728950e", "0f8fad5b-d9cb-469f-a165-70867728950e"),
        ("example.org-5", "example.org-5"),
        ("post-5", "example.org:post-5"),
        ("5", "example.org:5"),
    ],
)
def test_the_guid_of_an_entry_is_its_id(tmp_path: Path, guid: str, id_: str) -> None:
    path, twice = tmp_path / "feed.xml", tmp_path / "twice.xml"
    path.write_text(FEED.replace("<link>", f"<guid>{guid}</guid><link>"), encoding="utf-8")
    twice.write_text(FEED.replace("<item>", f"<item><guid>{guid}</guid>"), encoding="utf-8")

    assert [article.id == id_ for article in articles(path)] == [True, False]
    # A feed that gives all of its entries one guid does not lose them.
    assert len({article.id for article in articles(twice)}) == 2


@pytest.mark.parametrize("date", ["soon", "NaN", "غير محدد", "0000-00-00 00:00:00", "2 hours ago"])
def test_an_entry_with_an_unreadable_date_is_undated(tmp_path: Path, date: str) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(FEED.replace("Thu, 21 Sep 2023 22:00:00 +0300", date), encoding="utf-8")

    undated, _ = articles(path)

    assert undated.published is None
    assert [remark.kind.partition("-")[0] for remark in undated.remarks] == ["date"]


def test_a_crawl_gives_its_pages(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc.gz"
    with path.open("wb") as file:
        for kind, body in (("text/html; charset=utf-8", PAGE), ("image/png", "x")):
            answer = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n{body}".encode()
            head = (
                "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
                "WARC-Date: 2023-09-22T00:00:00Z\r\nWARC-Target-URI: https://example.org/a\r\n"
                f"Content-Type: application/http; msgtype=response\r\n"
                f"Content-Length: {len(answer)}\r\n\r\n"
            )
            file.write(gzip.compress(head.encode() + answer + b"\r\n\r\n"))

    (article,) = articles(path)

    assert (article.title, article.url) == ("هدنة في الجنوب", "https://example.org/a")
    assert article.origin is not None
    assert article.origin.record == 1


CRAWL = (
    "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
    "WARC-Date: 2023-09-22T00:00:00Z\r\nWARC-Target-URI: https://example.org/a\r\n"
    f"Content-Type: text/html\r\nContent-Length: {len(PAGE.encode())}\r\n\r\n{PAGE}\r\n\r\n"
)
MESSAGE = f"From: a@example.org\r\nMessage-ID: <1@example.org>\r\nSubject: هدنة\r\n\r\n{BODY}\r\n"
SAVED = (
    "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/a\r\n"
    'Content-Type: multipart/related; boundary="b"\r\n\r\n'
    f"--b\r\nContent-Type: text/html\r\n\r\n{PAGE}\r\n--b--\r\n"
)
OBJECT = json.dumps({"title": "هدنة", "text": BODY}, ensure_ascii=False)
HAS_PARQUET = find_spec("pyarrow") is not None


def parquet() -> bytes:
    """Return a table of one row; without the extra, bytes that are recognised and no more."""
    if not HAS_PARQUET:
        return b"PAR1"
    import pyarrow as pa  # noqa: PLC0415  (an extra)
    from pyarrow.parquet import write_table  # noqa: PLC0415

    made = io.BytesIO()
    write_table(pa.table({"title": ["هدنة"], "text": [BODY]}), made)
    return made.getvalue()


# An example of each format, with one article or two.
TWEET = json.dumps(
    {"id_str": "1647190000000000000", "created_at": "2023-04-15", "full_text": PARAGRAPHS[0]}
)
TELEGRAM_PAGE = f"""<!DOCTYPE html><html><head><meta charset="utf-8"/><title>Exported Data</title>
</head><body><div class="page_wrap"><div class="page_header"><div class="content">
<div class="text bold">قناة</div></div></div><div class="page_body chat_page"><div class="history">
<div class="message default clearfix" id="message2"><div class="body">
<div class="pull_right date details" title="15.04.2023 10:00:00 UTC+02:00">10:00</div>
<div class="from_name">قناة</div><div class="text">{PARAGRAPHS[0]}</div></div></div>
</div></div></div></body></html>"""
EXAMPLES = {
    "layout": f"هدنة\n\n{BODY}".encode(),
    "html": PAGE.encode(),
    "feed": FEED.encode(),
    "json": json.dumps({"articles": [json.loads(OBJECT)]}, indent=1).encode(),
    "jsonl": f"{OBJECT}\n{OBJECT}\n".encode(),
    "csv": f'title,text\nهدنة,"{BODY}"\n'.encode(),
    "warc": CRAWL.encode(),
    "parquet": parquet(),
    "zip": packed("zip", OBJECT.encode()),
    "tar": packed("tar", OBJECT.encode()),
    "gzip": packed("tar:gz", OBJECT.encode()),
    "tweets": f'window.YTD.tweets.part0 = [{{"tweet": {TWEET}}}]'.encode(),
    "telegram": TELEGRAM_PAGE.encode(),
    "whatsapp": "".join(
        f"15/04/2023, 10:0{number} - أحمد: {text}\n" for number, text in enumerate(PARAGRAPHS * 2)
    ).encode(),
    "docx": docx(paragraph("هدنة") + "".join(map(paragraph, PARAGRAPHS))),
    "odt": odt("".join(f"<text:p>{text}</text:p>" for text in ["هدنة", *PARAGRAPHS])),
    "xlsx": xlsx({"a": sheet([["title", "text"], ["هدنة", BODY]])}),
    "ods": ods(open_table([["title", "text"], ["هدنة", BODY]])),
    "epub": epub({"a.xhtml": f"<h1>هدنة</h1><p>{'</p><p>'.join(PARAGRAPHS)}</p>"}),
    "rtf": rtf("\\par ".join(["هدنة", *PARAGRAPHS])),
    "zstd": packed("zst", packed("tar", OBJECT.encode())),
    "bzip2": packed("bz2", packed("tar", OBJECT.encode())),
    "mail": MESSAGE.encode(),
    "mbox": f"From a@example.org Sat Apr 15 10:00:00 2023\r\n{MESSAGE}".encode(),
    "mhtml": SAVED.encode(),
    "xml": f"<items><item><title>هدنة</title><text>{BODY}</text></item></items>".encode(),
    "xz": packed("xz", packed("tar", OBJECT.encode())),
    "pdf": (ROOT / "tests" / "samples" / "pdf" / "example.pdf").read_bytes(),
}


def readers_of(path: Path) -> set[str]:
    """Return the functions of a module that read records: `read_...(stream or bytes, source)`."""
    functions = [
        node
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("read_")
    ]
    return {
        node.name for node in functions if [arg.arg for arg in node.args.args][1:] == ["source"]
    }


@pytest.mark.parametrize(
    "path", sorted((ROOT / "corpus" / "readers").rglob("*.py")), ids=lambda path: path.stem
)
def test_every_reader_has_an_entry_in_the_table_of_formats(path: Path) -> None:
    in_table = {each.reader.read.__name__ for each in FORMATS.values()}

    missing = readers_of(path) - in_table

    assert not missing, f"give {missing} an entry in the table of corpus/formats.py"


def test_every_format_has_an_example() -> None:
    missing = FORMATS.keys() - EXAMPLES.keys()

    assert not missing, f"give {missing} an example in EXAMPLES of tests/test_formats.py"
    assert not EXAMPLES.keys() - FORMATS.keys()


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_format_is_recognised_and_read_under_each_of_its_suffixes(
    tmp_path: Path, name: str
) -> None:
    raw = EXAMPLES[name]
    for suffix in FORMATS[name].suffixes:
        (tmp_path / f"a{suffix}").write_bytes(raw)

    records = list(read([tmp_path]))

    found = sniff(raw[:HEAD_BYTES], "a")
    assert found is not None
    assert found.name == name
    assert len(records) >= len(FORMATS[name].suffixes)
    if name == "parquet" and not HAS_PARQUET:
        (refusal,) = records
        assert isinstance(refusal, Refusal)
        assert "pip install 'marsad[parquet]'" in refusal.reason
        return
    for record in records:
        assert isinstance(record, Article), record
        assert any(paragraph in record.text for paragraph in PARAGRAPHS)


@pytest.mark.parametrize("name", EXAMPLES)
def test_only_content_that_is_recognised_reliably_is_read_under_a_foreign_suffix(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "a.download").write_bytes(EXAMPLES[name])

    skipped = [record for record in read([tmp_path]) if isinstance(record, Skipped)]

    assert bool(skipped) != FORMATS[name].any_suffix


def test_no_two_formats_share_a_suffix_or_a_name() -> None:
    suffixes = Counter(suffix for each in FORMATS.values() for suffix in each.suffixes)

    assert max(suffixes.values()) == 1
    assert all(name == each.name for name, each in FORMATS.items())
    assert all(by_name(f"a{suffix}") for suffix in suffixes)


def test_a_format_that_no_file_can_be_recognised_by_is_an_error() -> None:
    reader = FORMATS["layout"].reader

    with pytest.raises(ValueError, match="expected either magic or looks_like"):
        Format("mail", reader, (".eml",))
    with pytest.raises(ValueError, match="expected either magic or looks_like"):
        Format("mail", reader, (".eml",), magic=(b"From ",), looks_like=lambda *_: True)


def test_a_format_without_a_reader_is_a_type_error() -> None:
    required = [each.name for each in fields(Format) if each.default is MISSING]

    assert required == ["name", "reader", "suffixes"]


ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1256")
HEAD = ["Ru En", "هدنة في الجنوب", "٢١ أيلول ٢٠٢٣"]
FOOT = ["مرصد الأخبار", "الصورة: أرشيف", "المصدر: تاس"]


@pytest.mark.parametrize(
    ("head", "foot"),
    [
        (HEAD, FOOT),
        ([HEAD[1], HEAD[0], HEAD[2]], FOOT[::-1]),
        ([HEAD[2], HEAD[1]], [FOOT[0], FOOT[2], FOOT[1]]),
        ([*HEAD, *HEAD], FOOT),
        ([HEAD[1], HEAD[1], HEAD[2], HEAD[2]], [*FOOT, FOOT[2], FOOT[2]]),
        ([HEAD[1]], [*FOOT, HEAD[2]]),
        ([*HEAD, FOOT[1], FOOT[2]], []),
    ],
)
def test_the_layout_is_read_in_any_order_and_with_doubled_lines(
    head: list[str], foot: list[str]
) -> None:
    article = parse_layout("\n\n".join([*head, *PARAGRAPHS, *foot]))

    assert (article.title, article.text) == (HEAD[1], BODY)
    assert (article.published_iso(), article.evidence) == ("2023-09-21", "dateline")
    assert article.printed_date in HEAD
    assert (article.photo_credit, article.source) == ("أرشيف", "تاس")
    assert article.publisher == (FOOT[0] if foot else "")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_old_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "old.txt"
    path.write_bytes("\r\n".join(["هدنة في الجنوب", "21 أيلول 2023", *PARAGRAPHS]).encode(encoding))

    (article,) = articles(path)

    assert (article.title, article.text) == ("هدنة في الجنوب", BODY)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_lines_of_json_in_old_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "old.jsonl"
    rows = [{"id": str(number), "title": "هدنة", "text": BODY} for number in range(200)]
    lines = "\r\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_bytes(lines.encode(encoding))

    assert {article.text for article in articles(path)} == {BODY}
    assert [article.id for article in articles(path)] == [row["id"] for row in rows]


@pytest.mark.parametrize("name", ["feed.xml", "page.html"])
def test_short_markup_in_the_encoding_it_names_is_read(tmp_path: Path, name: str) -> None:
    feed = (
        '<?xml version="1.0" encoding="windows-1256"?><rss version="2.0"><channel><title>x</title>'
        f"<item><title>هدنة</title><description>{BODY}</description></item></channel></rss>"
    )
    page = f'<meta charset="windows-1256"><h1>هدنة</h1><article><p>{BODY}</p></article>'
    (tmp_path / name).write_bytes((feed if name == "feed.xml" else page).encode("cp1256"))

    (article,) = articles(tmp_path / name)

    assert article.title == "هدنة"
    assert PARAGRAPHS[0] in article.text


def test_text_in_an_unknown_encoding_is_refused() -> None:
    for raw in (b"\xff\x00\xff\x01" * 9, "мир и война".encode("koi8-r"), b"\xe9\xff\xfe noir"):
        with pytest.raises(RecordError, match="expected UTF"):
            decode(raw)


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        ('{"text": "a"}\n{"text": "b"}\n', "a.txt", "jsonl"),
        ('[{"text": "a"}]', "a.txt", "json"),
        ('{"text":\n "a"}', "a.json", "json"),
        ("[تحديث] هدنة في الجنوب", "a.txt", "layout"),
        ("<rss version='2.0'>", "a.html", "feed"),
        ("<p>نص</p>", "a.txt", "html"),
        ("نص", "a.html", "layout"),
        ("title,text\na,b", "a", "csv"),
        ("عنوان، نص\nسطر", "a.txt", "layout"),
        ("WARC/1.0\r\n", "a.txt", "warc"),
        ("\x00\x01\x02\x03", "a.txt", None),
        ("", "a.txt", None),
    ],
)
def test_the_content_decides_before_the_suffix(head: str, name: str, expected: str | None) -> None:
    found = sniff(head.encode(), name)

    assert (found.name if found else None) == expected


def test_names_of_columns_are_known_in_two_languages() -> None:
    found = match_columns(["Headline", "Pub_Date", "المتن", "views", "URL"])

    assert found == {"title": "Headline", "text": "المتن", "date": "Pub_Date", "url": "URL"}
    assert parse_mapping("title=a, text=b") == {"title": "a", "text": "b"}
    with pytest.raises(ValueError, match="colour=x"):
        parse_mapping("colour=x")


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("2023/9/5", "2023-09-05"),
        ("20230921", "2023-09-21"),
        ("21 Sep 2023 10:00:00 GMT", "2023-09-21"),
        ("1695286800000", "2023-09-21"),
        ("2023-13-01", None),
        ("99999", None),
        ("0000-00-00", None),
    ],
)
def test_days_of_records_are_read_or_refused(given: str, value: str | None) -> None:
    assert read_published(given) == value


def test_a_day_is_read_from_an_address_or_a_file_name() -> None:
    assert published_in_url("https://e.org/news/20230921/x") == "2023-09-21"
    assert published_in_url("https://e.org/2023/09/x") == "2023-09"
    assert published_in_url("https://e.org/post/202309") is None
    assert published_in_name("dump.zip!2023_09_21 هدنة.html") == "2023-09-21"
    assert published_in_name("karabakh-2020-11-copy1.txt") is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("رئیس جمهور ایران گفت که این کشور برای صلح در منطقه تلاش می کند", "fa"),
        ("وزیراعظم نے کہا ہے کہ پاکستان میں امن کے لیے کوششیں جاری رہیں گی", "ur"),
        ("أعلن رئيس الوزراء من پاريس أن القوات انسحبت من المدينة كلها اليوم", "ar"),
        ("قره باغ", "ar"),
        ("Президент підписав указ про її повноваження", "uk"),
        ("Президент подписал указ об объявлении", "ru"),
        ("The two sides said on Thursday that they agreed to a truce in the south.", "en"),
        ("A column of tanks has left the town, according to its mayor.", "en"),
        ("Iran has denied supplying drones to Russia for use in Ukraine.", "en"),
        ("Ukraine shot down 18 of 24 drones launched overnight, the air force said.", "en"),
        ("Armenia's prime minister said on Thursday he was ready for talks in Brussels.", "en"),
        ("El Fasher falls after a long siege, El Pais and Le Monde say", "en"),
        ("Von der Leyen urges EU to act on Lebanon", "en"),
        ("Israeli strike kills three in Gaza", "en"),
        ("Turkey's Erdoğan meets Syrian leader in Ankara", "en"),
        ("It est le gouvernement has been", "und"),
        ("Israel angreb Gaza i nat, og mindst 12 er dræbt for at stoppe", "und"),
        ("Der Minister war in Berlin, um an den Gesprächen teilzunehmen", "und"),
        ("O exército do Sudão retomou o aeroporto, as autoridades no local dizem", "und"),
        ("Les deux parties ont annoncé jeudi une trêve dans le sud du pays.", "und"),
        ("Beide Seiten haben sich am Donnerstag auf eine Waffenruhe im Süden geeinigt.", "und"),
        ("Partijen zijn het eens over een bestand in het zuiden of het oosten.", "und"),
        ("Las dos partes anunciaron el jueves una tregua en el sur del país.", "und"),
        ("Taraflar perşembe günü güneyde ateşkes üzerinde anlaştı.", "und"),
        ("NATO Reykjavik", "und"),
    ],
)
def test_languages_of_one_script_are_told_apart(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_standard_input_is_a_source(tmp_path: Path, marsad: Marsad) -> None:
    done = marsad("index", "-", "--index", tmp_path / "i", stdin='{"id": "a", "text": "هدنة"}\n')

    assert "read 1, added 1" in done.stdout


def test_a_dry_run_says_what_would_be_read(tmp_path: Path, marsad: Marsad) -> None:
    (tmp_path / "in").mkdir()
    for n in range(12):
        (tmp_path / "in" / f"{n:02}.txt").write_text(f"عنوان {n}\n\n{BODY}", encoding="utf-8")
    (tmp_path / "in" / "bad.json").write_text("{")

    done = marsad("index", tmp_path / "in", "--index", tmp_path / "i", "--dry-run")

    assert done.returncode == 1
    assert "would read 12 articles" in done.stdout
    assert done.stdout.count("no date found") == 10
    assert "bad.json:0: found no JSON" in done.stdout
    assert not (tmp_path / "i").exists()


def test_the_command_maps_columns(tmp_path: Path, marsad: Marsad) -> None:
    path = tmp_path / "a.csv"
    path.write_text("k1,k2\nعنوان,نص\n", encoding="utf-8")

    done = marsad("extract", path, "--map", "title=k1,text=k2", "--json")

    (shown,) = map(json.loads, done.stdout.splitlines())
    assert (shown["title"], shown["text"], shown["origin"]["record"]) == ("عنوان", "نص", 2)
    assert marsad("extract", path, "--map", "colour=k1").returncode == 2


def test_an_office_document_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "a.pptx").write_bytes(packed("zip", b'{"text": "a"}'))

    reason = "found a PowerPoint presentation, which is not read; save it as .pdf or .txt"
    assert list(read([tmp_path])) == [Skipped(str(tmp_path / "a.pptx"), "not-read", reason)]


def test_an_entry_that_is_still_bad_stays_in_the_quarantine(tmp_path: Path, marsad: Marsad) -> None:
    path, kept = tmp_path / "feed.xml", tmp_path / "i.quarantine.jsonl"
    bad = FEED.replace(f"<title>قمة</title><description>{PARAGRAPHS[1]}", "<description>")
    path.write_text(bad, encoding="utf-8")
    assert marsad("index", path, "--index", tmp_path / "i").returncode == 1

    still = marsad("retry", kept, "--index", tmp_path / "i")
    kept.write_text(kept.read_text(encoding="utf-8").replace(r"\"text\": \"", r"\"text\": \"نص"))
    mended = marsad("retry", kept, "--index", tmp_path / "i")

    assert "mended 0" in still.stdout
    assert "still refused 1" in still.stdout
    assert "mended 1, articles added 1" in mended.stdout


def test_a_feed_that_is_cut_keeps_its_whole_entries(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(FEED[: FEED.rindex("</description>")], encoding="utf-8")

    first, second = read([path])

    assert isinstance(first, Article)
    assert isinstance(second, Refusal)
    assert "cut short" in second.reason


@pytest.mark.parametrize(
    "date", ["21 Sep 2023 10:00:00 +99999999999999999999", "1e999", "9999999999999", "9999-01-01"]
)
def test_no_date_of_a_record_ends_the_run(date: str) -> None:
    assert read_published(date) in {None, "2023-09-21"}


def test_hijri_days_in_iso_form_are_read_and_placeholder_days_are_ignored() -> None:
    assert read_published("1445-03-06") == "2023-09-21"
    line = b'{"text": "a", "date": "0001-01-01T00:00:00"}'
    assert parse_json_line(line).published is None


def test_a_page_that_names_an_unknown_encoding_is_read() -> None:
    raw = PAGE.replace("utf-8", "undefined").encode()

    assert parse_page(raw).title == "هدنة في الجنوب"
    assert parse_page(raw.replace(b"undefined", b"iso-8859-1")).title == "هدنة في الجنوب"


def test_linked_data_in_a_graph_is_read() -> None:
    news = '{"@type": "NewsArticle", "datePublished": "2023-09-19"}'
    graph = f'{{"@graph": [{{"@type": "WebSite"}}, {news}]}}'
    page = PAGE.replace("META", f'<script type="application/ld+json">{graph}</script>')

    assert parse_page(page.encode()).published_iso() == "2023-09-19"


def test_a_date_in_the_header_of_a_site_is_not_the_date_of_the_article() -> None:
    undated = PAGE.replace("٢١ أيلول/سبتمبر ٢٠٢٣", "")
    header = undated.replace("<nav>", "<header><span>24 نوفمبر 2026</span></header><nav>")

    assert parse_page(header.encode()).published is None


@pytest.mark.parametrize(
    "extra",
    [
        {"author": 5},
        {"authors": [{"name": "أ"}, {"name": "ب"}]},
        {"source": {"id": 1}},
        {"tags": [1]},
    ],
)
def test_a_bad_field_other_than_the_text_does_not_refuse_a_record(extra: dict[str, object]) -> None:
    article = parse_json_line(json.dumps({"text": "<p>نص</p><p>آخر</p>", **extra}).encode())

    assert article.text == "نص\n\nآخر"
    assert article.author in {"", "أ، ب"}


def test_a_list_in_an_old_encoding_is_read_and_only_a_broken_element_is_refused(
    tmp_path: Path,
) -> None:
    old, broken = tmp_path / "old.json", tmp_path / "broken.json"
    old.write_bytes(json.dumps([{"text": BODY}], ensure_ascii=False).encode("cp1256"))
    broken.write_text('[{"text": "a"}, {"text": bad}, {"text": "c"}, {"text": "d"}]')

    (article,) = articles(old)
    records = list(read([broken]))

    assert article.text == BODY
    found = [r.text if isinstance(r, Article) else getattr(r, "line", 0) for r in records]
    assert found == ["a", 2, "c", "d"]


def test_a_quote_that_is_not_closed_loses_only_its_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('title,text\na,b\nc,"d\ne,f\ng,"h\ni"\n')

    records = list(read([path]))

    found = [r.text if isinstance(r, Article) else getattr(r, "line", 0) for r in records]
    assert found == ["b", 3, "f", "h\ni"]


def test_a_sparse_member_of_an_archive_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(100_000_000)
        file.seek(0, 2)
        file.write(b"x")
    subprocess.run(
        ["/bin/tar", "--sparse", "-C", tmp_path, "-cf", tmp_path / "s.tar", "a.txt"], check=True
    )

    (refusal,) = read([tmp_path / "s.tar"])

    assert isinstance(refusal, Refusal)
    assert "sparse member" in refusal.reason


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
@pytest.mark.parametrize("packed", [False, True])
def test_utf_16_that_ends_in_half_a_character_loses_no_other(
    tmp_path: Path, encoding: str, packed: bool
) -> None:
    lines = "".join(f'{{"id": "a{n}", "text": "هدنة في الجنوب"}}\n' for n in range(300))
    raw = lines.encode(encoding)[:-1]
    path = tmp_path / ("a.jsonl.gz" if packed else "a.jsonl")
    path.write_bytes(gzip.compress(raw) if packed else raw)

    *articles, last = read([path])

    assert [each.id for each in articles if isinstance(each, Article)] == [
        f"a{n}" for n in range(299)
    ]
    assert isinstance(last, Refusal)
    assert (last.line, last.format) == (300, "jsonl")
    assert "found no JSON" in last.reason
    assert '"id": "a299"' in last.raw.decode()


@pytest.mark.parametrize("given", [".", ".."])
def test_an_id_that_cannot_be_part_of_an_address_is_not_taken(given: str) -> None:
    article = parse_json_line(json.dumps({"text": "a", "id": given}).encode())

    assert article.id == parse_json_line(b'{"text": "a"}').id
    assert [remark.kind for remark in article.remarks] == ["id-unusable"]


def test_an_article_that_cannot_be_analysed_is_refused_and_the_run_goes_on(
    tmp_path: Path, wanted: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text('{"id": "a", "text": "x"}\n{"id": "b", "text": "y"}\n')
    make = Documents.make

    def failing(self: Documents, article: Article) -> Document:
        if article.id == "a":
            raise ZeroDivisionError
        return make(self, article)

    monkeypatch.setattr(Documents, "make", failing)
    engine = open_engine(str(tmp_path / "i"), wanted.analyzer, create=True)
    with Quarantine(tmp_path / "q.jsonl") as kept:
        report = index_records(read([source]), engine, wanted.documents, kept, lambda _: None)

    assert (report.added, report.refused) == (1, 1)
    assert (engine.get("a"), engine.get("b") is not None) == (None, True)
    engine.close()


@pytest.mark.parametrize(
    ("foot", "published"),
    [
        ("<div>24 نوفمبر 2026</div>", None),
        ("<p>24 نوفمبر 2026</p>", None),
        ("<p>نشر في 21 سبتمبر 2023</p>", "2023-09-21"),
        ("<p>المصدر: تاس</p><p>21 سبتمبر 2023</p>", "2023-09-21"),
    ],
)
def test_a_date_without_a_label_below_the_text_is_not_the_date_of_the_page(
    foot: str, published: str | None
) -> None:
    body = "".join(f"<p>{' '.join(some)}</p>" for some in (PARAGRAPHS, PARAGRAPHS[::-1]))
    page = f"<html><body><h1>هدنة</h1><div>{body}{foot}</div></body></html>"
    above = page.replace("<p>", "<p>21 سبتمبر 2023</p><p>", 1)

    assert parse_page(page.encode()).published_iso() == published
    assert parse_page(above.encode()).published_iso() == "2023-09-21"


@pytest.mark.parametrize(
    "body",
    [
        "<p><a href='/x'>{0}</a></p><p><em>{1}</em></p>",
        "<section>{0}<br>{1}</section>",
        "<article>{0}<br>{1}</article>",
        "<blockquote><b>{0}</b></blockquote><div><a>x</a>{1}</div>",
    ],
)
def test_a_date_above_any_long_text_is_the_day_of_the_page(body: str) -> None:
    lead, *rest = (f"<p>{' '.join(PARAGRAPHS)}</p>", " ".join(PARAGRAPHS[::-1]), PARAGRAPHS[0] * 3)
    text, day = body.format(*rest), "<div><span>21 سبتمبر 2023</span></div>"
    page = "<html><body><h1>هدنة</h1><div>{}</div></body></html>"

    assert parse_page(page.format(lead + day + text).encode()).published_iso() == "2023-09-21"
    assert parse_page(page.format(lead + text + day).encode()).published_iso() is None

"""Saved pages: MHTML of browsers, and the crawls of WARC and WACZ files, each page once."""

import gzip
import io
import quopri
import zipfile
from pathlib import Path

import pytest

from marsad.corpus.article import Article
from marsad.corpus.read import read
from marsad.corpus.source import Record, Refusal, Skipped
from tests.conftest import ROOT

SAMPLES = ROOT / "tests" / "samples" / "web"
FIRST = "أعلن الجانبان اليوم الخميس اتفاقاً على وقف إطلاق النار في المنطقة بعد أيام من القتال."
SECOND = "وقال المتحدث إن المفاوضات ستتواصل في الأسبوع المقبل برعاية الأمم المتحدة."
TITLE = "هدنة في الجنوب"
URL = "https://example.org/a"


def page(first: str = FIRST) -> str:
    return (
        f"<!DOCTYPE html><html><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1>"
        f"<p>{first}</p><p>{SECOND}</p></article></body></html>"
    )


BLINK = (
    f"From: <Saved by Blink>\r\nSnapshot-Content-Location: {URL}\r\n"
    "Subject: x\r\nDate: Sat, 28 Nov 2026 11:55:00 GMT\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="----b----"\r\n\r\n'
)
EXPLORER = (
    'From: "Saved by Internet Explorer 11"\r\nSubject: x\r\nDate: Sat, 28 Nov 2026 11:55:00 GMT\r\n'
    'MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype="text/html";\r\n'
    '\tboundary="----b----"\r\n\r\nThis is a multi-part message in MIME format.\r\n\r\n'
)
WORD = (
    'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="----b----"\r\n\r\n'
    "This document is a Single File Web Page.\r\n\r\n"
)
FRAME = (
    "\r\n------b----\r\nContent-Type: text/html\r\nContent-Location: https://ads.example/\r\n\r\n"
    "<p>إعلان</p>\r\n------b----\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n------b------\r\n"
)


def part(encoding: str, charset: str) -> bytes:
    named = f"; charset={charset}" if charset else ""
    top = (
        f"------b----\r\nContent-Type: text/html{named}\r\n"
        f"Content-Transfer-Encoding: quoted-printable\r\nContent-Location: {URL}\r\n\r\n"
    )
    return top.encode() + quopri.encodestring(page().replace("ً", "").encode(encoding))


@pytest.mark.parametrize("top", [BLINK, EXPLORER, WORD])
@pytest.mark.parametrize(
    ("encoding", "charset"),
    [("utf-8", "utf-8"), ("utf-8", ""), ("cp1256", "windows-1256"), ("cp1256", "")],
)
@pytest.mark.parametrize("name", ["a.mhtml", "a.mht", "a.txt", "a"])
def test_a_saved_page_is_read_as_a_page(
    tmp_path: Path, top: str, encoding: str, charset: str, name: str
) -> None:
    raw = top.encode() + part(encoding, charset) + FRAME.encode("latin-1", "replace")
    (tmp_path / name).write_bytes(raw)

    (article,) = read([tmp_path])

    assert isinstance(article, Article)
    assert (article.title, article.url) == (TITLE, URL)
    assert article.text == f"{FIRST}\n\n{SECOND}".replace("ً", "")
    assert article.published is None


def test_a_page_that_chromium_saved_is_read() -> None:
    (article,) = read([SAMPLES / "page.mhtml"])

    assert isinstance(article, Article)
    assert (article.title, article.publisher) == (TITLE, "موقع الأخبار")
    assert article.text == f"{FIRST}\n\nحول المفاوضات\n\n{SECOND}"
    assert (article.published_iso(), article.url) == (
        "2023-04-15",
        "http://127.0.0.1:8765/index.html",
    )


def test_a_saved_page_without_html_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.mhtml"
    path.write_bytes(BLINK.encode() + b"------b----\r\nContent-Type: image/png\r\n\r\nx")

    (refusal,) = read([path])

    assert isinstance(refusal, Refusal)
    assert "without HTML" in refusal.reason


@pytest.mark.parametrize("name", ["crawl.warc.gz", "crawl.wacz"])
def test_a_crawl_of_wget_gives_each_page_once(name: str) -> None:
    found = list(read([SAMPLES / name]))

    assert not any(isinstance(each, Refusal) for each in found)
    articles = [each for each in found if isinstance(each, Article)]
    assert [each.title for each in articles] == [TITLE, "قمة في الشمال"]
    assert [each.published_iso() for each in articles] == ["2023-04-15", "2023-04-16"]


def crawl(*captures: tuple[str, str]) -> bytes:
    made = []
    for url, body in captures:
        raw = body.encode()
        head = (
            "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
            f"WARC-Date: 2023-09-22T00:00:00Z\r\nWARC-Target-URI: {url}\r\n"
            f"Content-Type: text/html\r\nContent-Length: {len(raw)}\r\n\r\n"
        )
        made.append(gzip.compress(head.encode() + raw + b"\r\n\r\n"))
    return b"".join(made)


def wacz(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, raw in members.items():
            archive.writestr(name, raw)
        archive.writestr("datapackage.json", '{"resources": [], "text": "x"}')
        archive.writestr("pages/pages.jsonl", '{"url": "x", "text": "النص", "title": "x"}\n')
        archive.writestr("indexes/index.cdx", "example,org)/a 2023 {}\n")
        archive.writestr("fuzzy.json", "[]")
    return out.getvalue()


def kinds(records: list[Record]) -> list[str]:
    return [type(each).__name__ for each in records]


@pytest.mark.parametrize("name", ["a.wacz", "a.zip", "a"])
def test_of_a_wacz_only_the_crawls_are_read(tmp_path: Path, name: str) -> None:
    other = "https://example.org/b"
    members = {
        "archive/a.warc.gz": crawl((URL, page()), (URL, page()), (other, page())),
        "archive/b.warc.gz": crawl((URL, page()), (URL, page("نص جديد"))),
    }
    (tmp_path / name).write_bytes(wacz(**members))

    found = list(read([tmp_path]))

    assert kinds(found) == ["Article", "Skipped", "Article", "Skipped", "Article"]
    skipped = [each for each in found if isinstance(each, Skipped)]
    assert [(each.kind, each.line) for each in skipped] == [("record", 2), ("record", 1)]
    assert URL in skipped[0].reason


def test_a_zip_with_a_folder_of_crawls_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/a.warc.gz", crawl((URL, page())))
        archive.writestr("b.txt", f"{TITLE}\n\n{FIRST}")

    assert kinds(list(read([path]))) == ["Article", "Article"]

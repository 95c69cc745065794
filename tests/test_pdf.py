"""PDF: the words of a page come back in the order of reading, and a hostile file ends early."""

import io
import random
import time
import zlib
from pathlib import Path

import pypdf
import pytest

from marsad.corpus.article import Article
from marsad.corpus.read import read
from marsad.corpus.readers.pdf import reader
from marsad.corpus.readers.pdf.logical import Reader
from marsad.corpus.source import Refusal
from tests.conftest import ROOT
from tests.quality.pdf.makers import Story
from tests.quality.pdf.measure import score, words
from tests.quality.pdf.stories import ENGLISH, HARD, LONG

SAMPLES = ROOT / "tests" / "samples" / "pdf"
STORIES = {
    "chromium-long": LONG,
    "writer-hard": HARD,
    "writer-two-columns-long": LONG,
    "writer-english": ENGLISH,
    "reportlab-hard": HARD,
}


def one(path: Path) -> Article:
    (found,) = read([path])
    assert isinstance(found, Article), found
    return found


def refusal(path: Path) -> Refusal:
    (found,) = read([path])
    assert isinstance(found, Refusal), found
    return found


def made(*objects: bytes, root: int = 1) -> bytes:
    """Return a PDF of these objects, numbered from 1."""
    raw = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(raw))
        raw += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        raw
        + b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<</Size %d/Root %d 0 R>>\n"
        % (
            len(objects) + 1,
            table,
            len(objects) + 1,
            root,
        )
        + b"startxref\n%d\n%%%%EOF\n" % len(raw)
    )


def stream(data: bytes, more: bytes = b"") -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (more, len(data), data)


FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
IMAGE = stream(b"\x00", b"/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8")
CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"


def page(content: int) -> bytes:
    return (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents %d 0 R"
        b"/Resources<</Font<</F 5 0 R>>/XObject<</I 6 0 R>>>>>>" % content
    )


def text(*lines: str) -> bytes:
    shown = b" ".join(b"(%b)Tj 0 -14 Td" % line.encode() for line in lines)
    return stream(b"BT /F 12 Tf 50 700 Td " + shown + b" ET")


SCAN = stream(b"q 600 0 0 800 0 0 cm /I Do Q")


@pytest.mark.parametrize("name", STORIES)
def test_the_words_of_a_sample_come_back_in_order(name: str) -> None:
    path = SAMPLES / f"{name}.pdf"
    right, wanted, got, differences = score(STORIES[name], path)

    assert right >= 0.99 * wanted, differences
    assert right >= 0.99 * got, differences


@pytest.mark.parametrize("name", ["chromium-long", "writer-hard", "reportlab-hard"])
def test_title_and_paragraphs_are_those_of_the_story(name: str) -> None:
    story = STORIES[name]
    article = one(SAMPLES / f"{name}.pdf")
    paragraphs = article.text.split("\n\n")

    assert words(article.title) == words(story.title)
    assert [words(each) for each in paragraphs[: len(story.paragraphs)]] == [
        words(each) for each in story.paragraphs
    ]
    assert article.published is None
    assert article.language == "ar"


def test_pages_have_their_places_and_running_heads_are_left_out() -> None:
    article = one(SAMPLES / "chromium-long.pdf")

    assert [(place.kind, place.number) for place in article.places][:2] == [
        ("page", 1),
        ("page", 2),
    ]
    starts = [place.start for place in article.places]
    assert starts == sorted(starts)
    assert starts[0] == 0
    assert 0 < starts[1] < len(article.text)
    assert article.url == "http://news.example/story/17"
    assert "news.example" not in article.text
    assert "1/" not in article.text.splitlines()[0]


def test_the_rows_of_a_table_are_read_one_by_one() -> None:
    lines = one(SAMPLES / "writer-hard.pdf").text.split("\n\n")

    assert [line.split("\t") for line in lines[-4:]] == [list(row) for row in HARD.table]


@pytest.mark.parametrize(
    ("drawn", "read_back"),
    [
        ("24 لبق", "قبل 24"),
        ("%12.5 لبق", "قبل 12.5%"),
        ("21/09/2023 موي", "يوم 21/09/2023"),
        ("20-09-2023 موي", "يوم 2023-09-20"),
        ("٢٠٢٣/٩/٢١ موي", "يوم ٢٠٢٣/٩/٢١"),
        ("تارئاط F-16 نم", "من F-16 طائرات"),
        ("3M ةكرش", "شركة 3M"),
        ("2.5kg نزو", "وزن 2.5kg"),
        ("(Reuters) زرتيور", "رويترز (Reuters)"),
        ("«رانلا فقو» لاق", "قال «وقف النار»"),
        ("The New York Times ةفيحص", "صحيفة The New York Times"),
        ("https://e.org/a?b=1 رظنا", "انظر https://e.org/a?b=1"),
        ("4567 123 770 964+ فتاه", "هاتف +964 770 123 4567"),
        ("2023-09-21", "2023-09-21"),
    ],
)
def test_a_drawn_line_is_read_as_it_was_typed(drawn: str, read_back: str) -> None:
    assert Reader(rtl=True).line(list(drawn)) == read_back


def test_arabic_in_an_english_line_is_turned_by_itself() -> None:
    assert Reader(rtl=False).line(list("said رانلا فقو in 2023")) == "said وقف النار in 2023"


def test_a_stub_is_refused_named_and_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF")

    assert "damaged PDF" in refusal(tmp_path).reason
    assert "damaged PDF" in refusal(tmp_path / "paper.pdf").reason


def test_a_scan_is_refused_and_the_advice_is_to_run_ocr(tmp_path: Path) -> None:
    pages = b"<</Type/Pages/Count 2/Kids[3 0 R 7 0 R]>>"
    (tmp_path / "scan.pdf").write_bytes(
        made(CATALOG, pages, page(4), SCAN, FONT, IMAGE, page(8), SCAN)
    )

    reason = refusal(tmp_path / "scan.pdf").reason

    assert reason == ("found a scan: 2 pages of images without text, expected text; run OCR first")


def test_pages_that_are_scans_are_a_remark_beside_the_text_of_others(tmp_path: Path) -> None:
    pages = b"<</Type/Pages/Count 2/Kids[3 0 R 7 0 R]>>"
    (tmp_path / "mixed.pdf").write_bytes(
        made(
            *(CATALOG, pages, page(4), text("A truce", "The parties agreed on a truce.")),
            *(FONT, IMAGE, page(8), SCAN),
        )
    )

    article = one(tmp_path / "mixed.pdf")

    assert "The parties agreed on a truce." in article.text
    (remark,) = article.remarks
    assert remark.kind == "part-left-out"
    assert remark.detail.startswith("page 2: images without text")
    assert [place.number for place in article.places] == [1, 2]


def simple(*lines: str) -> bytes:
    pages = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
    return made(CATALOG, pages, page(4), text(*lines), FONT, IMAGE)


@pytest.mark.parametrize("junk", [b"", b"\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 900])
def test_what_is_before_the_mark_does_not_matter(tmp_path: Path, junk: bytes) -> None:
    (tmp_path / "a.pdf").write_bytes(junk + simple("A truce", "The parties agreed."))

    assert "The parties agreed." in one(tmp_path / "a.pdf").text


def test_a_page_of_the_web_under_the_name_of_a_pdf_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"<html><body>404 not found</body></html>")

    assert "found no PDF" in refusal(tmp_path / "a.pdf").reason


@pytest.mark.parametrize(("user", "is_read"), [("", True), ("secret", False)])
def test_an_encrypted_file_is_read_if_it_opens_without_a_password(
    tmp_path: Path, user: str, *, is_read: bool
) -> None:
    writer = pypdf.PdfWriter(io.BytesIO(simple("A truce", "The parties agreed.")))
    writer.encrypt(user, "owner", algorithm="AES-256")
    writer.write(tmp_path / "a.pdf")

    if is_read:
        assert "The parties agreed." in one(tmp_path / "a.pdf").text
    else:
        assert "found an encrypted PDF" in refusal(tmp_path / "a.pdf").reason


def test_a_date_line_is_the_date_and_the_day_of_making_is_not(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(io.BytesIO(simple("A truce", "21 September 2023", "They agreed.")))
    writer.add_metadata({"/CreationDate": "D:20200101000000Z", "/Title": "Microsoft Word - x.doc"})
    writer.write(tmp_path / "a.pdf")
    writer = pypdf.PdfWriter(io.BytesIO(simple("A truce", "They agreed.")))
    writer.add_metadata({"/CreationDate": "D:20200101000000Z", "/Title": "A truce in the south"})
    writer.write(tmp_path / "b.pdf")

    dated, undated = one(tmp_path / "a.pdf"), one(tmp_path / "b.pdf")

    assert dated.published_iso() == "2023-09-21"
    assert "Microsoft" not in dated.title
    assert undated.published is None
    assert undated.title == "A truce in the south"


def test_damage_anywhere_gives_an_article_or_a_refusal(tmp_path: Path) -> None:
    raw = (SAMPLES / "writer-english.pdf").read_bytes()
    chance = random.Random(7)
    broken = [raw[: len(raw) * part // 4] for part in (1, 3)]
    for _ in range(3):
        other = bytearray(raw)
        for _ in range(60):
            other[chance.randrange(20, len(raw))] = chance.randrange(256)
        broken.append(bytes(other))
    for number, each in enumerate(broken):
        (tmp_path / f"{number}.pdf").write_bytes(each)

    records = list(read([tmp_path]))

    assert len(records) == len(broken)
    assert all(isinstance(record, Article | Refusal) for record in records)


def loop_of_pages() -> bytes:
    pages = b"<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>"
    return made(CATALOG, pages)


def drawing_that_draws_itself() -> bytes:
    form = stream(b"/I Do", b"/Type/XObject/Subtype/Form/Resources<</XObject<</I 6 0 R>>>>")
    pages = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
    return made(CATALOG, pages, page(4), stream(b"/I Do"), FONT, form)


def drawings_that_double() -> bytes:
    pages = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
    forms = [
        stream(
            b"/I Do /I Do",
            b"/Type/XObject/Subtype/Form/Resources<</XObject<</I %d 0 R>>>>" % (number + 1),
        )
        for number in range(6, 46)
    ]
    return made(CATALOG, pages, page(4), stream(b"/I Do"), FONT, *forms, stream(b"", b"/Type/X"))


def bomb() -> bytes:
    # 1.5 GiB of zeros: one block again and again, with the checksum of them all.
    packer = zlib.compressobj(9)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    total = (1_500 << 20) % 65_521
    data = head + block * 1_500 + b"\x03\x00" + ((total << 16) | 1).to_bytes(4, "big")
    pages = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
    return made(CATALOG, pages, page(4), stream(data, b"/Filter/FlateDecode"), FONT, IMAGE)


def a_hundred_thousand_pages() -> bytes:
    pages = b"<</Type/Pages/Count 100000/Kids[%b]>>" % (b"3 0 R " * 100_000)
    return made(CATALOG, pages, page(4), text("x"), FONT, IMAGE)


@pytest.mark.parametrize(
    "hostile",
    [
        loop_of_pages,
        drawing_that_draws_itself,
        drawings_that_double,
        bomb,
        a_hundred_thousand_pages,
    ],
    ids=lambda each: each.__name__,
)
def test_a_hostile_file_ends_early(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hostile: type
) -> None:
    monkeypatch.setattr(reader, "PAGE_SECONDS", 4.0)
    monkeypatch.setattr(reader, "FILE_SECONDS", 8.0)
    (tmp_path / "a.pdf").write_bytes(hostile())
    begin = time.monotonic()

    (record,) = read([tmp_path])

    assert time.monotonic() - begin < 30
    # On a busy machine the time may be over after the first page, which has a title only.
    assert isinstance(record, Refusal), record


def test_without_the_package_the_advice_is_to_install_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "find_spec", lambda _: None)
    (tmp_path / "a.pdf").write_bytes(simple("A truce", "They agreed."))

    found = refusal(tmp_path)

    assert found.outside
    assert found.reason.endswith("install it with pip install 'marsad[documents]'")


def test_a_story_has_all_its_parts() -> None:
    story = Story("a", ("b",), (("c", "d"),))

    assert story.text == "a\n\nb\n\nc\td"

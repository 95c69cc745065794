"""Reading: every record comes back as an article or as a refusal that says why."""

import datetime as dt
import gzip
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.corpus.article import LONGEST_PRINTED, Article
from marsad.corpus.errors import RecordError, SourceMissingError
from marsad.corpus.quarantine import Quarantine
from marsad.corpus.read import read
from marsad.corpus.readers.jsonl import parse_json_line
from marsad.corpus.readers.layout import parse_layout
from marsad.corpus.source import Refusal, Skipped
from marsad.indexer.build.document import StoredArticle, dump_stored, load_stored
from marsad.indexer.extract.extract import Extracted

LAYOUT = "\n\n".join(  # noqa: FLY002  (a line of the layout each)
    [
        "Ru En",
        "قمة في ريكيافيك",
        "١٧ مايو/أيار ٢٠٢٣",
        "عُقدت القمة يوم أمس في ريكيافيك، وحضرها عدد من القادة.",
        "\u00a0",
        "\u00a0",
        "حول المفاوضات",
        "\u00a0",
        "اتفق الجانبان على مواصلة التفاوض بينهما.",
        "\u00a0",
        'مرصد الأخبار "قسم"',
        "الصورة: أرشيف",
        "المصدر: تاس",
    ]
)


def test_the_layout_gives_every_field() -> None:
    article = parse_layout(LAYOUT)

    assert article.title == "قمة في ريكيافيك"
    assert article.published == dt.date(2023, 5, 17)
    assert article.publisher == 'مرصد الأخبار "قسم"'
    assert (article.photo_credit, article.source) == ("أرشيف", "تاس")
    assert article.language == "ar"
    (section,) = article.sections
    assert article.text[section.start :].startswith("حول المفاوضات\n\nاتفق")
    assert article.text.startswith("عُقدت القمة")


@pytest.mark.parametrize("dropped", range(13))
def test_the_layout_reads_on_when_a_line_is_missing(dropped: int) -> None:
    lines = LAYOUT.split("\n\n")
    del lines[dropped]

    article = parse_layout("\n\n".join(lines))

    assert ("التفاوض" in article.text) == (dropped != 8)
    assert article.published == (None if dropped == 2 else dt.date(2023, 5, 17))


@pytest.mark.parametrize(
    "text", ["", "\u00a0\n\n \u200f", "Ru En", "عنوان فقط", "عنوان\n\n1 مايو 2020"]
)
def test_a_layout_without_a_body_is_refused(text: str) -> None:
    with pytest.raises(RecordError, match="expected a title and at least one paragraph"):
        parse_layout(text)


@given(st.text())
def test_any_text_is_a_layout_or_is_refused(text: str) -> None:
    try:
        article = parse_layout(text)
    except RecordError:
        return
    for section in article.sections:
        assert article.text[section.start :].startswith(section.heading)
        assert section.start < section.end <= len(article.text)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "found no JSON"),
        (b"[1]", "found a JSON list"),
        (b'{"text": ""}', "found no text"),
        (b'{"text": "\xff"}', "found byte 0xff at 10"),
        (b'{"text": [1]}', 'found a list under "text"'),
        (b'{"text": {"a": 1}}', 'found a dict under "text"'),
        (b'{"text": "\\ud800"}', "found no text"),
        (b'{"text": "\\udc80 a"}', "half a surrogate pair"),
        (b"[" * 100_000, "cannot be read"),
    ],
)
def test_a_bad_line_is_refused_with_what_was_found(line: bytes, reason: str) -> None:
    with pytest.raises(RecordError, match=reason):
        parse_json_line(line)


@pytest.mark.parametrize(
    ("date", "published"),
    [
        ("2023-09-21", "2023-09-21"),
        ("2023-09-21T10:00:00+03:00", "2023-09-21"),
        ("2023-09", "2023-09"),
        ("2023", "2023"),
        ("21/09/2023", "2023-09-21"),
        ("٢١ أيلول ٢٠٢٣", "2023-09-21"),
        ("", None),
    ],
)
def test_a_record_keeps_the_precision_of_its_date(date: str, published: str | None) -> None:
    line = json.dumps({"text": "نص", "date": date}).encode()

    article = parse_json_line(line)

    assert (article.published_iso(), article.printed_date) == (published, date)


def test_what_a_date_was_read_from_is_kept_on_one_line_and_within_bounds() -> None:
    given = "2023-09-21T10:00\n" + "س " * 200

    printed = parse_json_line(json.dumps({"text": "نص", "date": given}).encode()).printed_date

    assert printed.startswith("2023-09-21T10:00 س س")
    assert len(printed) <= LONGEST_PRINTED


def test_a_stored_article_comes_back_with_its_date_as_printed() -> None:
    for date in ("2023-09-21", "2023-09", "2023", "٢١ أيلول ٢٠٢٣", "1695286800", ""):
        article = parse_json_line(json.dumps({"text": "نص", "date": date}).encode())
        stored = StoredArticle(article, Extracted((), ()))

        assert load_stored(dump_stored(stored)) == stored
        older = json.dumps(
            {k: v for k, v in json.loads(dump_stored(stored)).items() if k != "printed"}
        )
        assert load_stored(older).article == replace(article, printed_date="")
        assert article.digest() != replace(article, printed_date="21/9/2023").digest()


def test_an_article_without_an_id_gets_the_same_one_each_time() -> None:
    first, again = (parse_json_line(b'{"text": "a"}') for _ in range(2))

    assert first.id == again.id
    assert parse_json_line(b'{"text": "b"}').id != first.id


def test_folders_and_archives_are_read_in_place(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.txt").write_text(LAYOUT, encoding="utf-8")
    (tmp_path / "notes.md").write_text("no article")
    with gzip.open(tmp_path / "b.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write('\ufeff{"id": "b1", "text": "x"}\n\n{"id": "b2"}\n')
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("in/c.txt", LAYOUT)
        archive.writestr("in/d.jsonl", '{"id": "d", "text": "x"}\n')

    records = list(read([tmp_path]))

    assert [r.id for r in records if isinstance(r, Article)][:1] == ["b1"]
    assert sum(isinstance(r, Article) for r in records) == 4
    (refusal,) = (r for r in records if isinstance(r, Refusal))
    assert (refusal.path, refusal.line) == (str(tmp_path / "b.jsonl.gz"), 3)
    (skipped,) = (r for r in records if isinstance(r, Skipped))
    assert (skipped.path, skipped.kind) == (str(tmp_path / "notes.md"), "not-read")
    assert "Markdown" in skipped.reason


def test_damaged_archives_are_refused_after_what_could_be_read(tmp_path: Path) -> None:
    lines = "".join(f'{{"id": "a{n}", "text": "{n * 7919}"}}\n' for n in range(20_000))
    packed = gzip.compress(lines.encode())
    (tmp_path / "cut.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    (tmp_path / "no.zip").write_bytes(b"PK no archive")

    records = list(read([tmp_path]))

    assert isinstance(records[0], Article)
    refused = [r for r in records if isinstance(r, Refusal)]
    assert [r.path for r in refused] == [str(tmp_path / "cut.jsonl.gz"), str(tmp_path / "no.zip")]


def test_a_source_that_does_not_exist_is_named_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(SourceMissingError, match="no such file or folder"):
        next(read([tmp_path, tmp_path / "none"]))


def test_the_quarantine_keeps_the_record_itself(tmp_path: Path) -> None:
    path = tmp_path / "q" / "refused.jsonl"
    with Quarantine(path) as kept:
        assert not path.exists()
        kept.add(Refusal("a.jsonl", 7, "why", "سطر".encode()))
        kept.add(Refusal("b.txt", 0, "why", b"\xff"))

    first, second = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    assert len(first.pop("key")) == 16
    assert first == {"path": "a.jsonl", "line": 7, "reason": "why", "format": "", "raw": "سطر"}
    assert second["raw_base64"] == "/w=="

"""Fields: what a column, a date, an id or a missing value looks like in exports of the field."""

import json
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from marsad.corpus.article import Article
from marsad.corpus.columns import choice_of, choose_columns, lookup, match_columns
from marsad.corpus.errors import MappingError, RecordError
from marsad.corpus.fields.date_forms import DateHint, hint_of
from marsad.corpus.fields.values import is_empty, is_empty_date
from marsad.corpus.published import read_date, read_published
from marsad.corpus.record import article_of

DAYS = """
2023-04-15 | 2023/4/15 | 2023.04.15 | 20230415 | 20230415T100000Z | 20230415100000 | 2023041510
20230415T10:00:00+0300 | 2023-04-15T10:00:00.000Z | 2023-04-15, 10:00 | 2023:04:15 10:00:00
Sat Apr 15 10:00:00 +0000 2023 | Sat Apr 15 10:00:00 2023 | Sat Apr 15 10:00:00 UTC 2023
Sat Apr 15 2023 10:00:00 GMT+0000 (Coordinated Universal Time) | Sat Apr 15 2023
15-Apr-23 | 15-APR-2023 | 15APR23 | 15/4/23 | 15.4.23 | 15.04.2023 | 4/15/2023 | 04/15/23
Apr 15, 2023 @ 10:00:00.000 | April 15, 2023 Saturday | April 15, 2023 Saturday 10:00 AM GMT
15 April 2023 | 15th of April 2023 | April 15th, 2023 | 2023 Apr 15
Saturday, 15 April 2023 10:00 AM | Sat, 15 Apr 2023 10:00:00 GMT
15/Apr/2023:10:00:00 +0000 | 15-APR-23 10.00.00 AM
1681549200 | 1681549200.0 | 1681549200000 | 1681549200000000 | 1681549200000000000 | 1.6815492E+12
/Date(1681549200000)/ | /Date(1681549200000+0300)/ | ISODate("2023-04-15T10:00:00Z")
datetime.datetime(2023, 4, 15, 10, 0) | Timestamp('2023-04-15 10:00:00') | 2023-W15-6 | 2023W156
15.04.2023 10:00:00 UTC+02:00 | 15/04/2023 10:00 ص | 15-04-2023 الساعة 10:00 ص | ۱۵/۰۴/۲۰۲۳
السبت 15 أبريل 2023 - 10:00 | السبت، 15 أبريل 2023 | 15 نيسان 2023 | 15 نيسان/أبريل 2023
15 أفريل 2023 | 15 أبريل 2023م | السبت 15-04-2023 | 15 نيسان (أبريل) 2023
أبريل 15، 2023 | 10:00 - 15 أبريل 2023
تاريخ النشر: 15/04/2023 | Published on 15 April 2023 at 10:00 | 24 رمضان 1444 | 24/09/1444 هـ
1444-09-24 | السبت 24 رمضان 1444 هـ الموافق 15 أبريل 2023 | 15 апреля 2023
"""
FORMS = [form.strip() for line in DAYS.strip().splitlines() for form in line.split("|")]


@pytest.mark.parametrize("form", FORMS)
def test_a_day_is_read_in_the_form_of_any_program(form: str) -> None:
    assert read_published(form) == "2023-04-15"
    assert read_published(f"\u200f{form}\u200f") == "2023-04-15"


@pytest.mark.parametrize(
    ("form", "value"),
    [
        ("04/2023", "2023-04"),
        ("2023/04", "2023-04"),
        ("April 2023", "2023-04"),
        ("Apr-23", "2023-04"),
        ("أبريل 2023", "2023-04"),
        # A spreadsheet has lost the rest of the digits.
        ("1.68E+12", "2023"),
        ("2023", "2023"),
        *((each, None) for each in ("soon", "45031", "2 hours ago", "15/13/2023", "15 April", "5")),
        *((each, None) for each in ("2023-02-30", "1e999", "9" * 400, "15-16 April 2023", "inf")),
    ],
)
def test_a_date_is_no_more_exact_than_what_is_printed(form: str, value: str | None) -> None:
    assert read_published(form) == value


@pytest.mark.parametrize(
    "tail", [" a", " 10:00", " +03", " at", " pm", " Sat", "(", "A", ":", "-1"]
)
def test_a_long_tail_behind_a_day_takes_no_time(tail: str) -> None:
    begun = time.process_time()
    for day in ("15/4/2023", "15 April 2023", "2023-04-15", "Sat Apr 15"):
        read_published(f"{day}{tail * 100}"[:119] + "!")

    assert time.process_time() - begun < 1


def test_the_local_day_counts() -> None:
    for form in (
        "2023-04-15T23:30:00-05:00",
        "Sat Apr 15 2023 23:30:00 GMT-0500 (EST)",
        "Sat, 15 Apr 2023 00:30:00 +0300",
        "/Date(1681510000000+0300)/",
    ):
        assert read_published(form) == "2023-04-15"


@given(st.text(max_size=60))
@example("1" * 61)
@example("0" * 5_000)
@example("A" * 119)
@example("1." * 59)
def test_no_date_refuses_a_record(date: str) -> None:
    article = article_of({"text": "نص", "date": date})

    assert article.text == "نص"
    kinds = {remark.kind for remark in article.remarks}
    assert kinds <= {"date-empty", "date-unreadable", "date-ambiguous"}
    if article.published is None and date.strip() and not is_empty_date(date):
        assert "date-unreadable" in kinds or not "".join(filter(str.isprintable, date)).strip()


@given(
    st.dictionaries(
        st.sampled_from(["id", "title", "date", "url", "source", "author", "lang", "site", "_id"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
            max_leaves=5,
        ),
    )
)
def test_no_field_beside_the_text_refuses_a_record(fields: dict[str, object]) -> None:
    article = article_of({"text": "نص", **fields})

    assert article.text == "نص"
    assert article.id.isprintable()
    assert " " not in article.id


@pytest.mark.parametrize(
    "word",
    [
        *("NaN", "nan", "NaT", "None", "NULL", "null", "\\N", "N/A", "n/a", "NA", "-", "--", "—"),
        *("?", "unknown", "undated", "غير محدد", "غير معروف", "بدون تاريخ", "لا يوجد", "#N/A"),
        *(
            "لا يوجد تاريخ",
            "#REF!",
            "<NA>",
            "(null)",
            "########",
            " NaN ",
            "غير مُحدَّد",
            "\u200fلا يوجد",
        ),
    ],
)
def test_a_word_for_a_missing_value_is_no_value(word: str) -> None:
    row = dict.fromkeys(["title", "date", "source", "author", "url", "id", "lang"], word)

    article = article_of({"text": "نص", **row})

    assert (article.title, article.source, article.author, article.url) == ("", "", "", "")
    assert (article.published, article.printed_date) == (None, "")
    assert article.id == article_of({"text": "نص"}).id
    assert [remark.kind for remark in article.remarks] == ["date-empty"]
    assert word.strip() in article.remarks[0].detail or not word.isascii()
    with pytest.raises(RecordError, match="found no text"):
        article_of({"text": word})


@pytest.mark.parametrize(
    "day",
    [
        *("0000-00-00", "0000-00-00 00:00:00", "00/00/0000", "0001-01-01", "0001-01-01T00:00:00Z"),
        *("1/1/0001 12:00:00 AM", "1970-01-01 00:00:00", "1970-01-01T00:00:00.000Z", "0", "0.0"),
        *("1/0/1900", "1899-12-30", "9999-12-31", "1970-01-01 00:00:00+00:00", "01/01/1970 00:00"),
    ],
)
def test_a_day_that_means_unknown_is_no_date(day: str) -> None:
    article = article_of({"text": "نص", "date": day, "url": "https://e.org/2023/04/15/x"})

    assert (article.published_iso(), article.evidence) == ("2023-04-15", "url")
    assert [remark.kind for remark in article.remarks] == ["date-empty"]
    assert article_of({"text": "نص", "date": "1970-01-01"}).published_iso() == "1970-01-01"


@pytest.mark.parametrize("date", ["soon", {"a": 1}, [1, 2], True, "2023-02-30", "منذ ساعتين"])
def test_an_unreadable_date_is_a_remark_and_keeps_what_was_printed(date: object) -> None:
    article = article_of({"text": "نص", "date": date})

    assert article.published is None
    assert article.printed_date == str(date)
    assert [remark.kind for remark in article.remarks] == ["date-unreadable"]
    assert str(date)[:10] in article.remarks[0].detail


def test_a_month_and_a_day_that_may_be_exchanged_are_a_remark() -> None:
    alone = article_of({"text": "نص", "date": "04/05/2023"})
    hinted = article_of({"text": "نص", "date": "04/05/2023"}, None, {"date": DateHint("month")})

    assert (alone.published_iso(), hinted.published_iso()) == ("2023-05-04", "2023-04-05")
    assert [remark.kind for remark in alone.remarks] == ["date-ambiguous"]
    assert hinted.remarks == ()
    assert read_date("05/05/2023") == ("2023-05-05", False)


@pytest.mark.parametrize(
    ("cells", "hint"),
    [
        (["04/05/2023", "4/15/2023"], DateHint("month")),
        (["04/05/2023", "15/4/2023"], DateHint("day")),
        (["4/15/2023", "15/4/2023"], DateHint()),
        (["Sat 04/15/23", "NaT", ""], DateHint("month")),
        (["45031", "45031.5", "NaN"], DateHint("", serial=True)),
        (["45031", "2023-04-11", "4/15/2023"], DateHint("month", serial=True)),
        (["45031", "1999-04-11"], DateHint()),
        (["45031", "soon"], DateHint()),
        (["99999", "12345"], DateHint()),
        ([], DateHint()),
    ],
)
def test_the_cells_of_a_column_show_its_form(cells: list[str], hint: DateHint) -> None:
    assert hint_of(cells) == hint


@pytest.mark.parametrize(
    ("fields", "id_"),
    [
        ({"id": 5}, "5"),
        ({"id": 5.0}, "5"),
        ({"id": "5.0"}, "5"),
        ({"_id": "64a1f0", "id": "5"}, "64a1f0"),
        ({"guid": "https://e.org/?p=5", "id": "5"}, "https://e.org/?p=5"),
        ({"id": "x-5", "guid": "https://e.org/?p=5"}, "x-5"),
        ({"_id": {"$oid": "64a1f0c2"}}, "64a1f0c2"),
        ({"id": "", "uuid": "0b9e-1"}, "0b9e-1"),
        ({"رقم": "A-7"}, "A-7"),
        ({"رقم الخبر": "7"}, "7"),
        ({"id": 1647190000000000001, "id_str": "1647190000000000001"}, "1647190000000000001"),
    ],
)
def test_the_id_is_the_one_that_is_unique(fields: dict[str, object], id_: str) -> None:
    assert article_of({"text": "نص", **fields}).id == id_


@pytest.mark.parametrize(
    "name", ["رقم", "row", "index", "#", "م", "الرقم", "Unnamed: 0", "ت", "no."]
)
def test_the_number_of_a_row_is_no_id(name: str) -> None:
    first, second = (article_of({name: "1", "text": text}) for text in ("نص", "غيره"))

    assert first.id == article_of({"text": "نص"}).id != second.id


@pytest.mark.parametrize(
    "given_id", ["a b", "x" * 600, ["a", "b"], {"a": 1}, "1.64719E+18", ".", True]
)
def test_an_id_that_cannot_be_used_is_a_remark(given_id: object) -> None:
    article, again = (article_of({"text": "نص", "id": given_id}) for _ in range(2))

    assert article.id == again.id
    assert len(article.id) == 16
    assert [remark.kind for remark in article.remarks] == ["id-unusable"]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (
            "Page Name|Facebook Id|Page Created|Post Created|URL|Message|Link Text|Description",
            {"text": "Message", "date": "Post Created", "url": "URL", "publisher": "Page Name"},
        ),
        (
            "authors|date_download|date_publish|description|maintext|source_domain|title|url",
            {"text": "maintext", "date": "date_publish", "source": "source_domain"},
        ),
        (
            "title|author|hostname|date|source|source-hostname|excerpt|text",
            {"text": "text", "date": "date", "publisher": "source-hostname"},
        ),
        (
            "stories_id|publish_date|title|url|language|media_name|text",
            {"id": "stories_id", "date": "publish_date", "source": "media_name"},
        ),
        ("url|title|seendate|domain|language", {"date": "seendate", "publisher": "domain"}),
        (
            "event_id_cnty|event_date|timestamp|notes|source|source_scale",
            {"id": "event_id_cnty", "date": "event_date", "text": "notes", "source": "source"},
        ),
        ("id|date|message|channel", {"text": "message", "publisher": "channel", "date": "date"}),
        ("created_at|id_str|full_text|lang|name|screen_name", {"text": "full_text"}),
        (
            "id|creation_time|post_owner.name|text",
            {"date": "creation_time", "publisher": "post_owner.name"},
        ),
        ("AN|HD|PD|SN|LP|TD|BY", {"id": "AN", "title": "HD", "date": "PD", "text": "TD"}),
        (
            "رقم|العنوان الرئيسي|نص الخبر|تاريخ الخبر|الجريدة|الرابط الإلكتروني|المحرر",
            {
                "title": "العنوان الرئيسي",
                "text": "نص الخبر",
                "date": "تاريخ الخبر",
                "source": "الجريدة",
                "url": "الرابط الإلكتروني",
                "author": "المحرر",
            },
        ),
        (
            "رقم الخبر|تاريخ النشر|الصحيفة|الموقع الإلكتروني|الملخص|المحتوى",
            {"id": "رقم الخبر", "text": "المحتوى", "source": "الصحيفة"},
        ),
    ],
)
def test_the_columns_of_known_exports_are_known(names: str, found: dict[str, str]) -> None:
    assert match_columns(names.split("|")).items() >= found.items()


def test_the_row_decides_which_column_is_the_text() -> None:
    short, long = "وصف قصير", "نص الخبر كله وهو أطول من الوصف بكثير"

    assert article_of({"description": long, "message": short}).text == short
    assert article_of({"text": f"{long[:20]}…", "full_text": long}).text == long
    empty = article_of({"message": "nan", "description": short, "date": "2023"})
    assert empty.text == short
    assert [remark.kind for remark in empty.remarks] == ["text-elsewhere"]
    assert article_of({"LP": short, "TD": long}).text == f"{short}\n\n{long}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (["أ", "ب"], "أ\n\nب"),
        ([{"text": "أ"}, {"text": "ب"}], "أ\n\nب"),
        (["قال ", {"type": "bold", "text": "الوزير"}, " اليوم"], "قال الوزير اليوم"),
        ([{"type": "plain", "text": "قال "}, {"type": "link", "text": "هو"}], "قال هو"),
        ({"rendered": "<p>أ</p><p>ب</p>"}, "أ\n\nب"),
        ("نص مقطوع \ud83d", "نص مقطوع "),
    ],
)
def test_the_text_may_come_in_parts(value: object, text: str) -> None:
    assert article_of({"text": value}).text == text


def test_an_address_in_a_wrong_column_goes_to_its_place() -> None:
    article = article_of(
        {"text": "نص", "source": "https://e.org/a/5", "hostname": "https://www.e.org/"}
    )

    assert (article.url, article.source, article.publisher) == ("https://e.org/a/5", "", "e.org")


def test_the_choice_of_columns_is_one_object_for_all_rows() -> None:
    first, second = (
        article_of({"Message": "نص", "Description": "و", "Post Updated": str(n)}) for n in (1, 2)
    )

    assert first.columns is second.columns
    assert first.columns is not None
    assert first.columns.taken == (("text", "Message"),)
    assert first.columns.passed == (("text", "Description"), ("date", "Post Updated"))
    assert choice_of(("views", "candidate"), ()).passed == ()


def test_a_person_maps_fields_to_paths_and_a_missing_one_is_a_remark() -> None:
    record = {"_source": {"doc": [{"txt": "نص"}]}, "when": "2023", "a.b": "عنوان"}

    article = article_of(record, {"text": "_source.doc.0.txt", "date": "when", "title": "a.b"})
    lacking = article_of({"text": "نص", "title": "ع"}, {"title": "Headline"})

    assert (article.text, article.title, article.published_iso()) == ("نص", "عنوان", "2023")
    assert lacking.title == ""
    assert [remark.kind for remark in lacking.remarks] == ["column-missing"]
    assert lookup({"a": [1]}, "a.5") is None
    with pytest.raises(MappingError):
        match_columns(["text"], {"date": "when"})
    with pytest.raises(RecordError, match='under "body2"'):
        article_of({"text": "نص"}, {"text": "body2"})


def test_two_columns_of_one_field_are_both_candidates() -> None:
    columns = choose_columns(("summary", "content", "text", "created_at", "date"))

    assert columns.of("text") == ("text", "content", "summary")
    assert (columns.first["date"], columns.second["date"]) == (("date",), ("created_at",))
    assert json.loads(json.dumps(match_columns(["body", "summary"]))) == {"text": "body"}


def test_ordinary_words_are_not_empty() -> None:
    for text in ("نعم", "0 ضحايا", "Nancy", "Nuland", "—نص", "لا يوجد خبز في غزة", "No"):
        assert not is_empty(text)
    assert isinstance(article_of({"text": "لا"}), Article)

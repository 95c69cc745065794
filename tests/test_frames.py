"""Tables as one JSON object, answers of services, and articles within objects."""

import json
from pathlib import Path
from typing import Any

import pytest

from marsad.corpus.article import Article
from marsad.corpus.read import read
from marsad.corpus.source import Record, Refusal, Skipped

TITLES = ["اشتباكات في مروي", "غارات على خان يونس", "وفد في صنعاء"]
TEXTS = [
    "سيطرت القوات على مطار مروي بعد اشتباكات.",
    "ارتفع عدد القتلى بعد غارات.",
    "وصل وفد أممي.",
]
DAYS = ["2023-04-15", "2023-04-16", "2023-04-17"]
ROWS = [
    {"title": title, "text": text, "date": day}
    for title, text, day in zip(TITLES, TEXTS, DAYS, strict=True)
]
NAMES = list(ROWS[0])
COLUMNS = {name: {str(at): row[name] for at, row in enumerate(ROWS)} for name in NAMES}
LISTS = [list(row.values()) for row in ROWS]
ARABIC = {"title": "العنوان", "text": "النص", "date": "التاريخ"}
TABLES: dict[str, Any] = {
    "columns": COLUMNS,
    "columns, Arabic": {ARABIC[name]: column for name, column in COLUMNS.items()},
    "columns, days as index": {
        name: {f"2023-01-0{at}": row[name] for at, row in enumerate(ROWS, 1)} for name in NAMES
    },
    "index": {str(at): row for at, row in enumerate(ROWS)},
    "keys of a database": {f"-Nx{at}": row for at, row in enumerate(ROWS)},
    "split": {"columns": NAMES, "index": [0, 1, 2], "data": LISTS},
    "rows": {"ok": True, "columns": NAMES, "rows": LISTS},
    "columns with types": {"meta": [{"name": name, "type": "s"} for name in NAMES], "data": LISTS},
    "values of a sheet": {"range": "A1:C4", "values": [NAMES, *LISTS]},
    "lists": {name: [row[name] for row in ROWS] for name in NAMES},
    "table": {"schema": {"fields": [{"name": "title"}]}, "data": ROWS},
}


def read_json(folder: Path, given: object, name: str = "a.json") -> list[Record]:
    path = folder / name
    path.write_text(json.dumps(given, ensure_ascii=False), encoding="utf-8")
    return list(read([path]))


def articles(found: list[Record]) -> list[Article]:
    assert all(isinstance(each, Article) for each in found), found
    return [each for each in found if isinstance(each, Article)]


@pytest.mark.parametrize("form", TABLES)
@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_a_table_that_is_one_object_gives_an_article_a_row(
    tmp_path: Path, form: str, name: str
) -> None:
    found = articles(read_json(tmp_path, TABLES[form], name))
    assert [each.title for each in found] == TITLES
    assert [each.text for each in found] == TEXTS
    assert [each.published_iso() for each in found] == DAYS


def test_a_table_of_one_row_and_a_table_of_many_megabytes(tmp_path: Path) -> None:
    one = {name: {"0": value} for name, value in ROWS[0].items()}
    assert [each.title for each in articles(read_json(tmp_path, one))] == TITLES[:1]
    many = {name: {str(at): ROWS[at % 3][name] for at in range(30_000)} for name in NAMES}
    assert len(articles(read_json(tmp_path, many))) == 30_000


@pytest.mark.parametrize(
    "given",
    [
        {"title": TITLES[:1], "text": TEXTS},
        {"text": TEXTS, "authors": ["علي", "محمد", "أحمد"]},
        {"text": TEXTS},
        {"title": TITLES[0], "text": TEXTS[0], "columns": ["a", "b"], "data": [[1, 2]]},
        {"title": TITLES[0], "text": TEXTS[0], "related": ROWS},
        {"article": {"title": TITLES[0], "text": TEXTS[0], "comments": [{"text": "تعليق"}]}},
    ],
)
def test_one_article_with_lists_is_one_article(tmp_path: Path, given: object) -> None:
    assert len(articles(read_json(tmp_path, given))) == 1


def test_languages_of_one_text_are_not_rows(tmp_path: Path) -> None:
    given = {"title": {"ar": "عنوان", "en": "title"}, "text": {"ar": "نص", "en": "text"}}
    (refusal,) = read_json(tmp_path, given)
    assert not isinstance(refusal, Article)


def test_an_article_within_an_object_has_the_facts_around_and_beside_it(tmp_path: Path) -> None:
    given = {
        "id": "x-1",
        "webUrl": "https://example.org/1",
        "meta": {"published": "2023-04-15"},
        "article": {"title": TITLES[0], "body": TEXTS[0]},
    }
    (found,) = articles(read_json(tmp_path, given))
    assert (found.id, found.url, found.published_iso()) == (
        "x-1",
        "https://example.org/1",
        "2023-04-15",
    )


def test_an_article_beside_a_list_of_articles_is_not_lost(tmp_path: Path) -> None:
    found = articles(read_json(tmp_path, {"article": ROWS[0], "related": ROWS[1:]}))
    assert [each.title for each in found] == TITLES


@pytest.mark.parametrize(
    "given",
    [
        [],
        {"status": "ok", "totalResults": 0, "articles": []},
        {"took": 1, "hits": {"total": {"value": 0}, "hits": []}},
    ],
)
def test_an_answer_without_records_is_skipped_and_not_refused(
    tmp_path: Path, given: object
) -> None:
    (found,) = read_json(tmp_path, given)
    assert isinstance(found, Skipped)
    assert found.reason == "found an empty list"


def test_values_of_the_shell_of_mongodb_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(
        '{ "_id" : ObjectId("643a1b2c3d4e5f6071829300"), "title" : "عنوان",'
        ' "text" : "نص الخبر", "date" : ISODate("2023-04-15T10:00:00Z"), "n" : NumberLong(5) }\n',
        encoding="utf-8",
    )
    (found,) = articles(list(read([path])))
    assert (found.id, found.published_iso()) == ("643a1b2c3d4e5f6071829300", "2023-04-15")


def test_entries_of_a_json_feed_have_their_html_as_text(tmp_path: Path) -> None:
    given = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [{"id": "a:1", "title": TITLES[0], "content_html": "<p>أول</p><p>ثان</p>"}],
    }
    (found,) = articles(read_json(tmp_path, given))
    assert found.text == "أول\n\nثان"


def test_the_name_of_an_index_is_no_id_of_a_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("_id,_index,title,text\n1,news,أ,نص أول\n2,news,ب,نص ثان\n", encoding="utf-8")
    assert [each.id for each in articles(list(read([path])))] == ["1", "2"]


def test_nan_is_no_value_and_a_number_names_nobody(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"id": "a", "title": NaN, "text": NaN, "summary": "نص", "page": 3, "date": NaN}\n',
        encoding="utf-8",
    )
    (found,) = articles(list(read([path])))
    assert (found.title, found.text, found.publisher) == ("", "نص", "")


def test_markdown_has_the_facts_of_its_head_and_no_signs_in_its_title(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(
        '---\ntitle: "هدنة في الجنوب"\ndate: 2023-04-15\nsource: سونا\ntags:\n  - x\n---\n\nنص.\n',
        encoding="utf-8",
    )
    (found,) = articles(list(read([path])))
    assert (found.title, found.text, found.source) == ("هدنة في الجنوب", "نص.", "سونا")
    assert found.published_iso() == "2023-04-15"
    for head in ("# هدنة", "العنوان: هدنة", "Title: هدنة"):
        path.write_text(f"{head}\n\nوصل الوفد إلى المدينة.\n", encoding="utf-8")
        assert articles(list(read([path])))[0].title == "هدنة"


@pytest.mark.parametrize("part", ["account", "like", "direct_messages"])
def test_a_part_of_an_archive_of_x_without_posts_is_skipped(tmp_path: Path, part: str) -> None:
    path = tmp_path / f"{part}.js"
    path.write_text(
        f'window.YTD.{part}.part0 = [ {{"x": {{"fullText": "نص", "text": "نص"}}}} ]',
        encoding="utf-8",
    )
    (found,) = read([path])
    assert isinstance(found, Skipped)
    assert part in found.reason


def test_a_notice_of_whatsapp_with_a_sender_is_no_article(tmp_path: Path) -> None:
    path = tmp_path / "_chat.txt"
    path.write_text(
        "[15/04/2023, 10:00:00] أخبار: \u200eMessages and calls are end-to-end encrypted.\n"
        "[15/04/2023, 10:01:00] علي: وصل الوفد\n[16/04/2023, 10:02:00] علي: سقط المطار\n",
        encoding="utf-8",
    )
    first, *others = read([path])
    assert isinstance(first, Skipped)
    assert [each.text for each in articles(others)] == ["وصل الوفد", "سقط المطار"]


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("given", [ROWS[0], ROWS])
def test_json_over_several_lines_is_read_under_the_suffix_of_jsonl(
    tmp_path: Path, given: Any, indent: int | None
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(given, ensure_ascii=False, indent=indent), encoding="utf-8")
    found = articles(list(read([path])))
    assert [each.title for each in found] == (TITLES if isinstance(given, list) else TITLES[:1])


@pytest.mark.parametrize(("text", "kind"), [("5", "int"), ("null", "NoneType"), ('"x"', "str")])
def test_a_value_that_is_no_object_is_named(tmp_path: Path, text: str, kind: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    (found,) = read([path])
    assert isinstance(found, Refusal)
    assert found.reason == f"found a JSON {kind}, expected an object"

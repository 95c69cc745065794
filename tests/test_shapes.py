"""Shapes: records as databases, services and scrapers export them become plain articles."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from marsad.corpus.article import Article
from marsad.corpus.read import read
from marsad.corpus.readers.shapes.nested import value_at
from marsad.corpus.readers.shapes.registry import plain
from marsad.corpus.source import Record, Refusal, Skipped
from tests.conftest import Marsad

BODY = "أعلن الجانبان اليوم اتفاقاً على وقف إطلاق النار في المنطقة بعد أيام من القتال."
NEWS: dict[str, Any] = {"title": "هدنة", "text": BODY, "date": "2023-04-15", "source": "وكالة"}


def read_text(
    folder: Path, name: str, written: str, mapping: dict[str, str] | None = None
) -> list[Record]:
    path = folder / name
    path.write_text(written, encoding="utf-8")
    return list(read([path], mapping))


def articles(records: list[Record]) -> list[Article]:
    assert [record for record in records if not isinstance(record, Article)] == []
    return [record for record in records if isinstance(record, Article)]


def lines(*records: object) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def kinds(article: Article) -> list[str]:
    return [remark.kind for remark in article.remarks]


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ({"$date": "2023-04-15T09:00:00Z"}, "2023-04-15"),
        ({"$date": "2023-04-15T09:00:00.000+0300"}, "2023-04-15"),
        ({"$date": {"$numberLong": "1681549200000"}}, "2023-04-15"),
        ({"$date": 1681549200000}, "2023-04-15"),
        ({"$date": {"$numberLong": "-86400000"}}, "1969-12-31"),
        ({"$timestamp": {"t": 1681549200, "i": 1}}, "2023-04-15"),
        ("2023-04-15", "2023-04-15"),
        ({"$undefined": True}, None),
    ],
)
@pytest.mark.parametrize("form", ["lines", "list", "pretty"])
def test_an_export_of_mongodb_is_read(
    tmp_path: Path, date: object, day: str | None, form: str
) -> None:
    made = [
        {**NEWS, "_id": {"$oid": f"64f0c0ffee64f0c0ffee64f{n}"}, "date": date} for n in range(3)
    ]
    match form:
        case "lines":
            text = lines(*made)
        case "list":
            text = json.dumps(made)
        case _:
            text = "\n".join(json.dumps(each, indent=2) for each in made)

    found = articles(read_text(tmp_path, "mongo.json", text))

    assert [article.id for article in found] == [f"64f0c0ffee64f0c0ffee64f{n}" for n in range(3)]
    assert {article.published_iso() for article in found} == {day}
    assert {article.title for article in found} == {"هدنة"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"$oid": "64f0"}, "64f0"),
        ({"$numberLong": "1681549200123456789"}, "1681549200123456789"),
        ({"$uuid": "0b7c1e5e-7d1c-4a53-9f5c-4d8e4a0a8f10"}, "0b7c1e5e-7d1c-4a53-9f5c-4d8e4a0a8f10"),
        ({"$binary": {"base64": "c3Vi", "subType": "03"}}, "c3Vi"),
        ({"$binary": "c3Vi", "$type": "03"}, "c3Vi"),
        ("plain", "plain"),
    ],
)
def test_an_id_of_mongodb_is_its_value(given: object, expected: str) -> None:
    assert str(plain({"_id": given, "text": BODY}).record["_id"]) == expected


HIT = {"_index": "news", "_type": "_doc", "_id": "AV1", "_score": 1}
ANSWER = {"took": 1, "timed_out": False, "_scroll_id": "x", "_shards": {"total": 1, "failures": []}}


def hits(*found: Mapping[str, object]) -> dict[str, object]:
    return {**ANSWER, "hits": {"total": {"value": 1, "relation": "eq"}, "hits": list(found)}}


ELASTIC = {
    "elasticdump.json": lines({**HIT, "_source": NEWS}),
    "dump.jsonl": lines({"_id": "AV1", "_source": {**NEWS, "id": "7"}}),
    "search.json": json.dumps(hits({**HIT, "_source": NEWS}), indent=1),
    "scrolls.jsonl": lines(hits({**HIT, "_source": NEWS})),
    "scrolls.json": json.dumps([hits({**HIT, "_source": NEWS})]),
    "fields.json": json.dumps(hits({**HIT, "fields": {k: [v] for k, v in NEWS.items()}})),
    "bulk.ndjson": lines({"index": {"_index": "news", "_id": "AV1"}}, NEWS),
    "bulk.jsonl": lines(
        {"delete": {"_id": "AV0"}}, {"create": {"_id": "AV1"}}, NEWS, {"delete": {"_id": "AV1"}}
    ),
    "update.jsonl": lines({"update": {"_id": "AV1"}}, {"doc": NEWS, "doc_as_upsert": True}),
    "kibana.json": json.dumps(
        {"id": 1, "rawResponse": hits({**HIT, "_source": NEWS, "sort": [1]}), "isPartial": False}
    ),
}


@pytest.mark.parametrize("name", ELASTIC)
def test_a_dump_of_elasticsearch_is_read(tmp_path: Path, name: str) -> None:
    (article,) = articles(read_text(tmp_path, name, ELASTIC[name]))

    assert (article.id, article.title, article.text) == ("AV1", "هدنة", BODY)
    assert (article.published_iso(), article.source) == ("2023-04-15", "وكالة")


def test_a_number_as_id_of_an_index_has_the_name_of_the_index(tmp_path: Path) -> None:
    made = lines(*({**HIT, "_index": name, "_id": "5", "_source": NEWS} for name in ("a", "b")))

    assert [article.id for article in articles(read_text(tmp_path, "a.jsonl", made))] == [
        "a:5",
        "b:5",
    ]


def test_the_time_stamp_of_a_log_is_the_date_if_there_is_no_other(tmp_path: Path) -> None:
    stamp = {"@timestamp": "2023-05-01T00:00:00Z"}
    made = lines({**HIT, "_source": {**NEWS, **stamp}}, {**HIT, "_source": {"text": BODY, **stamp}})

    found = articles(read_text(tmp_path, "a.jsonl", made))

    assert [article.published_iso() for article in found] == ["2023-04-15", "2023-05-01"]


@pytest.mark.parametrize(
    ("record", "identifier"),
    [
        ({"type": "articles", "id": "x9", "attributes": NEWS, "links": {"self": "u"}}, "x9"),
        ({"node": {**NEWS, "id": "x9"}, "cursor": "c"}, "x9"),
        ({"id": "x9", "key": "x9", "value": {"rev": "1"}, "doc": {**NEWS, "_id": "x9"}}, "x9"),
        ({"model": "news.article", "pk": "x9", "fields": NEWS}, "x9"),
        ({"id": "x9", "createdTime": "2020-01-01T00:00:00Z", "fields": NEWS}, "x9"),
    ],
)
def test_the_document_in_a_record_is_the_article(
    tmp_path: Path, record: object, identifier: str
) -> None:
    for name, text in (("a.jsonl", lines(record)), ("a.json", json.dumps({"data": [record] * 2}))):
        article = articles(read_text(tmp_path, name, text))[0]

        assert (article.id, article.title, article.text) == (identifier, "هدنة", BODY)
        assert article.published_iso() == "2023-04-15"


@pytest.mark.parametrize("name", ["doc", "fields", "attributes", "node", "_source", "tweet"])
def test_an_article_with_a_key_of_a_wrapper_stays_as_it_is(name: str) -> None:
    record = {**NEWS, name: {"text": "آخر", "id": "y"}, "id": "x"}

    assert plain(record).record is record


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("_source.text", (True, "نص")),
        ("a.b.c", (True, 1)),
        ("a.list.0.b", (True, 2)),
        ("a.list.b", (True, [2, 3])),
        ("a.one.b", (True, 4)),
        ("A.B.C", (True, 1)),
        ("a.b.x", (False, None)),
        ("a.list.9.b", (False, None)),
        ("dotted.name", (True, 5)),
        ("", (False, None)),
    ],
)
def test_a_name_leads_into_objects_and_lists(path: str, found: object) -> None:
    record = {
        "_source": {"text": "نص"},
        "a": {"b": {"c": 1}, "list": [{"b": 2}, {"b": 3}], "one": [{"b": 4}]},
        "dotted.name": 5,
    }

    assert value_at(record, path) == found


NESTED = {
    "_index": "n",
    "_id": "q",
    "_source": {"inhalt": {"lang": [{"text": BODY}]}, "wann": {"tag": "2023-04-15"}},
}
NAMES = {"text": "_source.inhalt.lang.0.text", "date": "_source.wann.tag"}


@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
@pytest.mark.parametrize(
    "names",
    [
        NAMES,
        {"text": "inhalt.lang.0.text", "date": "wann.tag"},
        {**NAMES, "text": "_source.inhalt.lang.text"},
        {**NAMES, "author": "_source.wann.wer"},
        {"text": "_SOURCE.Inhalt.Lang.0.Text", "date": "_source.wann.tag"},
    ],
)
def test_a_person_names_what_lies_deep_in_a_record(
    tmp_path: Path, name: str, names: dict[str, str]
) -> None:
    text = lines(NESTED, NESTED) if name == "a.jsonl" else json.dumps({"rows": [NESTED, NESTED]})

    found = articles(read_text(tmp_path, name, text, names))

    assert [(article.text, article.published_iso()) for article in found] == [
        (BODY, "2023-04-15")
    ] * 2


def test_a_name_that_is_in_no_record_is_refused(tmp_path: Path) -> None:
    (refusal,) = read_text(tmp_path, "a.jsonl", lines(NESTED), {"text": "other.text"})

    assert isinstance(refusal, Refusal)
    assert "other.text" in refusal.reason


def test_the_command_takes_nested_names(tmp_path: Path, marsad: Marsad) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(lines(NESTED), encoding="utf-8")

    done = marsad("extract", path, "--map", f"text={NAMES['text']},date={NAMES['date']}", "--json")

    assert done.returncode == 0, done.stderr


def test_a_struct_of_parquet_is_named_by_its_path(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = [{"meta": {"wann": "2023-04-15"}, "inhalt": {"t": f"{BODY} {n}"}} for n in range(5)]
    made = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(rows), made)
    path = tmp_path / "a.parquet"
    path.write_bytes(made.getvalue())

    found = articles(list(read([path], {"text": "inhalt.t", "date": "meta.wann"})))

    assert [article.text for article in found] == [f"{BODY} {n}" for n in range(5)]
    assert {article.published_iso() for article in found} == {"2023-04-15"}


USER = {"screen_name": "sd", "name": "حساب", "id_str": "9"}
ONE = {
    "created_at": "Sat Apr 15 10:00:00 +0000 2023",
    "id": 1647190000000000001,
    "id_str": "1647190000000000001",
    "full_text": f"{BODY} &amp; آخر",
    "text": "أعلن…",
    "source": '<a href="x">Twitter for iPhone</a>',
    "user": USER,
    "lang": "ar",
}
TWO = {
    "id": "1647190000000000001",
    "text": f"{BODY} &amp; آخر",
    "author_id": "9",
    "created_at": "2023-04-15T10:00:00.000Z",
    "edit_history_tweet_ids": ["1647190000000000001"],
    "lang": "ar",
}
INCLUDES = {"users": [{"id": "8", "name": "غيره"}, {"id": "9", "username": "sd", "name": "حساب"}]}
TWEETS = {
    "one.jsonl": lines(ONE),
    "one.json": json.dumps([ONE, ONE]),
    "search.json": json.dumps({"statuses": [ONE], "search_metadata": {"count": 1}}),
    "extended.jsonl": lines(
        {
            **{key: value for key, value in ONE.items() if key != "full_text"},
            "truncated": True,
            "extended_tweet": {"full_text": ONE["full_text"]},
            "retweet_count": 0,
        }
    ),
    "two.json": json.dumps({"data": [TWO], "includes": INCLUDES, "meta": {"result_count": 1}}),
    "twarc.jsonl": lines({"data": [TWO], "includes": INCLUDES, "__twarc": {"version": "2"}}),
    "flat.jsonl": lines({**TWO, "author": INCLUDES["users"][1]}),
    "long.jsonl": lines(
        {
            **TWO,
            "text": "أعلن…",
            "note_tweet": {"text": TWO["text"]},
            "author": INCLUDES["users"][1],
        }
    ),
}


@pytest.mark.parametrize("name", TWEETS)
def test_posts_of_x_are_read(tmp_path: Path, name: str) -> None:
    article = articles(read_text(tmp_path, name, TWEETS[name]))[0]

    assert article.text == f"{BODY} & آخر"
    assert article.title == f"{BODY} & آخر"
    assert article.id == "1647190000000000001"
    assert (article.author, article.source, article.publisher) == ("حساب", "حساب", "X")
    assert article.url == "https://x.com/sd/status/1647190000000000001"
    assert (article.published_iso(), article.language) == ("2023-04-15", "ar")
    assert kinds(article) == []


@pytest.mark.parametrize("folder", [True, False])
@pytest.mark.parametrize("part", ["tweets", "tweet", "community_tweet"])
def test_the_script_of_an_archive_is_read(tmp_path: Path, part: str, folder: bool) -> None:
    made = {key: value for key, value in ONE.items() if key != "user"}
    path = tmp_path / "tweets.js"
    (tmp_path / "other.js").write_text("window.x = [1, 2]", encoding="utf-8")
    path.write_text(
        f"window.YTD.{part}.part0 = " + json.dumps([{"tweet": made}, {"tweet": made}], indent=2),
        encoding="utf-8",
    )

    records = list(read([tmp_path if folder else path]))

    found = [record for record in records if isinstance(record, Article)]
    assert [article.text for article in found] == [f"{BODY} & آخر"] * 2
    assert found[0].published_iso() == "2023-04-15"
    assert sum(isinstance(record, Skipped) for record in records) == folder


def test_a_retweet_has_the_whole_text_and_the_source_of_the_first_post(tmp_path: Path) -> None:
    first = {**ONE, "user": {"screen_name": "a", "name": "الأول"}}
    one = {**ONE, "full_text": f"RT @a: {BODY[:40]}…", "retweeted_status": first}
    bare = {**ONE, "full_text": f"RT @a: {BODY}"}
    reference = [{"type": "retweeted", "id": "5"}]
    two = {**TWO, "text": f"RT @a: {BODY[:40]}…", "referenced_tweets": reference}
    included = {
        "users": [*INCLUDES["users"], {"id": "4", "username": "a", "name": "الأول"}],
        "tweets": [{"id": "5", "text": f"{BODY} & آخر", "author_id": "4"}],
    }

    found = articles(
        read_text(tmp_path, "a.jsonl", lines(one, {"data": [two], "includes": included}, two, bare))
    )

    assert [article.text for article in found[:2]] == [f"{BODY} & آخر"] * 2
    assert [article.source for article in found] == ["الأول", "الأول", "a", "a"]
    assert [article.author for article in found] == ["حساب", "حساب", "", "حساب"]
    assert [kinds(article) for article in found] == [[], [], ["text-cut"], []]


def test_a_quoted_post_is_left_out_with_a_remark(tmp_path: Path) -> None:
    one = {**ONE, "is_quote_status": True, "quoted_status": ONE, "quoted_status_id_str": "7"}
    two = {**TWO, "referenced_tweets": [{"type": "quoted", "id": "7"}]}

    found = articles(read_text(tmp_path, "a.jsonl", lines(one, two)))

    assert [kinds(article) for article in found] == [["part-left-out"]] * 2
    assert "7" in found[0].remarks[0].detail


CROWDTANGLE = (
    "Page Name,User Name,Facebook Id,Likes at Posting,Followers at Posting,Post Created,"
    "Post Created Date,Type,Total Interactions,URL,Message,Link,Image Text,Link Text,Description"
)
ROW = {
    "Page Name": "صفحة",
    "Post Created": "2023-04-15 10:00:00 EDT",
    "URL": "https://www.facebook.com/1/posts/2",
    "Total Interactions": "10",
    "Followers at Posting": "5",
    "Message": BODY,
    "Description": "وصف الرابط",
}


def table(row: Mapping[str, str], header: str) -> str:
    names = header.split(",")
    return f"\ufeff{header}\n" + ",".join(f'"{row.get(name, "")}"' for name in names) + "\n"


OLD = CROWDTANGLE.replace("Post Created,Post Created Date", "Created")
INSTAGRAM = (
    "Account,User Name,Followers at Posting,Post Created,Type,Total Interactions,URL,Link,Photo,"
    "Title,Description,Image Text"
)
GROUP = CROWDTANGLE.replace("Page Name", "Group Name")


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (CROWDTANGLE, ROW),
        (OLD, {**ROW, "Created": "2023-04-15 10:00:00 EDT"}),
        (GROUP, {**ROW, "Group Name": "صفحة"}),
        (CROWDTANGLE.replace("Total Interactions", "Total Interactions (weighted)"), ROW),
        (
            INSTAGRAM,
            {**ROW, "Account": "صفحة", "Description": BODY},
        ),
    ],
)
def test_a_table_of_crowdtangle_is_read(tmp_path: Path, header: str, row: dict[str, str]) -> None:
    (article,) = articles(read_text(tmp_path, "a.csv", table(row, header)))

    assert (article.text, article.published_iso()) == (BODY, "2023-04-15")
    assert (article.source, article.publisher) == ("صفحة", "صفحة")
    assert (article.title, article.url) == (BODY, "https://www.facebook.com/1/posts/2")
    assert kinds(article) == []


def test_a_post_without_a_message_has_another_text_and_a_remark_or_none(tmp_path: Path) -> None:
    picture = {**ROW, "Message": "", "Image Text": "نص الصورة"}
    link = {**ROW, "Message": ""}
    bare = {**ROW, "Message": "", "Description": ""}

    found = [
        read_text(tmp_path, "a.csv", table(row, CROWDTANGLE))[0] for row in (picture, link, bare)
    ]

    assert isinstance(found[0], Article)
    assert (found[0].text, kinds(found[0])) == ("نص الصورة", ["text-elsewhere"])
    assert isinstance(found[1], Article)
    assert (found[1].text, kinds(found[1])) == ("وصف الرابط", ["text-elsewhere"])
    assert isinstance(found[2], Skipped)
    assert (found[2].kind, found[2].line) == ("record", 2)


META = {
    "id": "99",
    "text": BODY,
    "creation_time": "2023-04-15T10:00:00+00:00",
    "post_owner.name": "صفحة",
    "post_owner.id": "5",
    "content_type": "posts",
}
CROWD_API = {
    "platformId": "1_2",
    "platform": "Facebook",
    "date": "2023-04-15 10:00:00",
    "message": BODY,
    "description": "وصف الرابط",
    "postUrl": "https://www.facebook.com/1/posts/2",
    "account": {"id": 1, "name": "صفحة", "handle": "h"},
}
MONITORED = {
    "meta.csv": table(META, ",".join(META)),
    "meta.jsonl": lines(META),
    "meta.json": json.dumps(
        {
            "data": [
                {
                    **{k: v for k, v in META.items() if "." not in k},
                    "post_owner": {"name": "صفحة"},
                }
            ]
        }
    ),
    "api.json": json.dumps({"status": 200, "result": {"posts": [CROWD_API], "pagination": {}}}),
    "api.jsonl": lines(CROWD_API),
}


@pytest.mark.parametrize("name", MONITORED)
def test_posts_of_other_monitors_are_read(tmp_path: Path, name: str) -> None:
    (article,) = articles(read_text(tmp_path, name, MONITORED[name]))

    assert (article.text, article.published_iso()) == (BODY, "2023-04-15")
    assert (article.source, article.publisher, article.title) == ("صفحة", "صفحة", BODY)


def test_events_of_acled_are_read(tmp_path: Path) -> None:
    row = {
        "event_id_cnty": "SDN1",
        "event_date": "15 April 2023",
        "event_type": "Battles",
        "source": "وكالة",
        "notes": BODY,
    }

    (article,) = articles(read_text(tmp_path, "a.csv", table(row, ",".join(row))))
    (named,) = articles(
        read_text(tmp_path, "b.csv", table(row, ",".join(row)), {"title": "event_type"})
    )

    assert (article.id, article.text, article.source) == ("SDN1", BODY, "وكالة")
    assert article.published_iso() == "2023-04-15"
    assert (named.title, named.text) == ("Battles", BODY)


NEWS_PLEASE = {
    "authors": ["أحمد", "سارة"],
    "date_download": "2023-05-01 10:00:00",
    "date_modify": None,
    "date_publish": "2023-04-15 09:00:00",
    "description": "ملخص",
    "language": "ar",
    "localpath": None,
    "maintext": BODY,
    "source_domain": "example.sd",
    "title": "هدنة",
    "title_page": None,
    "url": "https://example.sd/n/abc",
}


@pytest.mark.parametrize(
    ("changed", "day"),
    [
        ({}, "2023-04-15"),
        ({"date_publish": None}, None),
        ({"date_publish": "None"}, None),
        ({"date_publish": {"$date": "2023-04-15T09:00:00Z"}}, "2023-04-15"),
        ({"maintext": None, "text": BODY}, "2023-04-15"),
        ({"title": None, "title_page": "هدنة"}, "2023-04-15"),
    ],
)
@pytest.mark.parametrize("form", ["a.json", "a.jsonl", "list.json"])
def test_articles_of_news_please_are_read(
    tmp_path: Path, changed: dict[str, object], day: str | None, form: str
) -> None:
    made = {**NEWS_PLEASE, **changed}
    text = {
        "a.json": json.dumps(made, indent=1),
        "a.jsonl": lines(made),
        "list.json": json.dumps([made]),
    }

    (article,) = articles(read_text(tmp_path, form, text[form]))

    assert (article.title, article.text, article.published_iso()) == ("هدنة", BODY, day)
    assert (article.source, article.publisher) == ("example.sd", "example.sd")
    assert (article.author, article.url) == ("أحمد، سارة", "https://example.sd/n/abc")


TRAFILATURA = {
    "title": "هدنة",
    "author": "أحمد",
    "hostname": "example.sd",
    "date": "2023-04-15",
    "fingerprint": "a1",
    "id": None,
    "raw_text": BODY,
    "text": BODY,
    "source": "https://www.example.sd/a",
    "source-hostname": "صحيفة",
    "excerpt": "ملخص",
}


@pytest.mark.parametrize(
    ("left_out", "changed", "site"),
    [
        ((), {}, "صحيفة"),
        (("raw_text",), {}, "صحيفة"),
        (("source-hostname",), {}, "example.sd"),
        (("source-hostname",), {"sitename": "صحيفة"}, "صحيفة"),
        (("source",), {"url": "https://www.example.sd/a"}, "صحيفة"),
    ],
)
def test_articles_of_trafilatura_are_read(
    tmp_path: Path, left_out: tuple[str, ...], changed: dict[str, str], site: str
) -> None:
    made = {key: value for key, value in TRAFILATURA.items() if key not in left_out} | changed

    (article,) = articles(read_text(tmp_path, "a.json", json.dumps(made)))

    assert (article.title, article.text, article.author) == ("هدنة", BODY, "أحمد")
    assert (article.source, article.publisher) == (site, site)
    assert (article.url, article.published_iso()) == ("https://www.example.sd/a", "2023-04-15")


@pytest.mark.parametrize(
    "record",
    [
        NEWS,
        {**NEWS, "id_str": "5"},
        {**NEWS, "created_at": "2023-04-15", "author_id": 5, "id": 3},
        {**NEWS, "type": "message", "id": 3},
        {**NEWS, "message": "تم", "account": {"name": "x"}},
        {**NEWS, "notes": "ملاحظة", "event_date": "2020-01-01"},
        {**NEWS, "hostname": "example.org", "source": "وكالة", "fingerprint": "f"},
        {**NEWS, "user": {"name": "x"}, "index": {"_id": "3"}},
    ],
)
def test_an_ordinary_article_is_of_no_exporter(record: dict[str, Any]) -> None:
    made = plain(record)

    assert not made.known
    assert made.record is record
    assert made.names == {}

"""JSON of any size: lists deep in objects, broken elements, several values in one file."""

import gzip
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from marsad.corpus.article import Article
from marsad.corpus.read import read
from marsad.corpus.readers import objects
from marsad.corpus.source import Record, Refusal, Skipped, Source
from tests.conftest import PEAK, ROOT

BODY = "أعلن الجانبان اليوم اتفاقاً على وقف إطلاق النار في المنطقة بعد أيام من القتال."
# The small bound that tests use, so that small files take the way of large ones.
BOUND = 2_000


def news(count: int, first: int = 0) -> list[dict[str, object]]:
    return [
        {"id": f"a{n}", "title": f"هدنة {n}", "text": f"{BODY} {n}"}
        for n in range(first, first + count)
    ]


def records_of(path: Path, text: str, **mapping: str) -> list[Record]:
    path.write_text(text, encoding="utf-8")
    return list(read([path], mapping))


def ids(records: list[Record]) -> list[str]:
    return [record.id for record in records if isinstance(record, Article)]


def refusals(records: list[Record]) -> list[Refusal]:
    return [record for record in records if isinstance(record, Refusal)]


@pytest.fixture(params=["whole", "streamed"])
def _size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "streamed":
        monkeypatch.setattr(objects, "_WHOLE", BOUND)


WRAPPERS: dict[str, Callable[[list[dict[str, object]]], object]] = {
    "messages": lambda made: {"name": "x", "messages": made},
    "articles": lambda made: {"status": "ok", "totalResults": 2, "articles": made},
    "hits": lambda made: {"took": 1, "hits": {"total": {"value": 2}, "hits": made}},
    "data": lambda made: {"data": made, "meta": {"tags": [{"name": "a"}, {"name": "b"}]}},
    "posts": lambda made: {"found": 2, "posts": made, "categories": [{"ID": 1, "slug": "x"}]},
    "deep": lambda made: {"a": {"b": {"c": {"d": {"e": made}}}}},
    "edges": lambda made: {
        "data": {"articles": {"edges": [{"node": each, "cursor": "c"} for each in made]}}
    },
    "pages": lambda made: [{"page": 1, "results": made[:20]}, {"page": 2, "results": made[20:]}],
    "two lists": lambda made: {"news": made[:10], "sport": made[10:]},
    "tags first": lambda made: {"tags": [{"name": "a"}] * 90, "items": made},
    "summaries": lambda made: {
        "sources": [{"id": "s", "description": "وصف"}] * 90,
        "articles": made,
    },
}


@pytest.mark.usefixtures("_size")
@pytest.mark.parametrize("name", WRAPPERS)
@pytest.mark.parametrize("indent", [None, 2])
def test_a_list_in_an_object_is_read_at_any_size(
    tmp_path: Path, name: str, indent: int | None
) -> None:
    made = news(40)
    written = json.dumps(WRAPPERS[name](made), ensure_ascii=False, indent=indent)

    records = records_of(tmp_path / "a.json", written)

    assert ids(records) == [each["id"] for each in made]
    assert [r for r in records if not isinstance(r, Article)] == []


@pytest.mark.usefixtures("_size")
def test_an_article_stays_one_article_whatever_lists_are_in_it(tmp_path: Path) -> None:
    article = {
        "comments": [{"text": f"تعليق {n}"} for n in range(5)],
        "images": [{"url": "u", "caption": "صورة"}],
        "title": "هدنة",
        "text": BODY,
    }

    (found,) = records_of(tmp_path / "a.json", json.dumps(article, ensure_ascii=False))

    assert isinstance(found, Article)
    assert (found.title, found.text) == ("هدنة", BODY)
    assert found.origin is not None
    assert found.origin.record == 0


@pytest.mark.usefixtures("_size")
@pytest.mark.parametrize("wrapped", [True, False])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"title": "هدنة 7"', '"title": "هدنة 7'),  # a quote is missing
        ('"title": "هدنة 7"', '"title" "هدنة 7"'),  # a colon is missing
        ('"title": "هدنة 7"', '"title": هدنة'),
        ('"title": "هدنة 7"', '"title": "a\tb"'),  # a tab in a string
        ('"title": "هدنة 7"', '"title": "a", "tags": [{"id": 1}, {"id": 2}, {"id" 3}]'),
        ('"title": "هدنة 7"', '"title": nan7'),
    ],
)
def test_a_broken_element_costs_itself_only(
    tmp_path: Path, wrapped: bool, old: str, new: str
) -> None:
    made = json.dumps(news(40), ensure_ascii=False).replace(old, new)
    written = f'{{"status": "ok", "articles": {made}}}' if wrapped else made

    records = records_of(tmp_path / "a.json", written)

    (refusal,) = refusals(records)
    assert refusal.line == 8
    assert refusal.raw.startswith(b'{"id": "a7"')
    assert ids(records) == [f"a{n}" for n in range(40) if n != 7]


@pytest.mark.usefixtures("_size")
@pytest.mark.parametrize("end", ["", "}", ",", "{", ', {"id": "half", "text": "ن'])
def test_what_was_written_before_a_cut_is_read(tmp_path: Path, end: str) -> None:
    made = json.dumps(news(40), ensure_ascii=False)[:-1]

    records = records_of(tmp_path / "a.json", f'{{"articles": {made}{end}')

    assert ids(records) == [f"a{n}" for n in range(40)]
    assert len(refusals(records)) == 1


@pytest.mark.parametrize("text", ["{", '{"a"', '{"a": 1', '{"a": {"b": [1, 2', '{"text": "نص'])
def test_an_object_that_cannot_be_read_is_one_refusal_with_its_bytes(
    tmp_path: Path, text: str
) -> None:
    (refusal,) = records_of(tmp_path / "a.json", text)

    assert isinstance(refusal, Refusal)
    assert (refusal.line, refusal.raw.decode()) == (0, text)
    assert "found no JSON" in refusal.reason


def test_a_list_without_texts_is_refused_as_before(tmp_path: Path) -> None:
    records = records_of(tmp_path / "a.json", json.dumps({"rows": [{"a": 1}, {"a": 2}, 3]}))

    assert [refusal.line for refusal in refusals(records)] == [1, 2, 3]
    assert "found a JSON int" in refusals(records)[-1].reason


@pytest.mark.parametrize("between", ["\n", "", " ", ",\n", "\n\x1e"])
@pytest.mark.parametrize("indent", [None, 1])
def test_several_objects_in_one_file_are_read(
    tmp_path: Path, between: str, indent: int | None
) -> None:
    # The first is longer than what the format is recognised by.
    made = [{"id": "long", "text": BODY * 200}, *news(5)]
    written = between.join(json.dumps(each, ensure_ascii=False, indent=indent) for each in made)

    records = records_of(tmp_path / "a.json", written)

    assert ids(records) == ["long", *(f"a{n}" for n in range(5))]


@pytest.mark.parametrize("limit", [10_000])
def test_an_element_over_the_limit_is_refused_and_the_next_are_read(
    tmp_path: Path, limit: int
) -> None:
    made = [*news(3), {"id": "big", "text": 'ن"{}[]\\ ' * limit}, *news(3, first=3)]
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"articles": made}, ensure_ascii=False), encoding="utf-8")
    source = Source(str(path), limit=limit)

    with path.open("rb") as stream:
        records: list[Record] = list(objects.read_json(stream, source))

    assert ids(records) == [f"a{n}" for n in range(6)]
    (refusal,) = refusals(records)
    assert f"more than {limit} bytes" in refusal.reason


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_old_encodings_of_a_list_in_an_object(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(json.dumps({"articles": news(9)}, ensure_ascii=False).encode(encoding))

    assert ids(list(read([path]))) == [f"a{n}" for n in range(9)]


def telegram(count: int) -> Iterator[str]:
    """Yield the pieces of an export with so many messages, about 1.3 kB each."""
    yield '{\n "name": "قناة",\n "type": "public_channel",\n "id": 77,\n "messages": [\n'
    for number in range(1, count + 1):
        text = f"عاجل {number}"
        made = {
            "id": number,
            "type": "message",
            "date": "2023-04-15T10:00:00",
            "date_unixtime": "1681552800",
            "from": "قناة",
            "from_id": "channel77",
            "text": [{"type": "bold", "text": text}, f"\n{BODY * 3}"],
            "text_entities": [{"type": "bold", "text": text}, {"type": "plain", "text": BODY * 3}],
        }
        yield ("" if number == 1 else ",\n") + json.dumps(made, ensure_ascii=False, indent=1)
    yield "\n ]\n}"


COUNTING = f"""
import resource, sys
from pathlib import Path
from marsad.corpus.article import Article
from marsad.corpus.read import read
resource.setrlimit(resource.RLIMIT_DATA, (160 << 20, 160 << 20))
records = sum(isinstance(record, Article) for record in read([Path(sys.argv[1])]))
print(records, {PEAK} // 1024)
"""


@pytest.mark.parametrize("packed", [False, True])
def test_an_export_of_40_megabytes_is_read_in_bounded_memory(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / ("result.json.gz" if packed else "result.json")
    count = 36_000
    with gzip.open(path, "wb") if packed else path.open("wb") as file:
        size = sum(file.write(piece.encode()) for piece in telegram(count))
    assert size > 40_000_000

    done = subprocess.run(
        [sys.executable, "-c", COUNTING, path],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=300,
    )

    read_count, megabytes = map(int, done.stdout.split())
    assert read_count == count
    assert megabytes < 160


def test_nothing_in_a_list_is_passed_in_silence(tmp_path: Path) -> None:
    written = '{"name": "قناة", "type": "public_channel", "id": 77, "messages": []}'

    (skipped,) = records_of(tmp_path / "a.json", written)

    assert isinstance(skipped, Skipped)
    assert skipped.kind == "record"

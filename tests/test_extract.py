"""Extraction: entities without their clitics, at the right places."""

import csv
import json

import pytest

from marsad.corpus.article import Article
from marsad.corpus.read import read
from marsad.indexer.extract.entities.authority import AuthorityError, parse_authority
from marsad.indexer.extract.entities.entity import Entity
from marsad.indexer.extract.entities.gazetteer import Gazetteer, name_key
from marsad.indexer.extract.extract import extract
from marsad.indexer.parts import Parts, parts
from tests.conftest import CORPUS, EVAL, ROOT

HEADER = "id,class,ar,en,ru,aliases,source\n"


def found(text: str) -> list[tuple[str, str]]:
    """Return the id and the bare name of each mention in a text."""
    return [(m.id, text[m.start : m.end]) for m in parts().finder.find_in(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قال إلهام علييف", [("ilham-aliyev", "إلهام علييف")]),
        ("بوتين وعلييف", [("vladimir-putin", "بوتين"), ("ilham-aliyev", "علييف")]),
        ("بيان للكريملِن", [("kremlin", "كريملِن")]),
        ("في ناغورنو قره باغ", [("nagorno-karabakh", "ناغورنو قره باغ")]),
        ("إلى كاراباخ", [("nagorno-karabakh", "كاراباخ")]),
        ("ويريفان", [("city-616052", "يريفان")]),
        ("بباكو", [("city-587084", "باكو")]),
        ("وَأذربيجان", [("country-az", "أذربيجان")]),
        ("الرئيس الروسي", [("russian", "الروسي")]),
        ("لقوات من حفظ السلام الروسية", [("russian-peacekeepers", "قوات من حفظ السلام الروسية")]),
        ("وضع مالي صعب", []),
        ("في مالي", [("country-ml", "مالي")]),
        ("يعاني الاقتصاد من وضع مالي صعب هذا العام", []),
        ("يوم الخميس من هذه السنة", []),
        ("Aliyev met Путин", [("ilham-aliyev", "Aliyev"), ("vladimir-putin", "Путин")]),
    ],
)
def test_a_name_is_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_offsets_of_all_mentions_of_the_corpus_are_right(wanted: Parts) -> None:
    for article in read([CORPUS]):
        if not isinstance(article, Article):
            continue
        end = 0
        field = ""
        for mention in extract(article, wanted.finder).entities:
            text = article.title if mention.field == "title" else article.text
            end = end if mention.field == field else 0
            field = mention.field
            assert end <= mention.start < mention.end <= len(text)
            assert mention.text.endswith(text[mention.start : mention.end][-1])
            assert text[mention.start : mention.end] in mention.text
            end = mention.end


def test_the_authority_file_is_large_and_no_alias_has_two_entities() -> None:
    path = ROOT / "indexer/extract/entities/data/entities.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    owners: dict[tuple[str, ...], str] = {}
    shared = [
        (name, owners[name], row["id"])
        for row in rows
        for name in {name_key(n) for n in (row["ar"], *row["aliases"].split("|")) if n}
        if owners.setdefault(name, row["id"]) != row["id"]
    ]

    assert len(rows) >= 1_200
    assert shared == []
    assert all(row["ar"] and row["en"] and row["ru"] and row["source"] for row in rows)


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ("a,person,ا,,,,\na,person,ب,,,,\n", "line 3: id 'a' is also in line 2"),
        ("a,planet,ا,,,,\n", "line 2: class 'planet'"),
        (",person,ا,,,,\n", "line 2: found no id"),
        ("a,person,,,,,\n", "line 2: 'a' has no Arabic label"),
    ],
)
def test_an_invalid_row_is_reported_with_its_line(rows: str, complaint: str) -> None:
    with pytest.raises(AuthorityError, match=complaint):
        list(parse_authority(HEADER + rows, "mine.csv"))


def test_a_missing_column_is_reported() -> None:
    with pytest.raises(AuthorityError, match="no column 'ar'"):
        list(parse_authority("id,class,en\n", "mine.csv"))


def test_a_shared_name_belongs_to_the_earlier_list() -> None:
    first = Entity("a", "place", ("قره باغ", "", ""), ())
    second = Entity("b", "place", ("قره باغ", "", ""), ())

    assert Gazetteer([first, second]).resolve("place", "قره باغ") == ("a",)


@pytest.mark.skipif(not EVAL.exists(), reason="the evaluation data is not beside the checkout")
def test_the_sample_article_has_the_expected_mentions(wanted: Parts) -> None:
    gold = json.loads((EVAL / "sample/gold.json").read_text(encoding="utf-8"))
    (article,) = read([EVAL / "sample/article-1.txt"])
    assert isinstance(article, Article)
    mentions = extract(article, wanted.finder)

    assert article.published_iso() == gold["fields"]["published"]
    assert [section.heading for section in article.sections] == gold["fields"]["sections"]
    assert {date["value"] for date in gold["dates"]} <= {m.value for _, m in mentions.dates}
    for entity in gold["entities"]:
        ids = {
            m.id
            for m in mentions.entities
            if m.type in entity["types"] and any(v in m.text for v in entity["variants"])
        }
        assert len(ids) == 1, entity["label"]

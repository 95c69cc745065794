"""Entities: the steps that find them, offices, a user's own file, and entities in an index."""

import csv
import datetime as dt
import json
from itertools import pairwise
from pathlib import Path

import pytest

from marsad.corpus.article import Article
from marsad.indexer.extract.entities.authority import check_authority, parse_authority
from marsad.indexer.extract.entities.gazetteer import bundled_gazetteer, gazetteer_with, name_key
from marsad.indexer.extract.entities.offices import KINDS, OfficeBook, parse_office
from marsad.indexer.extract.mentions import EntityClass, Mention
from marsad.indexer.parts import Parts
from tests.conftest import ROOT, Marsad

DATA = ROOT / "indexer/extract/entities/data"
HEADER = "id,class,ar,aliases,offices\n"


def article(text: str, day: dt.date | None = None) -> Article:
    return Article(id="a", title="", text=text, published=day)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param("a,person,عمران خان,\na,person,نواز شريف,\n", [(3, "is also in line 2")]),
        pytest.param("a,planet,المريخ الأحمر,\n", [(2, "class 'planet'")]),
        pytest.param("a,person,عمران خان,خان بهادر||عمران\n", [(2, "empty name")]),
        pytest.param("a,person,عمران خان,هذا\n", [(2, "'هذا' is a stop word")]),
        pytest.param("a,place,بلدة ما,كتاب\n", [(2, "'كتاب' is an ordinary word")]),
        pytest.param("a,person,,\n", [(2, "no Arabic label")]),
        pytest.param(
            "a,person,عمران خان,\nb,person,نواز شريف,عمران خان\n", [(3, "a name of 'a' in line 2")]
        ),
        pytest.param("a,person,عمران خان,,emperor:pk:2018-08-18..\n", [(2, "office 'emperor")]),
        pytest.param("a,person,عمران خان,,president:pk:2018-08-18..2018-01-01\n", [(2, "ends")]),
        pytest.param("a,person,عمران, خان,,\n", [(2, "more cells than columns")]),
    ],
)
def test_each_problem_of_a_file_is_reported_with_its_line(
    rows: str, expected: list[tuple[int, str]]
) -> None:
    found = list(check_authority(HEADER + rows))

    for line, part in expected:
        assert any(p.line == line and part in p.reason for p in found), found


def test_the_bundled_file_has_no_problems() -> None:
    assert list(check_authority((DATA / "entities.csv").read_text(encoding="utf-8"))) == []


def test_terms_of_one_office_do_not_overlap() -> None:
    held: dict[tuple[str, str], list[tuple[dt.date, dt.date, str]]] = {}
    for entity in bundled_gazetteer().by_id.values():
        for office in entity.offices:
            until = office.until or dt.date.max
            held.setdefault((office.kind, office.of), []).append((office.since, until, entity.id))

    for terms in held.values():
        terms.sort()
        for before, after in pairwise(terms):
            assert before[1] <= after[0], (before, after)


def test_a_holder_is_known_from_the_first_day_to_the_day_before_the_next() -> None:
    book = OfficeBook(
        [
            ("a", parse_office("president:xx:2010-01-01..2014-01-01")),
            ("b", parse_office("president:xx:2014-01-01..")),
        ]
    )

    days = (dt.date(2009, 12, 31), dt.date(2013, 12, 31), dt.date(2014, 1, 1))
    assert [book.holder("president", "xx", day) for day in days] == [None, "a", "b"]
    assert "president" in KINDS


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        ("أعلن الرئيس الأمريكي", dt.date(2016, 5, 1), ["barack-obama"]),
        ("أعلن الرئيس الأمريكي", dt.date(2018, 5, 1), ["donald-trump"]),
        ("أعلن الرئيس الأمريكي", None, []),
        ("أعلن الرئيس الأمريكي السابق", dt.date(2018, 5, 1), []),
        ("التقى رئيس وزراء إسرائيل", dt.date(2022, 1, 1), ["naftali-bennett"]),
        ("حذر الأمين العام للأمم المتحدة", dt.date(2015, 1, 1), ["ban-ki-moon"]),
    ],
)
def test_the_holder_of_an_office_depends_on_the_day(
    wanted: Parts, text: str, day: dt.date | None, expected: list[str]
) -> None:
    found = [m for m in wanted.finder.find(article(text, day)) if m.by == "office"]

    assert [m.id for m in found] == expected
    assert all(m.inferred and not m.is_facet for m in found)


def test_a_last_name_is_linked_to_the_full_name_of_the_article(wanted: Parts) -> None:
    text = "قال خالد مشعل في الدوحة. وأضاف مشعل أن الحركة مستعدة."

    found = [(m.id, m.by) for m in wanted.finder.find_in(text) if m.type == "person"]

    assert found == [("khaled-meshaal", "authority"), ("khaled-meshaal", "article")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "ألقى حسن نصر الله خطابا. وقال نصر الله إن الرد قادم. وأضاف نصرالله أن الله معهم",
            ["hassan-nasrallah"] * 3,
        ),
        ("ألقى حسن نصرالله خطابا. وقال نصر الله إن الرد قادم", ["hassan-nasrallah"] * 2),
        (
            "قال سالم بن رجب الكناني للصحيفة. وأضاف سالم الكناني أن الوضع صعب. وتابع الكناني",
            ["~سالم_بن_رجب_الكناني"] * 3,
        ),
        ("قال خالد عبد الرحمن إنه سعيد. وأضاف عبدالرحمن", ["~خالد_عبد_الرحمن"] * 2),
    ],
)
def test_a_short_form_is_linked_to_the_full_name(
    wanted: Parts, text: str, expected: list[str]
) -> None:
    assert [m.id for m in wanted.finder.find_in(text) if m.type == "person"] == expected


def test_a_contested_place_is_one_entity_with_both_labels(wanted: Parts) -> None:
    found = wanted.finder.find_in("بين خانكندي وستيباناكيرت")

    assert {m.id for m in found} == {"khankendi"}
    assert wanted.gazetteer.label("khankendi", "en") == "Khankendi / Stepanakert"


def test_a_name_does_not_cross_a_bracket(wanted: Parts) -> None:
    found = wanted.finder.find_in("حركة المقاومة الإسلامية (حماس)")

    assert [m.id for m in found] == ["hamas", "hamas"]


def test_own_entities_win_over_those_of_the_package() -> None:
    own = parse_authority(HEADER + "my-putin,person,فلاديمير بوتين,بوتين,\n", "mine.csv")

    gazetteer = gazetteer_with(own)

    assert gazetteer.find("بوتين") == "my-putin"
    assert gazetteer.find("الكرملين") == "kremlin"


def test_own_entities_reach_facets_queries_and_relinking(tmp_path: Path, marsad: Marsad) -> None:
    source, own, index = tmp_path / "a.jsonl", tmp_path / "own.csv", tmp_path / "index"
    texts = {"a0": "أعلنت كتيبة الزعفران الأولى الهدنة", "a1": "وصل الوفد إلى باكو"}
    source.write_text(
        "".join(json.dumps({"id": i, "text": t}) + "\n" for i, t in texts.items()),
        "utf-8",
    )
    own.write_text(HEADER + "saffron,armed_group,كتيبة الزعفران,كتيبة الزعفران الأولى,\n", "utf-8")
    assert marsad("index", source, "--index", index).returncode == 0

    relinked = marsad("entities", "relink", "--index", index, "--entities", own)
    shown = marsad("search", "entity:saffron", "--index", index, "--entities", own, "--json")
    card = marsad("entities", "show", "saffron", "--index", index, "--entities", own, "--json")

    assert relinked.stdout == "looked at 2, changed 1\n"
    result = json.loads(shown.stdout)
    assert [hit["id"] for hit in result["hits"]] == ["a0"]
    groups = result["facets"]["armed_group"]["values"]
    assert groups == [{"value": "saffron", "label": "كتيبة الزعفران", "count": 1}]
    assert json.loads(card.stdout)["forms"] == [{"text": "كتيبة الزعفران الأولى", "count": 1}]


def test_an_invalid_own_file_is_refused_with_its_line(tmp_path: Path, marsad: Marsad) -> None:
    own = tmp_path / "own.csv"
    own.write_text(HEADER + "a,planet,المريخ الأحمر,,\n", "utf-8")

    checked = marsad("entities", "check", own)
    used = marsad("extract", DATA / "hints.txt", "--entities", own)

    assert (checked.returncode, used.returncode) == (1, 2)
    assert f"{own}:2: class 'planet'" in checked.stdout
    assert "line 2: class 'planet'" in used.stderr


def test_discovered_names_can_be_added_as_own_entities(corpus_index: Path, marsad: Marsad) -> None:
    found = marsad("entities", "discover", "--index", corpus_index, "--least", "2")
    rows = list(csv.DictReader(found.stdout.splitlines()))

    assert rows
    assert all(int(row["articles"]) >= 2 and row["ar"] and row["context"] for row in rows)
    assert list(check_authority(found.stdout)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("اندلعت اشتباكات في طرابلس شمالي لبنان", "Tripoli (LB)"),
        ("اندلعت اشتباكات في طرابلس غربي ليبيا", "Tripoli"),
        ("اندلعت اشتباكات في طرابلس", "Tripoli"),
    ],
)
def test_an_ambiguous_city_is_the_one_whose_country_is_mentioned(
    wanted: Parts, text: str, expected: str
) -> None:
    cities = [m.id for m in wanted.finder.find_in(text) if m.by == "city"]

    assert [wanted.gazetteer.label(city, "en") for city in cities] == [expected]


def test_a_street_is_not_the_person_it_is_named_after(wanted: Parts) -> None:
    found = wanted.finder.find_in("وقع الحادث في شارع الحبيب بورقيبة وسط العاصمة تونس")

    assert "habib-bourguiba" not in {m.id for m in found}


def test_generic_organisations_and_persons_of_one_word_are_not_facets() -> None:
    def mention(name: str, kind: EntityClass) -> Mention:
        return Mention("text", 0, 1, name, kind, name, "tagger")

    assert not mention("~~مجلس_النواب", "organisation").is_facet
    assert not mention("~محمد", "person").is_facet
    assert mention("~محمد_الزواري", "person").is_facet


@pytest.mark.parametrize(
    "text",
    [
        "وهو مصر على البقاء في منصبه",
        "كان الرئيس مصر على رأيه",
        "يبلغ قطر الدائرة خمسة أمتار",
        "حفرة بقطر 10 أمتار",
        "رزق بنين وبنات",
        "تصدى حماس الجماهير للمنافس",
        "استقبلوه بكل حماس",
        "حلب المزارع البقرة صباحا",
        "رفح الجيش علمه",
    ],
)
def test_an_ordinary_word_is_not_a_name(wanted: Parts, text: str) -> None:
    assert [m.id for m in wanted.finder.find_in(text)] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("أكدت مصر على أن موقفها ثابت", "country-eg"),
        ("قال إن مصر على استعداد", "country-eg"),
        ("مونديال قطر 2022", "country-qa"),
        ("وصل إلى جنوب بنين", "country-bj"),
        ("دعت حماس الجماهير إلى الإضراب", "hamas"),
        ("دعت حركة حماس الجمهور إلى الإضراب", "hamas"),
        ("سيطرت المعارضة على حلب", "city-170063"),
        ("دخل الجيش رفح الثلاثاء", "rafah"),
    ],
)
def test_a_name_that_is_also_a_word_is_found_as_a_name(
    wanted: Parts, text: str, expected: str
) -> None:
    assert expected in {m.id for m in wanted.finder.find_in(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("وصل الملك الأردني إلى عمان", ["city-250441"]),
        ("نظم محتجون وقفة في العاصمة عمان", ["city-250441"]),
        ("وصل الوفد إلى عمّان بعد زيارة مسقط", ["city-250441"]),
        ("عمان (رويترز) - وصل وزير الخارجية العماني", ["city-250441"]),
        ("زار دمشق وعمان", ["city-250441"]),
        ("وصل الوفد إلى عمان", ["city-250441"]),
        ("وصل الوفد إلى عُمان بعد لقاء الملك الأردني", ["country-om"]),
        ("قال وزير الخارجية العماني في مسقط إن وفدا وصل إلى عمان", ["country-om"]),
        ("أعلنت سلطنة عمان وساطتها. ووصل الوفد إلى عمان", ["country-om", "country-om"]),
        ("توسطت قطر وعمان بين الطرفين", ["country-om"]),
        ("يعرض في قطر وعمان والقاهرة", ["country-om"]),
    ],
)
def test_amman_is_not_oman(wanted: Parts, text: str, expected: list[str]) -> None:
    found = [m.id for m in wanted.finder.find_in(text)]

    assert [one for one in found if one in {"city-250441", "country-om"}] == expected


def test_a_query_for_the_shared_name_searches_both_places(wanted: Parts) -> None:
    assert wanted.gazetteer.resolve("place", "عمان") == ("country-om", "city-250441")
    assert wanted.gazetteer.resolve("place", "سلطنة عمان") == ("country-om",)


def test_the_weights_have_the_licence_of_their_training_data() -> None:
    note = (DATA / "tagger.LICENCE.md").read_text("utf-8").splitlines()
    rows = (DATA / "README.md").read_text("utf-8").splitlines()
    row = next(row for row in rows if row.startswith("| `tagger.npz`"))

    assert "SPDX-License-Identifier: GPL-3.0-only" in note
    assert "| GPL-3.0-only, with attribution" in row


def test_resolving_a_partial_name_agrees_with_a_scan_of_all_names(wanted: Parts) -> None:
    known = wanted.gazetteer
    for word in ("علي", "بن", "الاسلاميه", "غزه", "aliyev", "جبهه", "لا-اسم", "الجيش السوري"):
        for facet in ("person", "place", "organisation", "armed_group"):
            key = set(name_key(word))
            every = {
                entity.id: None
                for name, entity in known.by_name.items()
                if entity.type == facet and key <= set(name)
            }
            found = known.resolve(facet, word)
            if len(found) > 1:
                assert list(found) == list(every)[:20]
            assert bool(found) == bool(every)

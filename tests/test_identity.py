"""Identity: two different articles are never one in the index, and one article is never two."""

import json
import time
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.corpus.article import Article, Origin
from marsad.corpus.identity import is_number, scoped
from marsad.corpus.quarantine import Quarantine
from marsad.corpus.read import read
from marsad.indexer.build.batch import index_records
from marsad.indexer.build.dry_run import count_records
from marsad.indexer.build.identity import Identities, InWork, OnDisk
from marsad.indexer.build.reports import IndexReport
from marsad.indexer.build.versions import Facts, facts_of, is_version
from marsad.indexer.parts import parts
from marsad.indexer.registry import open_engine
from tests.conftest import Marsad

TEXTS = [
    "أعلن الجيش السوداني اليوم استعادة السيطرة على جسر الحلفايا شمال الخرطوم بعد اشتباكات.",
    "قال وزير الخارجية التركي إن الهدنة في ليبيا صامدة وإن المراقبين وصلوا إلى سرت أمس.",
    "وصلت قافلة مساعدات تابعة للأمم المتحدة إلى مدينة حمص المحاصرة للمرة الأولى منذ أشهر.",
]


def row(number: object, text: str, **fields: str) -> dict[str, object]:
    return {"id": number, "title": text[:30], "text": text, **fields}


def write(path: Path, *rows: dict[str, object]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in rows), encoding="utf-8"
    )
    return path


def run(index: Path, *sources: Path, namespace: str = "") -> IndexReport:
    """Index *sources* as the command does, in this process."""
    program = parts()
    with (
        closing(open_engine(str(index), program.analyzer, create=True)) as engine,
        Quarantine(index.with_name("refused.jsonl")) as kept,
    ):
        return index_records(
            read(sources, namespace=namespace),
            engine,
            program.documents,
            kept,
            lambda _: None,
            identities=Identities(engine, program.documents, InWork()),
        )


def dry(index: Path, *sources: Path) -> IndexReport:
    """Try *sources* out as the command does, in this process."""
    program = parts()
    with ExitStack() as stack:
        seen = stack.enter_context(closing(OnDisk()))
        engine = None
        if index.exists():
            engine = stack.enter_context(closing(open_engine(str(index), program.analyzer)))
        return count_records(read(sources), Identities(engine, program.documents, seen)).report


def counts(report: IndexReport) -> tuple[int, int, int]:
    return (report.added, report.updated, report.unchanged)


def holds(index: Path, *ids: str) -> bool:
    """Tell whether the index has just these ids."""
    with closing(open_engine(str(index), parts().analyzer)) as engine:
        return engine.stats().documents == len(ids) == len(engine.existing_ids(ids))


@pytest.mark.parametrize(
    "fields",
    [
        ({"source": "موقع أ"}, {"source": "موقع ب"}),
        ({"url": "https://a.example/5"}, {"url": "https://www.b.example/5"}),
        ({"publisher": "أ"}, {"publisher": "ب"}),
        ({}, {}),
        ({"date": "2023-04-15"}, {"date": "2023-04-16"}),
        ({"source": "رويترز"}, {"source": "رويترز"}),
    ],
)
@pytest.mark.parametrize("number", [5, "5", "٥", "x5", "post", "5.0"])
def test_articles_of_two_files_with_equal_ids_are_both_kept(
    tmp_path: Path, fields: tuple[dict[str, str], ...], number: object
) -> None:
    files = [
        write(tmp_path / "in" / f"{name}.jsonl", row(number, text, **own))
        for name, text, own in zip(("a", "b"), TEXTS, fields, strict=False)
    ]

    assert counts(dry(tmp_path / "i", *files)) == (2, 0, 0)
    assert counts(run(tmp_path / "i", *files)) == (2, 0, 0)
    assert counts(dry(tmp_path / "i", *files)) == (0, 0, 2)
    assert counts(run(tmp_path / "i", *files)) == (0, 0, 2)


def test_the_command_says_what_a_dry_run_and_a_run_do(tmp_path: Path, marsad: Marsad) -> None:
    for name, text in zip("ab", TEXTS, strict=False):
        write(tmp_path / "in" / f"{name}.jsonl", row(5, text))

    tried = marsad("index", tmp_path / "in", "--index", tmp_path / "i", "--dry-run")
    done = marsad("index", tmp_path / "in", "--index", tmp_path / "i")

    assert "would add 2, update 0, leave 0 unchanged" in tried.stdout
    assert "remark id-taken: 1, as in " in tried.stdout
    assert "added 2, updated 0" in done.stdout
    assert "remark id-taken: 1, as in " in done.stdout
    assert "files: 2 found, 2 read, 0 refused, 0 skipped; articles with remarks: 1" in done.stdout


def test_a_mended_article_takes_the_place_of_its_earlier_version(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", row("a", TEXTS[0]), row("b", TEXTS[1]))
    run(tmp_path / "i", path)
    # The same record of the same file may change as it likes.
    write(path, row("a", TEXTS[2]), row("b", TEXTS[1] + " وأضاف الوزير."))

    assert counts(dry(tmp_path / "i", path)) == (0, 2, 0)
    assert counts(run(tmp_path / "i", path)) == (0, 2, 0)


def test_another_file_may_bring_a_new_version(tmp_path: Path) -> None:
    first = write(tmp_path / "monday.jsonl", row(7, TEXTS[0]), row(8, TEXTS[1]))
    run(tmp_path / "i", first)
    newer = {**row(7, TEXTS[0]), "text": TEXTS[0] + " وأضاف المتحدث أن الجسر مفتوح."}
    second = write(tmp_path / "tuesday.jsonl", row(6, TEXTS[2]), newer, row(8, TEXTS[1]))

    assert counts(dry(tmp_path / "i", second)) == (1, 1, 1)
    assert counts(run(tmp_path / "i", second)) == (1, 1, 1)


def test_three_articles_of_one_file_with_one_id_are_kept(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", *(row(1, text) for text in TEXTS))

    report = run(tmp_path / "i", path)

    assert counts(report) == (3, 0, 0)
    assert report.notes.remarks == {"id-taken": 2}
    assert counts(dry(tmp_path / "i", path)) == counts(run(tmp_path / "i", path)) == (0, 0, 3)


def test_rows_that_come_before_a_record_do_not_make_it_another_article(tmp_path: Path) -> None:
    longer = " ".join(TEXTS)
    path = write(tmp_path / "a.jsonl", row(1, longer), row(2, TEXTS[0]))
    run(tmp_path / "i", path)
    mended = {"id": 1, "title": "عنوان آخر", "text": longer + " وأضاف المتحدث."}
    time.sleep(1.1)  # two runs have different times, in seconds
    write(path, row(3, TEXTS[1]), mended, row(2, TEXTS[0]))

    assert counts(run(tmp_path / "i", path)) == (1, 1, 1)
    assert holds(tmp_path / "i", "1", "2", "3")


def test_two_rows_of_one_id_stay_apart_when_one_of_them_changes(tmp_path: Path) -> None:
    near = [f"{TEXTS[0]} العدد {n}" for n in range(2)]
    path = write(tmp_path / "a.jsonl", *(row(1, text, url=f"u{text[-1]}") for text in near))
    run(tmp_path / "i", path)
    time.sleep(1.1)
    write(path, row(1, near[0], url="u0"), row(1, f"{near[1]} معدل", url="u1"))

    assert counts(run(tmp_path / "i", path)) == (0, 1, 1)
    assert counts(run(tmp_path / "i", path)) == (0, 0, 2)


def test_a_namespace_scopes_numbers_and_nothing_else(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", row(1, TEXTS[0], source="وكالة"), row("x-1", TEXTS[1]))

    run(tmp_path / "i", path, namespace="dump 2023")

    assert holds(tmp_path / "i", "dump_2023:1", "x-1")


def test_an_article_that_an_earlier_version_indexed_by_its_number_keeps_it(tmp_path: Path) -> None:
    run(tmp_path / "i", write(tmp_path / "old.jsonl", row(5, TEXTS[0])))
    sourced = [row(5, TEXTS[0], source="وكالة"), row(6, TEXTS[1], source="وكالة")]

    run(tmp_path / "i", write(tmp_path / "new.jsonl", *sourced))

    assert holds(tmp_path / "i", "5", "وكالة:6")


def test_a_scope_has_no_sign_that_an_address_would_need_to_escape(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", row(5, TEXTS[0], source="وكالة الأنباء / محلي?"))

    run(tmp_path / "i", path)

    assert holds(tmp_path / "i", "وكالة_الأنباء_محلي:5")


def article(path: str = "a", record: int = 1, **fields: Any) -> Article:
    made = {"id": "5", "title": "هدنة", "text": TEXTS[0], **fields}
    return Article(origin=Origin(path, record, "", ""), **made)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (article("b"), True),
        (article("b", text=TEXTS[0] + " وأضاف."), True),
        (article("b", title="هُدنة"), True),
        (article("b", text=TEXTS[1]), False),
        (article("b", title="قمة"), False),
        (article("b", source="وكالة"), True),
        (article("a", 1, text=TEXTS[1], title="قمة"), True),
        (article("a", 2, text=TEXTS[1], title="قمة"), False),
        (article("b", url="https://e.org/1"), True),
    ],
)
def test_two_versions_of_an_article_are_told_from_two_articles(
    other: Article, *, expected: bool
) -> None:
    assert is_version(facts_of(article()), facts_of(other)) is expected
    assert is_version(facts_of(other), facts_of(article())) is expected


def test_articles_of_standard_input_have_no_place_in_common() -> None:
    one, other = article("-", text=TEXTS[0]), article("-", title="قمة", text=TEXTS[1])

    assert not is_version(facts_of(one), facts_of(other))


def test_articles_with_different_addresses_are_different() -> None:
    one, other = article(url="https://e.org/1"), article("b", url="https://e.org/2")

    assert not is_version(facts_of(one), facts_of(other))


NAMES = st.text(max_size=20)


@given(NAMES, NAMES, NAMES, NAMES, st.text(max_size=300), st.integers(0, 10**9))
def test_a_run_without_an_index_remembers_articles_as_one_with_an_index(
    path: str, url: str, title: str, source: str, text: str, record: int
) -> None:
    made = article(path, record, url=url, title=title, source=source, text=text)
    with closing(OnDisk()) as disk:
        work = InWork()
        for each in (disk, work):
            each.add(made, "d", "new")
        found = disk.facts("5")

        assert isinstance(found, Facts)
        assert disk.digest("5") == work.digest("5") == "d"
        assert disk.digest("6") is work.digest("6") is None
        if "\0" not in path + url + title + source and all(
            each.isprintable() for each in (path, url, title, source)
        ):
            assert found == work.facts("5")


def test_committed_articles_are_forgotten_unless_a_newer_version_waits() -> None:
    work, old = InWork(), article()
    new = replace(old, text=TEXTS[1])
    work.add(old, "1", "new")
    work.add(new, "2", "changed")

    assert (work.compared(old), work.compared(new)) == (None, "changed")
    work.drop([old])
    assert work.digest("5") == "2"

    work.drop([new])
    assert work.digest("5") is None


@pytest.mark.parametrize("number", ["1", "٧٧", "#12", "123456789012", "5.0"])
@pytest.mark.parametrize(
    ("fields", "scope"),
    [
        ({"url": "https://www.example.org/a/1"}, "example.org"),
        ({"publisher": "موقع الأخبار"}, "موقع_الأخبار"),
        ({"source": "رويترز"}, "رويترز"),
        ({"url": "http://[", "source": "a b"}, "a_b"),
    ],
)
def test_a_number_gets_the_name_of_its_site(
    number: str, fields: dict[str, Any], scope: str
) -> None:
    made = replace(article(**fields), id=number)

    assert scoped(made).id == f"{scope}:{number}"
    assert scoped(made, "mine").id == f"mine:{number}"


@pytest.mark.parametrize("given_id", ["a1", "5f2c", "2023-04-15", "1681549200123456789", "", "٥/٦"])
def test_other_ids_stay(given_id: str) -> None:
    made = replace(article(source="وكالة"), id=given_id)

    assert not is_number(given_id)
    assert scoped(made) == made

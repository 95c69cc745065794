"""The command, run as a person or a script runs it."""

import json
import re
from pathlib import Path

import pytest

from tests.conftest import CORPUS, Marsad


def write_lines(path: Path, *records: object) -> Path:
    lines = (r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in records)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_indexing_again_changes_nothing(corpus_index: Path, marsad: Marsad) -> None:
    done = marsad("index", CORPUS, "--index", corpus_index)

    assert done.returncode == 0
    assert "read 78, added 0, updated 0, unchanged 78, refused 0" in done.stdout


def test_a_bad_record_is_kept_and_the_run_goes_on(tmp_path: Path, marsad: Marsad) -> None:
    source = write_lines(
        tmp_path / "news.jsonl",
        {"id": "a", "title": "هدنة", "text": "أعلنت هدنة في باكو"},
        "{broken",
        {"id": "b", "text": "اجتماع في يريفان", "date": "no date"},
        {"id": "c", "text": "اجتماع في يريفان"},
    )

    done = marsad("index", source, "--index", tmp_path / "index")

    assert done.returncode == 1
    assert "read 3, added 3, updated 0, unchanged 0, refused 1" in done.stdout
    assert "remark date-empty: 1" in done.stdout
    kept = (tmp_path / "index.quarantine.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["line"] for line in kept] == [2]
    assert "index.quarantine.jsonl" in done.stderr


def test_an_article_is_updated_by_its_id_and_another_one_is_kept_beside_it(
    tmp_path: Path, marsad: Marsad
) -> None:
    index = tmp_path / "index"
    first = write_lines(
        tmp_path / "1.jsonl", {"id": "a", "text": "قمة"}, {"id": "b", "text": "قمة"}
    )
    marsad("index", first, "--index", index)
    write_lines(first, {"id": "a", "text": "معاهدة"}, {"id": "b", "text": "قمة"})
    other = write_lines(tmp_path / "2.jsonl", {"id": "a", "text": "هدنة"})

    done = marsad("index", first, other, "--index", index)

    assert "added 1, updated 1, unchanged 1" in done.stdout
    found = json.loads(marsad("search", "معاهدة", "--index", index, "--json").stdout)
    assert [hit["id"] for hit in found["hits"]] == ["a"]
    found = json.loads(marsad("search", "هدنة", "--index", index, "--json").stdout)
    assert [hit["id"].partition("~")[0] for hit in found["hits"]] == ["a"]
    assert json.loads(marsad("search", "قمة", "--index", index, "--json").stdout)["total"] == 1


def search(marsad: Marsad, index: Path, *args: str) -> dict[str, object]:
    done = marsad("search", *args, "--index", index, "--json")
    assert done.returncode == 0, done.stderr
    result: dict[str, object] = json.loads(done.stdout)
    return result


def test_a_search_narrows_by_date_and_facet(corpus_index: Path, marsad: Marsad) -> None:
    every = search(marsad, corpus_index, "قوات")
    dated = search(marsad, corpus_index, "قوات", "--since", "2020", "--until", "2020-11")
    person = search(marsad, corpus_index, "قوات", "--facet", "person=علييف")

    assert 0 < dated["total"] < every["total"]  # type: ignore[operator]
    assert all("2020" <= hit["published"][:7] <= "2020-11" for hit in dated["hits"])  # type: ignore[attr-defined]
    assert 0 < person["total"] < every["total"]  # type: ignore[operator]


def test_newest_and_oldest_are_each_others_ends(corpus_index: Path, marsad: Marsad) -> None:
    newest = search(marsad, corpus_index, "", "--sort", "newest", "--limit", "1")
    oldest = search(marsad, corpus_index, "", "--sort", "oldest", "--limit", "1")

    assert newest["hits"][0]["published"] == "2024-12-08"  # type: ignore[index]
    assert oldest["hits"][0]["published"] == "2011-02-20"  # type: ignore[index]


def test_what_was_typed_is_remarked_and_still_answered(corpus_index: Path, marsad: Marsad) -> None:
    done = marsad("search", '(باكو "', "--index", corpus_index)

    assert done.returncode == 0
    assert "unbalanced-parenthesis at 0-1" in done.stderr
    assert "articles" in done.stdout


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        (("search", "x", "--index", "nowhere"), "no Marsad index here"),
        (("search", "x", "--index", "solr:x"), "found no known engine"),
        (("index", "nowhere.txt", "--index", "i"), "no such file or folder"),
        (("search", "x"), "Missing option '--index'"),
        (("stats", "--index", "nowhere"), "no Marsad index here"),
        (("serve", "--index", "nowhere"), "no Marsad index here"),
    ],
)
def test_misuse_ends_with_2_and_says_what_to_do(
    tmp_path: Path, marsad: Marsad, args: tuple[str, ...], complaint: str
) -> None:
    here = [arg.replace("nowhere", str(tmp_path / "nowhere")) for arg in args]
    here = [str(tmp_path / "i") if arg == "i" else arg for arg in here]

    done = marsad(*here)

    assert done.returncode == 2
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr


def test_misuse_of_a_search_is_named(corpus_index: Path, marsad: Marsad) -> None:
    for args in (["--facet", "colour=red"], ["--since", "soon"], ["--offset", "10000"]):
        done = marsad("search", "x", *args, "--index", corpus_index)

        assert done.returncode == 2
        assert done.stderr


def test_an_index_of_another_analyzer_is_refused(corpus_index: Path, marsad: Marsad) -> None:
    done = marsad("search", "x", "--index", corpus_index, "--no-stemming")

    assert done.returncode == 2
    assert "marsad index SOURCE --index NEWDIR" in done.stderr


@pytest.mark.parametrize("query", ["-غزة", "-غزة هدنة", '-"وقف إطلاق النار"', "—غزة", "-title:غزة"])
def test_a_query_may_begin_with_a_minus(corpus_index: Path, marsad: Marsad, query: str) -> None:
    found = json.loads(marsad("search", query, "--index", corpus_index, "--json").stdout)

    assert found["query"]["typed"] == query
    assert found == json.loads(
        marsad("search", "--json", "--index", corpus_index, "--", query).stdout
    )
    hit = found["hits"][0]["id"]
    why = marsad("explain", query, hit, "--index", corpus_index)
    assert why.returncode == 0, why.stderr
    assert "(without): yes" in why.stdout
    assert "no hit" not in why.stdout
    for command in ("suggest", "complete"):
        assert marsad(command, query, "--index", corpus_index).returncode == 0


@pytest.mark.parametrize("option", ["--ani", "-x", "--limt=3", "-غزة --ani"])
def test_an_unknown_option_is_still_an_error(
    corpus_index: Path, marsad: Marsad, option: str
) -> None:
    done = marsad("search", "هدنة", *option.split(), "--index", corpus_index)

    assert done.returncode == 2
    assert "No such option" in done.stderr or "unexpected extra argument" in done.stderr


def test_a_run_is_in_trec_form(corpus_index: Path, tmp_path: Path, marsad: Marsad) -> None:
    queries = write_lines(
        tmp_path / "q.jsonl", {"id": "q1", "text": "هدنة في قره باغ؟"}, {"id": "q2", "text": ""}
    )
    tsv = tmp_path / "q.tsv"
    tsv.write_text("q1\tهدنة في قره باغ؟\nq2\t\n", encoding="utf-8")

    for file in (queries, tsv):
        out = tmp_path / f"{file.name}.run"
        done = marsad(
            "run", file, "--index", corpus_index, "--top", "5", "--output", out, "--tag", "t"
        )
        assert done.returncode == 0, done.stderr
        rows = [line.split() for line in out.read_text(encoding="utf-8").splitlines()]

        assert [(r[0], r[1], r[3], r[5]) for r in rows] == [
            ("q1", "Q0", str(n), "t") for n in range(1, 6)
        ]
        assert [float(r[4]) for r in rows] == sorted((float(r[4]) for r in rows), reverse=True)


def test_a_bad_line_of_queries_is_named(corpus_index: Path, tmp_path: Path, marsad: Marsad) -> None:
    queries = write_lines(tmp_path / "q.jsonl", {"id": "q 1", "text": "x"})

    done = marsad("run", queries, "--index", corpus_index, "--output", tmp_path / "run")

    assert done.returncode == 2
    assert "q.jsonl, line 1: found the id 'q 1'" in done.stderr


def test_analyze_gives_one_array_a_line(marsad: Marsad) -> None:
    done = marsad("analyze", "--json", stdin="للكريملِن\n\nو٢١\n")

    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        [
            {
                "text": "للكريملِن",
                "start": 0,
                "end": 9,
                "terms": {
                    "exact": "للكريملن",
                    "surface": "للكريملن",
                    "stem": "كريملن",
                    "root": "كريملن",
                },
                "rule": "name",
            }
        ],
        [],
        [
            {
                "text": "و",
                "start": 0,
                "end": 1,
                "terms": dict.fromkeys(("exact", "surface", "stem", "root"), "و"),
                "rule": "stop",
            },
            {
                "text": "٢١",
                "start": 1,
                "end": 3,
                "terms": {"exact": "٢١", "surface": "21", "stem": "21", "root": "21"},
                "rule": "word",
            },
        ],
    ]  # fmt: skip


def test_extract_gives_one_object_an_article(marsad: Marsad) -> None:
    done = marsad("extract", CORPUS / "karabakh-2020-11-ceasefire.txt", "--json")

    (shown,) = (json.loads(line) for line in done.stdout.splitlines())
    assert shown["published"] == "2020-11-10"
    assert shown["source"] == "تاس"
    assert shown["sections"][0] == "إعادة المناطق المحيطة بالإقليم"
    assert {"ilham-aliyev", "nagorno-karabakh"} <= {e["id"] for e in shown["entities"]}
    assert "2020-09-27" in {d["value"] for d in shown["dates"]}
    for found in (*shown["entities"], *shown["dates"]):
        part = shown[found["field"]][found["start"] : found["end"]]
        assert part in found["text"]


def test_check_and_stats_speak_of_the_whole_index(corpus_index: Path, marsad: Marsad) -> None:
    assert marsad("check", "--index", corpus_index).stdout == "78 documents, no fault\n"
    stats = json.loads(marsad("stats", "--index", corpus_index, "--json").stdout)
    assert (stats["documents"], stats["undated"]) == (78, 1)


def test_check_names_a_damaged_index(tmp_path: Path, marsad: Marsad) -> None:
    index = tmp_path / "index"
    marsad("index", CORPUS / "gaza-2012-11-truce.txt", "--index", index)
    for path in index.glob("*.seg"):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    done = marsad("check", "--index", index)

    assert done.returncode == 1
    assert re.search(r"generation 2 is lost: \w+\.seg: it has \d+ bytes, \d+ were", done.stderr)
    assert "Traceback" not in done.stderr

"""Rebuild: an old index is refused, and rebuilt to the index that its articles would give today."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from marsad.indexer.analysis.analyzer import Analyzer, Names
from marsad.indexer.build.document import load_article
from marsad.indexer.copies.journal import NAME as JOURNAL
from marsad.indexer.copies.journal import Journal
from marsad.indexer.engine.request import FacetRequest, SearchRequest
from marsad.indexer.engine.seam import Engine
from marsad.indexer.errors import IndexTooNewError, IndexTooOldError, IndexVersionError, NoRoomError
from marsad.indexer.fields import FACETS
from marsad.indexer.parts import Parts
from marsad.indexer.rebuild.place import RebuildPlace
from marsad.indexer.registry import open_engine
from marsad.indexer.segments.engine import open_index
from marsad.indexer.segments.lock import WriterLock
from marsad.indexer.segments.manifest import SCHEMA
from marsad.indexer.segments.old_index import open_old
from marsad.indexer.whoosh_compat.index import open_dir
from tests.conftest import Marsad
from tests.golden_index import AGED, SECOND, aged, golden_copy

QUERIES = (
    "هدنة",
    "كاراباخ",
    "شخص:زيلينسكي",
    "مكان:كاراباخ",
    "حدث:2021-05",
    "الخرطوم OR طرابلس",
    "",
)
IDS = {
    *("karabakh-truce", "khartoum-bridge", "undated-camp", "kyiv-talks", "mali-convoy"),
    *("russian-note", "karabakh-copy", "gaza-crossing", "tripoli-vote", "undated-poem"),
    "sanaa-letter",
}


@pytest.fixture
def golden(tmp_path: Path) -> Path:
    return golden_copy(tmp_path / "golden")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory, marsad: Marsad) -> Path:
    """An index of the same articles, made today from the raw files."""
    index = tmp_path_factory.mktemp("fresh") / "index"
    assert marsad("index", SECOND, "--index", index, "--workers", "1").returncode == 1
    return index


def files_of(index: Path) -> dict[str, tuple[bytes, int]]:
    return {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in index.iterdir() if p.is_file()}


def said_by(index: Path, wanted: Parts) -> object:
    """All answers of an index that should be equal: content, hits, facets, clusters."""
    engine = open_engine(str(index), wanted.analyzer)
    try:
        assert engine.check() == ()
        assert engine.lost_commits() == ()
        stats = engine.stats()
        facets = tuple(FacetRequest(name, 100) for name in FACETS)
        found = []
        for query in QUERIES:
            tree = wanted.parse(query, engine=engine).tree
            request = SearchRequest(query=tree, facets=facets, histogram="day", limit=100)
            result = engine.search(request)
            hits = [(hit.id, round(hit.score, 6), hit.date) for hit in result.hits]
            found.append((result.total, hits, result.facets, result.histogram))
        stored = {}
        for hit in engine.walk(SearchRequest()):
            body = json.loads(hit.stored)
            stored[hit.id] = {**body, "origin": [*(body["origin"] or [])][1:3]}
        clusters = {article: engine.cluster(article) for article in stored}
        return stats.content, stats.documents, stats.undated, found, stored, clusters
    finally:
        engine.close()


def test_the_stored_articles_of_the_golden_index_can_be_read(golden: Path) -> None:
    raw = [
        json.loads(line)
        for path in sorted(SECOND.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if '"broken"' not in line and not line.startswith("}")
    ]
    old = open_old(golden)
    try:
        assert old.lost == []
        assert old.documents == len(IDS)
        texts = {}
        for stored in old.texts():
            assert stored.sound
            assert stored.text is not None, stored.reason
            article, _ = load_article(stored.text)
            assert article.id == stored.id
            texts[article.id] = article
    finally:
        old.close()

    assert texts.keys() == IDS == {row["id"] for row in raw}
    for row in raw:
        article = texts[row["id"]]
        assert (article.title, article.text) == (row["title"], row["text"])
        assert (article.source, article.url) == (row["source"], row.get("url", ""))
        assert article.published_iso() == row.get("date")
        assert article.origin is not None
        assert article.origin.read_at


def test_a_rebuilt_golden_index_equals_a_fresh_index(
    golden: Path, fresh: Path, marsad: Marsad, wanted: Parts
) -> None:
    before = files_of(golden)
    new = golden.parent / "new"

    done = marsad("rebuild", golden, "--to", new, "--json")

    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["read"], said["analysed"], said["refused"]) == (11, 11, 0)
    assert (said["documents"], said["lost"], said["unlisted"]) == (11, [], [])
    assert said_by(new, wanted) == said_by(fresh, wanted)
    assert files_of(golden) == before
    assert not list(new.glob("rebuild*"))
    for name in ("tombstones.jsonl", "runs.jsonl"):
        assert (new / name).read_bytes() == (golden / name).read_bytes()
    quarantine = golden.parent / "new.quarantine.jsonl"
    assert quarantine.read_bytes() == (golden.parent / "index.quarantine.jsonl").read_bytes()


def test_an_index_is_rebuilt_in_place(
    golden: Path, fresh: Path, marsad: Marsad, wanted: Parts
) -> None:
    aged(golden)
    stones = (golden / "tombstones.jsonl").read_bytes()

    done = marsad("rebuild", golden)

    assert done.returncode == 0, done.stderr
    assert "read 11, analysed 11, kept of an earlier run 0, refused 0" in done.stdout
    assert f"was of schema 7, analyzer {AGED}" in done.stdout
    assert said_by(golden, wanted) == said_by(fresh, wanted)
    assert [p.name for p in golden.glob("manifest.*")] == ["manifest.00000007.json"]
    assert (golden / "tombstones.jsonl").read_bytes() == stones
    assert not list(golden.glob("rebuild*"))
    assert set(Journal(golden / JOURNAL).load().clusters()) == {"karabakh-truce", "karabakh-copy"}
    assert Journal(golden / JOURNAL).is_applied


DOORS: list[list[str]] = [
    ["search", "هدنة", "--index", "{}"],
    ["explain", "هدنة", "a", "--index", "{}"],
    ["complete", "هد", "--index", "{}"],
    ["suggest", "هدنة", "--index", "{}"],
    ["cluster", "a", "--index", "{}"],
    ["check", "--index", "{}"],
    ["stats", "--index", "{}"],
    ["merge", "--index", "{}"],
    ["compact", "--index", "{}"],
    ["entities", "show", "baku", "--index", "{}"],
    ["entities", "discover", "--index", "{}"],
    ["entities", "relink", "--index", "{}"],
    ["index", str(SECOND), "--index", "{}"],
    ["sync", str(SECOND), "--index", "{}"],
    ["retry", "{}.quarantine.jsonl", "--index", "{}"],
    ["run", os.devnull, "--index", "{}", "--output", os.devnull],
    ["serve", "--index", "{}", "--port", "0"],
]


@pytest.mark.parametrize("door", DOORS, ids=lambda door: " ".join(door[:2]).split(" {")[0][:16])
def test_every_refusal_of_an_old_index_names_the_command(
    door: list[str], golden: Path, marsad: Marsad, wanted: Parts
) -> None:
    aged(golden)
    # The log of runs gets a line for the run that failed.
    own = {"write.lock", "runs.jsonl"}
    before = {name: held for name, held in files_of(golden).items() if name not in own}

    done = marsad(*(part.format(golden) for part in door))

    assert done.returncode == 2, done.stdout + done.stderr
    assert f"built with schema 7, analyzer {AGED}" in done.stderr
    assert f"needs schema {SCHEMA}, analyzer {wanted.analyzer.version}" in done.stderr
    assert f"`marsad rebuild {golden}`" in done.stderr
    assert "Traceback" not in done.stderr
    after = files_of(golden)
    assert {name: after[name] for name in before} == before


@pytest.mark.parametrize("schema", range(2, SCHEMA))
def test_an_index_of_an_older_schema_is_refused_and_rebuilt(
    schema: int, golden: Path, fresh: Path, marsad: Marsad, wanted: Parts
) -> None:
    # An old manifest may have keys that are unknown now, and lack newer ones.
    aged(golden, schema=schema, analyzer="early", forgotten={"a": 1})
    with pytest.raises(IndexVersionError, match=rf"schema {schema}, .*marsad rebuild {golden}`"):
        open_index(golden, wanted.analyzer.version)
    with pytest.raises(IndexVersionError, match=rf"schema {schema}, .*marsad rebuild {golden}`"):
        open_dir(golden, wanted.analyzer)

    assert marsad("rebuild", golden).returncode == 0

    assert said_by(golden, wanted) == said_by(fresh, wanted)


def test_an_index_of_schema_1_is_refused_with_the_reason(tmp_path: Path, marsad: Marsad) -> None:
    (tmp_path / "marsad.json").write_text("{}", encoding="utf-8")
    with pytest.raises(IndexTooOldError, match=r"schema 1, .*marsad rebuild.*marsad index SOURCE"):
        open_index(tmp_path, "any")

    for place in ([], ["--to", tmp_path / "new"]):
        done = marsad("rebuild", tmp_path, *place)

        assert done.returncode == 2
        assert "schema 1" in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"marsad.json"}


def test_an_index_of_a_later_schema_is_refused_and_unchanged(golden: Path, marsad: Marsad) -> None:
    aged(golden, schema=SCHEMA + 1)
    with pytest.raises(IndexTooNewError, match=r"a later Marsad.*marsad rebuild"):
        open_index(golden, "any")

    done = marsad("rebuild", golden)

    assert done.returncode == 2
    assert "a later Marsad made it" in done.stderr
    assert not list(golden.glob("rebuild*"))


def test_stock_whoosh_refuses_an_old_index_with_the_same_words(golden: Path) -> None:
    with pytest.raises(IndexVersionError, match=rf"schema {SCHEMA}, .*marsad rebuild {golden}`"):
        open_dir(aged(golden), Analyzer(Names()))


@pytest.fixture
def nights(tmp_path: Path, marsad: Marsad) -> tuple[Path, Path]:
    """A folder, and the index that a sync made of it."""
    news, index = tmp_path / "news", tmp_path / "index"
    shutil.copytree(SECOND, news)
    assert marsad("sync", news, "--index", index).returncode == 1
    return news, index


def test_a_running_server_keeps_its_generation(nights: tuple[Path, Path], marsad: Marsad) -> None:
    index = aged(nights[1])
    engine = open_index(index, AGED)
    before, content, last = files_of(index), engine.stats().content, newest(index).name

    assert marsad("rebuild", index).returncode == 0

    assert engine.stats().content == content
    assert engine.search(SearchRequest()).total == 11
    assert {hit.id for hit in engine.walk(SearchRequest())} == IDS
    assert "it must be started anew" in engine.lost_commits()[0]
    with pytest.raises(IndexVersionError, match="marsad rebuild"):
        engine.writer()
    # Its files stay while it has them open, and the next commit after that removes them.
    kept = json.loads(before[last][0])["files"]
    assert files_of(index).keys() >= {last, *kept}
    engine.close()
    with pytest.raises(IndexVersionError, match="marsad rebuild"):
        open_index(index, AGED)
    assert marsad("compact", "--index", index).returncode == 0
    assert marsad("rebuild", index).returncode == 0
    assert not files_of(index).keys() & set(kept)


def synced(marsad: Marsad, news: Path, index: Path) -> dict[str, dict[str, int]]:
    report = news.parent / "report.json"
    marsad("sync", news, "--index", index, "--report", report)
    found: dict[str, dict[str, int]] = json.loads(report.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("inside", [True, False])
def test_sync_and_retry_go_on_after_a_rebuild(
    inside: bool, nights: tuple[Path, Path], tmp_path: Path, marsad: Marsad, wanted: Parts
) -> None:
    news, index = nights
    aged(index)
    state = next(index.glob("sync-*.tsv"))
    of_old = state.read_text("utf-8").replace(wanted.documents.version, f"12 {AGED}")
    state.write_text(of_old, encoding="utf-8")
    # An article goes while the index is too old to be written to.
    (news / "second.jsonl").write_text(
        "".join((SECOND / "second.jsonl").read_text("utf-8").splitlines(keepends=True)[:4]),
        encoding="utf-8",
    )
    new = index if inside else tmp_path / "new"
    assert marsad("rebuild", index, *([] if inside else ["--to", new])).returncode == 0

    first, second = synced(marsad, news, new), synced(marsad, news, new)

    articles = first["articles"]
    assert (articles["unchanged"], articles["added"], articles["updated"]) == (10, 0, 0)
    assert articles["removed"] == 1
    assert second["files"]["unchanged"] == 2
    assert '"sanaa-letter"' in (new / "tombstones.jsonl").read_text(encoding="utf-8")

    quarantine = Path(f"{new}.quarantine.jsonl")
    entry = json.loads(quarantine.read_text(encoding="utf-8").splitlines()[0])
    entry["raw"] = '{"id": "broken", "title": "سطر", "text": "نص السطر الذي أصلح"}\n'
    quarantine.write_text(json.dumps(entry) + "\n", encoding="utf-8")
    assert marsad("retry", quarantine, "--index", new).returncode == 0
    engine = open_engine(str(new), wanted.analyzer)
    assert {hit.id for hit in engine.walk(SearchRequest())} == IDS - {"sanaa-letter"} | {"broken"}
    engine.close()


def flip(path: Path, at: int, count: int = 1) -> None:
    raw = bytearray(path.read_bytes())
    for place in range(at, at + count):
        raw[place] ^= 0xFF
    path.write_bytes(raw)


def place_of(index: Path, article: str) -> tuple[Path, int, int]:
    """Return where an article is stored: file, place and length."""
    old = open_old(index)
    try:
        for segment in old._segments:
            for doc in segment.live.tolist():
                if segment.id(doc) == article:
                    store, at, size = segment.place(doc)
                    return index / store, at, size
    finally:
        old.close()
    raise AssertionError(article)


def cut(path: Path, at: int, size: int) -> None:
    with path.open("r+b") as file:
        file.truncate(at + size // 2)


def head(path: Path, at: int, size: int) -> None:
    del size
    flip(path, at)


def middle(path: Path, at: int, size: int) -> None:
    flip(path, at + size // 2)


def end(path: Path, at: int, size: int) -> None:
    flip(path, at + size - 6)


@pytest.mark.parametrize("damage", [head, middle, end])
def test_a_damaged_article_loses_only_itself(
    damage: Callable[[Path, int, int], None],
    nights: tuple[Path, Path],
    marsad: Marsad,
    wanted: Parts,
) -> None:
    news, index = nights
    damage(*place_of(index, "kyiv-talks"))

    done = marsad("rebuild", index, "--json")

    assert done.returncode == 1, done.stderr
    said = json.loads(done.stdout)
    assert (said["read"], said["refused"], said["documents"]) == (11, 1, 10)
    assert [each["id"] for each in said["refusals"]] == ["kyiv-talks"]
    assert "1 articles are kept in" in done.stderr
    lines = Path(f"{index}.quarantine.jsonl").read_text(encoding="utf-8").splitlines()
    kept = [each for each in map(json.loads, lines) if each["path"] == f"{index}#kyiv-talks"]
    assert len(kept) == 1
    assert kept[0]["reason"].startswith("found no article (")
    assert kept[0].get("raw") or kept[0]["raw_base64"]

    # The next sync reads every file again, and has it back.
    assert synced(marsad, news, index)["articles"]["added"] == 1
    engine = open_engine(str(index), wanted.analyzer)
    assert {hit.id for hit in engine.walk(SearchRequest())} == IDS
    engine.close()


def test_a_truncated_store_keeps_the_articles_before_the_cut(
    golden: Path, marsad: Marsad, tmp_path: Path
) -> None:
    path, at, size = place_of(golden, "karabakh-copy")
    behind = {
        article
        for article in IDS
        if place_of(golden, article)[0] == path and place_of(golden, article)[1] >= at
    }
    cut(path, at, size)

    done = marsad("rebuild", golden, "--to", tmp_path / "new", "--json")

    assert done.returncode == 1
    said = json.loads(done.stdout)
    assert {each["id"] for each in said["refusals"]} == behind
    assert said["documents"] == 11 - len(behind)


def test_a_rebuild_in_place_refuses_to_lose_many_articles(golden: Path, marsad: Marsad) -> None:
    for article in ("mali-convoy", "gaza-crossing"):
        middle(*place_of(golden, article))
    before = files_of(golden)

    done = marsad("rebuild", golden)

    assert done.returncode == 2
    assert "2 of 11 articles could not be taken over" in done.stderr
    assert f"marsad rebuild {golden} --to NEWDIR" in done.stderr
    assert not list(golden.glob("rebuild*"))
    assert {k: v for k, v in files_of(golden).items() if k != "write.lock"} == before
    assert marsad("rebuild", golden, "--to", golden.parent / "new").returncode == 1


def test_damaged_postings_lose_no_article(
    golden: Path, fresh: Path, marsad: Marsad, wanted: Parts
) -> None:
    names = [each["name"] for each in json.loads(newest(golden).read_bytes())["segments"]]
    for name in names:
        raw = (golden / name).read_bytes()
        at = json.loads(raw[raw.rindex(b'{"arrays"') :])["arrays"]
        place = next(each for each in at if each["name"] == "term_blob")
        flip(golden / name, place["at"] + 5, 20)
    assert marsad("check", "--index", golden).returncode != 0

    assert marsad("rebuild", golden).returncode == 0

    assert said_by(golden, wanted) == said_by(fresh, wanted)


def newest(index: Path) -> Path:
    return max(index.glob("manifest.*.json"))


def test_the_generation_before_a_damaged_one_is_rebuilt(golden: Path, marsad: Marsad) -> None:
    newest(golden).write_bytes(b"{}")

    done = marsad("rebuild", golden, "--json")

    assert done.returncode == 1
    said = json.loads(done.stdout)
    # Before its last commit, the index still had the article that is gone.
    assert said["documents"] == 12
    assert "generation 6 is lost" in said["lost"][0]


def test_a_damaged_segment_is_reported_with_its_number_of_articles(
    golden: Path, marsad: Marsad
) -> None:
    entry = max(json.loads(newest(golden).read_bytes())["segments"], key=lambda e: e["documents"])
    (golden / entry["name"]).write_bytes(b"")

    done = marsad("rebuild", golden, "--to", golden.parent / "new", "--json")

    held = entry["documents"] - entry.get("deleted", 0)
    assert done.returncode == 1, done.stderr
    said = json.loads(done.stdout)
    assert said["lost_documents"] == held
    assert said["documents"] == 11 - held
    assert any(f"with {held} articles is lost" in loss for loss in said["lost"])


def test_an_index_without_a_manifest_that_can_be_read_is_refused(
    golden: Path, marsad: Marsad
) -> None:
    for path in golden.glob("manifest.*"):
        path.write_bytes(b"{}")

    done = marsad("rebuild", golden)

    assert done.returncode == 2
    assert "generation 6 is lost" in done.stderr
    assert marsad("rebuild", golden.parent / "none").returncode == 2


def test_an_index_that_is_written_to_is_refused(golden: Path, marsad: Marsad) -> None:
    lock = WriterLock(golden)
    try:
        done = marsad("rebuild", golden)
        aside = marsad("rebuild", golden, "--to", golden.parent / "new")
    finally:
        lock.release()

    assert done.returncode == 2
    assert "another process is writing to this index (process" in done.stderr
    assert not list(golden.glob("rebuild*"))
    # Another process may write to an index while its snapshot is read.
    assert aside.returncode == 0


@pytest.mark.parametrize("what", ["file", "folder", "index", "inside", "around", "other"])
def test_a_new_place_must_be_free(what: str, golden: Path, marsad: Marsad) -> None:
    new = golden.parent / "new"
    match what:
        case "file":
            new.write_text("kept", encoding="utf-8")
        case "folder":
            new.mkdir()
            (new / "letter.txt").write_text("kept", encoding="utf-8")
        case "index":
            assert marsad("rebuild", golden, "--to", new).returncode == 0
        case "inside":
            new = golden / "new"
        case "around":
            new = golden.parent
        case "other":
            new.mkdir()
            plan = {"source": "/elsewhere", "program": "x"}
            (new / "rebuild.json").write_text(json.dumps(plan), encoding="utf-8")
        case _:
            raise ValueError(what)
    before = sorted(str(path) for path in golden.parent.rglob("*"))

    done = marsad("rebuild", golden, "--to", new)

    assert done.returncode == 2
    assert f"{new}: " in done.stderr
    assert "give --to another one" in done.stderr
    assert sorted(str(path) for path in golden.parent.rglob("*")) == before


def test_an_index_rebuilt_onto_itself_is_rebuilt_in_place(golden: Path, marsad: Marsad) -> None:
    link = golden.parent / "link"
    link.symlink_to(golden)

    assert marsad("rebuild", golden, "--to", link).returncode == 0

    assert newest(golden).name == "manifest.00000007.json"


def test_a_full_disk_is_reported_before_anything_is_written(
    golden: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = shutil.disk_usage(golden)._replace(free=1_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: free)
    place = RebuildPlace(golden, golden, "program")

    with place.held(), pytest.raises(NoRoomError, match=r"1,000 bytes are free.*--to"):
        place.begin()

    assert not list(golden.glob("rebuild*"))


def test_a_rebuild_that_another_program_began_starts_again(golden: Path, marsad: Marsad) -> None:
    (golden / "rebuild" / "index").mkdir(parents=True)
    (golden / "rebuild" / "index" / "manifest.00000003.json").write_bytes(b"half")
    plan = {"source": ".", "program": "another"}
    (golden / "rebuild.json").write_text(json.dumps(plan), encoding="utf-8")

    done = marsad("rebuild", golden, "--json")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["analysed"] == 11


def test_entities_that_no_list_has_any_more_are_reported(
    golden: Path, marsad: Marsad, tmp_path: Path
) -> None:
    own = tmp_path / "own.csv"
    own.write_text("id,class,ar,en\nbridge-x,place,جسر على النيل,Nile bridge\n", encoding="utf-8")
    index = tmp_path / "own"
    assert marsad("index", SECOND, "--index", index, "--entities", own).returncode == 1

    without = marsad("rebuild", index, "--to", tmp_path / "new")
    kept = marsad("rebuild", index, "--entities", own)

    assert "1 entities of the old index are in no list now (bridge-x)" in without.stderr
    assert "in no list" not in kept.stderr
    del golden


def test_adopt_copies_files_where_hard_links_fail(
    golden: Path, fresh: Path, marsad: Marsad, wanted: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    from marsad.indexer.segments.adopt import adopt  # noqa: PLC0415

    new = golden.parent / "new"
    new.mkdir()

    def no_links(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", no_links)
    assert marsad("rebuild", golden).returncode == 0

    assert adopt(new, golden) == 1

    shutil.copy2(golden / JOURNAL, new / JOURNAL)
    assert said_by(new, wanted) == said_by(fresh, wanted)


def test_an_empty_index_is_rebuilt(tmp_path: Path, marsad: Marsad, wanted: Parts) -> None:
    open_index(tmp_path / "index", AGED, create=True).close()

    assert marsad("rebuild", tmp_path / "index").returncode == 0

    engine: Engine = open_engine(str(tmp_path / "index"), wanted.analyzer)
    assert engine.stats().documents == 0
    engine.close()

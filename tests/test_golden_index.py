"""Golden indexes: an index of an earlier program opens and answers, or is refused and rebuilt.

Each folder of tests/golden/index was made by the program of its day. Which of the two happens to
it follows from the versions in its manifest, so a new analyzer or schema needs no new folder.
"""

import json
import shutil
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from marsad.indexer.build.document import load_stored
from marsad.indexer.engine.request import FacetRequest, SearchRequest
from marsad.indexer.engine.seam import Document
from marsad.indexer.errors import IndexTooOldError, IndexVersionError
from marsad.indexer.fields import FACETS, INDEX_FIELDS
from marsad.indexer.parts import Parts
from marsad.indexer.registry import open_engine
from marsad.indexer.segments.engine import open_index
from marsad.indexer.segments.generation import open_newest
from marsad.indexer.segments.manifest import (
    NUMBERING_NOT_WRITTEN,
    SCHEMA,
    Manifest,
    check_version,
    read_manifest,
    version_name,
)
from marsad.indexer.segments.numbering import numbering_digest
from marsad.indexer.segments.old_index import open_old
from marsad.indexer.segments.writer import BatchWriter
from marsad.indexer.whoosh_compat.index import open_dir
from tests.conftest import Marsad
from tests.golden_index import GOLDEN, OLDEST, aged, golden_copy, newest_manifest

FOLDERS = sorted(path.parent for path in GOLDEN.glob("*/index"))
OTHER = "0123456789abcdef"


def manifest_of(index: Path) -> Manifest:
    path = newest_manifest(index)
    return read_manifest(path, path.read_bytes())


def numbering_of(manifest: Manifest) -> str:
    return f", numbering of fields {manifest.numbering}"


def assert_sound(index: Path, wanted: Parts, ids: set[str]) -> None:
    """Hold the answers of an index against the articles that are stored in it."""
    with closing(open_engine(str(index), wanted.analyzer)) as engine:
        assert (engine.check(), engine.lost_commits()) == ((), ())
        stored = {h.id: load_stored(h.stored).article for h in engine.walk(SearchRequest())}
        assert stored.keys() == ids
        facets = tuple(FacetRequest(name, 100) for name in FACETS)
        counts = {
            each.field: dict(each.values)
            for each in engine.search(SearchRequest(facets=facets)).facets
        }
        articles = stored.values()
        assert counts["language"] == Counter(each.language for each in articles)
        years = Counter((each.published_iso() or "")[:4] for each in articles)
        assert counts["published_year"] == {year: n for year, n in years.items() if year}
        for article in articles:
            query = wanted.parse(article.title, engine=engine).tree
            assert engine.holds(query, article.id), article.title


def assert_refused(index: Path, wanted: Parts, marsad: Marsad) -> None:
    """Expect the one sentence that says what was found, what is needed, and the command."""
    found = manifest_of(index)
    has = version_name(found.schema, found.analyzer)
    needs = version_name(SCHEMA, wanted.analyzer.version)
    if found.schema == SCHEMA and found.numbering != numbering_digest():
        has += numbering_of(found)
        needs += f", numbering of fields {numbering_digest()}"
    sentence = str(IndexVersionError(index, found=has, expected=needs))
    assert f"`marsad rebuild {index}`" in sentence

    with pytest.raises(IndexVersionError) as refusal:
        open_engine(str(index), wanted.analyzer)
    done = marsad("search", "هدنة", "--index", index)

    assert str(refusal.value) == sentence
    assert done.returncode == 2
    assert sentence in done.stderr


@pytest.mark.parametrize("of_another_analyzer", [False, True])
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_golden_index_answers_or_is_refused_and_rebuilt(
    folder: Path, of_another_analyzer: bool, tmp_path: Path, wanted: Parts, marsad: Marsad
) -> None:
    index = golden_copy(tmp_path / "golden", folder)
    if of_another_analyzer:
        aged(index)
    with closing(open_old(index)) as old:
        ids = {text.id for text in old.texts()}
    assert ids
    found = manifest_of(index)
    own = (SCHEMA, wanted.analyzer.version, numbering_digest())

    if (found.schema, found.analyzer, found.numbering) != own:
        assert_refused(index, wanted, marsad)
        done = marsad("rebuild", index)
        assert done.returncode == 0, done.stderr

    assert_sound(index, wanted, ids)


def test_a_golden_index_is_small_and_names_its_versions() -> None:
    assert OLDEST in FOLDERS
    assert len(FOLDERS) >= 3
    readme = (GOLDEN / "README.md").read_text(encoding="utf-8")
    for folder in FOLDERS:
        found = manifest_of(folder / "index")
        assert f"schema{found.schema}-" in folder.name
        assert f"| `{folder.name}` | {found.schema} |" in readme
        assert f"| {found.analyzer} |" in readme
        assert sum(path.stat().st_size for path in folder.rglob("*")) < 200_000


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """An index of this program with two documents of the analyzer "a"."""
    folder = tmp_path / "index"
    with closing(open_index(folder, "a", create=True)) as engine, engine.writer() as writer:
        for number, language in enumerate(("ar", "ru")):
            words = {field: (f"{field}{number}",) for field in INDEX_FIELDS}
            facets = {"language": (language,)}
            writer.add(Document(f"d{number}", f"{number:064}", None, words, facets, "{}"))
    return folder


def test_a_manifest_says_what_its_numbers_mean(index: Path) -> None:
    assert manifest_of(index).numbering == numbering_digest()


@pytest.mark.skipif(SCHEMA not in NUMBERING_NOT_WRITTEN, reason="newer schemas have a digest")
def test_an_index_from_before_the_digest_opens(index: Path) -> None:
    aged(index, numbering=None)
    assert "numbering" not in json.loads(newest_manifest(index).read_bytes())

    with closing(open_index(index, "a")) as engine:
        assert engine.search(SearchRequest()).total == 2
        assert engine.check() == ()
        with engine.writer() as writer:
            writer.remove("d1")
    assert manifest_of(index).numbering == numbering_digest()


def test_early_indexes_of_schema_8_count_as_numbered_as_it_was() -> None:
    early = GOLDEN / "schema8-form13-rules4" / "index"
    assert "numbering" not in json.loads(newest_manifest(early).read_bytes())
    found = manifest_of(early)
    assert found.numbering == NUMBERING_NOT_WRITTEN[8]

    if (SCHEMA, numbering_digest()) == (8, found.numbering):
        check_version(early, found)
    else:
        with pytest.raises(IndexVersionError, match="marsad rebuild"):
            check_version(early, found)


def test_another_numbering_is_refused_at_every_door(
    index: Path, tmp_path: Path, wanted: Parts, marsad: Marsad
) -> None:
    aged(index, numbering=OTHER)
    said = (
        f"schema {SCHEMA}, analyzer a, numbering of fields {OTHER}, but .*`marsad rebuild {index}`"
    )

    for opened in (
        lambda: open_index(index, "a"),
        lambda: open_newest(index),
        lambda: BatchWriter(index, "a"),
    ):
        with pytest.raises(IndexVersionError, match=said):
            opened()
    aged(index, numbering=OTHER, analyzer=wanted.analyzer.version)
    with pytest.raises(IndexVersionError, match=f"numbering of fields {OTHER}, but"):
        open_dir(index, wanted.analyzer)
    for command in (["check"], ["search", "هدنة"], ["index", tmp_path], ["merge"]):
        done = marsad(*command, "--index", index)
        assert done.returncode == 2
        assert f"numbering of fields {OTHER}, but this program needs" in done.stderr
        assert f"`marsad rebuild {index}`" in done.stderr


def test_a_server_that_is_open_keeps_the_numbering_it_has(index: Path) -> None:
    with closing(open_index(index, "a")) as engine:
        shutil.copy2(newest_manifest(index), index / "manifest.00000009.json")
        body = {"generation": 9, "numbering": OTHER}
        one = index / "only"
        one.mkdir()
        shutil.move(index / "manifest.00000009.json", one)
        aged(one, **body)
        shutil.move(one / "manifest.00000009.json", index)

        assert engine.search(SearchRequest()).total == 2
        assert f"numbering of fields {OTHER}" in engine.lost_commits()[0]


# Runs with another order of fields or facets, as after a change of indexer/fields.py.
CHANGED = """
import json, sys
from pathlib import Path
from marsad.indexer import fields
name, change, folder = sys.argv[1:]
setattr(fields, name, eval(change, {"was": getattr(fields, name)}))
from marsad.indexer.engine.request import SearchRequest
from marsad.indexer.errors import IndexerError
from marsad.indexer.segments.engine import open_index
from marsad.indexer.segments.generation import open_newest
from marsad.indexer.segments.writer import BatchWriter
folder, said = Path(folder), {}
doors = {
    "open": lambda: open_newest(folder),
    "search": lambda: open_index(folder, "a").search(SearchRequest()),
    "check": lambda: open_index(folder, "a").check(),
    "writer": lambda: BatchWriter(folder, "a"),
}
for door, opened in doors.items():
    try:
        said[door] = repr(opened())
    except IndexerError as error:
        said[door] = f"{type(error).__name__}: {error}"
print(json.dumps(said))
"""


def said_with(name: str, change: str, index: Path) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", CHANGED, name, change, str(index)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, str] = json.loads(done.stdout)
    return said


@pytest.fixture(params=["with", "without"])
def either(request: pytest.FixtureRequest, index: Path) -> Path:
    """An index whose manifest has a digest, and one from before."""
    if request.param == "without":
        if SCHEMA not in NUMBERING_NOT_WRITTEN:
            pytest.skip("newer schemas have a digest")
        aged(index, numbering=None)
    return index


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("FACETS", "(*was[:7], 'author', *was[7:])"),
        ("FACETS", "(*was, 'author')"),
        ("FACETS", "was[::-1]"),
        ("INDEX_FIELDS", "(was[1], was[0], *was[2:])"),
    ],
)
def test_fields_in_another_order_are_refused(name: str, change: str, either: Path) -> None:
    said = said_with(name, change, either)

    assert said.keys() == {"open", "search", "check", "writer"}
    for sentence in said.values():
        assert sentence.startswith(f"{IndexVersionError.__name__}: ")
        assert f"`marsad rebuild {either}`" in sentence
        assert f"numbering of fields {manifest_of(either).numbering}, but" in sentence


def test_fields_in_the_same_order_are_not_refused(either: Path) -> None:
    said = said_with("FACETS", "(*was,)", either)

    assert said["open"].startswith("<marsad.indexer.segments.generation.Generation object")
    assert said["check"] == "()"


@pytest.mark.parametrize(("schema", "kind"), [(7, IndexVersionError), (1, IndexTooOldError)])
def test_the_numbering_of_another_schema_is_not_asked_for(
    schema: int, kind: type[IndexVersionError], index: Path
) -> None:
    aged(index, schema=schema, numbering=None)

    with pytest.raises(kind) as refusal:
        open_index(index, "a")

    assert refusal.value.found == f"schema {schema}, analyzer a"

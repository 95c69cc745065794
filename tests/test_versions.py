"""Versions: a number that is raised by hand is raised whenever what it stands for changes.

    RULES (indexer/analysis/analyzer.py)     the terms of a text
    FORM (indexer/build/document.py)         what is made of an article
    SCHEMA (indexer/segments/manifest.py)    the files of an index

tests/golden/versions.json has, for each, the version that it is part of, and digests of what the
program made at that version. A change of content under the same version fails: an index of before
would count as one of now. `--update-golden` writes the file anew, but not in that case. Where this
test itself asks for other content, delete the entry first.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from contextlib import closing
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from marsad.corpus.article import Article, Origin, Section
from marsad.indexer.analysis import analyzer as analysis
from marsad.indexer.analysis.analyzer import Analyzer, Names
from marsad.indexer.analysis.sentences import Breaks
from marsad.indexer.build import document as documents
from marsad.indexer.build.document import Prepared
from marsad.indexer.engine.seam import Document
from marsad.indexer.fields import ENTITY_FACETS, FACETS, INDEX_FIELDS
from marsad.indexer.parts import Parts
from marsad.indexer.segments import build as segment_build
from marsad.indexer.segments.container import MAGIC, VERSION, open_container
from marsad.indexer.segments.engine import open_index
from marsad.indexer.segments.manifest import SCHEMA
from marsad.indexer.segments.numbering import numbering_digest
from marsad.indexer.segments.store import pack_record
from tests.conftest import ROOT
from tests.golden_index import SECOND, newest_manifest

VERSIONS = ROOT / "tests" / "golden" / "versions.json"
LINES = (ROOT / "tests" / "golden" / "analysis.txt").read_text(encoding="utf-8").splitlines()
ROWS = [
    json.loads(line)
    for path in sorted(SECOND.glob("*.jsonl"))
    for line in path.read_text(encoding="utf-8").splitlines()
    if line.startswith("{") and line.endswith("}") and '"broken"' not in line
]
# Names of our own, so that a new entity in the lists changes no term here.
NAMES = Names(
    words=frozenset({"بوتين", "الخرطوم", "كاراباخ"}), countries=frozenset({"مالي", "ليبيا"})
)
CHAIN_DATA = ("joined.txt", "countries.tsv", "morphology.bin", "stopwords.txt")

Content = dict[str, str]


def digest(content: object) -> str:
    raw = content if isinstance(content, bytes) else repr(content).encode("utf-8", "surrogatepass")
    return hashlib.sha256(raw).hexdigest()[:12]


def data_digests(room: str, names: list[str]) -> Content:
    data = files(room).joinpath("data")
    return {f"data/{name}": digest(data.joinpath(name).read_bytes()) for name in names}


def content_of_rules() -> Content:
    """Digests of the terms of a fixed text, and of the data that the chain reads."""
    texts = [*LINES, *(row[name] for row in ROWS for name in ("title", "text"))]
    content = data_digests("marsad.indexer.analysis", list(CHAIN_DATA))
    for stemming in (True, False):
        chain = Analyzer(NAMES, stemming=stemming)
        tokens = [token for text in texts for token in chain.analyze(text)]
        of = "" if stemming else " without stemming"
        content[f"place{of}"] = digest([(t.start, t.end, t.stop) for t in tokens])
        for level in ("exact", "surface", "stem", "root"):
            content[f"{level}{of}"] = digest([token.term(level) for token in tokens])
    return content


def article_of(row: dict[str, str], number: int) -> Article:
    printed = row.get("date", "")
    published = dt.date.fromisoformat(f"{printed}-01"[:10]) if printed else None
    return Article(
        id=row["id"],
        title=row["title"],
        text=row["text"],
        sections=(Section(row["text"][:5], 0, len(row["text"])),),
        published=published,
        precision="month" if len(printed) == len("2020-11") else "day",
        language="ar",
        source=row["source"],
        publisher="نشرة المرصد",
        photo_credit="أرشيف",
        author=row.get("author", ""),
        url=row.get("url", ""),
        evidence="metadata" if published else "",
        printed_date=printed,
        origin=Origin("news/first.jsonl", number, "0" * 64, "2026-01-01T00:00:00+00:00"),
    )


def content_of_form(wanted: Parts) -> Content:
    """Digests of all that is made of fixed articles, and of the lists that extraction reads."""
    articles = [article_of(row, number) for number, row in enumerate(ROWS)]
    prepared = [
        each for each in map(wanted.documents.prepare, articles) if isinstance(each, Prepared)
    ]
    assert len(prepared) == len(articles)
    made = [each.document for each in prepared]
    sketches = [each.sketch for each in prepared]
    names = sorted(
        path.name
        for path in files("marsad.indexer.extract.entities").joinpath("data").iterdir()
        if not path.name.endswith(".md")
    )
    return {
        **data_digests("marsad.indexer.extract.entities", names),
        **data_digests("marsad.indexer.analysis", ["frequencies.tsv.gz"]),
        "fields": digest(
            [[(f, list(each.fields[f])) for f in sorted(each.fields)] for each in made]
        ),
        "facets": digest([sorted(each.facets.items()) for each in made]),
        "stored": digest([each.stored for each in made]),
        "starts": digest([list(each.starts) for each in made]),
        "breaks": digest([[list(part) for part in each.breaks] for each in made]),
        "dates": digest([each.date for each in made]),
        "sketches": digest([(s.sizes.tolist(), s.triples.tolist()) for s in sketches]),
    }


def fixed_documents() -> list[Document]:
    """Documents that fill every array: long texts, frequent terms, facets of every form."""
    made = []
    for number in range(130):
        long = 70_000 if number == 128 else 3
        words = [f"كلمة{number % 7}", "هدنة", *(["سلام"] * 300 if number == 5 else [])]
        text = [*words, *(["و"] * long), "نهاية"]
        facets = {
            "language": ("ar",),
            "person": ("abiy-ahmed", "x") if number % 2 else (),
            "place": (f"place-{number % 40}",),
        }
        made.append(
            Document(
                id=f"d{number}",
                digest=f"{number:064x}",
                date=dt.date(2020, 1, 1) + dt.timedelta(number) if number else None,
                fields=dict.fromkeys(INDEX_FIELDS, text if number % 3 else text[:2]),
                facets={name: facets.get(name, ()) for name in FACETS},
                stored=json.dumps({"id": number}),
                starts=[at * 300 for at in range(len(text))],
                breaks=Breaks((2, 4), (4,)),
            )
        )
    return made


def content_of_schema(folder: Path) -> Content:
    """Names, types and digests of the arrays of an index of fixed documents, keys of its manifest.

    What a release of Zstandard or a file's name decides has no digest.
    """
    with closing(open_index(folder, "a", create=True)) as engine, engine.writer() as writer:
        for each in fixed_documents():
            writer.add(each)
        writer.commit()
        writer.remove("d7")
        writer.assign_clusters({"d1": "one", "d2": "one"})
    body = json.loads(newest_manifest(folder).read_bytes())
    content = {"manifest": " ".join(f"{key}:{type(value).__name__}" for key, value in body.items())}
    for name in ("segments", "stores"):
        (entry,) = body[name]
        content[f"manifest {name}"] = " ".join(sorted(entry))
    (segment,) = body["segments"]
    for label, file in (
        ("segment", segment["name"]),
        ("deletes", segment["deletes"]),
        ("clusters", body["clusters"]),
    ):
        container = open_container(folder / file)
        content[f"{label} extra"] = " ".join(sorted(container.extra))
        for name, array in container.arrays.items():
            own = "of a segment" if name == segment["name"] else name
            said = digest(np.ascontiguousarray(array).tobytes())
            said = "" if name in ("store_place", "store_size") else f" {said}"
            content[f"{label} {own}"] = f"{array.dtype.str} {array.ndim}{said}"
    content["container"] = f"{MAGIC.decode()} {VERSION}"
    content["record"] = digest(pack_record("نص".encode(), [0, 2, 900]))
    return content


def complaint(number: str, was: dict[str, object], version: str, content: Content) -> str:
    """Return what must be done before the number stands for *content*, empty if nothing."""
    recorded = was["content"]
    assert isinstance(recorded, dict)
    names = sorted(
        name for name in recorded.keys() | content.keys() if recorded.get(name) != content.get(name)
    )
    if names and was["version"] == version:
        return (
            f"{', '.join(names)} changed, and the version is still {version}: an index of before "
            f"would count as one of now. Raise {number}, then run this test with --update-golden."
        )
    if was["version"] != version:
        return (
            f"the version is {version}, was {was['version']}: run this test with --update-golden."
        )
    return ""


def may_be_written(was: dict[str, object] | None, version: str) -> bool:
    """Return whether `--update-golden` may write: never over other content of the same version."""
    return was is None or was["version"] != version


Now = Callable[[], tuple[str, Content]]


@pytest.fixture(params=["RULES", "FORM", "SCHEMA"])
def number(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def now(number: str, wanted: Parts, tmp_path: Path) -> Now:
    """What gives the version and the content of a number, as the program makes them now."""

    def made() -> tuple[str, Content]:
        match number:
            case "RULES":
                return Analyzer(NAMES).version, content_of_rules()
            case "FORM":
                return wanted.documents.version, content_of_form(wanted)
            case _:
                folder = tmp_path / f"index{len(list(tmp_path.iterdir()))}"
                return f"{SCHEMA} {numbering_digest()}", content_of_schema(folder)

    return made


def test_a_version_stands_for_its_content(
    number: str, now: Now, request: pytest.FixtureRequest
) -> None:
    version, content = now()
    recorded = json.loads(VERSIONS.read_text(encoding="utf-8")) if VERSIONS.exists() else {}
    if may_be_written(recorded.get(number), version) and request.config.getoption(
        "--update-golden"
    ):
        recorded[number] = {"version": version, "content": content}
        text = json.dumps(recorded, ensure_ascii=False, indent=1, sort_keys=True)
        VERSIONS.write_text(f"{text}\n", encoding="utf-8")

    assert complaint(number, recorded[number], version, content) == ""


def fewer_stop_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "stopwords", frozenset)


def fewer_facets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "ENTITY_FACETS", ENTITY_FACETS[1:])


def no_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment_build, "pack_breaks", lambda _: b"")


@pytest.mark.parametrize(
    ("number", "change", "changed"),
    [
        ("RULES", fewer_stop_words, "place without stemming"),
        ("FORM", fewer_facets, "facets"),
        ("SCHEMA", no_breaks, "segment break_at, segment break_blob"),
    ],
    indirect=["number"],
)
def test_a_change_without_a_new_number_is_noticed(
    number: str,
    change: Callable[[pytest.MonkeyPatch], None],
    changed: str,
    now: Now,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    version, content = now()
    was: dict[str, object] = {"version": version, "content": content}
    assert complaint(number, was, version, content) == ""

    change(monkeypatch)
    version, content = now()

    said = complaint(number, was, version, content)
    assert said.startswith(f"{changed} changed, and the version is still {version}")
    assert f"Raise {number}, then run" in said
    assert not may_be_written(was, version)
    assert may_be_written(was, f"{version} raised")
    assert complaint(number, was, f"{version} raised", content).endswith("with --update-golden.")
    assert "Raise" not in complaint(number, was, f"{version} raised", content)


def test_a_raised_number_is_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    was = Analyzer(NAMES).version

    monkeypatch.setattr(analysis, "RULES", analysis.RULES + 1)

    assert Analyzer(NAMES).version != was

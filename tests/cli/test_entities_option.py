"""The user's own authority file reaches every part of a run; the environment is only read."""

import json
import os
import pickle
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from marsad.corpus.article import Article
from marsad.indexer.fingerprint import fingerprint
from marsad.indexer.parts import documents, parts
from marsad.webui.cli.main import marsad as group
from tests.conftest import Marsad

TEXT = "وصلت فرقة زعفران إلى المدينة أمس. قالت فرقة زعفران إنها باقية"


ARTICLE = Article(id="a", title="خبر", text=TEXT)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.csv"
    path.write_text("id,class,ar\nsaffron,organisation,فرقة زعفران\n", encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "news"
    made.mkdir()
    record = {"id": "a", "title": "خبر", "text": TEXT}
    (made / "a.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    return made


def found(marsad: Marsad, index: Path, own: Path) -> int:
    done = marsad("search", "entity:saffron", "--index", index, "--entities", own, "--json")
    total: int = json.loads(done.stdout)["total"]
    return total


def test_sync_takes_the_file_as_an_option(
    tmp_path: Path, marsad: Marsad, own: Path, folder: Path
) -> None:
    index = tmp_path / "index"

    done = marsad("sync", folder, "--index", index, "--entities", own)

    assert done.returncode == 0, done.stderr
    assert found(marsad, index, own) == 1


def test_sync_takes_the_file_from_the_environment(
    tmp_path: Path, marsad: Marsad, own: Path, folder: Path
) -> None:
    index = tmp_path / "index"
    command = [str(Path(sys.executable).parent / "marsad"), "sync", str(folder)]

    subprocess.run(
        [*command, "--index", str(index)],
        env={**os.environ, "MARSAD_ENTITIES": str(own)},
        check=True,
        capture_output=True,
    )

    assert found(marsad, index, own) == 1


def test_one_run_leaves_nothing_for_the_next_in_the_same_process(own: Path, folder: Path) -> None:
    before = dict(os.environ)
    source = str(folder / "a.jsonl")

    with_file = CliRunner().invoke(group, ["extract", source, "--entities", str(own), "--json"])
    after = dict(os.environ)
    without = CliRunner().invoke(group, ["extract", source, "--json"])

    assert after == before
    assert "saffron" in {e["id"] for e in json.loads(with_file.output)["entities"]}
    assert "saffron" not in {e["id"] for e in json.loads(without.output)["entities"]}


def test_what_a_worker_process_gets_finds_the_same_entities(own: Path) -> None:
    sent = pickle.dumps(partial(documents, entities=own))

    made = pickle.loads(sent)()  # noqa: S301  (ours, from the line above)

    assert "saffron" in {m.id for m in made.entities(ARTICLE)}
    assert "saffron" not in {m.id for m in parts().documents.entities(ARTICLE)}


def test_the_fingerprint_tells_files_of_entities_apart(own: Path) -> None:
    first = fingerprint(1, entities=own)
    own.write_text("id,class,ar\nsaffron,group,فرقة زعفران\n\n", encoding="utf-8")

    assert first != fingerprint(1)
    assert first != fingerprint(1, entities=own)

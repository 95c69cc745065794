"""Documents: what they name exists, and what exists is named."""

import re

import pytest

from marsad.indexer.query.names import FIELD_NAMES
from marsad.webui.cli.main import marsad as group
from tests.conftest import ROOT, Marsad
from tests.test_layering import LISTED

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "indexer/ARCHITECTURE.md", "corpus/data/README.md")
README = (ROOT / "README.md").read_text(encoding="utf-8")
_PATH = re.compile(r"`((?:corpus|indexer|webui|tests|\.ci)/[\w./-]*|Makefile|LICENSE)`")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_path_in_a_document_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")

    missing = [path for path in _PATH.findall(text) if not (ROOT / path).exists()]

    assert missing == []


def test_every_command_in_the_readme_exists_and_every_command_is_in_it() -> None:
    named = set(re.findall(r"marsad ([a-z]+)", README))

    assert named == set(group.modules)


def test_every_make_target_in_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    for target in set(re.findall(r"^    make ([a-z]+)", README, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_field_of_the_query_language_is_in_the_readme() -> None:
    folded = README.replace("ة", "ه")

    assert [name for name in FIELD_NAMES if f"{name}:" not in folded] == []


@pytest.mark.parametrize("command", sorted(group.modules))
def test_every_command_says_what_it_does(marsad: Marsad, command: str) -> None:
    done = marsad(command, "--help")

    assert done.returncode == 0, done.stderr
    assert "--help" in done.stdout


@pytest.mark.parametrize(
    "command",
    ["check", "cluster", "entities check", "extract", "index", "rebuild", "retry", "serve", "sync"],
)
def test_a_command_that_may_end_with_another_code_says_so(marsad: Marsad, command: str) -> None:
    assert "exit code" in " ".join(marsad(*command.split(), "--help").stdout.lower().split())


def test_the_architecture_has_every_room_on_its_floor() -> None:
    text = (ROOT / "indexer/ARCHITECTURE.md").read_text(encoding="utf-8")
    block = text.split("## Floors")[1].split("## Rooms")[0]
    listed = {
        name: int(floor)
        for floor, names in re.findall(r"^    (\d)  (.*?)(?:  +\(.*)?$", block, re.MULTILINE)
        for name in names.split()
    }

    assert listed == {room.removeprefix("indexer."): floor for room, floor in LISTED.items()}


def test_the_architecture_stays_readable() -> None:
    text = (ROOT / "indexer/ARCHITECTURE.md").read_text(encoding="utf-8")

    assert len(text.splitlines()) <= 260

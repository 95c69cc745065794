"""Documents: what they name exists, and what exists is named."""

import re

import pytest

from indexer.query.lexer import FIELD_NAMES
from tests.conftest import ROOT, Marsad
from webui.cli import marsad as group

DOCUMENTS = ("README.md", "indexer/ARCHITECTURE.md", "corpus/data/README.md")
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


def test_the_architecture_stays_readable() -> None:
    text = (ROOT / "indexer/ARCHITECTURE.md").read_text(encoding="utf-8")

    assert len(text.splitlines()) <= 150

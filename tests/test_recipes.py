"""Recipes: each step of CONTRIBUTING.md that is forgotten fails here, with the file to change.

Steps that other tests name: RULES, FORM and the golden versions (tests/test_versions.py), golden
terms (tests/test_analyzer.py), readers and examples of formats (tests/test_formats.py).
"""

import ast
import csv
import dataclasses
import re
from importlib import import_module

import pytest

from marsad.corpus.article import Article
from marsad.indexer.cli.main import COMMANDS
from marsad.indexer.fields import ARTICLE_FACETS, FACETS
from marsad.indexer.parts import Parts
from marsad.indexer.registry import ENGINES
from marsad.webui.cli.main import marsad as group
from marsad.webui.i18n.catalogue import languages
from tests.conftest import ROOT

CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
RECIPES = CONTRIBUTING.split("## Recipes")[1].split("\n## ")[0]


@pytest.mark.parametrize("recipe", re.split(r"^### ", RECIPES, flags=re.MULTILINE)[1:])
def test_a_recipe_has_as_many_steps_as_it_says(recipe: str) -> None:
    title = recipe.partition("\n")[0]
    said = re.search(r"\((\d) files\)", title)
    steps = re.findall(r"^(\d)\. ", recipe, re.MULTILINE)

    assert steps == [str(number + 1) for number in range(int(said[1]) if said else 2)], title


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("RULES", "indexer/analysis/analyzer.py"),
        ("FACETS", "indexer/fields.py"),
        ("ARTICLE_FACETS", "indexer/fields.py"),
        ("FORM", "indexer/build/document.py"),
        ("EXAMPLES", "tests/test_formats.py"),
        ("COMMANDS", "indexer/cli/main.py"),
        ("ENGINES", "indexer/registry.py"),
    ],
)
def test_a_name_of_a_recipe_is_in_the_file_that_it_names(name: str, path: str) -> None:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assigned = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }

    assert name in assigned, f"CONTRIBUTING.md says that {name} is in {path}"
    assert f"`{name}`" in RECIPES
    assert f"`{path}`" in RECIPES


def test_every_facet_has_a_name_in_each_language() -> None:
    path = ROOT / "webui" / "i18n" / "facets.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    named = {row["facet"] for row in rows if all(row[code] for code in languages())}

    missing, unknown = set(FACETS) - named, {row["facet"] for row in rows} - set(FACETS)

    assert not missing, f"give {missing} a row with all languages in webui/i18n/facets.csv"
    assert not unknown, f"webui/i18n/facets.csv names {unknown}; FACETS of indexer/fields.py do not"


def test_every_facet_is_filled(wanted: Parts) -> None:
    made = wanted.documents.make(Article(id="a", title="هدنة", text="نص"))

    missing = set(FACETS) - made.facets.keys()

    assert not missing, f"fill {missing} in _facets of indexer/build/document.py"


def test_a_facet_of_a_text_of_the_article_has_its_name() -> None:
    texts = {each.name for each in dataclasses.fields(Article) if each.type is str}

    unknown = set(ARTICLE_FACETS) - texts

    assert not unknown, f"ARTICLE_FACETS of indexer/fields.py: an Article has no text {unknown}"


def test_every_module_of_a_command_is_listed() -> None:
    modules = sorted((ROOT / "indexer" / "cli").glob("*.py"))
    commands = {
        path.stem
        for path in modules
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and node.name == path.stem
        and any("click.command" in ast.unparse(each) for each in node.decorator_list)
    }

    missing = commands - COMMANDS.keys()

    assert len(commands) > 10
    assert not missing, f"add {missing} to COMMANDS of indexer/cli/main.py"


def test_every_command_has_a_row_in_the_readme() -> None:
    rows = set(re.findall(r"^\| `marsad (\w+)` \|", README, re.MULTILINE))

    missing = group.modules.keys() - rows

    assert not missing, f"give {missing} a row in the table of commands of README.md"


@pytest.mark.parametrize("package", ENGINES.values())
def test_every_engine_has_what_the_registry_asks_for(package: str) -> None:
    for module, names in (("engine", ["open_index"]), ("commits", ["newest_commit", "own_folder"])):
        found = import_module(f"{package}.{module}")
        missing = [name for name in names if not hasattr(found, name)]

        assert not missing, f"{package}.{module} needs {missing}; see indexer/registry.py"

"""Options from the command line, the environment and `marsad.toml`, in this order."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from marsad.indexer.cli.config import _TABLES, _TOP, read_config
from marsad.webui.cli.main import marsad as group
from tests.conftest import CORPUS, ROOT

# Commands that read no index.
WITHOUT_INDEX = {"analyze", "entities check", "extract"}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A current folder, and an environment without Marsad's variables."""
    for name in ("INDEX", "ENTITIES", "CACHE", "CONFIG"):
        monkeypatch.delenv(f"MARSAD_{name}", raising=False)
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def run(*args: str | Path, **environment: str) -> Result:
    return CliRunner().invoke(group, [str(arg) for arg in args], env=environment)


def leaves() -> Iterator[tuple[str, click.Command]]:
    """Yield each command that does something, by its words."""
    context = click.Context(group, info_name="marsad")
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            for part, inner in command.commands.items():
                yield f"{name} {part}", inner
        else:
            yield name, command


LEAVES = dict(leaves())


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(here: Path) -> None:
    (here / "marsad.toml").write_text('index = "of-the-file"\n')

    by_file = run("stats")
    by_variable = run("stats", MARSAD_INDEX="of-the-variable")
    by_option = run("stats", "--index", "of-the-option", MARSAD_INDEX="of-the-variable")

    assert by_file.output.startswith("marsad: of-the-file: no Marsad index here")
    assert by_variable.output.startswith("marsad: of-the-variable: no Marsad index here")
    assert by_option.output.startswith("marsad: of-the-option: no Marsad index here")
    assert {each.exit_code for each in (by_file, by_variable, by_option)} == {2}


def test_a_search_needs_no_option_where_a_file_names_the_index(
    here: Path, corpus_index: Path
) -> None:
    (here / "marsad.toml").write_text(f'index = "{corpus_index}"\n')
    command = [str(Path(sys.executable).parent / "marsad"), "search", "هدنة", "--json"]

    done = subprocess.run(command, cwd=here, capture_output=True, check=True)

    assert json.loads(done.stdout)["total"] > 0


def test_a_named_file_is_used_in_place_of_that_of_the_folder(here: Path) -> None:
    (here / "marsad.toml").write_text('index = "here"\n')
    there = here / "there"
    there.mkdir()
    named = there / "other.toml"
    named.write_text('index = "there"\n')

    # Paths count from the folder of the file.
    expected = f"marsad: {there}/there: no Marsad index here"
    assert run("--config", named, "stats").output.startswith(expected)
    assert run("stats", MARSAD_CONFIG=str(named)).output.startswith(expected)


def test_without_any_index_the_option_is_missing_and_help_names_the_variable(here: Path) -> None:
    assert not (here / "marsad.toml").exists()

    done = run("stats")

    assert done.exit_code == 2
    assert "Missing option '--index'" in done.output
    assert "MARSAD_INDEX" in run("stats", "--help").output


@pytest.mark.parametrize("name", sorted(LEAVES))
def test_every_command_takes_the_index_from_environment_and_file(
    name: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parameters = {each.name: each for each in LEAVES[name].params}
    if name in WITHOUT_INDEX:
        assert "index_dir" not in parameters
        return
    (here / "marsad.toml").write_text('index = "news"\n')
    context = group.make_context("marsad", name.split())
    for word in name.split()[:-1]:
        context = click.Context(LEAVES[name], parent=context, info_name=word)
    inner = click.Context(LEAVES[name], parent=context, info_name=name.rsplit(maxsplit=1)[-1])

    assert parameters["index_dir"].consume_value(inner, {})[0] == "news"
    monkeypatch.setenv("MARSAD_INDEX", "other")
    assert parameters["index_dir"].consume_value(inner, {})[0] == "other"


@pytest.mark.parametrize(
    ("table", "key", "parameter"),
    [(table, key, made.parameter) for table in _TABLES for key, made in _TABLES[table].items()]
    + [("", key, made.parameter) for key, made in _TOP.items()],
)
def test_every_key_sets_a_parameter_of_a_command(table: str, key: str, parameter: str) -> None:
    commands = [LEAVES[table]] if table in LEAVES else [*LEAVES.values(), group]

    assert any(each.name == parameter for one in commands for each in one.params), key


def test_sources_and_their_columns_come_from_the_file(here: Path) -> None:
    (here / "feed.jsonl").write_text('{"id": "a", "headline": "هدنة", "body": "في باكو"}\n')
    (here / "marsad.toml").write_text(
        'index = "news"\n[sources]\npaths = ["feed.jsonl"]\n'
        'map = { title = "headline", text = "body" }\nquarantine = "refused.jsonl"\n'
    )

    done = run("index")
    shown = json.loads(run("search", "title:هدنة", "--json").output)

    assert done.exit_code == 0, done.output
    assert [hit["title"] for hit in shown["hits"]] == ["هدنة"]


def test_sources_of_the_command_line_win(here: Path) -> None:
    (here / "marsad.toml").write_text('[sources]\npaths = ["nowhere"]\n')
    one = CORPUS / "gaza-2012-11-truce.txt"

    assert "nowhere: no such file" in run("extract").output
    assert run("extract", one).exit_code == 0


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("indx = 'news'", "indx: found an unknown key, expected one of index, entities, cache, ["),
        ("index = 3", "index: found 3, expected a path, as a string"),
        ("[serve]\nprot = 1", "[serve] prot: found an unknown key, expected one of host, port,"),
        ("[serve]\nport = '80'", "[serve] port: found '80', expected a whole number"),
        ("[serve]\nport = true", "[serve] port: found True, expected a whole number"),
        ("[serve]\ntime_limit = nan", "[serve] time_limit: found nan, expected a number"),
        ("[sync]\nchecksum = 1", "[sync] checksum: found 1, expected true or false"),
        ("[sources]\npaths = 'feeds'", "[sources] paths: found 'feeds', expected a list of paths"),
        (
            "[sources]\nfail_on = 'all'",
            "fail_on: found 'all', expected a list of strings",
        ),
        ("[sources]\nmap = { titel = 'x' }", "expected a table such as { title ="),
        ("serve = 1", "serve: found 1, expected a table [serve]"),
        ("index = ", "found no TOML in UTF-8 (Invalid value (at"),
        ("cache = 'kept'", "cache: found in a file that was not named; expected MARSAD_CACHE"),
    ],
)
def test_a_wrong_key_or_value_is_named(here: Path, text: str, complaint: str) -> None:
    (here / "marsad.toml").write_text(text + "\n")

    done = run("stats", "--index", "x")

    assert done.exit_code == 2
    assert done.output.startswith("marsad: marsad.toml: ")
    assert complaint in done.output


@pytest.mark.parametrize(
    ("text", "command", "complaint"),
    [
        ("[serve]\nport = 99999", "serve", "[serve] port: found 99999, expected another value"),
        ("[sources]\nbatch = 0", "sync .", "[sources] batch: found 0, expected another value"),
        (
            "[sources]\nfail_on = ['x']",
            "sync .",
            "[sources] fail_on: found ['x'], expected",
        ),
        ("[sync]\ninterval = 0", "sync .", "[sync] interval: found 0, expected another value"),
        ("entities = 'no.csv'", "entities show x", "entities: found 'no.csv', expected another"),
        ("[sync]\nfolder = 'marsad.toml'", "sync", "[sync] folder: found 'marsad.toml', expected"),
    ],
)
def test_a_value_that_an_option_refuses_is_named_with_its_key(
    here: Path, text: str, command: str, complaint: str
) -> None:
    (here / "marsad.toml").write_text(text + "\n")

    done = run(*command.split(), "--index", "x")

    assert done.exit_code == 2
    assert done.output.startswith(f"marsad: marsad.toml: {complaint}")


def test_a_value_of_the_command_line_is_not_blamed_on_the_file(here: Path) -> None:
    (here / "marsad.toml").write_text("[serve]\nport = 9000\n")

    done = run("serve", "--index", "x", "--port", "99999")

    assert done.exit_code == 2
    assert "Invalid value for '--port'" in done.output
    assert "marsad.toml" not in done.output


def test_a_file_that_cannot_be_read_is_named(here: Path) -> None:
    (here / "marsad.toml").write_bytes(b'index = "\xff"\n')

    done = run("stats", "--index", "x")

    assert done.exit_code == 2
    assert "marsad: marsad.toml: found no TOML in UTF-8" in done.output


def test_addresses_and_home_folders_are_read(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(here))
    path = here / "x.toml"

    def index(text: str) -> object:
        path.write_text(f'index = "{text}"\n')
        return read_config(path)[""]["index_dir"]

    assert index("news") == f"{here}/news"
    assert index("news/") == f"{here}/news"
    assert index("whoosh:news") == f"whoosh:{here}/news"
    assert index("whoosh:/srv/news") == "whoosh:/srv/news"
    assert index("~/news") == f"{here}/news"
    assert index("solr:x") == "solr:x"


def test_a_named_file_may_set_the_cache(here: Path) -> None:
    named = here / "named.toml"
    named.write_text('cache = "nowhere/kept"\n')
    (here / "nowhere").mkdir()
    (here / "nowhere").chmod(0o777)
    command = [str(Path(sys.executable).parent / "marsad"), "-v", "--config", str(named)]

    done = subprocess.run([*command, "stats", "--index", "x"], capture_output=True, check=False)

    assert f"other users may write to {here}/nowhere" in done.stderr.decode()
    assert done.returncode == 2


def test_a_cache_that_others_may_write_to_is_refused(here: Path) -> None:
    shared = here / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    command = [str(Path(sys.executable).parent / "marsad"), "stats", "--index", "x"]

    done = subprocess.run(
        command,
        env={**os.environ, "MARSAD_CACHE": str(shared)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert f"other users may write to {shared}" in done.stderr


def test_the_settings_of_the_readme_are_read(tmp_path: Path) -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("## Settings")[1]
    lines = section.split("\n- ")[0].splitlines()
    path = tmp_path / "marsad.toml"
    path.write_text("\n".join(line[4:] for line in lines if line.startswith("    ")), "utf-8")

    values = read_config(path)

    assert values["serve"] == {"port": 9000, "time_limit_s": 5}
    assert values["sources"]["mapping"] == {"title": "headline", "text": "body"}
    assert set(values[""]) == {"index_dir", "entities_file", "cache"}


def test_help_tells_of_exit_codes_variables_and_file(here: Path) -> None:
    (here / "marsad.toml").write_text("this is no TOML\n")

    shown = run("--help").output

    for word in ("Exit code", "130", "MARSAD_INDEX", "marsad.toml", "MARSAD_CONFIG", "[sources]"):
        assert word in shown

"""What the program logs: quiet unless asked, on stderr, with times and levels."""

import json
import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest

from marsad.webui.app import create_app
from tests.conftest import CORPUS, Marsad

ONE = CORPUS / "gaza-2012-11-truce.txt"
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}"


def test_a_run_that_goes_well_says_nothing(tmp_path: Path, marsad: Marsad) -> None:
    assert marsad("index", ONE, "--index", tmp_path / "index").stderr == ""


def test_v_tells_the_steps_of_a_run_with_times(tmp_path: Path, marsad: Marsad) -> None:
    done = marsad("-v", "index", ONE, "--index", tmp_path / "index")

    lines = done.stderr.splitlines()
    assert done.stdout.startswith("read 1, added 1")
    assert [line for line in lines if not re.match(rf"{TIME} INFO marsad\.\w+: ", line)] == []
    for step in ("opened", "committed a batch of 1 articles", "indexed in"):
        assert any(step in line for line in lines), step


def test_vv_tells_more_and_json_is_an_object_a_line(tmp_path: Path, marsad: Marsad) -> None:
    index = tmp_path / "index"
    options = ("--batch", "10", "--workers", "2", "--quarantine", tmp_path / "q")

    done = marsad("-vv", "--log-format", "json", "index", CORPUS, "--index", index, *options)

    told = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    said = [(each["level"], each["message"]) for each in told]
    assert ("info", "starting 2 worker processes") in said
    assert any(level == "info" and re.match(r"merged \d+ segments", text) for level, text in said)
    assert any(level == "debug" and text.startswith("wrote generation") for level, text in said)
    assert all(re.fullmatch(TIME, each["time"]) for each in told)


def test_an_error_has_its_short_form_and_with_v_its_time(tmp_path: Path, marsad: Marsad) -> None:
    nowhere = tmp_path / "nowhere"

    short = marsad("stats", "--index", nowhere)
    timed = marsad("-v", "stats", "--index", nowhere)

    assert short.stderr.startswith(f"marsad: {nowhere}: no Marsad index here")
    assert re.match(rf"{TIME} ERROR marsad\.cli: {nowhere}: no Marsad index", timed.stderr)
    assert short.returncode == timed.returncode == 2


def test_a_library_configures_no_logging() -> None:
    code = (
        "import logging, marsad.indexer.parts, marsad.indexer.registry, marsad.webui.app\n"
        "assert not logging.getLogger().handlers\n"
        "assert not logging.getLogger('marsad').handlers\n"
        "assert logging.getLogger('marsad').level == logging.NOTSET\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_failed_request_is_logged_by_the_server(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def __getattr__(self, name: str) -> object:
            raise ZeroDivisionError(name)

    app = create_app(Broken(), Broken(), Broken())  # type: ignore[arg-type]
    with caplog.at_level(logging.ERROR, logger="marsad.server"):
        answer = app.test_client().get("/search?q=x")

    assert answer.status_code == 500
    assert [each.name for each in caplog.records] == ["marsad.server"]
    assert caplog.records[0].exc_info is not None

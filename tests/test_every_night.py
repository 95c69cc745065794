"""Every night: the scripts and units that README prints work as they are printed."""

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
SECTION = README.split("## Every night\n")[1].split("\n## ")[0]
BLOCKS = re.findall(r"(?:^    .*\n|^\n(?=    ))+", SECTION, re.MULTILINE)
GOOD = json.dumps({"id": "a", "title": "هدنة", "text": "أعلن الجانبان هدنة في الجنوب."})


def block(name: str) -> str:
    """Return what README prints as the file *name*, without the indent."""
    (found,) = [each for each in BLOCKS if f"    # {name}\n" in each]
    text = re.sub(r"^    ", "", found, flags=re.MULTILINE).lstrip("\n")
    parts = re.split(r"(?m)^(?=# /)", text)
    # A script names itself in its second line.
    return text if text.startswith("#!") else next(p for p in parts if p.startswith(f"# {name}\n"))


@pytest.fixture
def server(tmp_path: Path) -> Path:
    """Return a folder as README lays it out, with two scripts and one article."""
    place = tmp_path / "srv"
    (place / "articles").mkdir(parents=True)
    (place / "articles" / "a.jsonl").write_text(GOOD + "\n", encoding="utf-8")
    (place / "venv" / "bin").mkdir(parents=True)
    (place / "venv" / "bin" / "marsad").symlink_to(Path(sys.executable).with_name("marsad"))
    (place / "marsad.toml").write_text(block("/srv/marsad/marsad.toml"), encoding="utf-8")
    for name in ("nightly", "backup"):
        (place / name).write_text(block(f"/srv/marsad/{name}"), encoding="utf-8")
        (place / name).chmod(0o755)
    return place


def run(*command: object) -> subprocess.CompletedProcess[str]:
    # The cache of the machine code is that of the tests: compiling takes long.
    return subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        env=dict(os.environ),
    )


def report(place: Path) -> dict[str, object]:
    shown: dict[str, object] = json.loads((place / "report.json").read_text(encoding="utf-8"))
    return shown


def test_a_good_night_prints_nothing_and_a_bad_one_prints_why(server: Path) -> None:
    settings = (server / "marsad.toml").read_text(encoding="utf-8").replace('cache = "cache"\n', "")
    (server / "marsad.toml").write_text(settings, encoding="utf-8")

    first, quiet = run(server / "nightly"), run(server / "nightly")
    assert (first.returncode, first.stdout, first.stderr) == (0, "", "")
    assert (quiet.returncode, quiet.stdout) == (0, "")
    assert report(server)["exit_code"] == 0

    (server / "articles" / "b.jsonl").write_text('{"title": "ع"}\n', encoding="utf-8")
    refused = run(server / "nightly")
    assert refused.returncode == 1
    assert "exit code 1" in refused.stdout
    assert "b.jsonl" in refused.stdout

    (server / "articles").rename(server / "elsewhere")
    lost = run(server / "nightly")
    assert lost.returncode == 2
    assert "no such file or folder" in lost.stdout
    assert report(server)["exit_code"] == 2


def test_a_backup_is_whole_and_can_be_put_back(server: Path) -> None:
    settings = (server / "marsad.toml").read_text(encoding="utf-8").replace('cache = "cache"\n', "")
    (server / "marsad.toml").write_text(settings, encoding="utf-8")
    assert run(server / "nightly").returncode == 0

    done = run(server / "backup")

    assert (done.returncode, done.stdout) == (0, "")
    (copy,) = (server / "backups").iterdir()
    shutil.rmtree(server / "news")
    copy.rename(server / "news")
    assert run(server / "nightly").returncode == 0
    assert report(server)["files"]["unchanged"] == 1  # type: ignore[index]


def test_a_backup_that_is_damaged_each_time_is_told_and_leaves_the_last_one(server: Path) -> None:
    assert run(server / "nightly").returncode == 0
    script = (server / "backup").read_text(encoding="utf-8").replace("sleep 60", "sleep 0")
    (server / "backup").write_text(script, encoding="utf-8")
    (part,) = (server / "news").glob("*.seg")
    raw = bytearray(part.read_bytes())
    raw[len(raw) // 2] ^= 1
    part.write_bytes(raw)

    done = run(server / "backup")

    assert done.returncode == 1
    assert "no sound copy" in done.stdout


def test_the_alert_of_cron_speaks_when_no_run_happened(server: Path) -> None:
    lines = block("/etc/cron.d/marsad").replace("/srv/marsad", str(server)).splitlines()
    (alert,) = [line.split("marsad ", 1)[1] for line in lines if line.startswith("0 9 ")]
    times = [line for line in lines if re.match(r"[\d*]+ [\d*]+ ", line)]
    assert all(len(line.split(None, 6)) == 7 for line in times)

    assert "no run in 24 hours" in run("sh", "-c", alert).stdout
    (server / "report.json").write_text("{}", encoding="utf-8")
    assert run("sh", "-c", alert).stdout == ""
    os.utime(server / "report.json", (0, 0))
    assert "no run in 24 hours" in run("sh", "-c", alert).stdout


@pytest.mark.parametrize("kind", ["service", "timer"])
def test_a_unit_is_one_and_names_what_is_there(kind: str) -> None:
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(block(f"/etc/systemd/system/marsad-sync.{kind}"))

    if kind == "service":
        assert unit["Service"]["Type"] == "oneshot"
        assert unit["Service"]["ExecStart"] == "/srv/marsad/nightly"
    else:
        assert unit["Timer"]["Persistent"] == "true"
        assert unit["Install"]["WantedBy"] == "timers.target"

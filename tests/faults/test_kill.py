"""Kill -9: an index that was interrupted ends as one that was not."""

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.conftest import Marsad

ARTICLES = 400
KILLS = 6


def write_source(path: Path) -> None:
    rng = random.Random(7)
    words = [
        "قوات",
        "سلام",
        "هدنة",
        "باكو",
        "يريفان",
        "الخرطوم",
        "اتفاق",
        "اجتماع",
        "وزير",
        "رئيس",
        "في",
        "من",
        "على",
    ]
    with path.open("w", encoding="utf-8") as file:
        for number in range(ARTICLES):
            text = " ".join(rng.choices(words, k=60))
            file.write(json.dumps({"id": f"a{number}", "text": text, "date": "2020-01-01"}) + "\n")


def state(marsad: Marsad, index: Path) -> tuple[object, ...]:
    stats = json.loads(marsad("stats", "--index", index, "--json").stdout)
    found = json.loads(
        marsad("search", "هدنة باكو", "--index", index, "--json", "--limit", "50").stdout
    )
    assert marsad("check", "--index", index).returncode == 0
    hits = [(hit["id"], hit["score"]) for hit in found["hits"]]
    return stats["documents"], stats["content"], found["total"], found["facets"], hits


def test_a_killed_run_ends_as_an_undisturbed_one_when_it_is_run_again(
    tmp_path: Path, marsad: Marsad
) -> None:
    source = tmp_path / "news.jsonl"
    write_source(source)
    calm, killed = tmp_path / "calm", tmp_path / "killed"
    args = ["index", source, "--batch", "20", "--index"]
    began = time.monotonic()
    assert marsad(*args, calm).returncode == 0
    whole_s = time.monotonic() - began

    rng = random.Random(11)
    command = [str(Path(sys.executable).parent / "marsad"), *map(str, args), str(killed)]
    reached = []
    for _ in range(KILLS):
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            run.wait(timeout=rng.uniform(0.3, 0.9) * whole_s)
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGKILL)
            run.wait()
        stats = marsad("stats", "--index", killed, "--json")
        reached.append(json.loads(stats.stdout)["documents"] if stats.returncode == 0 else 0)
    last = marsad(*args, killed)

    assert last.returncode == 0, last.stderr
    assert reached == sorted(reached), "a committed batch was lost"
    assert reached[0] < ARTICLES, "no run was killed before its end"
    assert state(marsad, killed) == state(marsad, calm)


def test_two_writers_at_once_one_proceeds_and_the_other_is_told(
    tmp_path: Path, marsad: Marsad
) -> None:
    source = tmp_path / "news.jsonl"
    write_source(source)
    index = tmp_path / "index"
    marsad("index", source, "--index", index, "--batch", "400")
    source.write_text(source.read_text(encoding="utf-8").replace("2020", "2021"), encoding="utf-8")

    command = [
        str(Path(sys.executable).parent / "marsad"),
        "index",
        str(source),
        "--index",
        str(index),
    ]
    runs = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    ended = [(run.communicate(), run.returncode) for run in runs]

    assert 0 in {code for _, code in ended}
    for (_, complaint), code in ended:
        assert code in (0, 2)
        if code == 2:
            assert "another process is writing to this index" in complaint
    assert json.loads(marsad("stats", "--index", index, "--json").stdout)["documents"] == ARTICLES

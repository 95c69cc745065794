"""Retry: refused records that a person has mended are indexed, others stay."""

import json
from pathlib import Path

from tests.conftest import Marsad


def test_mended_records_are_indexed_and_others_stay(tmp_path: Path, marsad: Marsad) -> None:
    index, kept = tmp_path / "index", tmp_path / "index.quarantine.jsonl"
    table = tmp_path / "a.csv"
    table.write_text("id,text,date\na,,2020-12-01\nb,قمة,2020-01-01\nc,,never\n")
    broken = tmp_path / "b.txt"
    broken.write_text("عنوان فقط")
    assert marsad("index", table, broken, "--index", index).returncode == 1
    text = kept.read_text(encoding="utf-8")
    kept.write_text(text.replace("a,,2020", "a,هدنة,2020"), encoding="utf-8")
    broken.write_text("عنوان\n\nنص الخبر وصل الآن.")

    done = marsad("retry", kept, "--index", index, "--json")

    assert done.returncode == 1
    assert json.loads(done.stdout) == {
        "mended": 2,
        "added": 2,
        "updated": 0,
        "unchanged": 0,
        "refused": 1,
    }
    (left,) = map(json.loads, kept.read_text(encoding="utf-8").splitlines())
    assert "found no text" in left["reason"]
    found = json.loads(marsad("search", "هدنة", "--index", index, "--json").stdout)
    assert found["hits"][0]["origin"]["record"] == 2
    table.write_text("id,text,date\na,هدنة,2020-12-01\nb,قمة,2020-01-01\nc,قمة,2021\n")
    assert marsad("retry", kept, "--index", index).returncode == 0
    assert not kept.exists()


def test_a_file_that_is_no_quarantine_is_named(tmp_path: Path, marsad: Marsad) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text('{"path": "a", "line": 1}\nno\n')

    done = marsad("retry", path, "--index", tmp_path / "i")

    assert done.returncode == 2
    assert "q.jsonl, line 2: found no JSON" in done.stderr

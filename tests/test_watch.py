"""Watch: `marsad sync --watch` as a process, over files that change while it runs."""

import json
import queue
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Self

from marsad.indexer.parts import parts
from marsad.indexer.registry import open_engine
from marsad.indexer.sync.tombstones import Tombstones


def put(path: Path, *ids: str, text: str = "أعلنت هدنة في الجنوب") -> None:
    """Write a file of articles, there at once."""
    beside = path.with_name(f".{path.name}")
    lines = [json.dumps({"id": each, "title": each, "text": f"{text} {each}"}) for each in ids]
    beside.write_text("\n".join(lines) + "\n", encoding="utf-8")
    beside.replace(path)


class Watch:
    """A `marsad sync --watch` that runs; what it says is waited for, never slept for."""

    LONGEST_S = 120

    def __init__(self, source: Path, index: Path, report: Path) -> None:
        command = [str(Path(sys.executable).parent / "marsad"), "sync", str(source)]
        command += ["--index", str(index), "--report", str(report)]
        command += ["--watch", "--interval", "0.1"]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self.said: queue.Queue[str] = queue.Queue()
        self.complained: queue.Queue[str] = queue.Queue()
        self.threads = [
            threading.Thread(target=self._listen, args=pair)
            for pair in (
                (self.process.stdout, self.said),
                (self.process.stderr, self.complained),
            )
        ]
        for thread in self.threads:
            thread.start()
        self.code: int | None = None

    @staticmethod
    def _listen(stream: IO[str], lines: queue.Queue[str]) -> None:
        for line in stream:
            lines.put(line)
        stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.code = self.process.wait(self.LONGEST_S)
        finally:
            self.process.kill()
            for thread in self.threads:
                thread.join()

    def told(self) -> tuple[str, ...]:
        """Return what the next line of the command says of files and articles."""
        while not (line := self.said.get(timeout=self.LONGEST_S)).startswith("files: "):
            pass
        files, articles = line.strip().removeprefix("files: ").split("; articles: ")
        return tuple(
            re.sub(r"(, )?\d+ (seen|unchanged|refused)(?(1)|, )", "", said)
            for said in (files, articles)
        )

    def complaint(self) -> str:
        """Return the next line of the command that complains."""
        while not (line := self.complained.get(timeout=self.LONGEST_S)).startswith("marsad:"):
            pass
        return line


def test_a_watched_folder_is_followed_while_it_changes(tmp_path: Path) -> None:
    """Files are added, changed, moved and removed under a running `sync --watch`."""
    source, index = tmp_path / "news", tmp_path / "index"
    source.mkdir()
    put(source / "a.jsonl", "a", "b")
    with Watch(source, index, tmp_path / "report.json") as watch:
        assert watch.told() == ("1 new, 0 changed, 0 vanished", "2 added, 0 updated, 0 removed")

        put(source / "c.jsonl", "c")
        assert watch.told() == ("1 new, 0 changed, 0 vanished", "1 added, 0 updated, 0 removed")

        put(source / "a.jsonl", "a", text="خرقت الهدنة في الشمال")
        assert watch.told() == ("0 new, 1 changed, 0 vanished", "0 added, 1 updated, 1 removed")

        (source / "c.jsonl").rename(source / "d.jsonl")
        assert watch.told() == ("1 new, 0 changed, 1 vanished", "0 added, 0 updated, 0 removed")

        (source / "d.jsonl").unlink()
        assert watch.told() == ("0 new, 0 changed, 1 vanished", "0 added, 0 updated, 1 removed")

        (source / "bad.jsonl").write_text('{"id": "e", "te')
        assert watch.told() == ("1 new, 0 changed, 0 vanished", "0 added, 0 updated, 0 removed")

        put(source / "bad.jsonl", "e")
        assert watch.told() == ("0 new, 1 changed, 0 vanished", "1 added, 0 updated, 0 removed")

    assert watch.code == 0
    told = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert told["files"]["seen"] == 2
    assert len((index / "runs.jsonl").read_text().splitlines()) == 7
    assert [stone.id for stone in Tombstones(index).all()] == ["b", "c"]
    engine = open_engine(str(index), parts().analyzer)
    held = {each: engine.get(each) is not None for each in "abce"}
    engine.close()
    assert held == {"a": True, "b": False, "c": False, "e": True}


def test_a_watch_goes_on_where_its_report_cannot_be_written(tmp_path: Path) -> None:
    source, index, report = tmp_path / "news", tmp_path / "index", tmp_path / "in" / "r.json"
    source.mkdir()
    put(source / "a.jsonl", "a")
    report.with_name("r.json.new").mkdir(parents=True)
    with Watch(source, index, report) as watch:
        assert watch.told() == ("1 new, 0 changed, 0 vanished", "1 added, 0 updated, 0 removed")
        assert "no report was written" in watch.complaint()

        put(source / "b.jsonl", "b")
        assert watch.told() == ("1 new, 0 changed, 0 vanished", "1 added, 0 updated, 0 removed")

    assert watch.code == 0


def test_a_watch_goes_on_where_the_disk_is_gone_for_a_while(tmp_path: Path) -> None:
    source, index = tmp_path / "news", tmp_path / "index"
    source.mkdir()
    put(source / "a.jsonl", "a")
    with Watch(source, index, tmp_path / "report.json") as watch:
        watch.told()

        (source / "a.jsonl").rename(tmp_path / "a.jsonl")
        assert "1 of 1 articles are gone" in watch.complaint()

        source.rename(tmp_path / "away")
        (tmp_path / "a.jsonl").rename(tmp_path / "away" / "a.jsonl")
        put(tmp_path / "away" / "b.jsonl", "b")
        (tmp_path / "away").rename(source)
        assert watch.told() == ("1 new, 0 changed, 0 vanished", "1 added, 0 updated, 0 removed")

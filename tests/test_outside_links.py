"""Outside links: a sync names what it skips: links out of its folder, if not told, and pipes."""

import json
import os
import socket
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from marsad.corpus.links import OUTSIDE
from marsad.corpus.read import read
from marsad.corpus.source import Skipped
from marsad.indexer.cli.main import marsad

STORY = "هدنة {0}\n\nأعلن الجانبان هدنة {0} في الجنوب.\n"
OLD = (1_000_000, 1_000_000)


class News:
    """A folder with three files, links to files and a folder beside it, and an index."""

    def __init__(self, place: Path) -> None:
        self.folder, self.index = place / "news", place / "index"
        self.beside = place / "beside"
        for folder in (self.folder, self.beside, self.beside / "in"):
            folder.mkdir()
        for name in "abc":
            self.write(self.folder / f"{name}.txt", name)
        self.write(self.beside / "d.txt", "d")
        self.write(self.beside / "in" / "e.txt", "e")
        (self.folder / "link.txt").symlink_to(self.beside / "d.txt")
        (self.folder / "linked").symlink_to("../beside/in")
        (self.folder / "again.txt").symlink_to("a.txt")

    def write(self, path: Path, word: str) -> None:
        path.write_text(STORY.format(word), encoding="utf-8")
        os.utime(path, OLD)

    def sync(self, *options: str) -> Result:
        return CliRunner().invoke(
            marsad, ["sync", str(self.folder), "--index", str(self.index), *options]
        )

    def report(self, *options: str) -> dict[str, Any]:
        shown: dict[str, Any] = json.loads(self.sync("--json", *options).stdout)
        return shown


@pytest.fixture
def news(tmp_path: Path) -> News:
    return News(tmp_path)


def test_links_out_of_the_folder_are_counted_and_named_each_night(news: News) -> None:
    nights = [news.report() for _ in range(2)]
    told = news.sync().stdout
    failed = news.sync("--fail-on", "skipped").exit_code
    logged = (news.index / "runs.jsonl").read_text(encoding="utf-8").splitlines()

    assert [each["files"]["new"] for each in nights] == [4, 0]
    for night in nights:
        examples = night["skipped"]["examples"]
        assert night["skipped"]["counts"] == {"outside-link": 2}
        assert night["files"]["skipped"] == 2
        assert [Path(each["path"]).name for each in examples] == ["link.txt", "linked"]
        assert {(each["kind"], each["reason"]) for each in examples} == {("outside-link", OUTSIDE)}
        assert night["exit_code"] == 0
    assert f"skipped outside-link: 2, as {news.folder / 'link.txt'}: {OUTSIDE}" in told
    assert failed == 1
    assert len(logged) == 4
    assert all(json.loads(each)["skipped"]["counts"] == {"outside-link": 2} for each in logged)


def test_pipes_and_sockets_are_counted_and_named_by_index_and_sync(news: News) -> None:
    os.mkfifo(news.folder / "pipe.jsonl")
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind(str(news.folder / "socket.txt"))
        nights = [news.report("--follow-links") for _ in range(2)]
        read_once = [
            (Path(each.path).name, each.kind, each.reason)
            for each in read([news.folder], follow_links=True)
            if isinstance(each, Skipped)
        ]

    expected = [
        ("pipe.jsonl", "not-regular", "found a pipe, expected a file"),
        ("socket.txt", "not-regular", "found a socket, expected a file"),
    ]
    assert read_once == expected
    for night in nights:
        shown = night["skipped"]["examples"]
        assert [(Path(e["path"]).name, e["kind"], e["reason"]) for e in shown] == expected
        assert night["skipped"]["counts"] == {"not-regular": 2}


def test_links_are_followed_on_request_and_no_file_is_read_twice(news: News) -> None:
    first = news.report("--follow-links")
    second = news.report("--follow-links")

    assert (first["files"]["seen"], first["articles"]["added"]) == (6, 5)
    assert second["files"]["unchanged"] == second["files"]["seen"] == 6
    assert first["files"]["skipped"] == second["files"]["skipped"] == 0


def test_articles_behind_links_leave_the_index_only_with_a_word(news: News) -> None:
    news.sync("--follow-links")

    without = news.sync()
    after = news.report("--follow-links")

    assert "2 files that were read before are behind links out of the folder" in without.stderr
    assert "--follow-links reads them" in without.stderr
    assert "2 vanished" in without.stdout
    assert "2 removed" in without.stdout
    assert f"skipped outside-link: 2, as {news.folder / 'link.txt'}: {OUTSIDE}" in without.stdout
    assert after["articles"]["added"] == 2


def test_a_folder_that_is_all_links_is_not_emptied(news: News) -> None:
    for name in ("a.txt", "b.txt", "c.txt", "again.txt"):
        (news.folder / name).unlink()
    news.sync("--follow-links")

    without = news.sync()
    after = news.report("--follow-links")

    assert without.exit_code == 2
    assert "2 files that were read before are behind links out of the folder" in without.stderr
    assert "--allow-vanished" in without.stderr
    assert (after["files"]["unchanged"], after["articles"]["added"]) == (2, 0)


def test_the_options_of_links_scopes_and_codes_can_be_settings(
    news: News, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(news.beside)
    settings = news.beside / "marsad.toml"
    settings.write_text('[sources]\nfollow_links = true\nnamespace = "desk"\n')
    (news.folder / "rows.jsonl").write_text('{"id": 5, "title": "هدنة", "text": "خبر قصير"}\n')

    first = news.report()
    settings.write_text('[sources]\nfail_on = ["skipped"]\nnamespace = "desk"\n')
    second = news.report()
    found = CliRunner().invoke(
        marsad, ["search", "title:هدنة", "--json", "--index", str(news.index), "--limit", "50"]
    )

    assert (first["files"]["seen"], first["exit_code"]) == (7, 0)
    assert (second["files"]["skipped"], second["exit_code"]) == (2, 1)
    assert "desk:5" in {hit["id"] for hit in json.loads(found.stdout)["hits"]}

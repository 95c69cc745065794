"""Folders: the list of synced folders that `marsad sync --list` prints."""

import json
from dataclasses import asdict
from pathlib import Path

from marsad.indexer.sync.folders import Listed, listed


def list_lines(side: Path, index: str, *, as_json: bool) -> list[str]:
    """Return the lines for the folders that are synced into an index, one for each."""
    found = listed(side, index)
    if as_json:
        return [json.dumps([asdict(each) for each in found], ensure_ascii=False)]
    return [_line(each) for each in found] or ["no folder is synced into this index"]


def _line(each: Listed) -> str:
    there = "" if each.exists else "; it is not there"
    link = f" ({each.real})" if each.real not in ("", each.path) else ""
    refused = f", {each.refused_files} with refused records" if each.refused_files else ""
    path = (each.path or "a folder of an earlier version") + link
    shown = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    last = each.last_run or "unknown"
    return f"{shown}: {each.files} files{refused}, {each.articles} articles, last run {last}{there}"

"""Told: what a report says each night of files that were not read in this run.

The state of a folder keeps the refused records and the skipped content of each file.
"""

from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import cast

from marsad.corpus.source import SkippedKind
from marsad.indexer.build.reports import (
    MOST_LISTED,
    MOST_SKIPPED_LISTED,
    RefusalEntry,
    SkippedEntry,
    SyncReport,
)
from marsad.indexer.sync.lines import Note
from marsad.indexer.sync.scan import LeftOut
from marsad.indexer.sync.state import FolderState


def refused_before(state: FolderState) -> frozenset[int]:
    """Return the numbers of the files that have refused records, for `tell` after the run."""
    return frozenset(
        number for number, text in state.notes.items() if text.startswith('{"refused"')
    )


def tell(
    report: SyncReport,
    state: FolderState,
    folder: Path,
    before: Collection[int] | None = None,
    left_out: Collection[LeftOut] = (),
) -> None:
    """Put into *report* what the state knows: records that are still refused, and skipped files.

    A record is still refused if its file had refused records *before* this run, whenever that run
    was, and whether or not it was killed. None stands for all files. *left_out* is what is in
    the folder and is not read.
    """
    kinds: Counter[SkippedKind] = Counter()
    examples: list[SkippedEntry] = []
    read: dict[str, Note] = {}
    for number, text in state.notes.items():
        note = read.get(text)
        if note is None:
            if len(read) > MOST_LISTED:
                read.clear()
            note = read[text] = Note.of(text)
        is_told = note.refused and (before is None or number in before)
        report.still_refused += note.refused if is_told else 0
        is_listed = is_told and len(report.still_first) < MOST_LISTED
        firsts = [cast("SkippedKind", kind) for kind in note.skipped]
        is_shown = firsts and (
            len(examples) < MOST_SKIPPED_LISTED or any(not kinds[kind] for kind in firsts)
        )
        for kind in firsts:
            kinds[kind] += note.skipped[kind]
        if is_listed or is_shown:
            shown = _printed(folder, state.files.path_of(number))
            if is_listed:
                report.still_first += [
                    RefusalEntry(shown + member, line, why) for member, line, why in note.first
                ]
            if is_shown:
                examples += [SkippedEntry(shown, 0, kind, note.why) for kind in firsts]
    for path, kind, reason in left_out:
        kinds[kind] += 1
        if kinds[kind] == 1 or len(examples) < MOST_SKIPPED_LISTED:
            examples.append(SkippedEntry(_printed(folder, path), 0, kind, reason))
    notes = report.articles.notes
    notes.skipped, notes.skipped_examples = kinds, examples


def _printed(folder: Path, name: str) -> str:
    place = str(folder / name).encode("utf-8", "surrogateescape")
    return place.decode("utf-8", "backslashreplace")

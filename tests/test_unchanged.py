"""No-change check: an unchanged folder is known without opening the index."""

import os
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from marsad.indexer.fingerprint import fingerprint
from marsad.indexer.sync.lines import FileState
from marsad.indexer.sync.state import FolderState, state_path
from marsad.indexer.sync.unchanged import unchanged
from tests.conftest import Marsad


def test_an_unchanged_folder_is_known_without_opening_the_index(
    tmp_path: Path, marsad: Marsad
) -> None:
    source, index = tmp_path / "news", tmp_path / "index"
    source.mkdir()
    (source / "a.jsonl").write_text('{"id": "a", "text": "x"}\n')
    os.utime(source / "a.jsonl", (1_000_000, 1_000_000))
    marsad("sync", source, "--index", index)
    state = state_path(index, source)
    mark = FolderState(state, str(index), None).fingerprint

    assert unchanged(str(index), source, mark) == 1
    assert unchanged(str(index), source, "another") is None
    assert unchanged(str(index), source, mark, checksum=True) == 1
    (source / "a.jsonl").write_text('{"id": "a", "text": "y"}\n')
    os.utime(source / "a.jsonl", (1_000_000, 1_000_000))
    assert unchanged(str(index), source, mark) == 1
    assert unchanged(str(index), source, mark, checksum=True) is None
    (source / "a.jsonl").write_text('{"id": "a", "text": "x"}\n')
    os.utime(source / "a.jsonl", (1_000_000, 1_000_000))
    assert "1 seen, 1 unchanged" in marsad("sync", source, "--index", index).stdout
    (source / "b.jsonl").write_text('{"id": "b", "text": "x"}\n')
    assert unchanged(str(index), source, mark) is None
    assert "1 added" in marsad("sync", source, "--index", index).stdout
    assert fingerprint(1) == fingerprint(1) != fingerprint(2)


_LINES = ["a\t1 2\th\tx", "a\t3 4\th\tx", "b\t1 2\th\t", "a", "a\t3 4\th", "\\t\t5 6\th\t"]


@given(
    st.lists(st.sampled_from([*_LINES, "\tv\tnow", "\tw\tnow", "\tv\tthen", "\t\t1 c", "\t\t-"])),
    st.integers(0, 8),
)
def test_a_state_reads_the_same_in_both_forms_and_with_its_sound_part_unchecked(
    lines: list[str], rest: int
) -> None:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "s.tsv"
        path.write_text("".join(f"{line}\n" for line in lines))
        earlier = FolderState(path, "none", None)
        expected = dict(earlier.files)
        said = earlier.version, earlier.fingerprint, earlier.commit
        earlier.set_folder(Path(place))
        earlier.compact(always=True)
        earlier.keep_known()
        after = [(f"later {n}", FileState("7 8", "h", ("i d", "x\\s"), "")) for n in range(rest)]
        earlier.add(after)

        state = FolderState(path, "none", None)

        assert dict(state.files) == expected | dict(after)
        assert (state.version, state.fingerprint, state.commit) == said
        assert state.damaged == 0


def test_after_a_commit_of_another_command_no_file_is_read_again(
    tmp_path: Path, marsad: Marsad
) -> None:
    source, index = tmp_path / "news", tmp_path / "index"
    source.mkdir()
    (source / "a.jsonl").write_text('{"id": "a", "text": "x"}\n')
    os.utime(source / "a.jsonl", (1_000_000, 1_000_000))
    marsad("sync", source, "--index", index)
    (tmp_path / "c.jsonl").write_text('{"id": "c", "text": "هدنة"}\n')
    marsad("index", tmp_path / "c.jsonl", "--index", index)
    mark = FolderState(state_path(index, source), str(index), None).fingerprint
    assert unchanged(str(index), source, mark) is None

    done = marsad("sync", source, "--index", index)

    assert "1 seen, 1 unchanged, 0 new, 0 changed" in done.stdout
    assert unchanged(str(index), source, mark) == 1

"""State: what a sync knows of the files of a folder survives kills and new versions."""

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from marsad.indexer.sync.lines import FileState
from marsad.indexer.sync.state import FolderState


def test_a_new_version_is_remembered_though_the_run_failed(tmp_path: Path) -> None:
    FolderState(tmp_path / "s.tsv", "none", "1").add([("a", FileState("5 7", "abc", ("x",)))])
    FolderState(tmp_path / "s.tsv", "none", "2")

    assert FolderState(tmp_path / "s.tsv", "none", "2").files["a"] == FileState("-", "-", ("x",))


def test_a_file_of_another_version_is_read_again(tmp_path: Path) -> None:
    state = FolderState(tmp_path / "s.tsv", "none", "1")
    state.add([("a", FileState("5 7", "abc", ("x", "y")))])

    again = FolderState(tmp_path / "s.tsv", "none", "1").files["a"]
    other = FolderState(tmp_path / "s.tsv", "none", "2").files["a"]

    assert again == FileState("5 7", "abc", ("x", "y"))
    assert other == FileState("-", "-", ("x", "y"))


@given(st.dictionaries(st.text(min_size=1), st.lists(st.sampled_from("abc"), max_size=3)))
def test_any_file_name_is_kept(names: dict[str, list[str]]) -> None:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "s.tsv"
        kept = {
            name.encode("utf-8", "surrogateescape" if name.isascii() else "replace").decode(
                "utf-8", "surrogateescape"
            ): FileState("1 2", "h", tuple(ids))
            for name, ids in names.items()
        }
        FolderState(path, "none", "v").add(kept.items())

        assert FolderState(path, "none", "v").files == kept


def test_a_line_that_was_cut_is_skipped(tmp_path: Path) -> None:
    path = tmp_path / "s.tsv"
    FolderState(path, "none", "v").add(
        [("a", FileState("1 2", "h", ())), ("b", FileState("1 2", "h", ()))]
    )
    path.write_bytes(path.read_bytes()[:-3])

    state = FolderState(path, "none", "v")
    state.add([("c", FileState("1 2", "h", ()))])

    assert set(FolderState(path, "none", "v").files) == {"a", "c"}

"""Codecs: files are read back as they were written, and every change is noticed."""

import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn
from numpy.typing import NDArray

from marsad.indexer.analysis.term_table import TermTable
from marsad.indexer.errors import FileDamagedError
from marsad.indexer.fields import Level
from marsad.indexer.segments.columns import narrow
from marsad.indexer.segments.container import ContainerWriter, open_container
from marsad.indexer.segments.kernels.bits import (
    docs_of,
    last_docs,
    nth_doc,
    popcount,
    popcount_ranges,
    set_docs,
    set_range,
)
from marsad.indexer.segments.kernels.positions import token_starts
from marsad.indexer.segments.store import Stores, StoreWriter, pack_record, unpack_record
from marsad.indexer.segments.term_numbers import number_terms

arrays = stn.arrays(
    st.sampled_from([np.uint8, np.uint16, np.uint32, np.uint64, np.int32, np.int64]),
    stn.array_shapes(min_dims=1, max_dims=2, min_side=0, max_side=40),
)


def write(path: Path, given_arrays: dict[str, NDArray[Any]]) -> None:
    with ContainerWriter(path, {"n": 1}) as container:
        for name, array in given_arrays.items():
            container.add(name, array)
        container.end()


@settings(deadline=None)
@given(st.dictionaries(st.text(min_size=1, max_size=8), arrays, max_size=5))
def test_arrays_are_read_back_aligned_and_unchanged(given_arrays: dict[str, NDArray[Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.seg"
        write(path, given_arrays)

        opened = open_container(path)

        assert opened.extra == {"n": 1}
        assert opened.verify() == []
        assert list(opened.arrays) == list(given_arrays)
        for name, array in given_arrays.items():
            found = opened.arrays[name]
            assert found.dtype == array.dtype
            assert found.shape == array.shape
            assert (found == array).all()
            if array.size:
                assert found.ctypes.data % 64 == 0


def test_a_flipped_bit_in_any_byte_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.seg"
    write(path, {"x": np.arange(40, dtype=np.uint16), "y": np.arange(3, dtype=np.int64)})
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        try:
            damaged = open_container(path).verify()
        except FileDamagedError:
            continue
        assert damaged, at


@settings(deadline=None)
@given(st.integers(0, 255))
def test_every_truncation_is_noticed(share: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.seg"
        write(path, {"x": np.arange(400, dtype=np.uint16)})
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) * share // 256])

        with pytest.raises(FileDamagedError):
            open_container(path)


@settings(deadline=None)
@given(st.text(), st.lists(st.integers(0, 3000), max_size=60))
def test_a_record_returns_its_text_and_token_starts(text: str, gaps: list[int]) -> None:
    starts = np.cumsum(gaps).astype(np.int64)

    raw, coded = unpack_record(pack_record(text.encode("utf-8", "surrogatepass"), starts))

    assert raw.decode("utf-8", "surrogatepass") == text
    assert token_starts(coded, len(starts)).tolist() == starts.tolist()


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text(max_size=300), min_size=1, max_size=20), st.booleans())
def test_a_store_returns_every_record(texts: list[str], trained: bool) -> None:
    dictionary = b"".join(text.encode("utf-8", "surrogatepass") for text in texts) * 9
    use = dictionary if trained and len(dictionary) > 8 else None
    with tempfile.TemporaryDirectory() as folder:
        writer = StoreWriter(Path(folder) / "a.txt", use)
        records = [pack_record(t.encode("utf-8", "surrogatepass"), np.arange(3)) for t in texts]
        places = [writer.add(record) for record in records]
        writer.close()
        stores = Stores(Path(folder), {"a.txt": use})

        found = [stores.read("a.txt", *place) for place in places]

        stores.close()
    assert [text for text, _ in found] == texts
    assert all(coded.tolist() == [0, 1, 1] for _, coded in found)


@given(st.lists(st.integers(0, 70_000)))
def test_large_values_are_escaped_without_loss(values: list[int]) -> None:
    whole = np.array(values, np.uint32)

    small, big_at, big = narrow(whole, 255, np.uint8)

    back = small.astype(np.uint32)
    back[big_at] = big
    assert back.tolist() == values


@settings(deadline=None)
@given(st.sets(st.integers(0, 511)), st.integers(0, 520), st.integers(0, 520), st.integers(0, 30))
def test_bitmap_kernels_agree_with_python_sets(
    docs: set[int], start: int, end: int, count: int
) -> None:
    ordered = sorted(docs)
    bits = np.zeros(16, np.uint64)
    set_docs(bits, np.array(ordered, np.int64))

    assert docs_of(bits).tolist() == ordered
    assert popcount(bits) == len(ordered)
    (count_between,) = popcount_ranges(bits, np.array([start, end]))
    assert count_between == sum(start <= doc < end for doc in ordered)
    assert last_docs(bits, count).tolist() == ordered[::-1][:count]
    assert nth_doc(bits, count) == (ordered[count] if count < len(ordered) else -1)
    set_range(bits, start, end)
    assert docs_of(bits).tolist() == sorted(docs | set(range(start, end)))


_ALPHABET = "اأبتلوكه\u0671ﻻﷺپ\u064eaZ5é😀𝐀\ud800 \ufb50"
_TEXTS = st.lists(st.tuples(st.text(_ALPHABET, max_size=40), st.sampled_from("ABP")), min_size=1)


@settings(deadline=None)
@given(_TEXTS, st.sampled_from(["surface", "exact"]))
def test_terms_are_numbered_in_the_order_of_their_bytes(
    texts: list[tuple[str, str]], level: Level
) -> None:
    # Documents of two tables, and plain ones, whose terms may be of any length.
    tables = {"A": TermTable(), "B": TermTable()}
    terms = [
        text.split() if kind == "P" else tables[kind].analyze(text).terms(level)
        for text, kind in texts
    ]
    doc_at = np.cumsum([0, *map(len, terms)])
    assume(doc_at[-1] > 0)

    found = number_terms(terms, doc_at, 7)

    blob = found.blob.tobytes()
    keys = [blob[start:end] for start, end in pairwise(found.at.tolist())]
    every = [b"\7" + term.encode("utf-8", "surrogatepass") for some in terms for term in some]
    assert keys == sorted(set(every))
    assert [keys[number] for number in found.tokens.tolist()] == every

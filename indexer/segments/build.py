"""Build: make a segment and a store from a batch of documents, in one process and bounded memory.

documents -> sorted by date -> [invert each field] -> inverted lists -> container
"""

import hashlib
import uuid
import zlib
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.engine.seam import Document
from marsad.indexer.fields import FACETS, INDEX_FIELDS
from marsad.indexer.segments.breaks import pack_breaks
from marsad.indexer.segments.columns import Arrays, ListColumns, Lists, facet_columns
from marsad.indexer.segments.container import ContainerWriter
from marsad.indexer.segments.files import fsync_file
from marsad.indexer.segments.kernels.inversion import count_postings, invert
from marsad.indexer.segments.segment import SUFFIX, value_key
from marsad.indexer.segments.store import StoreWriter, pack_record, train_dictionary
from marsad.indexer.segments.term_numbers import TermNumbers, number_terms

STORE_SUFFIX = ".txt"
DICTIONARY_SUFFIX = ".zdict"

# A batch is inverted as soon as it has this many documents or characters of stored text.
MOST_DOCUMENTS = 1 << 15
MOST_CHARACTERS = 1 << 25


def hash_id(article_id: str) -> int:
    """Return the 64-bit hash of a document's id, by which a segment finds the document.

    Example:
        >>> hash_id("a") == hash_id("a") != hash_id("b")
        True
    """
    raw = article_id.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(raw, digest_size=8).digest(), "little")


def new_name(suffix: str) -> str:
    """Return a new, random file name."""
    return uuid.uuid4().hex[:16] + suffix


def build_segment(
    folder: Path, documents: Sequence[Document], dictionary: tuple[str, bytes] | None
) -> dict[str, Any]:
    """Write the segment and the store of *documents*, which have different ids.

    Args:
        folder: The folder of the index.
        documents: The documents, at least one.
        dictionary: Name and bytes of the dictionary for compression. With None, a dictionary is
            trained if there are enough documents.

    Returns:
        The entry of the segment for a manifest, and that of its store under "store".
    """
    # By date, and by descending id within a date: sorts are stable. `segment` says why.
    ordered = sorted(documents, key=lambda document: document.id, reverse=True)
    ordered.sort(key=lambda document: document.date.toordinal() if document.date else 0)
    store, stored = _write_store(folder, ordered, dictionary)
    lists, lengths = ListColumns(), np.zeros((len(INDEX_FIELDS), len(ordered)), np.uint32)
    terms: list[TermNumbers] = []
    totals, averages = [], []
    for number, field in enumerate(INDEX_FIELDS):
        texts = [document.fields.get(field, ()) for document in ordered]
        lengths[number] = [len(text) for text in texts]
        totals.append(int(lengths[number].sum(dtype=np.int64)))
        averages.append(totals[-1] / len(ordered))
        if totals[-1]:
            found, inverted = _invert_field(texts, lengths[number], number)
            lists.add(inverted, lengths[number], averages[-1])
            terms.append(found)
    columns: Arrays = {
        **_term_columns(terms),
        "lengths": lengths,
        "days": np.array([d.date.toordinal() if d.date else 0 for d in ordered], np.int32),
        **_blob("id", [d.id.encode("utf-8", "surrogatepass") for d in ordered]),
        **stored,
        **_keys([document.id for document in ordered]),
        **_facets(ordered),
    }
    digests, hexed = _digests(ordered)
    columns |= _blob("digest", digests)
    columns |= _blob("break", [pack_breaks(document.breaks) for document in ordered])
    extra = {
        "documents": len(ordered),
        "stores": [store["name"]],
        "entries": [store],
        "field_totals": totals,
        "bound_averages": averages,
        "hex_digests": hexed,
    }
    name = new_name(SUFFIX)
    write_segment(folder / name, columns, lists.end(), extra)
    return {"name": name, "documents": len(ordered), "store": store}


def write_segment(
    path: Path, columns: Arrays, pieces: dict[str, list[NDArray[Any]]], extra: dict[str, Any]
) -> None:
    """Write the container of a segment, and fsync it."""
    with ContainerWriter(path, extra) as container:
        for name, array in columns.items():
            container.add(name, array)
        for name, parts in pieces.items():
            shape = (sum(len(part) for part in parts),)
            container.add_pieces(name, parts[0].dtype, shape, parts)
        container.end()
    fsync_file(path)


def _invert_field(
    texts: Sequence[Sequence[str]], lengths: NDArray[np.uint32], field: int
) -> tuple[TermNumbers, Lists]:
    """Return the sorted terms of one field and their inverted lists."""
    doc_at = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(lengths, out=doc_at[1:])
    numbered = number_terms(texts, doc_at, field)
    in_docs, places = count_postings(numbered.tokens, doc_at, len(numbered.at) - 1)
    post_at = np.zeros(len(numbered.at), np.int64)
    place_at = np.zeros(len(numbered.at), np.int64)
    np.cumsum(in_docs, out=post_at[1:])
    np.cumsum(places, out=place_at[1:])
    inverted = invert(numbered.tokens, doc_at, post_at, place_at)
    return numbered, Lists(*inverted, post_at, place_at)


def _write_store(
    folder: Path, ordered: Sequence[Document], dictionary: tuple[str, bytes] | None
) -> tuple[dict[str, Any], Arrays]:
    records = [
        pack_record(
            document.stored.encode("utf-8", "surrogatepass"),
            np.asarray(document.starts, np.int32),
        )
        for document in ordered
    ]
    if dictionary is None:
        trained = train_dictionary(records)
        if trained is not None:
            crc = zlib.crc32(trained)
            dictionary = new_name(f".{crc:08x}{DICTIONARY_SUFFIX}"), trained
            path = folder / dictionary[0]
            path.write_bytes(trained)
            fsync_file(path)
    name = new_name(STORE_SUFFIX)
    writer = StoreWriter(folder / name, dictionary[1] if dictionary else None)
    try:
        places = np.array([writer.add(record) for record in records], np.uint64)
    finally:
        writer.close()
    fsync_file(folder / name)
    stored: Arrays = {
        "store_no": np.zeros(len(ordered), np.uint16),
        "store_place": places[:, 0].copy(),
        "store_size": places[:, 1].astype(np.uint32),
    }
    entry: dict[str, Any] = {
        "name": name,
        "bytes": writer.size,
        "crc32": writer.crc,
        "dictionary": dictionary[0] if dictionary else None,
        # Each record has a checksum; stores of earlier versions have no such entry.
        "checked": True,
    }
    return entry, stored


def _term_columns(fields: Sequence[TermNumbers]) -> Arrays:
    """Return the terms of all fields, field after field."""
    sizes = [np.diff(terms.at) for terms in fields]
    at = np.zeros(sum(map(len, sizes)) + 1, np.int64)
    if fields:
        np.cumsum(np.concatenate(sizes), out=at[1:])
    blobs = [np.zeros(0, np.uint8), *(terms.blob for terms in fields)]
    return {"term_blob": np.concatenate(blobs), "term_at": at.astype(np.uint32)}


def _blob(name: str, texts: Sequence[bytes]) -> Arrays:
    at = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) for text in texts], out=at[1:])
    blob = np.frombuffer(b"".join(texts), np.uint8)
    return {f"{name}_blob": blob, f"{name}_at": at.astype(np.uint32)}


def _digests(ordered: Sequence[Document]) -> tuple[list[bytes], bool]:
    """Return the digests as bytes, and whether these are hexadecimal digits, two in a byte."""
    texts = [document.digest for document in ordered]
    try:
        packed = [bytes.fromhex(text) for text in texts]
    except ValueError:
        packed = []
    if packed and all(raw.hex() == text for raw, text in zip(packed, texts, strict=True)):
        return packed, True
    return [text.encode("utf-8", "surrogatepass") for text in texts], False


def _keys(ids: Sequence[str]) -> Arrays:
    hashes = np.array([hash_id(article_id) for article_id in ids], np.uint64)
    order = np.argsort(hashes, kind="stable")
    return {"key_hash": hashes[order], "key_doc": order.astype(np.uint32)}


def _facets(ordered: Sequence[Document]) -> Arrays:
    keys = [value_key(name, None) for name in FACETS]
    known: dict[str, dict[str, int]] = {name: {} for name in FACETS}
    rows: list[list[int]] = []
    for document in ordered:
        row: list[int] = []
        for name, values in document.facets.items():
            numbers = known[name]
            for value in dict.fromkeys(values):
                number = numbers.get(value)
                if number is None:
                    number = numbers[value] = len(keys)
                    keys.append(value_key(name, value))
                row.append(number)
        rows.append(row)
    at = np.zeros(len(ordered) + 1, np.int64)
    np.cumsum([len(row) for row in rows], out=at[1:])
    order = sorted(range(len(keys)), key=keys.__getitem__)
    rank = np.empty(len(keys), np.uint32)
    rank[order] = np.arange(len(keys), dtype=np.uint32)
    values_of = rank[np.fromiter(chain.from_iterable(rows), np.int64, count=int(at[-1]))]
    columns = facet_columns(
        at.astype(np.uint32),
        values_of,
        np.array([keys[number][0] for number in order], np.uint8),
        rank[: len(FACETS)].astype(np.int64),
    )
    return {**columns, **_blob("value", [keys[number] for number in order])}


def remove_files(folder: Path, names: Sequence[str]) -> None:
    """Remove files; one that cannot be removed stays."""
    for name in names:
        try:
            (folder / name).unlink()
        except OSError:
            continue

"""Parquet: a table of articles, read in batches of rows (extra `parquet`).

A table of a kilobyte can hold a million rows, or a cell of gigabytes. Only the columns that are
needed are read; texts that repeat stay in the form of the file, which has each of them once; and
what comes out is bounded as for packed data.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import IO, Any

from marsad.corpus.bounds import FREE_BYTES, MOST_EXPANSION, Counter
from marsad.corpus.columns import match_columns
from marsad.corpus.errors import ExpansionError, RecordError, TooManyRecordsError
from marsad.corpus.memory_limit import memory_limit
from marsad.corpus.readers.shapes.registry import plain, read_plain
from marsad.corpus.source import Read, Source

_ROWS = 256
_SPOOLED_BYTES = 16 * 1024 * 1024
_BUFFER_BYTES = 1 << 20
# What the library may take beyond what the process has. Pages have a megabyte, as written.
_MOST_MEMORY = 512 * 1024 * 1024


def read_parquet(stream: IO[bytes], source: Source) -> Iterator[Read]:
    """Yield the article or refusal of each row."""
    try:
        import pyarrow as pa  # noqa: PLC0415  (an extra, and large)
        import pyarrow.parquet  # noqa: PLC0415
    except ImportError:
        reason = "found Parquet, which needs an extra: pip install 'marsad[parquet]'"
        # The file is tried again in the next run.
        yield replace(source.refusal(0, reason), outside=True)
        return
    with tempfile.SpooledTemporaryFile(_SPOOLED_BYTES) as whole:
        # A Parquet file is read from its end, which a stream from an archive cannot seek to.
        while piece := stream.read(1 << 20):
            whole.write(piece)
        counter = Counter(whole.tell(), source.counter)
        whole.seek(0)
        number = 0
        try:
            for row in _rows(whole, source, counter):
                number += 1
                counter.add_record()
                yield _one(row, number, source)
        except (ExpansionError, TooManyRecordsError, MemoryError) as error:
            told = str(error) or "more memory than the bound"
            yield source.refusal(number + 1, f"found too much in the table, rows are left ({told})")
        except (pa.ArrowException, OSError, ValueError) as error:
            yield source.refusal(number + 1, f"found damaged Parquet ({error})")


def _one(row: Mapping[str, Any], number: int, source: Source) -> Read:
    raw = json.dumps(row, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")
    if len(raw) > source.limit:
        return source.refusal(number, source.too_long(), raw)
    given = {name: _plain(value) for name, value in row.items()}
    return read_plain(plain(given, source.mapping), source, number, raw, "json")


def _rows(whole: IO[bytes], source: Source, counter: Counter) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table; a column that is not needed has no values.

    Raises:
        ExpansionError: what comes out is too much for the bytes of the file.
        MemoryError: it needs too much memory at once.
    """
    import pyarrow as pa  # noqa: PLC0415  (an extra, and large)
    import pyarrow.parquet as pq  # noqa: PLC0415

    # Another pool reserves memory that it does not use.
    pa.set_memory_pool(pa.system_memory_pool())
    with memory_limit(_MOST_MEMORY):
        about = pq.ParquetFile(whole)
        names = about.schema_arrow.names
        needed = _needed(names, source.mapping)
        _check_sizes(about.metadata, needed)
        kinds = {field.name: field.type for field in about.schema_arrow}
        texts = [n for n in needed if pa.types.is_string(kinds[n]) or pa.types.is_binary(kinds[n])]
        file = pq.ParquetFile(
            whole, read_dictionary=texts, buffer_size=_BUFFER_BYTES, pre_buffer=False
        )
        batches = file.iter_batches(_ROWS, columns=needed, use_threads=False)
    while True:
        with memory_limit(_MOST_MEMORY):
            batch = next(batches, None)
        if batch is None:
            return
        columns = {name: batch.column(at) for at, name in enumerate(batch.schema.names)}
        for at in range(batch.num_rows):
            with memory_limit(_MOST_MEMORY):
                row = {n: columns[n][at].as_py() if n in columns else None for n in names}
            counter.add(sum(len(value) for value in row.values() if isinstance(value, str | list)))
            yield row


def _needed(names: Sequence[str], mapping: Mapping[str, str]) -> list[str]:
    """Return the columns that an article is made of; all, if a mapping names parts of them."""
    try:
        wanted = set(match_columns(names, mapping).values())
    except RecordError:
        return list(names)
    found = [name for name in names if name in wanted]
    return found if len(found) == len(wanted) and found else list(names)


def _check_sizes(metadata: Any, needed: Sequence[str]) -> None:  # noqa: ANN401  (pyarrow's)
    """Check the sizes that the file states for its columns.

    Raises:
        ExpansionError: a column unpacks to far more bytes than it has.
    """
    wanted = set(needed)
    for group in range(metadata.num_row_groups):
        about = metadata.row_group(group)
        for at in range(about.num_columns):
            column = about.column(at)
            if column.path_in_schema.partition(".")[0] not in wanted:
                continue
            unpacked, packed = column.total_uncompressed_size, column.total_compressed_size
            if unpacked > FREE_BYTES and unpacked > MOST_EXPANSION * packed:
                raise ExpansionError(MOST_EXPANSION)


def _plain(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value

"""Parquet: a table of articles, read in batches of rows (extra `parquet`)."""

import json
import tempfile
from collections.abc import Iterator
from typing import IO

from marsad.corpus.errors import RecordError
from marsad.corpus.record import article_of
from marsad.corpus.source import Read, Source

_ROWS = 256
_SPOOLED_BYTES = 16 * 1024 * 1024


def read_parquet(stream: IO[bytes], source: Source) -> Iterator[Read]:
    """Yield the article or refusal of each row."""
    try:
        import pyarrow as pa  # noqa: PLC0415  (an extra, and large)
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError:
        reason = "found Parquet, which needs an extra: pip install 'marsad[parquet]'"
        yield source.refusal(0, reason)
        return
    with tempfile.SpooledTemporaryFile(_SPOOLED_BYTES) as whole:
        # A Parquet file is read from its end, which a stream from an archive cannot seek to.
        while piece := stream.read(1 << 20):
            whole.write(piece)
        whole.seek(0)
        number = 0
        try:
            for batch in pq.ParquetFile(whole).iter_batches(_ROWS):
                for row in batch.to_pylist():
                    number += 1
                    raw = json.dumps(row, ensure_ascii=False, default=str).encode()
                    given = {name: _plain(value) for name, value in row.items()}
                    try:
                        yield source.article(article_of(given, source.mapping), number, raw)
                    except RecordError as error:
                        yield source.refusal(number, str(error), raw, "json")
        except (pa.ArrowException, OSError, ValueError) as error:
            yield source.refusal(number + 1, f"found damaged Parquet ({error})")


def _plain(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value

"""Progress: what a run tells of each record on stderr."""

import sys
from collections.abc import Callable
from typing import Any

from tqdm import tqdm

from marsad.corpus.source import Record, Refusal, Skipped


def progress_callback(bar: "tqdm[Any]") -> Callable[[Record], None]:
    """Return what tells of a record on stderr: refusals, files passed over, and the count."""

    def progress(record: Record) -> None:
        if isinstance(record, Refusal):
            bar.write(f"refused {record.path}:{record.line}: {record.reason}", file=sys.stderr)
        elif isinstance(record, Skipped):
            bar.write(f"passed over {record.path}: no article by its name", file=sys.stderr)
        else:
            bar.update()

    return progress

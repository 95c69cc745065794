"""Progress: the bar and the messages on stderr while a run reads records."""

import sys
from collections.abc import Callable
from typing import Any

from tqdm import tqdm

from marsad.corpus.source import Record, Refusal, Skipped

NO_ARTICLE = "by its name it holds no article"


def progress_callback(bar: "tqdm[Any]") -> Callable[[Record], None]:
    """Return a callback that counts each record, and prints refusals and skipped files."""

    def progress(record: Record) -> None:
        if isinstance(record, Refusal):
            bar.write(f"refused {record.path}:{record.line}: {record.reason}", file=sys.stderr)
        elif isinstance(record, Skipped):
            place = f"{record.path}:{record.line}" if record.line else record.path
            bar.write(f"skipped {place}: {record.reason or NO_ARTICLE}", file=sys.stderr)
        else:
            bar.update()

    return progress

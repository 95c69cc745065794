"""Progress: the bar and the messages on stderr while a run reads records."""

import sys
from collections.abc import Callable
from typing import Any

from tqdm import tqdm

from marsad.corpus.printable import printable
from marsad.corpus.source import Record, Refusal, Skipped

# Messages of a chat without text: a large channel has tens of thousands of them.
_MOST_MESSAGES = 20
NO_ARTICLE = "by its name it holds no article"


def progress_callback(bar: "tqdm[Any]") -> Callable[[Record], None]:
    """Return a callback that counts each record, and prints refusals and skipped files.

    Of skipped records of files that are read, it prints the first twenty.
    """
    messages = 0

    def progress(record: Record) -> None:
        nonlocal messages
        if isinstance(record, Refusal):
            told = f"refused {record.path}:{record.line}: {record.reason}"
            bar.write(printable(told), file=sys.stderr)
        elif isinstance(record, Skipped):
            if record.kind == "record":
                messages += 1
                if messages > _MOST_MESSAGES:
                    return
            place = f"{record.path}:{record.line}" if record.line else record.path
            told = f"skipped {place}: {record.reason or NO_ARTICLE}"
            bar.write(printable(told), file=sys.stderr)
        else:
            bar.update()

    return progress

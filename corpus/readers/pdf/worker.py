"""Worker: reads one PDF in a process of its own, with bounds of time and memory.

    stdin: the file, seekable -> stdout: a line for each page, and at the end one JSON object

The object is a Document, or {"error": what was found}. A hostile file can end this process, but
not the one that started it.
"""

import json
import logging
import os
import sys
from contextlib import suppress
from dataclasses import asdict

MEMORY_BYTES = 768 * 1024 * 1024
CPU_SECONDS = 150


def main() -> int:
    """Read standard input, write the result, and return the exit code of the process."""
    _bound()
    logging.disable(logging.CRITICAL)
    from marsad.corpus.readers.pdf.document import PdfError, read_document  # noqa: PLC0415

    def on_page() -> None:
        os.write(1, b".\n")

    try:
        with os.fdopen(0, "rb", closefd=False) as file:
            answer = asdict(read_document(file, on_page))
    except PdfError as error:
        answer = {"error": str(error)}
    except RecursionError:
        answer = {"error": "found a damaged PDF (objects that hold each other without end)"}
    except MemoryError:
        answer = {"error": f"found a PDF that needs more than {MEMORY_BYTES >> 20} MiB of memory"}
    sys.stdout.write(json.dumps(answer))
    sys.stdout.flush()
    return 0


def _bound() -> None:
    """Bound the memory and the time of this process, as far as the system can."""
    import resource  # noqa: PLC0415  (POSIX)

    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(OSError, ValueError):
            resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    # Nothing is to be cleaned up, and freeing large objects takes time.
    os._exit(main())

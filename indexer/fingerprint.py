"""Fingerprint: tells whether the program is the same as in an earlier run, without loading it.

It is a digest of the sizes and times of the program's own files, of the options that change
how an article is analysed, and of the user's authority file. Two runs with equal fingerprints
used the same program. Different fingerprints do not prove a difference: a reinstall changes
times too.
"""

import hashlib
import os
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_ROOMS = ("corpus", "indexer")


def fingerprint(*settings: object, entities: Path | None = None) -> str:
    """Return 16 hexadecimal digits for the program with these *settings*.

    *entities* is the user's own authority file. Its path, size and time count.
    """
    seen = hashlib.sha256(repr((sys.version, settings)).encode())
    if entities is not None:
        seen.update(f"entities={entities}\n".encode("utf-8", "surrogateescape"))
        if entities.exists():
            about = entities.stat()
            seen.update(f"{about.st_size} {about.st_mtime_ns}\n".encode())
    for room in _ROOMS:
        for here, folders, names in os.walk(_ROOT / room):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            for name in sorted(names):
                about = os.stat(f"{here}/{name}")  # noqa: PTH116  (hundreds of files)
                seen.update(f"{name} {about.st_size} {about.st_mtime_ns}\n".encode())
    return seen.hexdigest()[:16]

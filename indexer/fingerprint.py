"""Fingerprint: whether this is the program that it was, without loading it.

Sizes and times of the program's own files, and what outside of them changes what it makes
of an article. Equal fingerprints mean an equal program; unequal ones may.
"""

import hashlib
import os
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_ROOMS = ("corpus", "indexer")
# Names the file of a user's own entities, so that every process of a program has the same.
ENTITIES_VARIABLE = "MARSAD_ENTITIES"
_OUTSIDE = (ENTITIES_VARIABLE,)


def fingerprint(*settings: object) -> str:
    """Return 16 hexadecimal digits for the program with these *settings*."""
    seen = hashlib.sha256(repr((sys.version, settings)).encode())
    for name in _OUTSIDE:
        given = os.environ.get(name, "")
        seen.update(f"{name}={given}\n".encode("utf-8", "surrogateescape"))
        if given and os.path.exists(given):  # noqa: PTH110  (as it was typed)
            about = os.stat(given)  # noqa: PTH116
            seen.update(f"{about.st_size} {about.st_mtime_ns}\n".encode())
    for room in _ROOMS:
        for here, folders, names in os.walk(_ROOT / room):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            for name in sorted(names):
                about = os.stat(f"{here}/{name}")  # noqa: PTH116  (hundreds of files)
                seen.update(f"{name} {about.st_size} {about.st_mtime_ns}\n".encode())
    return seen.hexdigest()[:16]

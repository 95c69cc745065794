"""Pack: writes the arrays of the table as one file that can be memory-mapped.

`marsad.indexer.analysis.morphology` describes the format and reads it.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.analysis.alphabet import letters_and_offsets
from marsad.indexer.analysis.morphology import ALIGN, MAGIC, NAMES

Array = NDArray[Any]


def pack(
    path: Path, table: tuple[Array, ...], lemmas: Sequence[str], roots: Mapping[str, str]
) -> int:
    """Write the table to *path*; return the size of the file in bytes."""
    # Root 0 is "", for lemmas without a known root.
    known = ["", *sorted({roots.get(lemma, "") for lemma in lemmas} - {""})]
    number = {root: at for at, root in enumerate(known)}
    letters, lemma_at = letters_and_offsets(lemmas)
    root_letters, root_at = letters_and_offsets(known)
    arrays = (
        *table,
        letters,
        lemma_at.astype(np.uint32),
        np.array([number[roots.get(lemma, "")] for lemma in lemmas], np.uint16),
        root_letters,
        root_at.astype(np.uint32),
    )
    parts: list[bytes] = []
    listed: list[tuple[str, str, int, int]] = []
    at = 0
    for name, array in zip(NAMES, arrays, strict=True):
        raw = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes()
        listed.append((name, array.dtype.newbyteorder("<").str, at, len(array)))
        raw += bytes(-len(raw) % ALIGN)
        parts.append(raw)
        at += len(raw)
    body = b"".join(parts)
    head = json.dumps({"arrays": listed, "sha256": hashlib.sha256(body).hexdigest()}).encode()
    head = MAGIC + len(head).to_bytes(4, "little") + head
    head += bytes(-len(head) % ALIGN)
    path.write_bytes(head + body)
    return len(head) + len(body)

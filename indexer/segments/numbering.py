"""Numbering: what the bare numbers in an index mean, and a digest of it for the manifest.

An index stores fields and facets as numbers. A term begins with the place of its field in
INDEX_FIELDS, and a facet value with the place of its facet in FACETS; lengths have a row for each
field. Chunks, blocks and escapes are numbers of the program too, and the stored bounds were made
with K1 and B. When one of these changes, an old index can still be opened, and answers nonsense:
the checksums of its files are right. So the manifest has a digest of all of them, and an index
with another digest is refused.
"""

import hashlib
import json
from functools import cache

from marsad.indexer.fields import FACETS, INDEX_FIELDS, STARTS_OF
from marsad.indexer.segments.columns import K1, B
from marsad.indexer.segments.kernels.layout import (
    BLOCK,
    BREAK_ESCAPE,
    CHUNK,
    POSITION_ESCAPE,
    TF_ESCAPE,
)


@cache
def numbering_digest() -> str:
    """Return 16 hexadecimal digits for the numbering of this program."""
    meaning = {
        "fields": INDEX_FIELDS,
        "facets": FACETS,
        "starts and breaks": STARTS_OF.name,
        "chunk": CHUNK,
        "block": BLOCK,
        "escapes": (TF_ESCAPE, POSITION_ESCAPE, BREAK_ESCAPE),
        "bounds": (K1, B),
    }
    return hashlib.sha256(json.dumps(meaning).encode("utf-8")).hexdigest()[:16]

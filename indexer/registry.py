"""Registry: the engines, and the address of an index.

address -> [open_engine] -> Engine, opened with the analyzer that fits it
"""

import logging
import time
from pathlib import Path

from marsad.indexer.analysis.analyzer import Analyzer
from marsad.indexer.engine.seam import Engine
from marsad.indexer.errors import EngineUnknownError

_LOG = logging.getLogger("marsad.engine")


def open_engine(address: str, analyzer: Analyzer, *, create: bool = False) -> Engine:
    """Open the engine at *address*: `whoosh:DIR`, or a folder.

    Raises:
        EngineUnknownError: the address names another kind of engine.
        IndexerError: what the engine says of an index it cannot open.
    """
    kind, colon, rest = address.partition(":")
    if colon and kind != "whoosh":
        raise EngineUnknownError(address)
    from marsad.indexer.segments.engine import open_index  # noqa: PLC0415  (engines load on demand)

    began = time.monotonic()
    engine = open_index(Path(rest if colon else address), analyzer.version, create=create)
    _LOG.info("opened %s in %.2f s", address, time.monotonic() - began)
    return engine

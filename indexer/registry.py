"""Registry: the engines, and where an index and the files that belong to it are kept.

    address -> kind and place -> [ENGINES] -> the engine's package -> Engine

An address is `KIND:PLACE`, or a place alone for the first kind. A new engine is a package and
one line of `ENGINES`. The package has two modules:

- `engine` with `open_index(place, analyzer, *, create) -> Engine`; see `indexer.engine.seam`.
- `commits` with `newest_commit(place)`, which returns a mark (`indexer.engine.commits`), and
  `own_folder(place)`, the folder of the index, or None where the engine keeps no local folder.

A sync that finds nothing new loads this module and `commits` only, so neither may import much.
"""

import hashlib
import logging
import os
import time
from importlib import import_module
from pathlib import Path
from typing import Protocol

from marsad.indexer.engine.seam import Engine
from marsad.indexer.errors import EngineUnknownError

ENGINES = {
    "whoosh": "marsad.indexer.segments",
}
# Names the folder for the side folders of all indexes whose engine keeps no local folder.
STATE_VARIABLE = "MARSAD_STATE"

_LOG = logging.getLogger("marsad.engine")


class Versioned(Protocol):
    """An analyzer, as far as the registry must know it."""

    @property
    def version(self) -> str:
        """The version, which an index must have been built with."""
        ...


def open_engine(address: str, analyzer: Versioned, *, create: bool = False) -> Engine:
    """Open the index at *address*; with *create*, make an empty one where there is none.

    Raises:
        EngineUnknownError: the address names another kind of engine.
        IndexMissingError: there is no index, and *create* is not set.
        IndexerError: the engine cannot open the index; the error says why.
    """
    kind, place = _split(address)
    if create and _own_folder(address) is None:
        side_folder(address).mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    engine: Engine = import_module(f"{ENGINES[kind]}.engine").open_index(
        place, analyzer.version, create=create
    )
    _LOG.info("opened %s in %.2f s", address, time.monotonic() - began)
    return engine


def newest_commit(address: str) -> str:
    """Return the mark of the newest commit, without opening the index.

    The mark is empty where there is no index, or where the newest commit is damaged.

    Raises:
        EngineUnknownError: the address names another kind of engine.
    """
    kind, place = _split(address)
    mark: str = import_module(f"{ENGINES[kind]}.commits").newest_commit(place)
    return mark


def whole_commit(address: str) -> str:
    """Return the same as `newest_commit`, but an empty mark where a byte of the commit is damaged.

    An engine that cannot tell is taken to be whole.

    Raises:
        EngineUnknownError: the address names another kind of engine.
    """
    kind, place = _split(address)
    is_whole = getattr(import_module(f"{ENGINES[kind]}.commits"), "is_whole", None)
    mark = newest_commit(address)
    return mark if mark and (is_whole is None or is_whole(place)) else ""


def side_folder(address: str) -> Path:
    """Return the local folder for files that belong to an index but not to its engine.

    Tombstones, the states of synced folders and the journal of near-duplicates are kept there.
    It is the folder of the index, if the engine keeps one. If not, it is a folder for this
    address in the one that MARSAD_STATE names, or else in the user's state folder.

    Raises:
        EngineUnknownError: the address names another kind of engine.
    """
    own = _own_folder(address)
    if own is not None:
        return own
    kind, place = _split(address)
    name = f"{kind}-{hashlib.sha256(os.fsencode(place)).hexdigest()[:16]}"
    return _state_folder() / name


def index_folder(address: str) -> Path:
    """Return the folder that holds an index, for what works on the files of an index.

    Raises:
        EngineUnknownError: the address names an engine that keeps no local folder.

    Example:
        >>> index_folder("whoosh:news"), index_folder("news/")
        (PosixPath('news'), PosixPath('news'))
    """
    own = _own_folder(address)
    if own is None:
        raise EngineUnknownError(address)
    return own


def _split(address: str) -> tuple[str, str]:
    kind, colon, place = address.partition(":")
    if not colon:
        return next(iter(ENGINES)), address
    if kind not in ENGINES:
        raise EngineUnknownError(address)
    return kind, place


def _own_folder(address: str) -> Path | None:
    kind, place = _split(address)
    folder: Path | None = import_module(f"{ENGINES[kind]}.commits").own_folder(place)
    return folder


def _state_folder() -> Path:
    told = os.environ.get(STATE_VARIABLE)
    if told:
        return Path(told)
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "marsad"

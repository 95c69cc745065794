"""Address: where the engine of an index is, and the folder that belongs to it."""

from pathlib import Path


def index_folder(address: str) -> Path:
    """Return the folder of the index at an address, where what belongs to it is kept.

    Example:
        >>> index_folder("whoosh:news"), index_folder("news/")
        (PosixPath('news'), PosixPath('news'))
    """
    return Path(address.removeprefix("whoosh:"))

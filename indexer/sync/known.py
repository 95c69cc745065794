"""Known folders: which folders are synced into an index, kept beside their states.

`folders.json` in the side folder of an index has an object for each state file. It tells when a
state file is lost, damaged or was cut: the first `size` bytes of the file with this `token` have
the CRC-32 `crc`. What it says can be read from the states too, so that its loss is none.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

NAME = "folders.json"


@dataclass(frozen=True, slots=True)
class Known:
    """A folder: its path as it was given and its real path, and where its state was last.

    `was` are the paths that it had before it was moved.
    """

    given: str
    real: str
    token: str = ""
    size: int = 0
    crc: int = 0
    was: tuple[str, ...] = ()


def read_known(side: Path) -> dict[str, Known]:
    """Return the known folders by the names of their state files; empty if it cannot be read."""
    try:
        rows = json.loads((side / NAME).read_text(encoding="utf-8", errors="surrogateescape"))
        return {name: Known(**{**row, "was": tuple(row["was"])}) for name, row in rows.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def write_known(side: Path, changes: Mapping[str, Known | None]) -> None:
    """Write down some folders; None for one that is forgotten."""
    known = read_known(side)
    after: dict[str, Known] = {**known}
    for name, each in changes.items():
        if each is None:
            after.pop(name, None)
        else:
            after[name] = each
    if after == known:
        return
    text = json.dumps({name: asdict(each) for name, each in after.items()}, indent=1)
    beside = side / f"{NAME}.new"
    with beside.open("w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(side / NAME)

"""Damage: the damaged files that this process has found, so that it does not open them again.

A file with its size and time of writing is trusted when an index is opened. If its bytes turn out
to be damaged after that, a note is kept here. The note ends when the file is put back or replaced:
the key of a note has the inode and the time of the last change, which no program can set.
"""

import os
import threading

# Device, inode, size in bytes, time of the last change in ns.
Mark = tuple[int, int, int, int]

_lock = threading.Lock()
_notes: dict[Mark, str] = {}


def mark_of(about: os.stat_result) -> Mark:
    """Return what tells one state of a file from any other."""
    return about.st_dev, about.st_ino, about.st_size, about.st_ctime_ns


def note_damage(mark: Mark, reason: str) -> None:
    """Keep the *reason* why a file in this state is damaged."""
    with _lock:
        _notes[mark] = reason


def noted_damage(mark: Mark) -> str:
    """Return why a file in this state is damaged, empty if nothing is known against it."""
    return _notes.get(mark, "")

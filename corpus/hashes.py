"""Hashes: a set of 64-bit numbers that takes about 16 bytes for each."""

import hashlib
from array import array
from collections.abc import Iterator

_FEWEST_SLOTS = 1024


def hash_of(*parts: str | bytes) -> int:
    """Return a 64-bit number for the *parts*, the same in every process.

    Example:
        >>> hash_of("ab", "c") == hash_of("ab", b"c") != hash_of("a", "bc")
        True
    """
    seen = hashlib.blake2b(digest_size=8)
    for part in parts:
        raw = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        seen.update(len(raw).to_bytes(8, "little") + raw)
    # 0 marks a free slot.
    return int.from_bytes(seen.digest(), "little") or 1


class Hashes:
    """A set of numbers between 1 and 2^64 - 1; a Python set would take four times the memory.

    Example:
        >>> found = Hashes()
        >>> found.add(7), found.add(7), 7 in found, 8 in found, len(found), list(found)
        (True, False, True, False, 1, [7])
    """

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 * _FEWEST_SLOTS))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[int]:
        return (number for number in self._slots if number)

    def __contains__(self, number: int) -> bool:
        return self._slots[self._place(number)] == number

    def add(self, number: int) -> bool:
        """Add a number; return whether it is new."""
        place = self._place(number)
        if self._slots[place] == number:
            return False
        self._slots[place] = number
        self._count += 1
        if 2 * self._count > len(self._slots):
            self._grow()
        return True

    def _place(self, number: int) -> int:
        mask = len(self._slots) - 1
        slots = self._slots
        place = number & mask
        while slots[place] not in (0, number):
            place = (place + 1) & mask
        return place

    def _grow(self) -> None:
        old = self._slots
        self._slots = array("Q", bytes(8 * 2 * len(old)))
        for number in old:
            if number:
                self._slots[self._place(number)] = number

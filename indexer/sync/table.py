"""State table: where the line of each file is in a state file, in 24 bytes or so for a file.

A folder may have 300,000 files: their names, digests and ids as Python objects take 300 MB. The
table keeps three numbers for a file, and reads its line again when it is asked for.
"""

from array import array

_FEWEST_SLOTS = 1024
MASK = (1 << 64) - 1


def number_of(raw: bytes) -> int:
    """Return a number from 1 for some bytes; it differs between processes."""
    return hash(raw) & MASK or 1


class Table:
    """Maps a name to the offset of its line and a number for its stamp.

    Names and stamps are given as `number_of` returns them. Two different ones may have the same
    number, with a chance of one in 10^8 for a folder of 300,000 files. `len` is the number of
    names that have a line.
    """

    def __init__(self, expected: int = 0) -> None:
        """Make room for *expected* names; there may be more."""
        slots = _FEWEST_SLOTS
        while 2 * slots < 3 * expected:
            slots *= 2
        self._names = array("Q", bytes(8 * slots))
        # The offset of the line and 1; 0 for a file that is gone.
        self._lines = array("Q", bytes(8 * slots))
        self._stamps = array("Q", bytes(8 * slots))
        self._used = self._live = 0

    def __len__(self) -> int:
        return self._live

    def place(self, name: int) -> int:
        """Return the slot of a name, or the free slot where it would be."""
        names = self._names
        mask = len(names) - 1
        place = name & mask
        while names[place] not in (0, name):
            place = (place + 1) & mask
        return place

    def put(self, name: int, offset: int, stamp: int) -> None:
        """Set the line of a name."""
        names = self._names
        mask = len(names) - 1
        place = name & mask
        while names[place] != name:
            if not names[place]:
                place = self._take(name, place)
                break
            place = (place + 1) & mask
        if not self._lines[place]:
            self._live += 1
        self._lines[place] = offset + 1
        self._stamps[place] = stamp

    def drop(self, name: int) -> None:
        """Remove the line of a name, if it has one."""
        place = self.place(name)
        if self._names[place] == name and self._lines[place]:
            self._lines[place] = self._stamps[place] = 0
            self._live -= 1

    def offset(self, name: int) -> int:
        """Return the offset of a name's line, -1 if it has none."""
        return self._lines[self.place(name)] - 1

    def look_up(self, name: int) -> tuple[int, int, int]:
        """Return slot, offset and stamp of a name; the offset is -1 if it has no line."""
        names = self._names
        mask = len(names) - 1
        place = name & mask
        while names[place] not in (0, name):
            place = (place + 1) & mask
        return place, self._lines[place] - 1, self._stamps[place]

    @property
    def slots(self) -> int:
        """The number of slots."""
        return len(self._names)

    def _take(self, name: int, place: int) -> int:
        """Put a name into a free slot; return the slot, another one if the table grew."""
        if 3 * self._used >= 2 * len(self._names):
            self._grow()
            place = self.place(name)
        self._names[place] = name
        self._used += 1
        return place

    def _grow(self) -> None:
        old = zip(self._names, self._lines, self._stamps, strict=True)
        size = 2 * len(self._names)
        names, lines, stamps = (array("Q", bytes(8 * size)) for _ in range(3))
        mask = size - 1
        for name, line, stamp in old:
            if name:
                place = name & mask
                while names[place]:
                    place = (place + 1) & mask
                names[place], lines[place], stamps[place] = name, line, stamp
        self._names, self._lines, self._stamps = names, lines, stamps

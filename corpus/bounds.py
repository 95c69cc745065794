"""Bounds: how much may come out of packed data, as a multiple of the packed bytes.

A few kilobytes can unpack to terabytes. The work for a file is bounded by its own size, so that a
hostile file ends as soon as an honest one of that size does.
"""

from marsad.corpus.errors import ExpansionError, TooManyRecordsError

# JSON of news packs to a tenth of its size, rarely to a fiftieth. Small files have no bound.
MOST_EXPANSION = 250
FREE_BYTES = 64 * 1024 * 1024
# A record of news packs to a hundred bytes, rarely to thirty. So many records have no bound.
LEAST_PACKED_RECORD = 16
FREE_RECORDS = 65_536


class Counter:
    """The packed bytes that were read, and the unpacked bytes and the records that came out.

    `outer` is the counter of the archive that this one is in: bytes count for both, so that the
    size of the outermost file bounds the work for all that is in it. `spent` says that a bound was
    passed, so that nothing more can come out.
    """

    def __init__(self, packed: int = 0, outer: "Counter | None" = None) -> None:
        self.packed = packed
        self.outer = outer
        self.unpacked = 0
        self.records = 0
        self.spent = False

    def add(self, size: int) -> None:
        """Count unpacked bytes.

        Raises:
            ExpansionError: they are too many for the packed bytes.
        """
        self.unpacked += size
        if self.unpacked > FREE_BYTES and self.unpacked > MOST_EXPANSION * self.packed:
            self.spent = True
            raise ExpansionError(MOST_EXPANSION)
        if self.outer is not None:
            self.outer.add(size)

    def add_record(self) -> None:
        """Count a record.

        Raises:
            TooManyRecordsError: they are too many for the packed bytes.
        """
        self.records += 1
        if self.records > FREE_RECORDS and self.records * LEAST_PACKED_RECORD > self.packed:
            self.spent = True
            raise TooManyRecordsError(self.records - 1, self.packed)

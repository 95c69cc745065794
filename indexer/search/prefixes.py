"""Prefixes: a table of sorted keys that finds the heaviest entries under a prefix.

    sorted keys, their owners, weights of owners -> bisect by prefix -> the heaviest owners

The keys are one block of bytes, not a list of strings: a key costs its UTF-8 and eight bytes,
an owner costs four. That is a tenth of the memory of a list.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

import numpy as np

# 0xFF is in no UTF-8 text, so a prefix with it behind sorts after every key of the prefix.
_BEYOND = b"\xff"


class StringBlock:
    """Many short strings, kept as one block of UTF-8 bytes and their offsets in it."""

    def __init__(self, texts: Iterable[str]) -> None:
        # A lone surrogate can come from a broken file; it must not stop the table.
        raw = [text.encode("utf-8", "surrogatepass") for text in texts]
        self._block = b"".join(raw)
        self._offsets = np.zeros(len(raw) + 1, np.uint32)
        np.cumsum([len(one) for one in raw], out=self._offsets[1:])

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def raw(self, at: int) -> bytes:
        """Return string number *at* as UTF-8 bytes."""
        return self._block[self._offsets[at] : self._offsets[at + 1]]

    def text(self, at: int) -> str:
        """Return string number *at*."""
        return self.raw(at).decode("utf-8", "surrogatepass")

    @property
    def size_bytes(self) -> int:
        """The memory that the block and its offsets take, in bytes."""
        return len(self._block) + self._offsets.nbytes


class PrefixTable:
    """Maps prefixes of keys to owners, such as the parts of names to entities.

    Args:
        keys: The keys in ascending order.
        weights: `weights[n]` is the weight of owner n, 0 or more.
        owners: `owners[n]` is the owner of key n; without it, key n has owner n. One owner
            may have several keys.
    """

    def __init__(
        self, keys: Iterable[str], weights: Sequence[int], owners: Sequence[int] | None = None
    ) -> None:
        self._keys = StringBlock(keys)
        numbers = np.arange(len(self._keys)) if owners is None else owners
        self._owners = np.array(numbers, np.uint32)
        self._weights = np.array(weights, np.uint32)
        self._most_keys = int(np.bincount(self._owners).max()) if len(self._keys) else 1

    def best(self, prefixes: Iterable[str], most: int) -> list[int]:
        """Return the *most* heaviest owners that have a key with one of *prefixes*.

        Each owner comes once; owners of equal weight come by their number.

        Example:
            >>> PrefixTable(["سلام", "قصر", "قصف"], [9, 5, 7]).best(["قص"], 2)
            [2, 1]
        """
        distinct = dict.fromkeys(prefixes)
        owners = np.concatenate(
            [self._owners[:0], *(self._owners[self._range(prefix)] for prefix in distinct)]
        )
        # One letter can match half of the table, and sorting all of it is slow. An owner is
        # met at most `_most_keys` times for each prefix, so this many of the heaviest matches
        # belong to at least *most* owners.
        enough = most * self._most_keys * len(distinct)
        if len(owners) > enough:
            weights = self._weights[owners]
            owners = owners[weights >= np.partition(weights, -enough)[-enough]]
        owners = np.unique(owners)
        # Signed, because the negative of an unsigned weight would be a large number.
        order = np.lexsort((owners, -self._weights[owners].astype(np.int64)))
        found: list[int] = owners[order[:most]].tolist()
        return found

    def _range(self, prefix: str) -> slice:
        """Return the numbers of the keys that start with *prefix*."""
        first = prefix.encode("utf-8", "surrogatepass")
        numbers = range(len(self._keys))
        low = bisect_left(numbers, first, key=self._keys.raw)
        return slice(low, bisect_left(numbers, first + _BEYOND, lo=low, key=self._keys.raw))

    def key(self, at: int) -> str:
        """Return key number *at*."""
        return self._keys.text(at)

    def weight(self, owner: int) -> int:
        """Return the weight of an owner."""
        return int(self._weights[owner])

    @property
    def size_bytes(self) -> int:
        """The memory that the table takes, in bytes."""
        return self._keys.size_bytes + self._owners.nbytes + self._weights.nbytes

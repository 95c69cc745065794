"""Prefixes: keys in one sorted block of bytes, found by how they begin.

keys with owners, weights of owners -> sorted block -> [bisect] -> the heaviest owners of a prefix

A key costs its UTF-8 and eight bytes, an owner four: a tenth of a list of strings.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

import numpy as np

# Greater than any byte of UTF-8.
_BEYOND = b"\xff"


class Strings:
    """Many short strings in one block of bytes."""

    def __init__(self, texts: Iterable[str]) -> None:
        raw = [text.encode("utf-8", "surrogatepass") for text in texts]
        self._block = b"".join(raw)
        self._at = np.zeros(len(raw) + 1, np.uint32)
        np.cumsum([len(one) for one in raw], out=self._at[1:])

    def __len__(self) -> int:
        return len(self._at) - 1

    def raw(self, at: int) -> bytes:
        """Return the bytes of one string."""
        return self._block[self._at[at] : self._at[at + 1]]

    def text(self, at: int) -> str:
        """Return one string."""
        return self.raw(at).decode("utf-8", "surrogatepass")

    @property
    def size_bytes(self) -> int:
        """What it takes in memory."""
        return len(self._block) + self._at.nbytes


class PrefixTable:
    """Ascending keys, and for each the number of what it leads to, its own where none is given.

    `weights[n]` is the weight of owner n.
    """

    def __init__(
        self, keys: Iterable[str], weights: Sequence[int], owners: Sequence[int] | None = None
    ) -> None:
        self._keys = Strings(keys)
        numbers = np.arange(len(self._keys)) if owners is None else owners
        self._owners = np.array(numbers, np.uint32)
        self._weights = np.array(weights, np.uint32)
        self._most_keys = int(np.bincount(self._owners).max()) if len(self._keys) else 1

    def best(self, prefixes: Iterable[str], most: int) -> list[int]:
        """Return the *most* heaviest owners of keys that begin so; equal ones by their number.

        Example:
            >>> PrefixTable(["سلام", "قصر", "قصف"], [9, 5, 7]).best(["قص"], 2)
            [2, 1]
        """
        wanted = dict.fromkeys(prefixes)
        owners = np.concatenate(
            [self._owners[:0], *(self._owners[self._range(prefix)] for prefix in wanted)]
        )
        # So many keys, heaviest first, lead to at least *most* owners.
        enough = most * self._most_keys * len(wanted)
        if len(owners) > enough:
            weights = self._weights[owners]
            owners = owners[weights >= np.partition(weights, -enough)[-enough]]
        owners = np.unique(owners)
        order = np.lexsort((owners, -self._weights[owners].astype(np.int64)))
        found: list[int] = owners[order[:most]].tolist()
        return found

    def _range(self, prefix: str) -> slice:
        first = prefix.encode("utf-8", "surrogatepass")
        numbers = range(len(self._keys))
        low = bisect_left(numbers, first, key=self._keys.raw)
        return slice(low, bisect_left(numbers, first + _BEYOND, lo=low, key=self._keys.raw))

    def key(self, at: int) -> str:
        """Return a key by its place."""
        return self._keys.text(at)

    def weight(self, owner: int) -> int:
        """Return the weight of an owner."""
        return int(self._weights[owner])

    @property
    def size_bytes(self) -> int:
        """What it takes in memory."""
        return self._keys.size_bytes + self._owners.nbytes + self._weights.nbytes

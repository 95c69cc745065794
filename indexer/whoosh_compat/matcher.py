"""Whoosh matcher: the postings of one term, in the form that Whoosh's queries iterate over.

documents, weights and positions of a term -> [ColumnMatcher] -> whoosh.matching
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.matching import ReadTooFar
from whoosh.matching.mcore import LeafMatcher

Docs = NDArray[np.int64]


class ColumnMatcher(LeafMatcher):  # type: ignore[misc]
    """The postings of one term."""

    def __init__(
        self,
        term: tuple[str, bytes],
        docs: Docs,
        weights: Docs | None,
        positions: Callable[[int], list[int]] | None,
        field_format: Any,  # noqa: ANN401  (Whoosh has no type for it)
        scorer: Any,  # noqa: ANN401
    ) -> None:
        self._term = term
        self._docs = docs.tolist()
        self._weights = None if weights is None else weights.tolist()
        self._positions = positions
        self.format = field_format
        self.scorer = scorer
        self._at = 0

    def is_active(self) -> bool:
        """Return whether the matcher is at a posting."""
        return self._at < len(self._docs)

    def reset(self) -> None:
        """Go back to the first posting."""
        self._at = 0

    def copy(self) -> "ColumnMatcher":
        """Return another matcher at the same posting; moving one does not move the other."""
        twin = object.__new__(ColumnMatcher)
        twin.__dict__.update(self.__dict__)
        return twin

    def id(self) -> int:
        """Return the number of the document."""
        self._need_active()
        return int(self._docs[self._at])

    def all_ids(self) -> Iterator[int]:
        """Return the numbers of this document and all later ones."""
        return iter(self._docs[self._at :])

    def next(self) -> bool:
        """Go to the next posting."""
        self._need_active()
        self._at += 1
        return True

    def skip_to(self, wanted: int) -> bool:
        """Go to the first posting whose document is *wanted* or later."""
        self._need_active()
        self._at = bisect_left(self._docs, wanted, self._at)
        return True

    def weight(self) -> float:
        """Return how many times the term is in the document."""
        return 1.0 if self._weights is None else float(self._weights[self._at])

    def value(self) -> bytes:
        """Return the positions in the bytes that Whoosh would store."""
        positions = self.value_as("positions") if self._positions else []
        return bytes(self.format.encode_positions(positions)) if positions else b""

    def value_as(self, astype: str) -> Any:  # noqa: ANN401  (its kind is its argument)
        """Return the positions, the frequency or the weight, as *astype* names them.

        Raises:
            ValueError: *astype* is none of these.
        """
        match astype:
            case "positions" if self._positions is not None:
                return self._positions(self.id())
            case "frequency":
                return int(self.weight())
            case "weight":
                return self.weight()
            case _:
                raise ValueError(f"{astype}: the index has positions, frequency and weight")

    def supports(self, astype: str) -> bool:
        """Return whether `value_as` can return *astype*."""
        if astype == "positions":
            return self._positions is not None
        return astype in ("frequency", "weight")

    def supports_block_quality(self) -> bool:
        """Return False: this matcher has no bounds of blocks, so Whoosh cannot skip them."""
        return False

    def max_quality(self) -> float:
        """Return an upper bound of all scores."""
        return float(self.scorer.max_quality()) if self.scorer else 0.0

    def score(self) -> float:
        """Return the score of the document."""
        return float(self.scorer.score(self)) if self.scorer else self.weight()

    def _need_active(self) -> None:
        if self._at >= len(self._docs):
            raise ReadTooFar

"""Measures: the quality of a ranking, and whether a difference is larger than chance."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray


def reciprocal_rank(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """Return 1 / rank of the first relevant document in the top ten, or 0."""
    return next((1 / rank for rank, doc in enumerate(ranked[:10], 1) if grades.get(doc)), 0.0)


def gain(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """Return nDCG@10 with the gain 2 ** grade - 1."""

    def dcg(found: Sequence[int]) -> float:
        return sum((2.0**g - 1) / math.log2(at + 1) for at, g in enumerate(found[:10], 1))

    ideal = dcg(sorted(grades.values(), reverse=True))
    return dcg([grades.get(doc, 0) for doc in ranked]) / ideal if ideal else 0.0


def bootstrap(
    ours: Sequence[float], theirs: Sequence[float], *, rounds: int = 5_000
) -> tuple[float, float, float]:
    """Return the mean difference and the bounds of its 95% interval, by paired bootstrap."""
    difference = np.array(ours) - np.array(theirs)
    rng = np.random.default_rng(7)
    picks = rng.integers(0, len(difference), (rounds, len(difference)))
    means: NDArray[np.float64] = np.sort(difference[picks].mean(axis=1))
    low, high = means[int(rounds * 0.025)], means[int(rounds * 0.975)]
    return float(difference.mean()), float(low), float(high)

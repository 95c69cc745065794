"""Completions: the time to complete a word, beside the time to complete names alone.

    python -m tests.benchmarks.completions --index DIR

Both complete the same prefixes of words of the index, from 2 letters to the whole word, in
turns.
"""

import argparse
import random
import statistics
import sys
import time

from marsad.indexer.parts import parts
from marsad.indexer.registry import open_engine
from marsad.indexer.search.complete import Completer
from marsad.indexer.search.suggest import vocabulary_of

_LEAST_HELD, _SHORTEST = 5, 4


def typed_texts(counts: dict[str, int], count: int, seed: int = 1) -> list[str]:
    """Return typed texts: prefixes of frequent words, one of five after other words."""
    rng = random.Random(seed)
    words = sorted(w for w, n in counts.items() if len(w) >= _SHORTEST and n >= _LEAST_HELD)
    chosen = [rng.choice(words) for _ in range(count)]
    typed = [word[: rng.randint(2, len(word))] for word in chosen]
    return [one if number % 5 else f"هدنة في {one}" for number, one in enumerate(typed)]


def measure(index: str, count: int, rounds: int) -> str:
    """Return the figures, one a line."""
    known = parts()
    engine = open_engine(index, known.analyzer)
    start = time.perf_counter()
    counts = dict(vocabulary_of(engine).counts)
    both = Completer(engine, known.gazetteer, counts)
    took = time.perf_counter() - start
    names = Completer(engine, known.gazetteer, {})
    spent: dict[str, list[float]] = {"names": [], "names and words": []}
    for _ in range(rounds):
        for typed in typed_texts(counts, count):
            for name, completer in (("names", names), ("names and words", both)):
                start = time.perf_counter()
                completer.complete(typed, "ar")
                spent[name].append((time.perf_counter() - start) * 1000)
    engine.close()
    size = both.size_bytes / 1e6
    lines = [f"{len(counts)} words, read in {took:.1f} s; tables {size:.1f} MB"]
    for name, times in spent.items():
        p95 = statistics.quantiles(times, n=20)[-1]
        lines.append(f"{name}: median {statistics.median(times):.3f} ms, p95 {p95:.3f}")
    return "\n".join(lines)


def main() -> None:
    """Measure from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", required=True)
    parser.add_argument("--beginnings", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    sys.stdout.write(f"{measure(given.index, given.beginnings, given.rounds)}\n")


if __name__ == "__main__":
    main()

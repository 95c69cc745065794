"""Measure: copies found by Marsad and by datasketch's MinHash (128 values) with LSH.

    python -m tests.quality.duplicates.measure [--source NEWS.jsonl.gz] [--peer]
    python -m tests.quality.duplicates.measure --speed 100000 [--peer]

Originals are the bundled corpus and, with --source, articles of a file that have at least 40 words
and share less than half of their triples with any other. Each gets eight edited copies. Copies of
one original, and the copies within the bundled corpus, are true pairs; all other pairs are false.
Both sides get the same folded words, in random order, in batches.
"""

import argparse
import gzip
import json
import random
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, islice
from pathlib import Path
from typing import Any

import numpy as np

from marsad.corpus.article import Article
from marsad.corpus.letters import fold_letters
from marsad.corpus.read import read
from marsad.indexer.copies.clusters import Copies
from marsad.indexer.copies.sketch import Sketcher, join
from tests.quality.duplicates.edits import LEAST_WORDS, edited

CORPUS = Path(__file__).resolve().parents[3] / "corpus" / "data"
BATCH = 1_000
Texts = dict[str, list[str]]


def families(source: Path | None, limit: int) -> tuple[Texts, dict[str, str]]:
    """Return the folded words of each text, and the family of each text."""
    originals: dict[str, tuple[str, str]] = {}
    for record in read([CORPUS]):
        if isinstance(record, Article) and record.origin:
            name = Path(record.origin.path).stem
            originals[name] = (name.partition("-copy")[0], record.text)
    if source is not None:
        with gzip.open(source, "rt", encoding="utf-8") as rows:
            some = [json.loads(line) for line in rows]
        for row in _apart(some)[:limit]:
            originals[row["id"]] = (row["id"], row["text"])
    vocabulary = [word for _, text in originals.values() for word in text.split()]
    texts: Texts = {}
    family: dict[str, str] = {}
    for seed, (name, (of, text)) in enumerate(originals.items()):
        copies = [("", text)]
        if len(text.split()) >= LEAST_WORDS:
            copies += edited(text, vocabulary, seed)
        for kind, copy in copies:
            key = f"{name} {kind}"
            texts[key], family[key] = fold_letters(copy).split(), of
    return texts, family


def _apart(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the articles without a twin: no other shares half of the smaller one's triples."""
    triples = [_triples(fold_letters(row["text"]).split()) for row in rows]
    where: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, some in enumerate(triples):
        for triple in some:
            where[triple].append(number)
    shared: Counter[tuple[int, int]] = Counter()
    for numbers in where.values():
        if len(numbers) <= 60:
            shared.update(combinations(numbers, 2))
    twins = {
        number
        for (one, two), count in shared.items()
        if count >= 0.5 * min(len(triples[one]), len(triples[two]))
        for number in (one, two)
    }
    return [
        row
        for number, row in enumerate(rows)
        if number not in twins and len(row["text"].split()) >= LEAST_WORDS
    ]


def _triples(words: Sequence[str]) -> set[tuple[str, ...]]:
    return set(zip(words, words[1:], words[2:], strict=False))


def ours(texts: Texts) -> dict[str, str]:
    """Return the cluster of each text, as Marsad finds it in batches."""
    sketcher, copies = Sketcher(), Copies()
    keys = list(texts)
    for start in range(0, len(keys), BATCH):
        some = keys[start : start + BATCH]
        copies.add(join(sketcher.sketch(key, texts[key]) for key in some))
    return copies.clusters()


def theirs(texts: Texts, threshold: float) -> dict[str, str]:
    """Return the cluster of each text from datasketch: LSH pairs that its estimate confirms."""
    import datasketch  # noqa: PLC0415  (an extra, for measuring only)

    lsh = datasketch.MinHashLSH(threshold=threshold, num_perm=128)
    made: dict[str, Any] = {}
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent[key] != key:
            key = parent[key]
        return key

    for key, words in texts.items():
        minhash = datasketch.MinHash(num_perm=128)
        minhash.update_batch([" ".join(triple).encode() for triple in _triples(words)])
        parent[key] = key
        for other in lsh.query(minhash):
            if minhash.jaccard(made[other]) >= threshold:
                parent[root(key)] = root(other)
        lsh.insert(key, minhash)
        made[key] = minhash
    return {key: root(key) for key in parent}


def scores(found: dict[str, str], family: dict[str, str]) -> tuple[float, float]:
    """Return precision and recall over pairs of texts in one cluster."""

    def pairs(groups: Iterable[Sequence[object]]) -> int:
        return sum(n * (n - 1) // 2 for n in Counter(map(str, groups)).values())

    true = pairs([(name,) for name in family.values()])
    said = pairs([(found[key],) for key in family if key in found])
    both = pairs([(found[key], family[key]) for key in family if key in found])
    return both / max(said, 1), both / max(true, 1)


def shuffled(texts: Texts, seed: int = 1) -> Texts:
    """Return the texts in random order."""
    keys = list(texts)
    random.Random(seed).shuffle(keys)
    return {key: texts[key] for key in keys}


def generated(count: int) -> Iterator[list[str]]:
    """Yield texts of 60 to 250 words in Zipf's distribution; one in five is an edited copy."""
    chance = np.random.default_rng(7)
    vocabulary = [f"ك{number:x}" for number in range(60_000)]
    rank = np.arange(1, len(vocabulary) + 1)
    reach = np.cumsum(1 / (rank + 2.7))
    recent: list[list[str]] = []
    for number in range(count):
        if recent and number % 5 == 0:
            words = recent[int(chance.integers(len(recent)))]
            words = words[: int(len(words) * chance.uniform(0.5, 1))]
        else:
            drawn = chance.random(int(chance.integers(60, 250))) * reach[-1]
            words = [vocabulary[at] for at in np.searchsorted(reach, drawn).tolist()]
        recent = [*recent[-500:], words]
        yield words


def speed(count: int, *, peer: bool) -> Iterator[str]:
    """Time one side on *count* generated texts, and report its memory."""
    source = generated(count)
    before = _resident()
    took: list[float] = []
    made: dict[int, Any] = {}
    sketcher, copies = Sketcher(), Copies()
    if peer:
        import datasketch  # noqa: PLC0415

        lsh = datasketch.MinHashLSH(threshold=0.5, num_perm=128)
    for start in range(0, count, BATCH):
        texts = list(islice(source, BATCH))
        began = time.perf_counter()
        if peer:
            for at, words in enumerate(texts, start):
                minhash = datasketch.MinHash(num_perm=128)
                triples = _triples(words)
                minhash.update_batch([" ".join(triple).encode() for triple in triples])
                for other in lsh.query(minhash):
                    minhash.jaccard(made[other])
                lsh.insert(at, minhash)
                made[at] = minhash
        else:
            made_of = enumerate(texts, start)
            copies.add(join(sketcher.sketch(str(at), words) for at, words in made_of))
        took.append(time.perf_counter() - began)
    name = "datasketch" if peer else "marsad"
    tenth = max(1, len(took) // 10)
    first, last = sum(took[1 : tenth + 1]) / tenth, sum(took[-tenth:]) / tenth
    yield (
        f"{name}: {count / sum(took):,.0f} articles a second, {_resident() - before:,} KiB, "
        f"last tenth costs {last / first:.2f} of the first"
    )


def _resident() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--source", type=Path)
    parser.add_argument("--limit", type=int, default=2_000)
    parser.add_argument("--speed", type=int, default=0)
    parser.add_argument("--peer", action="store_true")
    args = parser.parse_args()
    if args.speed:
        sys.stdout.writelines(f"{line}\n" for line in speed(args.speed, peer=args.peer))
        return
    texts, family = families(args.source, args.limit)
    texts = shuffled(texts)
    sides = [("marsad", ours(texts))]
    if args.peer:
        sides += [(f"datasketch at {level}", theirs(texts, level)) for level in (0.5, 0.3, 0.15)]
    for name, found in sides:
        precision, recall = scores(found, family)
        sys.stdout.write(f"{name}: P {precision:.3f} R {recall:.3f} ({len(texts)} texts)\n")
        missed: Counter[str] = Counter()
        for key in family:
            name_of, _, kind = key.partition(" ")
            if kind and found.get(key, key) != found.get(f"{name_of} ", name_of):
                missed[kind] += 1
        sys.stdout.write(f"  apart from their original: {dict(missed)}\n")


if __name__ == "__main__":
    main()

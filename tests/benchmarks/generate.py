"""Generate: makes any number of articles, and queries, from some thousand real articles.

    real articles -> chunks of two sentences -> new articles, dates, entities

The vocabulary grows with the number of articles by Heaps' law, V = 250 * n ** 0.6, with coined
names (31,000 real articles had 122,000 stems). Entities have the frequencies of Zipf's law.
They belong to chunks, so they occur together with the words of their chunk. `terms.jsonl` has
the analysed terms, for systems that cannot analyse Arabic.
"""

import argparse
import datetime as dt
import gzip
import json
import random
import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from marsad.indexer.analysis.analyzer import Analyzer
from marsad.indexer.parts import parts

FACETS = ("person", "place", "organisation")
ENTITIES = 20_000
MOST_ENTITIES = 12
WORDS = 280
FIRST_DAY, DAYS = dt.date(2014, 1, 1), 3652
QUERIES = {"term": 50, "and": 65, "or": 50, "phrase": 35}

_SENTENCE = re.compile(r"[^.!؟\n]+[.!؟]?")
_SYLLABLES = tuple(a + b for a in "بتجحخدرسشصطعفقكلمنه" for b in ("ا", "و", "ي", "ر", "ن", "ل"))
_HEAPS, _EXPONENT = 250, 0.6
# From this article on, the vocabulary of the real articles is too small for Heaps' law.
_FIRST_COINED = 2_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """Two sentences of a real article, their terms, and the entities that come with them."""

    text: str
    terms: str
    surfaces: tuple[str, ...]
    words: int
    entities: tuple[str, ...]


def read_articles(path: Path) -> Iterator[dict[str, str]]:
    """Yield the records of a .jsonl or .jsonl.gz file."""
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open("rb") as file:
        for line in file:
            yield json.loads(line)


class _Zipf:
    """Draws ranks from 0 with probabilities proportional to 1 / (rank + 3)."""

    def __init__(self, size: int, rng: random.Random) -> None:
        self._sums = list(accumulate(1 / (rank + 3) for rank in range(size)))
        self._rng = rng

    def draw(self) -> int:
        """Return one rank."""
        return bisect(self._sums, self._rng.random() * self._sums[-1])


def make_chunks(source: Path, analyzer: Analyzer, rng: random.Random) -> list[Chunk]:
    """Return the chunks of all articles of *source*."""
    zipf = _Zipf(ENTITIES, rng)
    chunks = []
    for record in read_articles(source):
        sentences = [part.strip() for part in _SENTENCE.findall(record["text"]) if part.strip()]
        for at in range(0, len(sentences), 2):
            text = " ".join(sentences[at : at + 2])
            analyzed = analyzer.columns(text)
            terms = list(analyzed.stems)
            if len(terms) > 3:
                own = tuple(f"e{zipf.draw()}" for _ in range(3))
                surfaces = tuple(analyzed.surfaces)
                chunks.append(Chunk(text, " ".join(terms), surfaces, len(terms), own))
    return chunks


class _Coined:
    """Coins names that are in no real article, more and more rarely."""

    def __init__(self, analyzer: Analyzer, rng: random.Random) -> None:
        self._analyzer = analyzer
        self._rng = rng
        self._known: list[tuple[str, str]] = []
        self._owed = 0.0

    def of(self, number: int) -> list[tuple[str, str]]:
        """Return `(printed form, term)` of each coined name of article number *number*."""
        rng = self._rng
        found = []
        if number > _FIRST_COINED:
            self._owed += _HEAPS * _EXPONENT * number ** (_EXPONENT - 1)
            while self._owed >= 1:
                self._owed -= 1
                word = "".join(rng.choices(_SYLLABLES, k=rng.choice((2, 3, 3, 4))))
                terms = list(self._analyzer.columns(word).stems)
                if len(terms) == 1:
                    self._known.append((word, terms[0]))
                    found.append(self._known[-1])
        if self._known:
            found += [self._known[int(len(self._known) ** rng.random()) - 1] for _ in range(2)]
        return found


def articles(
    chunks: list[Chunk], analyzer: Analyzer, count: int, rng: random.Random
) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield *count* records of articles, each with its terms, joined by spaces."""
    zipf, coined = _Zipf(ENTITIES, rng), _Coined(analyzer, rng)
    for number in range(count):
        length = int(rng.lognormvariate(0, 0.5) * WORDS * 0.88)
        picked: list[Chunk] = []
        words = 0
        while words < length or not picked:
            picked.append(chunks[int(rng.random() * len(chunks))])
            words += picked[-1].words
        names = coined.of(number)
        texts, terms = [chunk.text for chunk in picked], [chunk.terms for chunk in picked]
        for printed, term in names:
            at = int(rng.random() * (len(texts) + 1))
            texts.insert(at, printed)
            terms.insert(at, term)
        entities = {e for chunk in picked for e in chunk.entities if rng.random() < 0.3}
        entities |= {f"e{zipf.draw()}" for _ in range(rng.randrange(3))}
        facets: dict[str, list[str]] = {name: [] for name in FACETS}
        for entity in sorted(entities)[:MOST_ENTITIES]:
            facets[FACETS[int(entity[1:]) % len(FACETS)]].append(entity)
        day = FIRST_DAY + dt.timedelta(days=int(rng.random() * DAYS))
        record = {"id": f"a{number:07}", "date": day.isoformat(), "text": " ".join(texts), **facets}
        yield record, " ".join(terms)


def make_queries(
    source: Path, analyzer: Analyzer, chunks: list[Chunk], rng: random.Random
) -> list[dict[str, Any]]:
    """Return queries of words of real titles, and phrases of neighbouring words of real texts."""
    known = Counter(term for chunk in chunks for term in chunk.terms.split())
    titles = []
    for record in read_articles(source):
        analyzed = analyzer.columns(record["title"])
        pairs = zip(analyzed.stems, analyzed.surfaces, strict=True)
        if len(kept := [pair for pair in pairs if pair[0] in known]) > 3:
            titles.append(kept)
    queries: list[dict[str, Any]] = []
    for kind, count in QUERIES.items():
        for _ in range(count):
            if kind == "phrase":
                chunk = rng.choice(chunks)
                body = list(zip(chunk.terms.split(), chunk.surfaces, strict=True))
                size = rng.choice((2, 2, 3))
                at = rng.randrange(max(1, len(body) - size))
                picked = body[at : at + size]
            else:
                size = 1 if kind == "term" else rng.choice((2, 2, 3, 4))
                picked = list(dict(rng.sample(rng.choice(titles), size)).items())
            terms, words = zip(*picked, strict=True)
            queries.append({"kind": kind, "terms": terms, "words": words})
    return queries


def generate(source: Path, count: int, folder: Path, seed: int = 7) -> None:
    """Write articles, terms and queries to *folder*."""
    rng = random.Random(seed)
    analyzer = parts().analyzer
    folder.mkdir(parents=True, exist_ok=True)
    chunks = make_chunks(source, analyzer, rng)
    queries = make_queries(source, analyzer, chunks, rng)
    dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    with (
        (folder / "articles.jsonl").open("w", encoding="utf-8") as raw,
        (folder / "terms.jsonl").open("w", encoding="utf-8") as analysed,
    ):
        for record, terms in articles(chunks, analyzer, count, rng):
            line = dump(record)
            raw.write(line + "\n")
            analysed.write(f"{line[:-1]},{dump({'terms': terms})[1:]}\n")
    with (folder / "queries.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(dump(query) + "\n" for query in queries)


def main() -> None:
    """Generate from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--articles", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    generate(given.source, given.articles, given.out, given.seed)


if __name__ == "__main__":
    main()

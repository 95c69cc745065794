"""Speed: CPU time of the whole chain with an empty memo, beside Lucene's ArabicAnalyzer.

    python -m tests.quality.retrieval.speed articles.jsonl[.gz] --jar lucene.jar

Both analyze the same texts, in turns, on one thread. Reading files, loading tables and compiling
kernels are not counted; compilation in the JVM counts to its process time. Our chain produces four
terms and an offset for each word, Lucene's chain one term.
"""

import argparse
import gzip
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from marsad.indexer.analysis.analyzer import Analyzer
from marsad.indexer.extract.entities.gazetteer import bundled_gazetteer

_TURNS = 5


def read_texts(path: Path) -> list[str]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        return [" ".join(json.loads(line)["text"].split()) for line in lines]


def our_seconds(texts: Sequence[str]) -> tuple[int, float, float]:
    """Return the number of tokens, and a new analyzer's CPU seconds for a first and second pass."""
    analyzer = Analyzer(bundled_gazetteer().names())
    analyzer.columns("هدنة في غزة")
    begin = time.process_time()
    tokens = sum(len(analyzer.columns(text).codes) for text in texts)
    cold = time.process_time() - begin
    begin = time.process_time()
    for text in texts:
        analyzer.columns(text)
    return tokens, cold, time.process_time() - begin


def lucene_seconds(texts: Sequence[str], jar: Path) -> list[tuple[float, float]]:
    """Return CPU seconds of the thread and of the process for each of three passes."""
    program = Path(__file__).parent / "Tokens.java"
    done = subprocess.run(
        ["java", "-cp", str(jar), str(program), "3"],  # noqa: S607
        input=("\n".join(texts) + "\n").encode("utf-8"),
        capture_output=True,
        check=True,
    )
    rows = (line.split() for line in done.stdout.decode("utf-8").splitlines())
    return [(float(thread), float(process)) for _, thread, process in rows]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("articles", type=Path)
    parser.add_argument("--jar", type=Path, required=True)
    args = parser.parse_args()
    texts = read_texts(args.articles)
    rows: dict[str, list[float]] = {}
    for _ in range(_TURNS):
        tokens, cold, warm = our_seconds(texts)
        first, _, third = lucene_seconds(texts, args.jar)
        for label, seconds in (
            ("ours, cold memo", cold),
            ("ours, the same again", warm),
            ("Lucene, first pass, whole process", first[1]),
            ("Lucene, first pass, its thread alone", first[0]),
            ("Lucene, third pass, its thread alone", third[0]),
        ):
            rows.setdefault(label, []).append(seconds)
    sys.stdout.write(f"{len(texts)} texts, {tokens} tokens, CPU seconds, median of {_TURNS}\n")
    for label, values in rows.items():
        sys.stdout.write(f"{sorted(values)[_TURNS // 2]:8.3f}  {label}\n")


if __name__ == "__main__":
    main()

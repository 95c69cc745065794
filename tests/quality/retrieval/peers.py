"""Peers: other analyzers, ranked with Lucene's BM25 (k1 1.2, b 0.75)."""

import math
import subprocess
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from marsad.indexer.analysis.stopwords import stopwords
from marsad.indexer.analysis.tokenizer import SPLIT, tokenize

Terms = list[list[str]]
_K1, _B = 1.2, 0.75


def raw_words(texts: Sequence[str]) -> Terms:
    return [[word.lower() for word in SPLIT(text)[1::2]] for text in texts]


def folded(texts: Sequence[str]) -> Terms:
    return [[surface for surface, _, _ in tokenize(text)] for text in texts]


def snowball(texts: Sequence[str]) -> Terms | None:
    """Return PyStemmer's Arabic stems of folded words, or None if it is not installed."""
    try:
        import Stemmer  # noqa: PLC0415  (of the extra `peers`)
    except ImportError:
        return None
    stemmer: Any = Stemmer.Stemmer("arabic")
    return [stemmer.stemWords(words) for words in folded(texts)]


_PREFIXES = ("ال", "وال", "بال", "كال", "فال", "لل", "و")
_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "يه", "ه", "ي")


def light10(texts: Sequence[str]) -> Terms:
    """Return light10 stems (Larkey, Ballesteros, Connell, 2007), without our stop words."""
    memo: dict[str, str] = {}

    def stem(word: str) -> str:
        if word not in memo:
            short = word
            for prefix in _PREFIXES:
                least = 4 if prefix == "و" else len(prefix) + 2
                if short.startswith(prefix) and len(short) >= least:
                    short = short[len(prefix) :]
                    break
            for suffix in _SUFFIXES:
                if short.endswith(suffix) and len(short) >= len(suffix) + 2:
                    short = short[: -len(suffix)]
            memo[word] = short
        return memo[word]

    stops = stopwords()
    return [[stem(word) for word in words if word not in stops] for words in folded(texts)]


def lucene(jar: Path) -> Callable[[Sequence[str]], Terms]:
    """Return a function that analyzes texts with Lucene's ArabicAnalyzer, from a jar."""

    def analyse(texts: Sequence[str]) -> Terms:
        lines = "\n".join(" ".join(text.split()) for text in texts) + "\n"
        program = Path(__file__).parent / "Tokens.java"
        done = subprocess.run(
            ["java", "-cp", str(jar), str(program)],  # noqa: S607
            input=lines.encode("utf-8"),
            capture_output=True,
            check=True,
        )
        found = [line.split() for line in done.stdout.decode("utf-8").splitlines()]
        if len(found) != len(texts):
            raise ValueError(f"{len(found)} lines for {len(texts)} texts")
        return found

    return analyse


def rank(documents: Terms, queries: Terms, top: int) -> list[list[int]]:
    """Return the numbers of the best documents for each query, the best first."""
    postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, terms in enumerate(documents):
        for term, count in Counter(terms).items():
            postings[term].append((number, count))
    average = sum(map(len, documents)) / len(documents)
    levels = [_K1 * (1 - _B + _B * len(terms) / average) for terms in documents]
    ranked = []
    for query in queries:
        scores: dict[int, float] = defaultdict(float)
        for term, times in Counter(query).items():
            held = postings.get(term, [])
            idf = math.log(1 + (len(documents) - len(held) + 0.5) / (len(held) + 0.5))
            for number, count in held:
                scores[number] += times * idf * (_K1 + 1) * count / (count + levels[number])
        best = sorted(scores, key=lambda number: (-scores[number], number))
        ranked.append(best[:top])
    return ranked

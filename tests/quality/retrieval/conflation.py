"""Conflation: whether the forms of a lemma have one stem, over all pairs of a lexicon.

    python -m tests.quality.retrieval.conflation forms.tsv... [--jar lucene.jar]

A line of a file has form, lemma and part of speech; the first line is a header. Only forms with
exactly one lemma are used, and only nouns, names, verbs, adjectives and adverbs. It prints pairwise
precision, recall and F1 of "same stem" against "same lemma".
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from pathlib import Path
from typing import Any

from marsad.indexer.parts import parts
from tests.quality.retrieval.peers import light10, lucene, snowball

_CLASSES = frozenset(("NOUN", "VERB", "ADJ", "PROPN", "ADV", "N", "V", "A"))


def read_lemmas(path: Path) -> dict[str, str]:
    """Return the lemma of each form that has exactly one."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        form, lemma, kind = line.split("\t")[:3]
        if kind in _CLASSES or kind.split(";")[0] in _CLASSES:
            found[form].add(lemma)
    return {
        form: next(iter(lemmas))
        for form, lemmas in sorted(found.items())
        if len(lemmas) == 1 and " " not in form
    }


def scores(lemmas: dict[str, str], stems: Sequence[str]) -> tuple[float, float, float]:
    """Return precision, recall and F1."""

    def pairs(keys: Iterable[Hashable]) -> int:
        return sum(n * (n - 1) // 2 for n in Counter(keys).values())

    both = pairs(zip(stems, lemmas.values(), strict=True))
    precision = both / (pairs(stems) or 1)
    recall = both / (pairs(lemmas.values()) or 1)
    return precision, recall, 2 * precision * recall / ((precision + recall) or 1)


def ours(texts: Sequence[str]) -> list[list[str]]:
    analyzer = parts().analyzer
    return [[token.stem for token in analyzer.analyze(text)] for text in texts]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--jar", type=Path)
    args = parser.parse_args()
    systems: list[tuple[str, Callable[[Sequence[str]], Any]]] = [
        ("Snowball (PyStemmer)", snowball),
        ("light10", light10),
    ]
    if args.jar is not None:
        systems.append(("Lucene's ArabicAnalyzer", lucene(args.jar)))
    systems.append(("ours", ours))
    for path in args.files:
        lemmas = read_lemmas(path)
        for label, analyse in systems:
            terms = analyse(list(lemmas))
            if terms is None:
                continue
            stems = [" ".join(own) or word for own, word in zip(terms, lemmas, strict=True)]
            precision, recall, f1 = scores(lemmas, stems)
            sys.stdout.write(
                f"{path.name:24} {label:24} P {precision:.3f} R {recall:.3f} F1 {f1:.3f}\n"
            )


if __name__ == "__main__":
    main()

"""Annotated sentences: reads CoNLL files for training and measuring the tagger.

A line has a token, a tab and a label (`O`, `B-PER`, `I-PER`); an empty line ends a sentence. The
tagger has its own tokenizer, so a name that it finds is compared by the file's tokens: those of
which it covers at least half.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.extract.entities.matcher import Matcher, span_classes
from marsad.indexer.extract.entities.words import Words, WordTable

TokenSpan = tuple[int, int, str]
KINDS = ("PER", "LOC", "ORG")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the file: its tokens and their labels."""

    tokens: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def text(self) -> str:
        """The tokens, separated by spaces."""
        return " ".join(self.tokens)

    def edges(self) -> list[tuple[int, int]]:
        """Return the start and end of each token in `text`."""
        edges, at = [], 0
        for token in self.tokens:
            edges.append((at, at + len(token)))
            at += len(token) + 1
        return edges


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence as input of the tagger, with the correct label of each word.

    `spans` has for each word the class of the listed name that it is part of (`span_class`), 0 for
    a word outside of listed names.
    """

    words: Words
    spans: NDArray[np.uint8]
    labels: tuple[str, ...]


def read_sentences(path: Path) -> Iterator[Sentence]:
    """Yield the sentences of a file."""
    tokens: list[str] = []
    labels: list[str] = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line.strip():
            token, label = line.split("\t")[:2]
            tokens.append(token)
            labels.append(label)
        elif tokens:
            yield Sentence(tuple(tokens), tuple(labels))
            tokens, labels = [], []


def held_out(
    sentences: Sequence[Sentence], part: int, parts: int = 6
) -> tuple[list[Sentence], list[Sentence]]:
    """Return the sentences for training, and those of one of *parts* equal parts for measuring.

    *part* counts from 0.
    """
    size = len(sentences) // parts
    first = len(sentences) - size * (parts - part)
    end = first + size
    return [*sentences[:first], *sentences[end:]], list(sentences[first:end])


def example(sentence: Sentence, table: WordTable, matcher: Matcher) -> Example:
    """Return *sentence* in the tagger's words, each with the label of its token."""
    words = table.read(sentence.text)
    edges = sentence.edges()
    labels: list[str] = []
    token = -1
    for at in range(len(words)):
        start, before = words.start(at), token
        while token < 0 or edges[token][1] <= start:
            token += 1
        label = sentence.labels[token]
        kind = label[2:]
        follows = bool(labels) and labels[-1][2:] == kind
        inside = follows and (label.startswith("I-") or token == before)
        labels.append("O" if label == "O" else f"{'I' if inside else 'B'}-{kind}")
    return Example(words, span_classes(matcher.find(words), len(words)), tuple(labels))


def labelled_spans(labels: Sequence[str]) -> set[TokenSpan]:
    """Return the spans of *labels*, without the class MISC.

    Example:
        >>> sorted(labelled_spans(("B-PER", "I-PER", "O", "B-LOC")))
        [(0, 2, 'PER'), (3, 4, 'LOC')]
    """
    spans, start, kind = set(), 0, ""
    for at, label in enumerate([*labels, "O"]):
        if kind and (label == "O" or label.startswith("B-") or label[2:] != kind):
            spans.add((start, at, kind))
            kind = ""
        if label != "O" and not kind:
            start, kind = at, label[2:]
    return {span for span in spans if span[2] in KINDS}


def token_span(
    edges: Sequence[tuple[int, int]], start: int, end: int, kind: str
) -> TokenSpan | None:
    """Return the tokens of which the characters *start* to *end* cover at least half, or None."""
    inside = [
        at
        for at, (first, last) in enumerate(edges)
        if 2 * (min(last, end) - max(first, start)) >= last - first
    ]
    return (inside[0], inside[-1] + 1, kind) if inside else None


@dataclass(frozen=True, slots=True)
class Scores:
    """Counts of spans by class: correct, found and given."""

    right: Counter[str]
    found: Counter[str]
    given: Counter[str]

    def f1(self, kind: str = "") -> float:
        """Return the strict F1 of one class, or of all classes together if *kind* is empty."""
        right, found, given = self._counts(kind)
        return 2 * right / (found + given) if found + given else 0.0

    def line(self, kind: str = "") -> str:
        """Return precision, recall and F1 as a line of text."""
        right, found, given = self._counts(kind)
        precision, recall = right / max(found, 1), right / max(given, 1)
        return (
            f"{kind or 'all':4} P {precision:.3f} R {recall:.3f} F1 {self.f1(kind):.4f} (n={given})"
        )

    def _counts(self, kind: str) -> tuple[int, int, int]:
        counters = (self.right, self.found, self.given)
        right, found, given = (c[kind] if kind else c.total() for c in counters)
        return right, found, given


def compare(pairs: Iterable[tuple[Sentence, set[TokenSpan]]]) -> Scores:
    """Return the scores of the spans found in sentences against the labels of the file."""
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    given: Counter[str] = Counter()
    for sentence, mine in pairs:
        gold = labelled_spans(sentence.labels)
        right.update(kind for _, _, kind in mine & gold)
        found.update(kind for _, _, kind in mine)
        given.update(kind for _, _, kind in gold)
    return Scores(right, found, given)

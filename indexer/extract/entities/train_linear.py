"""Train the linear part of the tagger: a conditional random field, with CRFsuite (L-BFGS).

Needs the extra `marsad[build]`. The weights that CRFsuite learns are stored as arrays; the tagger
adds the same weights, so the scores are equal.
"""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.extract.entities.annotated import Example
from marsad.indexer.extract.entities.features import SPAN_CLASSES, FeatureMaker, WordFacts
from marsad.indexer.extract.entities.kernels import GAPS, ORG_SCOPES, TITLE_SCOPES, find_scopes
from marsad.indexer.extract.entities.model import Linear

REACH = 3
# At a distance of two words, only features with these prefixes are used; at three, only the first
# prefix.
_FAR = ("b=", "w=", "G", "H", "B", "T")
PARAMETERS = {"c1": 0.1, "c2": 0.05, "max_iterations": 80, "feature.possible_transitions": True}


class FeatureStrings:
    """Makes the feature strings of examples for CRFsuite."""

    def __init__(self, maker: FeatureMaker) -> None:
        self._maker = maker
        self._memo: dict[str, WordFacts] = {}

    def of(self, example: Example) -> list[list[str]]:
        """Return the features of each word, in the order of the sequences that the tagger reads."""
        words = example.words
        known = [self._known(words.surface(at)) for at in range(len(words))]
        flags = np.array([facts.flags for facts in known], np.uint8)
        titles, heads = find_scopes(words.gaps, flags)
        found: list[list[str]] = []
        for first, end in words.sequences():
            for at in range(first, end):
                mine = [f"0{name}" for name in (*known[at].own, *known[at].shared)]
                mine += _beside(known, at, first, end)
                mine += _signs(words.gaps, example.spans, at, first, end)
                mine += [f"ti={titles[at]}", f"he={heads[at]}"]
                found.append(mine)
        return found

    def _known(self, surface: str) -> WordFacts:
        if surface not in self._memo:
            self._memo[surface] = self._maker.facts(surface)
        return self._memo[surface]


def _beside(known: Sequence[WordFacts], at: int, first: int, end: int) -> Iterator[str]:
    """Yield the features that the neighbours of a word give it."""
    for offset in range(-REACH, REACH + 1):
        near = at + offset
        if offset == 0:
            continue
        if not first <= near < end:
            yield f"{offset}END"
            continue
        for name in known[near].shared:
            far = abs(offset)
            if far == 1 or (far == 2 and name.startswith(_FAR)) or name.startswith(_FAR[0]):  # noqa: PLR2004
                yield f"{offset}{name}"
    if at > first:
        yield f"bb-={known[at - 1].form.bare}|{known[at].form.bare}"
    if at + 1 < end:
        yield f"bb+={known[at].form.bare}|{known[at + 1].form.bare}"


def _signs(
    gaps: NDArray[np.uint8], spans: NDArray[np.uint8], at: int, first: int, end: int
) -> Iterator[str]:
    """Yield the features of signs and listed names around a word."""
    yield f"gp={gaps[at]}"
    yield f"gn={gaps[at + 1]}"
    yield f"gg={gaps[at]}|{gaps[at + 1]}"
    left = spans[at - 1] if at > first else 0
    right = spans[at + 1] if at + 1 < end else 0
    yield from (f"g{place}={span}" for place, span in enumerate((left, spans[at], right)))
    yield f"gs={left if at > first else SPAN_CLASSES}|{spans[at]}"


def train_linear(
    examples: Sequence[Example],
    strings: FeatureStrings,
    labels: Sequence[str],
    kept: Path | None = None,
) -> Linear:
    """Train on *examples*; CRFsuite's own model is left at *kept*, for comparison."""
    import pycrfsuite  # noqa: PLC0415  (an extra, needed at training time only)

    trainer = pycrfsuite.Trainer(verbose=False)
    for example in examples:
        if len(example.words):
            trainer.append(strings.of(example), example.labels)
    trainer.set_params(PARAMETERS)
    with tempfile.TemporaryDirectory() as folder:
        path = kept or Path(folder) / "model"
        trainer.train(str(path))
        tagger = pycrfsuite.Tagger()
        tagger.open(str(path))
        info = tagger.info()
    number = {label: at for at, label in enumerate(labels)}
    rows: dict[str, NDArray[Any]] = {}
    for (name, label), weight in info.state_features.items():
        rows.setdefault(name, np.zeros(len(labels), np.float32))[number[label]] = weight
    transitions = np.zeros((len(labels), len(labels)), np.float32)
    for (left, right), weight in info.transitions.items():
        transitions[number[left], number[right]] = weight
    return _linear(rows, transitions)


def _linear(rows: dict[str, NDArray[Any]], transitions: NDArray[Any]) -> Linear:
    """Sort the weights into arrays by the kind of their feature."""
    size = len(transitions)
    none = np.zeros(size, np.float32)

    def table(form: str, *shape: int) -> NDArray[Any]:
        filled = [rows.get(form.format(*at), none) for at in np.ndindex(*shape)]
        return np.array(filled, np.float32).reshape(*shape, size)

    own = {name[1:]: row for name, row in rows.items() if name[0] == "0"}
    near: dict[str, NDArray[Any]] = {}
    places = {str(o): at for at, o in enumerate([-3, -2, -1, 1, 2, 3])}
    edge = np.zeros((2 * REACH + 1, size), np.float32)
    for name, row in rows.items():
        offset = name[:2] if name[0] == "-" else name[:1]
        rest = name[len(offset) :]
        if offset not in places:
            continue
        if rest == "END":
            edge[int(offset) + REACH] = row
        else:
            near.setdefault(rest, np.zeros((6, size), np.float32))[places[offset]] = row
    pairs = sorted({name[4:] for name in rows if name.startswith(("bb-=", "bb+="))})
    gap = table("gp={}", GAPS)[:, None] + table("gn={}", GAPS)[None] + table("gg={}|{}", GAPS, GAPS)
    return Linear(
        own_names="\n".join(own),
        own=np.array(list(own.values()), np.float32),
        near_names="\n".join(near),
        near=np.array(list(near.values()), np.float32),
        edge=edge,
        pair_names="\n".join(pairs),
        before=np.array([rows.get(f"bb-={pair}", none) for pair in pairs], np.float32),
        after=np.array([rows.get(f"bb+={pair}", none) for pair in pairs], np.float32),
        by_gap=gap,
        by_span=table("g{}={}", 3, SPAN_CLASSES),
        by_spans=table("gs={}|{}", SPAN_CLASSES + 1, SPAN_CLASSES),
        by_title=table("ti={}", TITLE_SCOPES),
        by_head=table("he={}", ORG_SCOPES),
        transitions=transitions,
    )

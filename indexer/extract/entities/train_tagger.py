"""Train the tagger: `python -m marsad.indexer.extract.entities.train_tagger TRAIN.conll`.

Needs the extra `marsad[build]` and takes minutes. With --hold-out N, one sixth of the sentences (0
to 5) is not used for training, and the model is measured on it. Without, all sentences are used.
"""

import argparse
import sys
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from marsad.indexer.extract.entities.annotated import (
    KINDS,
    Sentence,
    compare,
    example,
    held_out,
    read_sentences,
    token_span,
)
from marsad.indexer.extract.entities.features import FeatureMaker
from marsad.indexer.extract.entities.gazetteer import bundled_gazetteer
from marsad.indexer.extract.entities.matcher import Matcher, span_classes
from marsad.indexer.extract.entities.model import Model, Network, save_model
from marsad.indexer.extract.entities.tagger import Tagger
from marsad.indexer.extract.entities.train_linear import FeatureStrings, train_linear
from marsad.indexer.extract.entities.train_network import train_network
from marsad.indexer.extract.entities.words import WordTable

LABELS = ("O", *(f"{part}-{kind}" for kind in (*KINDS, "MISC") for part in "BI"))
SEED, NETWORKS, EPOCHS = 1, 2, 16
# The weight of the networks in the sum, chosen on the last sixth; results from 0.8 to 1.5 are
# alike.
NETWORK_SHARE = 1.2


def measure(model: Model, sentences: list[Sentence], *, network: bool = True) -> tuple[str, float]:
    """Return the scores of the tagger alone on *sentences*, as text, and the F1 of all classes."""
    gazetteer = bundled_gazetteer()
    matcher, table = Matcher(gazetteer), WordTable()
    tagger = Tagger(model, FeatureMaker(gazetteer), network=network)
    pairs = []
    for sentence in sentences:
        words = table.read(sentence.text)
        edges = sentence.edges()
        spans = span_classes(matcher.find(words), len(words))
        # The tagger works on its own words, so its spans are converted to tokens of the file.
        names = [
            token_span(edges, words.start(name.first), words.end(name.end - 1), name.kind)
            for name in tagger.find(words, spans)
            if name.kind in KINDS
        ]
        pairs.append((sentence, {name for name in names if name is not None}))
    scores = compare(pairs)
    return "\n".join(map(scores.line, (*KINDS, ""))), scores.f1()


def train(
    sentences: list[Sentence], *, seed: int, networks: int, epochs: int, crf: Path | None = None
) -> Model:
    """Train on *sentences*: the linear part, and *networks* networks with different seeds."""
    gazetteer = bundled_gazetteer()
    matcher, table, maker = Matcher(gazetteer), WordTable(), FeatureMaker(gazetteer)
    examples = [example(sentence, table, matcher) for sentence in sentences]
    linear = train_linear(examples, FeatureStrings(maker), LABELS, crf)
    shares = []
    for at in range(networks):
        network = train_network(examples, maker, LABELS, seed=seed + at, epochs=epochs, tell=_tell)
        shares.append(_shared(network, NETWORK_SHARE / networks))
    return Model(LABELS, linear, tuple(shares))


def _shared(network: Network, share: float) -> Network:
    """Return *network* with its scores multiplied by *share*."""
    return replace(
        network,
        out=network.out * share,
        out_bias=network.out_bias * share,
        transitions=network.transitions * share,
        opening=network.opening * share,
    )


def _tell(line: str) -> None:
    """Write a line at once, so that progress can be watched."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Train, write the model into the package or to --output, and measure it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("conll", type=Path, help="sentences with PER, LOC, ORG and MISC")
    parser.add_argument("--hold-out", type=int, choices=range(6), help="the sixth to measure on")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--networks", type=int, default=NETWORKS)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--crf", type=Path, help="where to leave CRFsuite's own model")
    parser.add_argument("--output", type=Path)
    given = parser.parse_args()
    sentences = list(read_sentences(given.conll))
    rest: list[Sentence] = []
    if given.hold_out is not None:
        sentences, rest = held_out(sentences, given.hold_out)
    model = train(
        sentences, seed=given.seed, networks=given.networks, epochs=given.epochs, crf=given.crf
    )
    target = given.output or Path(
        str(files("marsad.indexer.extract.entities").joinpath("data/tagger.npz"))
    )
    save_model(model, target)
    _tell(f"{target}: {target.stat().st_size:,} bytes, from {len(sentences)} sentences")
    for network in (False, True) if rest else ():
        _tell("with the networks" if network else "linear part alone")
        _tell(measure(model, rest, network=network)[0])


if __name__ == "__main__":
    main()

"""Train the networks of the tagger, with JAX on the CPU.

Needs the extra `marsad[build]`. The network is described in `model.Network`: letters and classes of
a word make a vector, two convolutions over words follow, and a conditional random field is on top.
It is trained with dropout and Adam (Kingma and Ba, 2015). The same seed gives the same weights on
the same machine.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.extract.entities.annotated import Example
from marsad.indexer.extract.entities.features import SPAN_CLASSES, FeatureMaker, core
from marsad.indexer.extract.entities.kernels import GAPS, ORG_SCOPES, TITLE_SCOPES, find_scopes
from marsad.indexer.extract.entities.model import Network

Array = NDArray[Any]
Weights = dict[str, Any]

_LETTER, _FILTERS, _WORD, _CLASS, _HIDDEN = 32, 64, 48, 48, 64
_LETTERS, _CLASSES = 14, 28
_REACH = 2
_SEEN = 3
_DROPOUT, _WORD_DROPOUT = 0.35, 0.2
_BATCH, _RATE, _WARM_UP, _DECAY, _CLIP = 16, 2e-3, 100, 1e-4, 5.0
# The result is a running mean of the weights, which varies less between seeds.
_SMOOTHING = 0.998
_LENGTHS = (16, 32, 48, 64, 96, 128, 192, 320)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Numbers of the letters, words and classes that have vectors.

    For letters, 0 is padding and 1 any other letter; for words and classes, 0 is any other.
    """

    letters: dict[str, int]
    words: dict[str, int]
    classes: dict[str, int]


class Encoder:
    """Turns examples into the numbers that the network takes."""

    def __init__(self, examples: Sequence[Example], maker: FeatureMaker) -> None:
        self._maker = maker
        self._memo: dict[str, tuple[Array, int, Array, int]] = {}
        surfaces = [e.words.surface(at) for e in examples for at in range(len(e.words))]
        types = set(surfaces)
        letters = Counter(char for surface in types for char in f"^{surface}$")
        words = Counter(core(surface).bare for surface in surfaces)
        classes = Counter(name for surface in types for name in maker.facts(surface).classes)
        self.vocabulary = Vocabulary(
            {char: at + 2 for at, (char, n) in enumerate(letters.most_common()) if n >= _SEEN},
            {word: at + 1 for at, (word, n) in enumerate(words.most_common()) if n > 1},
            {name: at + 1 for at, (name, n) in enumerate(classes.most_common()) if n >= _SEEN},
        )

    def encode(self, example: Example, labels: dict[str, int]) -> tuple[Array, ...]:
        """Return letters, word, classes, signs and label of each word."""
        words = example.words
        known = [self._known(words.surface(at)) for at in range(len(words))]
        flags = np.array([flags for *_, flags in known], np.uint8)
        titles, heads = find_scopes(words.gaps, flags)
        gaps = words.gaps
        signs = np.stack([gaps[:-1], gaps[1:], example.spans, titles, heads], axis=1)
        return (
            np.array([k[0] for k in known], np.int32),
            np.array([k[1] for k in known], np.int32),
            np.array([k[2] for k in known], np.int32),
            signs.astype(np.int32),
            np.array([labels[label] for label in example.labels], np.int32),
        )

    def _known(self, surface: str) -> tuple[Array, int, Array, int]:
        if surface not in self._memo:
            spelled = [self.vocabulary.letters.get(c, 1) for c in f"^{surface}$"[:_LETTERS]]
            facts = self._maker.facts(surface)
            classes = [n for name in facts.classes if (n := self.vocabulary.classes.get(name))][
                :_CLASSES
            ]
            self._memo[surface] = (
                np.pad(np.array(spelled, np.int32), (0, _LETTERS - len(spelled))),
                self.vocabulary.words.get(facts.form.bare, 0),
                np.pad(np.array(classes, np.int32), (0, _CLASSES - len(classes))),
                facts.flags,
            )
        return self._memo[surface]


def train_network(
    examples: Sequence[Example],
    maker: FeatureMaker,
    labels: Sequence[str],
    *,
    seed: int,
    epochs: int,
    tell: Callable[[str], None],
) -> Network:
    """Train on *examples*; *tell* is called with a line after each epoch."""
    import jax  # noqa: PLC0415  (an extra, needed at training time only)
    import jax.numpy as jnp  # noqa: PLC0415

    random = np.random.default_rng(seed)
    encoder = Encoder(examples, maker)
    numbers = {label: at for at, label in enumerate(labels)}
    encoded = [encoder.encode(e, numbers) for s in examples for e in _sentences(s)]
    weights = _first_weights(random, encoder.vocabulary, len(labels), jnp)
    step = jax.jit(_step_function(jax, jnp))
    batches = sum(1 for _ in _batches(encoded, random))
    state = [jax.tree_util.tree_map(jnp.zeros_like, weights) for _ in range(2)]
    mean = weights
    mix = jax.jit(
        lambda old, new, share: jax.tree_util.tree_map(
            lambda a, b: share * a + (1 - share) * b, old, new
        )
    )
    key = jax.random.PRNGKey(seed)
    done = 0
    for epoch in range(epochs):
        total = 0.0
        for batch in _batches(encoded, random):
            done += 1
            key, use = jax.random.split(key)
            rate = _RATE * min(1, done / _WARM_UP) * max(0.02, 1 - done / (epochs * batches))
            weights, state, loss = step(weights, state, done, rate, batch, use)
            smooth = min(_SMOOTHING, (1 + done) / (10 + done))
            mean = mix(mean, weights, smooth)
            total += float(loss)
        tell(f"pass {epoch + 1} of {epochs}: loss {total / batches:.3f}")
    return _network(mean, encoder.vocabulary)


def _sentences(example: Example) -> Iterator[Example]:
    """Yield the sentences of an example, as the tagger splits them."""
    words = example.words
    for first, end in words.sequences():
        part = type(words)(
            words.text,
            words.codes[first:end],
            words.starts[first:end],
            words.gaps[first : end + 1],
            words.surfaces,
        )
        if len(part):
            yield Example(part, example.spans[first:end], example.labels[first:end])


def _first_weights(random: Any, known: Vocabulary, labels: int, jnp: Any) -> Weights:  # noqa: ANN401
    """Return random initial weights."""

    def normal(*shape: int, scale: float = 0.0) -> Any:  # noqa: ANN401
        spread = scale or 1 / np.sqrt(np.prod(shape[:-1]))
        return jnp.asarray(random.normal(0, spread, shape), jnp.float32)

    wide = 2 * _FILTERS + _WORD + _CLASS
    offsets = 2 * _REACH + 1
    return {
        "letter": normal(len(known.letters) + 2, _LETTER, scale=0.3),
        "short": normal(3, _LETTER, _FILTERS),
        "long": normal(5, _LETTER, _FILTERS),
        "letter_bias": jnp.zeros(2 * _FILTERS),
        "word": normal(len(known.words) + 1, _WORD, scale=0.1),
        "classes": normal(len(known.classes) + 1, _CLASS, scale=0.2),
        "first": normal(offsets, wide, _HIDDEN),
        "first_bias": jnp.zeros(_HIDDEN),
        "before": normal(GAPS, _HIDDEN, scale=0.2),
        "behind": normal(GAPS, _HIDDEN, scale=0.2),
        "span": normal(SPAN_CLASSES, _HIDDEN, scale=0.2),
        "title": normal(TITLE_SCOPES, _HIDDEN, scale=0.2),
        "head": normal(ORG_SCOPES, _HIDDEN, scale=0.2),
        "second": normal(offsets, _HIDDEN, _HIDDEN),
        "second_bias": jnp.zeros(_HIDDEN),
        "out": normal(_HIDDEN, labels),
        "out_bias": jnp.zeros(labels),
        "transitions": normal(labels, labels, scale=0.1),
        "opening": normal(labels, scale=0.1),
    }


def _batches(encoded: Sequence[tuple[Array, ...]], random: Any) -> Iterator[tuple[Array, ...]]:  # noqa: ANN401
    """Yield batches of sentences of similar length, padded with zeros, and their masks."""
    order = sorted(range(len(encoded)), key=lambda at: len(encoded[at][0]) + 3 * random.random())
    groups = [order[at : at + _BATCH] for at in range(0, len(order), _BATCH)]
    random.shuffle(groups)
    for group in groups:
        longest = max(len(encoded[at][0]) for at in group)
        # A few fixed lengths, because JAX compiles anew for each shape.
        length = next((size for size in _LENGTHS if size >= longest), longest)
        filled = []
        for part in range(5):
            shape = encoded[group[0]][part].shape[1:]
            array = np.zeros((_BATCH, length, *shape), np.int32)
            for row, at in enumerate(group):
                array[row, : len(encoded[at][part])] = encoded[at][part]
            filled.append(array)
        mask = np.zeros((_BATCH, length), np.float32)
        for row, at in enumerate(group):
            mask[row, : len(encoded[at][0])] = 1
        yield (*filled, mask)


def _step_function(jax: Any, jnp: Any) -> Callable[..., Any]:  # noqa: ANN401
    """Return the function for one training step: loss, gradient, clipping and Adam."""
    tree = jax.tree_util.tree_map

    def convolve(values: Any, kernel: Any) -> Any:  # noqa: ANN401
        reach, length = len(kernel) // 2, values.shape[1]
        padded = jnp.pad(values, ((0, 0), (reach, reach), (0, 0)))
        return sum(padded[:, at : at + length] @ kernel[at] for at in range(len(kernel)))

    def drop(values: Any, key: Any) -> Any:  # noqa: ANN401
        kept = jax.random.bernoulli(key, 1 - _DROPOUT, values.shape)
        return values * kept / (1 - _DROPOUT)

    def emissions(w: Weights, batch: tuple[Any, ...], key: Any) -> Any:  # noqa: ANN401
        letters, word, classes, signs, _, mask = batch
        keys = jax.random.split(key, 4)
        size, length = word.shape
        spelled = (w["letter"][letters] * (letters > 0)[..., None]).reshape(
            size * length, _LETTERS, _LETTER
        )
        shapes = [convolve(spelled, w[name]).max(1) for name in ("short", "long")]
        shape = jax.nn.relu(jnp.concatenate(shapes, -1) + w["letter_bias"])
        word = jnp.where(jax.random.bernoulli(keys[0], _WORD_DROPOUT, word.shape), 0, word)
        listed = (w["classes"][classes] * (classes > 0)[..., None]).sum(2)
        vectors = jnp.concatenate([shape.reshape(size, length, -1), w["word"][word], listed], -1)
        vectors = drop(vectors * mask[..., None], keys[1])
        hidden = convolve(vectors, w["first"]) + w["first_bias"]
        for at, name in enumerate(("before", "behind", "span", "title", "head")):
            hidden += w[name][signs[..., at]]
        hidden = drop(jax.nn.relu(hidden) * mask[..., None], keys[2])
        second = jax.nn.relu(convolve(hidden, w["second"]) + w["second_bias"])
        return (hidden + drop(second, keys[3])) @ w["out"] + w["out_bias"]

    def loss(w: Weights, batch: tuple[Any, ...], key: Any) -> Any:  # noqa: ANN401
        *_, gold, mask = batch
        scores = emissions(w, batch, key)

        def forward(now: Any, step: Any) -> Any:  # noqa: ANN401
            score, here = step
            new = jax.nn.logsumexp(now[:, :, None] + w["transitions"][None], 1) + score
            return jnp.where(here[:, None] > 0, new, now), None

        start = w["opening"] + scores[:, 0]
        end, _ = jax.lax.scan(forward, start, (scores[:, 1:].swapaxes(0, 1), mask[:, 1:].T))
        path = (jnp.take_along_axis(scores, gold[..., None], 2)[..., 0] * mask).sum(1)
        path += (w["transitions"][gold[:, :-1], gold[:, 1:]] * mask[:, 1:]).sum(1)
        path += w["opening"][gold[:, 0]] * mask[:, 0]
        return ((jax.nn.logsumexp(end, -1) - path) * mask[:, 0]).sum() / mask[:, 0].sum()

    def step(w: Weights, state: Any, done: Any, rate: Any, batch: Any, key: Any) -> Any:  # noqa: ANN401
        value, slope = jax.value_and_grad(loss)(w, batch, key)
        size = jnp.sqrt(sum((part**2).sum() for part in jax.tree_util.tree_leaves(slope)))
        slope = tree(lambda part: part * jnp.minimum(1, _CLIP / size), slope)
        mean = tree(lambda a, b: 0.9 * a + 0.1 * b, state[0], slope)
        square = tree(lambda a, b: 0.999 * a + 0.001 * b**2, state[1], slope)

        def moved(part: Any, a: Any, b: Any) -> Any:  # noqa: ANN401
            adam = (a / (1 - 0.9**done)) / (jnp.sqrt(b / (1 - 0.999**done)) + 1e-8)
            return part - rate * (adam + _DECAY * part)

        return tree(moved, w, mean, square), [mean, square], value

    return step


def _network(weights: Weights, known: Vocabulary) -> Network:
    """Return the trained weights in the order that the tagger needs."""
    w = {name: np.asarray(value) for name, value in weights.items()}
    return Network(
        letters="".join(known.letters),
        letter=w["letter"],
        short=w["short"],
        long=w["long"],
        letter_bias=w["letter_bias"],
        word_names="\n".join(known.words),
        # In the stored model, the vector of unknown words is the last row.
        word=np.concatenate([w["word"][1:], w["word"][:1]]),
        class_names="\n".join(known.classes),
        classes=w["classes"][1:],
        first=w["first"],
        first_bias=w["first_bias"],
        by_gap=np.stack([w["before"], w["behind"]]),
        by_span=w["span"],
        by_title=w["title"],
        by_head=w["head"],
        second=w["second"],
        second_bias=w["second_bias"],
        out=w["out"],
        out_bias=w["out_bias"],
        transitions=w["transitions"],
        opening=w["opening"],
    )

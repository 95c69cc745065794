"""Model: the weights of the tagger, stored in `data/tagger.npz`.

A linear part (a conditional random field, trained by CRFsuite) and small networks score each label
of each word, and the scores are added. `train_tagger` makes the file.
"""

import hashlib
import io
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.errors import IndexerError

Array = NDArray[Any]
# Raise this number when the arrays of the file change.
FORMAT = 2


class ModelError(IndexerError):
    """A model file has a format that this version cannot read."""

    def __init__(self, name: str, found: int) -> None:
        super().__init__(
            f"{name}: found model format {found}, but this release reads format {FORMAT}. "
            f"Train it again with `python -m marsad.indexer.extract.entities.train_tagger`."
        )


@dataclass(frozen=True, slots=True)
class Linear:
    """The linear part, for L labels and 7 offsets from -3 to 3; offset 0 is the word itself.

    Names of features are one a line, in the order of the rows of their weights.
    """

    own_names: str
    own: Array  # (own features, L)
    near_names: str
    near: Array  # (near features, 6, L)
    edge: Array  # (7, L)
    pair_names: str
    before: Array  # (pairs, L)
    after: Array  # (pairs, L)
    by_gap: Array
    by_span: Array
    by_spans: Array
    by_title: Array
    by_head: Array
    transitions: Array  # (L, L)


@dataclass(frozen=True, slots=True)
class Network:
    """One network: a word vector from letters and classes, two convolutions, and L scores."""

    letters: str
    letter: Array  # (letters + 2, d)
    short: Array  # (3, d, n)
    long: Array  # (5, d, n)
    letter_bias: Array  # (2 n,)
    word_names: str
    word: Array  # (words + 1, w), the last row for any other word
    class_names: str
    classes: Array  # (classes, c)
    first: Array  # (2 k + 1, 2 n + w + c, h)
    first_bias: Array  # (h,)
    by_gap: Array  # (2, gaps, h)
    by_span: Array  # (spans, h)
    by_title: Array  # (titles, h)
    by_head: Array  # (heads, h)
    second: Array  # (2 k + 1, h, h)
    second_bias: Array
    out: Array  # (h, L)
    out_bias: Array
    transitions: Array  # (L, L)
    opening: Array  # (L,)


@dataclass(frozen=True, slots=True)
class Model:
    """All parts of the tagger; `labels` are `O`, and `B-` and `I-` before each class."""

    labels: tuple[str, ...]
    linear: Linear
    networks: tuple[Network, ...]
    digest: str = ""


def save_model(model: Model, path: Path) -> None:
    """Write *model*. The networks' weights are stored as 16-bit floats, which halves their size."""
    arrays: dict[str, Array] = {
        "format": np.array(FORMAT),
        "labels": _text("\n".join(model.labels)),
    }
    parts: list[tuple[str, Linear | Network]] = [("linear", model.linear)]
    parts += [(f"network{at}", network) for at, network in enumerate(model.networks)]
    for part, values in parts:
        for field in fields(values):
            value = getattr(values, field.name)
            kept = np.float32 if part == "linear" else np.float16
            arrays[f"{part}.{field.name}"] = (
                _text(value) if isinstance(value, str) else value.astype(kept)
            )
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)


def read_model(raw: bytes, name: str) -> Model:
    """Return the model stored in *raw*; *name* is used in the error.

    Raises:
        ModelError: The file has another format.
    """
    with np.load(io.BytesIO(raw), allow_pickle=False) as arrays:
        if int(arrays["format"]) != FORMAT:
            raise ModelError(name, int(arrays["format"]))
        linear = Linear(**{f.name: _value(arrays, "linear", f.name) for f in fields(Linear)})
        networks: list[Network] = []
        while f"network{len(networks)}.out" in arrays:
            part = f"network{len(networks)}"
            networks.append(
                Network(**{f.name: _value(arrays, part, f.name) for f in fields(Network)})
            )
        labels = tuple(bytes(arrays["labels"]).decode("utf-8").split("\n"))
    return Model(labels, linear, tuple(networks), hashlib.sha256(raw).hexdigest()[:12])


@cache
def bundled_model() -> Model:
    """Return the model of the package; the file is read once."""
    raw = files("marsad.indexer.extract.entities").joinpath("data/tagger.npz").read_bytes()
    return read_model(raw, "tagger.npz")


def _text(text: str) -> Array:
    return np.frombuffer(text.encode("utf-8"), np.uint8)


def _value(arrays: Any, part: str, name: str) -> Any:  # noqa: ANN401  (an array or a text)
    value = arrays[f"{part}.{name}"]
    return bytes(value).decode("utf-8") if value.dtype == np.uint8 else value.astype(np.float32)

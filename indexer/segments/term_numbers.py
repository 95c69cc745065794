"""Term numbers: sort the terms of one field of a batch, and number the tokens by their terms.

    terms of documents -> [number_terms] -> sorted terms, and the term number of each token

Packed terms are sorted as integers, without making strings of them. The few other terms are sorted
as strings and put between them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.analysis.packed import FOLDED, Packing, lines
from marsad.indexer.analysis.spellings import Spellings
from marsad.indexer.analysis.terms import Terms
from marsad.indexer.segments.kernels.dictionary import align, find_places, join_terms


@dataclass(frozen=True, slots=True)
class TermNumbers:
    """The sorted terms of one field of a batch, and the term of each token.

    Attributes:
        blob: The keys of the terms, one after another, ascending.
        at: The offset of each term in `blob`, and the end (terms + 1): term n is
            `blob[at[n] : at[n + 1]]`.
        tokens: The number of the term of each token, document after document.
    """

    blob: NDArray[np.uint8]
    at: NDArray[np.int64]
    tokens: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class _Part:
    """Documents of a batch that share one list of terms.

    Attributes:
        docs: The numbers of the documents in the batch.
        numbers: The list: each entry is a packed term. If it is below 0, the term could not be
            packed, and is the next of `strings`.
        strings: The terms that could not be packed, in the order of the list.
        tokens: For each token, document after document, the place of its term in `numbers`.
    """

    docs: list[int]
    numbers: NDArray[np.int64]
    strings: list[str]
    tokens: NDArray[np.int32]


def number_terms(
    texts: Sequence[Sequence[str]], doc_at: NDArray[np.int64], field: int
) -> TermNumbers:
    """Return the sorted terms of *texts*; the bytes of each begin with the number of its field.

    Args:
        texts: The terms of each document.
        doc_at: Offset of each document's first token, and the end (documents + 1).
        field: The field's number.
    """
    packing = next((text.words.packing for text in texts if isinstance(text, Terms)), FOLDED)
    parts = list(_parts(texts, packing))
    numbers = np.concatenate([part.numbers for part in parts])
    is_packed = numbers >= 0
    packed, own = np.unique(
        align(numbers[is_packed], packing.bits, packing.most), return_inverse=True
    )
    given = [term for part in parts for term in part.strings]
    strings = sorted(set(given))
    places = find_places(packed, lines(strings), packing.digits, packing.letters, packing.bits)
    number_of = dict(zip(strings, (places + np.arange(len(strings))).tolist(), strict=True))
    rank = np.empty(len(numbers), np.int32)
    rank[is_packed] = (np.arange(len(packed)) + _before(places, len(packed)))[own]
    rank[~is_packed] = [number_of[term] for term in given]
    tokens = np.empty(doc_at[-1], np.int32)
    first = 0
    for part in parts:
        _fill(tokens, doc_at, part, rank[first : first + len(part.numbers)])
        first += len(part.numbers)
    encoded = [term.encode("utf-8", "surrogatepass") for term in strings]
    ends = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum([len(term) for term in encoded], out=ends[1:])
    others = np.frombuffer(b"".join(encoded), np.uint8)
    blob, at = join_terms(packed, packing.letters, packing.bits, others, ends, places, field)
    return TermNumbers(blob, at, tokens)


def _before(places: NDArray[np.int64], packed: int) -> NDArray[np.int64]:
    """Return how many strings come before each packed term; *places* counts packed terms."""
    return np.searchsorted(places, np.arange(packed), "right")


def _parts(texts: Sequence[Sequence[str]], packing: Packing) -> Iterator[_Part]:
    """Yield the parts of a batch: one for each table of terms, one for all plain texts."""
    tables: dict[int, tuple[Spellings, list[int]]] = {}
    words: dict[str, int] = {}
    plain: list[int] = []
    tokens: list[int] = []
    for doc, text in enumerate(texts):
        if isinstance(text, Terms):
            tables.setdefault(id(text.words), (text.words, []))[1].append(doc)
        elif text:
            plain.append(doc)
            tokens += [words.setdefault(word, len(words)) for word in text]
    if plain:
        yield _part(plain, packing.pack(list(words)), list(words), np.array(tokens, np.int32))
    for spellings, docs in tables.values():
        codes = np.concatenate([texts[doc].codes for doc in docs])  # type: ignore[attr-defined]
        used = np.flatnonzero(np.bincount(codes)) if codes.size else codes
        renumber = np.zeros(int(used[-1]) + 1 if used.size else 0, np.int32)
        renumber[used] = np.arange(used.size)
        numbers = spellings.numbers[used]
        if spellings.packing is packing:
            strings = spellings.spell(numbers[numbers < 0])
            yield _Part(docs, numbers, strings, renumber[codes])
        else:
            spelt = spellings.spell(numbers)
            yield _part(docs, packing.pack(spelt), spelt, renumber[codes])


def _part(
    docs: list[int], numbers: NDArray[np.int64], words: list[str], tokens: NDArray[np.int32]
) -> _Part:
    strings = [words[at] for at in np.flatnonzero(numbers < 0).tolist()]
    return _Part(docs, numbers, strings, tokens)


def _fill(
    tokens: NDArray[np.int32], doc_at: NDArray[np.int64], part: _Part, rank: NDArray[np.int32]
) -> None:
    """Write the term number of each token of a part to its place in *tokens*."""
    ranked = rank[part.tokens]
    if ranked.size == tokens.size:
        tokens[:] = ranked
        return
    begin = 0
    for doc in part.docs:
        end = begin + int(doc_at[doc + 1] - doc_at[doc])
        tokens[doc_at[doc] : doc_at[doc + 1]] = ranked[begin:end]
        begin = end

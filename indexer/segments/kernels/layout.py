"""Layout: the arrays that kernels share, and instructions of the processor that count bits."""

from typing import Any, NamedTuple

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

# The words of a bitmap: document n is bit n & 63 of word n >> 6.
Bits = NDArray[np.uint64]
Array = NDArray[Any]

# Postings are split by chunks of this many documents, so that a posting takes 2 bytes.
CHUNK = 1 << 16
CHUNK_WORDS = CHUNK // 64
# This many postings share one upper bound of their scores.
BLOCK = 128
# The entry of a narrow array that means: the value is in the escape table.
TF_ESCAPE = 255
POSITION_ESCAPE = 65535
# The byte of a coded break that means: another byte follows.
BREAK_ESCAPE = 255
# A key is a position in one of several documents: the number of the document among them times KEY,
# plus the position.
KEY = 1 << 32


class Postings(NamedTuple):
    """The arrays of a segment's inverted lists; see `segment` for their meaning."""

    term_blob: NDArray[np.uint8]
    term_at: NDArray[np.uint32]
    term_runs: NDArray[np.uint32]
    run_chunk: NDArray[np.uint16]
    run_doc: NDArray[np.uint32]
    run_pos: NDArray[np.uint32]
    run_block: NDArray[np.uint32]
    block_max: NDArray[np.uint8]
    doc: NDArray[np.uint16]
    tf: NDArray[np.uint8]
    tf_big_at: NDArray[np.uint32]
    tf_big: NDArray[np.uint32]
    pos: NDArray[np.uint16]
    pos_big_at: NDArray[np.uint32]
    pos_big: NDArray[np.uint32]
    lengths: NDArray[np.uint32]


class FacetColumns(NamedTuple):
    """The arrays of a segment's facet values; see `segment` for their meaning."""

    facet_at: NDArray[np.uint32]
    facet_value: NDArray[np.uint32]
    value_df: NDArray[np.uint32]
    value_list: NDArray[np.uint32]
    list_doc: NDArray[np.uint32]
    value_bits: NDArray[np.int32]
    bitmaps: NDArray[np.uint64]
    value_span: NDArray[np.uint32]
    span_start: NDArray[np.uint32]
    span_end: NDArray[np.uint32]


def _unary(name: str) -> Any:  # noqa: ANN401  (an intrinsic has no type that mypy knows)
    def typed(_context: Any, _value: Any) -> Any:  # noqa: ANN401
        def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:  # noqa: ANN401
            if name == "ctpop":
                return builder.ctpop(args[0])
            zero_is_defined = ir.Constant(ir.IntType(1), 0)
            return getattr(builder, name)(args[0], zero_is_defined)

        return types.uint64(types.uint64), generate

    return typed


@intrinsic
def ones(typing_context, word):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return how many bits of a word are set."""
    return _unary("ctpop")(typing_context, word)


@intrinsic
def lowest(typing_context, word):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the number of the lowest set bit of a word, 64 if no bit is set."""
    return _unary("cttz")(typing_context, word)


@intrinsic
def leading(typing_context, word):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return how many bits above the highest set bit are 0, 64 if no bit is set."""
    return _unary("ctlz")(typing_context, word)

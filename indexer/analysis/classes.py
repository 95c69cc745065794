"""Classes: the character class of every character, as the compiled tokenizer needs it.

The classes are derived by running the tokenizer's regular expression on each character, so that the
compiled tokenizer and the expression cannot disagree.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.analysis.kernels.scan import DIGIT, FORMAT, LETTER, MARK, OTHER
from marsad.indexer.analysis.kernels.words import CLASS_BITS
from marsad.indexer.analysis.packed import PRINTED
from marsad.indexer.analysis.tokenizer import SPLIT


@cache
def classes() -> NDArray[np.uint8]:
    """Return the tokenizer's class of each character of the Basic Multilingual Plane (u8).

    Example:
        >>> [int(classes()[ord(char)]) for char in "ب5ـ ."]
        [1, 2, 3, 0, 0]
    """
    # A character alone shows whether it can begin a token. After a digit or a letter, it shows
    # which kind of token it can continue.
    kinds = np.full(1 << 16, OTHER, np.uint8)
    for number in range(1 << 16):
        char = chr(number)
        if len(SPLIT(char)) > 1:
            kinds[number] = DIGIT if len(SPLIT("1" + char)[1]) > 1 else LETTER
        elif len(SPLIT("1" + char)[1]) > 1:
            kinds[number] = FORMAT
        elif len(SPLIT("a" + char)[1]) > 1:
            kinds[number] = MARK
    return kinds


@cache
def characters() -> NDArray[np.uint16]:
    """Return the class of each character in the low bits, and its packed digit above them (u16).

    The digit is the one in `packed.PRINTED`. One table lookup per character gives both.
    """
    digits = PRINTED.digits.astype(np.uint16) << CLASS_BITS
    return (classes() | digits).astype(np.uint16)

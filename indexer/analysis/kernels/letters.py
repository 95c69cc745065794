"""Letters: packed words of folded letters, a letter at a time."""

from indexer.analysis.packed import FOLDED
from indexer.compiled import inner

BITS = FOLDED.bits
LETTER = (1 << BITS) - 1
TWO = (1 << 2 * BITS) - 1


def packed(word: str) -> int:
    """Return a word of the rules as a number."""
    number = 0
    for letter in word:
        number = number << BITS | int(FOLDED.digits[ord(letter)])
    return number


def ends(words: tuple[str, ...], least: tuple[int, ...]) -> tuple[tuple[int, int, int, int], ...]:
    """Return for each ending its number, mask, bits and the least letters of a word with it."""
    return tuple(
        (packed(word), (1 << BITS * len(word)) - 1, BITS * len(word), size)
        for word, size in zip(words, least, strict=True)
    )


ALEF, HAMZA, BEH, TEH, SEEN, FEH, KAF, LAM, MEEM, NOON, HEH, WAW, YEH = (
    packed(letter) for letter in "اءبتسفكلمنهوي"
)


@inner
def size_of(word: int) -> int:
    """Return how many letters a packed word has."""
    size = 0
    while word > 0:
        word >>= BITS
        size += 1
    return size


@inner
def head(word: int, size: int, letters: int) -> int:
    """Return the first letters of a word of *size* letters."""
    return word >> (BITS * (size - letters))


@inner
def tail(word: int, size: int, letters: int) -> int:
    """Return a word of *size* letters without its first letters."""
    return word & ((1 << (BITS * (size - letters))) - 1)


@inner
def put_before(prefix: int, word: int, size: int) -> int:
    """Return a prefix and a word of *size* letters as one word."""
    return (prefix << (BITS * size)) | word

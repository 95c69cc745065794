"""Pairs: which letters follow each other in Arabic, and how well bytes fit that in an encoding.

Any bytes are letters in an 8-bit encoding, but only in the right one are they words.
"""

import re
import unicodedata
from collections import Counter
from functools import cache
from typing import NamedTuple

from marsad.corpus.encodings.asmo import ASMO

LETTERS = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي"
# The cost of each letter (column) after each letter (row), 0 to 9; the first row and column are
# the edge of a word. It is -0.9 times the binary logarithm of the share of the pair among the
# pairs with that row, in the 72 Arabic articles of corpus/data.
_COSTS = """
    9974949249476566968568879464565357395
    0999999699599999999999999999999999999
    8888888828488838388888888888881448888
    6999999959576457536466959354745237394
    8888888888488884888388888888553888184
    9999999989866995758366749456492629995
    4999999454996994939999999796694565791
    3599996959366674947577679576571437796
    3996978276577594939769769369574755493
    0999999999999999999999999999999999999
    1997999457695366947546787584575554484
    2999999263799999939799999997772445793
    4997895255679995935899999698994335393
    3999999355469992635587776995544379363
    4999999338599985628784849996992399593
    2696998363558966939699999495795546393
    1999999299999979929999999999794975792
    2997994343596696976566669685548665463
    2899999254599397938999999599694496492
    2999799346398697949899959596634466492
    2976599348498856929999979597668464483
    3999999367999672939999999683993459274
    3999999345599694939999999476997495472
    3898999254799999929699989697493946394
    3999999364999999949999999995996295992
    2999999244479993946559797997692446485
    4999999297699993523579979999994649394
    2999999375595696936696695669595676571
    2999999255399994749595769494794778383
    3999999264449996936799999999994456393
    3984959355465565759465869485465346544
    2999897354485574948465969477575536494
    1999998454498595586455965785689894483
    2999999195795993838989999999997369475
    4994969348465574945475669575343347684
    0999999999999999999999999999999999999
    2999999353586875847457959585574436495
"""
# Most frequent first: of encodings that fit equally well, the first is taken.
ENCODINGS = ("cp1256", "iso8859_6", "mac_arabic", "cp720", "cp864", ASMO)
_EDGE = 0
_ALIEN, _MARK, _LATIN = -1, -2, -3
_ALIEN_COST, _RARE_COST, _SIGN_COST, _FOREIGN_COST = 12, 6, 3, 1
_SAMPLE = 6_000
_NON_ASCII = 0x80
_RUN = re.compile(rb"[\x00-\x7f]?[\x80-\xff]+[\x00-\x7f]?")
_MARKS = re.compile("[\u064b-\u0652\u0670\u0640\ufe70-\ufe7f\u200c\u200d]")
# Letters of Persian and Urdu, which Windows-1256 has.
_FOREIGN = str.maketrans("پچژگڤکیہھےٹڈڑں", "بجزكفكيهههتدرن")
# Signs that are often written beside words, and others that may be.
_SIGNS = frozenset("\u00a0 ،؛؟«»“”’…–" + "٠١٢٣٤٥٦٧٨٩")
_RARE = frozenset("‘„—•·©®°€$٪%()[]{}.,;:!?'\"-/\\*+=<>\u200e\u200f\ufeff٬٫")


# Windows-1256 is by far the most frequent: a few letters alone show no other. The forms of letters
# in page 864 are so many that other text has some of them too.
_HANDICAP = {"cp864": 0.5}
_RARER = 6
_COMMON = frozenset("اأإآلينموره")
_MOST_COST, _LEAST_SHARE, _LEAST_COMMON = 6.0, 0.8, 0.25


class Fit(NamedTuple):
    """How well bytes fit an encoding.

    `cost` is the mean cost of a byte that is not ASCII, `share` the share of Arabic letters among
    those bytes, `common` the share of the most frequent letters among the Arabic ones.
    """

    encoding: str
    cost: float
    share: float
    common: float

    @property
    def is_arabic(self) -> bool:
        """Whether the bytes are Arabic words in this encoding."""
        return (
            self.cost <= _MOST_COST and self.share >= _LEAST_SHARE and self.common >= _LEAST_COMMON
        )


@cache
def _costs() -> list[list[int]]:
    return [[int(cost) for cost in row] for row in _COSTS.split()]


def _class_of(encoding: str, byte: int) -> tuple[int, int, int]:
    """Return what a byte is to the letter before it and to the one after it, and its own cost."""
    if byte < _NON_ASCII:
        is_latin = chr(byte).isalpha()
        return (_LATIN, _LATIN, 0) if is_latin else (_EDGE, _EDGE, 0)
    char = bytes([byte]).decode(encoding, "replace")
    if _MARKS.fullmatch(char):
        return _MARK, _MARK, _RARE_COST
    plain = unicodedata.normalize("NFKC", char).translate(_FOREIGN)
    extra = 0 if plain == unicodedata.normalize("NFKC", char) else _FOREIGN_COST
    if plain and all(letter in LETTERS for letter in plain):
        return LETTERS.index(plain[0]) + 1, LETTERS.index(plain[-1]) + 1, extra
    if char in _SIGNS or char in _RARE:
        return _EDGE, _EDGE, _SIGN_COST if char in _SIGNS else _RARE_COST
    return _ALIEN, _EDGE, _ALIEN_COST


@cache
def _classes(encoding: str) -> list[tuple[int, int, int]]:
    return [_class_of(encoding, byte) for byte in range(256)]


def _cost(encoding: str, first: int, second: int) -> int:
    """Return the cost of two bytes that follow each other."""
    before, after = _classes(encoding)[first][1], _classes(encoding)[second]
    if after[0] == _MARK:
        # A mark belongs to a letter.
        return after[2] if before > _EDGE or before == _MARK else _ALIEN_COST
    if after[0] == _ALIEN or before == _MARK:
        return after[2]
    if _LATIN in (before, after[0]):
        # A word has letters of one script.
        return _ALIEN_COST if before > _EDGE or after[0] > _EDGE else after[2]
    if before == _EDGE and after[0] == _EDGE:
        return after[2]
    return _costs()[before][after[0]] + after[2]


def best_fit(raw: bytes) -> Fit | None:
    """Return the encoding of Arabic that bytes fit best, None if they are all ASCII.

    Example:
        >>> best_fit("أعلن الجيش".encode("iso8859_6")).encoding
        'iso8859_6'
    """
    sample = _sample(raw)
    pairs = Counter(zip(b" " + sample, sample + b" ", strict=True))
    # Bytes of ASCII among themselves say nothing.
    counted = [
        (first, second, times)
        for (first, second), times in pairs.items()
        if first >= _NON_ASCII or second >= _NON_ASCII
    ]
    high = Counter(byte for byte in sample if byte >= _NON_ASCII)
    total = high.total()
    if not total:
        return None
    costs = {
        encoding: sum(_cost(encoding, first, second) * times for first, second, times in counted)
        / total
        for encoding in ENCODINGS
    }
    rarer = {each: _RARER / total if each != ENCODINGS[0] else 0 for each in ENCODINGS}
    encoding = min(costs, key=lambda each: costs[each] + rarer[each] + _HANDICAP.get(each, 0))
    classes = _classes(encoding)
    letters = sum(times for byte, times in high.items() if classes[byte][0] > _EDGE)
    common = sum(
        times
        for byte, times in high.items()
        if classes[byte][0] > _EDGE and LETTERS[classes[byte][0] - 1] in _COMMON
    )
    return Fit(encoding, costs[encoding], letters / total, common / max(1, letters))


def _sample(raw: bytes) -> bytes:
    """Return the first runs of bytes that are not ASCII, each with the bytes beside it."""
    runs: list[bytes] = []
    left = _SAMPLE
    for match in _RUN.finditer(raw):
        runs.append(match[0][:left])
        left -= len(runs[-1])
        if left <= 0:
            break
    return b"".join(runs)

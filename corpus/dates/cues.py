"""Cues: whether a sentence speaks of what is to come.

The future is a prefix in Arabic, س on a verb, or a word: سوف, المقرر, يعتزم.
"""

import re
from functools import lru_cache

from marsad.corpus.dates.tokens import Scanned
from marsad.corpus.letters import fold_letters

_WINDOW = 160
_SENTENCE_ENDS = ".!؟?…\n"
# Words that begin with س and the letter of a verb, and are none.
_NO_VERBS = (
    "سيار|سياس|سياق|سياد|سياح|سياج|سيد|سيطر|سيناء|سينما|سيول|سيول|سيبير|سيف|سيرت|سيره|سير|سيل|سيء|سيي|سيناريو|سينا|"
    "سته|ستين|ستون|ستوكهولم|ستار|ستاد|ستر|ستيفن|ستين|ستانل|ستيبان|ستراتيج|ستارمر|"
    "سنه|سنوات|سنوي|سنين|سنتي|سنت|سند|سنجار|سنغاف|سنا|سنوار|سني|سنن|سنغال|ساعه|سامي|سالم|سابق"
)
_FUTURE = re.compile(
    r"(?<![^\W_])(?:[وف]?س[يتن]\w{3,}"
    r"|[وف]?سوف|[بو]?(?:ال)?مقرره?ا?|المزمع|مزمع|يجب|ينبغي|(?:ال)?مرتقبه?|المنتظر|(?:ال)?متوقع|[وف]?[يت]عتزم|"
    r"ينتظر|يتوقع|يرتقب|يستعد|تستعد|موعده?ا?|مواعيد|ابتداء|تنطلق|ينطلق)"
    r"(?![^\W_])"
)
_NOT_FUTURE = re.compile(rf"[وف]?(?:{_NO_VERBS})\w*")


def speaks_of_future(scanned: Scanned, letter: int) -> bool:
    """Tell whether the sentence before *letter* announces something."""
    end = scanned.start(letter)
    before = scanned.text[max(0, end - _WINDOW) : end]
    sentence = before[max(map(before.rfind, _SENTENCE_ENDS)) + 1 :]
    return any(map(_announces, sentence.split()))


@lru_cache(maxsize=1 << 15)
def _announces(piece: str) -> bool:
    """Tell whether what stands between two spaces is a cue."""
    return any(
        _NOT_FUTURE.fullmatch(found[0]) is None for found in _FUTURE.finditer(fold_letters(piece))
    )

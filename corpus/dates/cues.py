"""Cues: detect whether a sentence is about the future.

Arabic marks the future by a prefix of the verb, س, or by a word: سوف, المقرر, يعتزم.
"""

import re
from functools import lru_cache

from marsad.corpus.dates.tokens import Scanned
from marsad.corpus.letters import fold_letters

_WINDOW = 160
_SENTENCE_ENDS = ".!؟?…\n"
# Words that begin like a verb in the future, with س, but are not verbs.
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
    """Tell whether the sentence has a cue of the future before *letter*."""
    end = scanned.start(letter)
    before = scanned.text[max(0, end - _WINDOW) : end]
    sentence = before[max(map(before.rfind, _SENTENCE_ENDS)) + 1 :]
    return any(map(_announces, sentence.split()))


@lru_cache(maxsize=1 << 15)
def _announces(piece: str) -> bool:
    """Tell whether the text between two spaces has a cue."""
    return any(
        _NOT_FUTURE.fullmatch(found[0]) is None for found in _FUTURE.finditer(fold_letters(piece))
    )

"""Phonetic: keys that bring together the spellings of a foreign name, in three alphabets.

    word -> the class of each consonant (ق ك غ خ ج -> K ...) -> phonetic key

A class has the letters that newspapers use for one foreign sound. Vowels are left out. A
shared key is a reason to offer a word, never to take it for another: سليماني and سلمان have
one key. Also here: the other keyboard layout, for words typed with the wrong one.
"""

import re

_ARABIC_CLASSES = {
    "K": "قكغخج",
    "T": "طتث",
    "D": "دض",
    "S": "سص",
    "Z": "زذظ",
    "B": "ب",
    "F": "ف",
    "C": "ش",
    "L": "ل",
    "R": "ر",
    "M": "م",
    "N": "ن",
    "": "اويهحعءىةئؤأإآ",
}
_ARABIC = {ord(letter): key for key, letters in _ARABIC_CLASSES.items() for letter in letters}

_LATIN_PAIRS = (
    ("tch", "T C"), ("kh", "K"), ("gh", "K"), ("sh", "C"), ("ch", "C"), ("th", "T"),
    ("dh", "Z"), ("zh", "Z"), ("ph", "F"), ("ck", "K"), ("ts", "TS"),
)  # fmt: skip
_LATIN_CLASSES = {
    "K": "kqgjcx",
    "T": "t",
    "D": "d",
    "S": "s",
    "Z": "z",
    "B": "bp",
    "F": "fv",
    "L": "l",
    "R": "r",
    "M": "m",
    "N": "n",
    "": "aeiouywh",
}
_LATIN = {ord(letter): key for key, letters in _LATIN_CLASSES.items() for letter in letters}

_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ",
        [
            *("a", "b", "v", "g", "d", "e", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o"),
            *("p", "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "sh", "", "y", "", "e"),
            *("yu", "ya", "i", "yi", "ye", "g"),
        ],
        strict=True,
    )
)
_ROMAN = {
    ord(letter): latin
    for letter, latin in zip(
        "ابتثجحخدذرزسشصضطظعغفقكلمنهويءى",
        [
            *("a", "b", "t", "th", "j", "h", "kh", "d", "z", "r", "z", "s", "sh", "s", "d"),
            *("t", "z", "a", "g", "v", "k", "k", "l", "m", "n", "h", "o", "i", "", "a"),
        ],
        strict=True,
    )
}

# The letter of the Arabic keyboard (Arabic 101) on each key of the Latin one. The key B is
# left out: it writes the two letters لا.
_KEYS = dict(
    zip(
        "qwertyuiop[]asdfghjkl;'zxcvnm,./`",
        "ضصثقفغعهخحجدشسيبلاتنمكطئءؤرىةوزظذ",
        strict=True,
    )
)
_FROM_ARABIC_KEYS = {arabic: latin for latin, arabic in _KEYS.items()} | {"b": "b"}
_ARABIC_LETTER = re.compile("[\u0621-\u064a]")
_ARTICLE = "ال"


def phonetic_key(word: str) -> str:
    """Return the phonetic key of a folded Arabic, Latin or Cyrillic word.

    Example:
        >>> [phonetic_key(word) for word in ("كاراباخ", "قراباغ", "karabakh", "карабах")]
        ['KRBK', 'KRBK', 'KRBK', 'KRBK']
    """
    if _ARABIC_LETTER.search(word):
        return word.translate(_ARABIC)
    latin = "".join(_CYRILLIC.get(letter, letter) for letter in word)
    for pair, key in _LATIN_PAIRS:
        latin = latin.replace(pair, key)
    return latin.translate(_LATIN).replace(" ", "")


def romanized(word: str) -> str:
    """Return a folded word in Latin letters, roughly as the press spells names.

    Example:
        >>> romanized("زيلينسكي"), romanized("зеленский")
        ('zilinski', 'zelenskiy')
    """
    if _ARABIC_LETTER.search(word):
        return word.translate(_ROMAN)
    return "".join(_CYRILLIC.get(letter, letter) for letter in word)


def other_layout(typed: str) -> str:
    """Return the text that the same keys write with the other keyboard layout.

    It is empty if any of the characters is on no key of either layout.

    Example:
        >>> other_layout("hgsghl"), other_layout("ؤخعىفقغ")
        ('السلام', 'country')
    """
    lowered = typed.lower().replace("b", "لا") if not _ARABIC_LETTER.search(typed) else typed
    table = _FROM_ARABIC_KEYS if _ARABIC_LETTER.search(typed) else _KEYS
    if table is _FROM_ARABIC_KEYS:
        lowered = lowered.replace("لا", "b")
    other = "".join(
        letter if table is _KEYS and letter in "لا" else table.get(letter, "") for letter in lowered
    )
    return other if len(other) >= len(lowered) else ""


def without_sounding_article(word: str) -> str:
    """Return *word* without ال, because other alphabets leave the article of a name out."""
    return word.removeprefix(_ARTICLE) if len(word) > len(_ARTICLE) + 2 else word

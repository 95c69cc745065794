"""Sounds: what names sound like, across alphabets and across spellings of the press.

    word -> consonants by class (ق ك غ خ ج -> K ...) -> key; words of one key may be one name

The classes join what newspapers write for one foreign sound. A key is a reason to offer a
word, never to take it for another: سليماني and سلمان have one key.
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

# What an Arabic keyboard writes for the keys of a Latin one (Arabic 101).
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
    """Return the classes of the consonants of a folded word, of any of three alphabets.

    Example:
        >>> [sound_key(word) for word in ("كاراباخ", "قراباغ", "karabakh", "карабах")]
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
    """Return what the same keys write with the other keyboard layout, empty where none is.

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
    """Return *word* without ال, for comparing with names in other alphabets."""
    return word.removeprefix(_ARTICLE) if len(word) > len(_ARTICLE) + 2 else word

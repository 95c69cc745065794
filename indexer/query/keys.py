"""Keys: brackets that are letters, of an Arabic word that was typed on a Latin keyboard.

    typed text -> [keys_of] -> where such brackets stand

The keys of ج and د are `[` and `]` there, so that هدنة becomes `i]km`.
"""

import re

_BRACKETS = (re.compile(r"[\[\]]"), re.compile(r"[{}]"))
_BETWEEN_LETTERS = re.compile(r"(?<=[A-Za-z])[\[\]{}](?=[A-Za-z])")


def keys_of(text: str) -> frozenset[int]:
    """Return the places of brackets between two Latin letters that have no partner.

    Example:
        >>> sorted(keys_of("i]km [a b]c"))
        [1]
    """
    lone: set[int] = set()
    for brackets in _BRACKETS:
        opened: list[int] = []
        for found in brackets.finditer(text):
            if found[0] in "[{":
                opened.append(found.start())
            elif opened:
                opened.pop()
            else:
                lone.add(found.start())
        lone.update(opened)
    return frozenset(at for at in lone if _BETWEEN_LETTERS.match(text, at))

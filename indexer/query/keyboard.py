"""Keyboard: brackets that are letters of an Arabic word typed on a Latin keyboard layout.

    typed text -> [keyboard_brackets] -> the places of such brackets

The letters ج and د are on the keys `[` and `]`, so that هدنة becomes `i]km`.
"""

import re

_BRACKETS = (re.compile(r"[\[\]]"), re.compile(r"[{}]"))
# A bracket between two letters, a closing one in front of a word, or an opening one at its end. A
# bracket that groups operands is not in these places.
_OF_A_WORD = re.compile(
    r"(?<=[A-Za-z])[\[\]{}](?=[A-Za-z])|(?<!\S)[\]}](?=[A-Za-z])|(?<=[A-Za-z])[\[{](?!\S)"
)


def keyboard_brackets(text: str) -> frozenset[int]:
    """Return the places of unpaired brackets that belong to a word of Latin letters.

    Example:
        >>> sorted(keyboard_brackets("i]km [a b]c")), sorted(keyboard_brackets("]vuh"))
        ([1], [0])
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
    return frozenset(at for at in lone if _OF_A_WORD.match(text, at))

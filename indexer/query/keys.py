"""Keys: brackets that are letters, of an Arabic word that was typed on a Latin keyboard.

    typed text -> [keys_of] -> where such brackets stand

The keys of ج and د are `[` and `]` there, so that هدنة becomes `i]km`.
"""

import re

_BRACKETS = (re.compile(r"[\[\]]"), re.compile(r"[{}]"))
# Between two letters; or closing before the first one, opening behind the last, where no
# bracket of a group stands.
_OF_A_WORD = re.compile(
    r"(?<=[A-Za-z])[\[\]{}](?=[A-Za-z])|(?<!\S)[\]}](?=[A-Za-z])|(?<=[A-Za-z])[\[{](?!\S)"
)


def keys_of(text: str) -> frozenset[int]:
    """Return the places of brackets without partner that are part of a word of Latin letters.

    Example:
        >>> sorted(keys_of("i]km [a b]c")), sorted(keys_of("]vuh"))
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

"""Broken JSON: where the next object begins, so that a broken one costs itself only."""

import json
import re

from marsad.corpus.readers.window import CHUNK, Window

_SCALAR = r'(?:"(?:[^"\\\n]|\\.){0,300}"|[^\s,{}\[\]"]{1,60})'
_FIRST_KEYS = re.compile(
    rf'\{{\s*("[^"\n]{{1,200}}")(?:\s*:\s*{_SCALAR}\s*,\s*("[^"\n]{{1,200}}"))?'
)
# The next object may begin so far before the place of an error. An error that is so near to the
# end of what is in memory may come from the cut.
_NEAR = 40

Begin = tuple[str, str]


def begin_of(window: Window) -> Begin:
    """Return patterns of an object that begins with the keys of the one at the place.

    The first pattern has two keys, the second one. Objects of one list begin with the same keys,
    unlike most objects within them.
    """
    keys = _FIRST_KEYS.match(window.text, window.at)
    one = re.escape(keys[1]) if keys else ""
    both = rf"{one}\s*:\s*{_SCALAR}\s*,\s*{re.escape(keys[2])}" if keys and keys[2] else one
    return rf"\}}\s*,?\s*(?=\{{\s*{both})", rf"\}}\s*,?\s*(?=\{{\s*{one})"


def is_broken(window: Window, error: Exception) -> bool:
    """Tell whether an element is broken, and not only cut because more must be read."""
    if not isinstance(error, json.JSONDecodeError) or error.msg.startswith("Unterminated"):
        return window.ended
    return window.ended or error.pos < len(window.text) - _NEAR


def following_of(window: Window, begin: Begin, error: Exception, *, any_key: bool) -> int:
    """Return where the object after a broken one begins; -1 if none is in memory."""
    place = error.pos if isinstance(error, json.JSONDecodeError) else window.at
    place = max(window.at + 1, place - _NEAR)
    for pattern in begin if any_key else begin[:1]:
        if match := re.compile(pattern).search(window.text, place):
            return match.end()
    return -1


def find_next(window: Window, begin: Begin) -> bool:
    """Pass over what cannot be read, up to the next object; tell whether there is one."""
    pattern = re.compile(begin[0])
    while True:
        if match := pattern.search(window.text, window.at):
            window.at = match.end()
            return True
        # The next object may begin in what is in memory.
        window.at = max(window.at, len(window.text) - CHUNK)
        if not window.more():
            window.at = len(window.text)
            return False

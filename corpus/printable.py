"""Printable: names and reasons as they may be shown in a terminal or a log line.

A file name may hold any character but a slash: a line break forges a line, an escape sequence
moves the cursor, and a bidi control reverses the text after it.
"""

import re

# Controls, line and paragraph separators, bidi controls, halves of surrogate pairs, tags.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def printable(text: str) -> str:
    r"""Return *text* on one line, with every character that is not safe to show escaped.

    Example:
        >>> printable("a\x1b[31m\u202etxt.exe\nread 9")
        'a\\x1b[31m\\u202etxt.exe\\nread 9'
    """
    return _UNSAFE.sub(_escaped, text)


def _escaped(found: "re.Match[str]") -> str:
    return found[0].encode("unicode_escape").decode("ascii")

"""Bidi: isolates text of one direction inside text of the other (Unicode UAX 9)."""

_FIRST_STRONG_ISOLATE, _POP = "\u2068", "\u2069"


def bidi_isolate(text: str) -> str:
    r"""Return *text* between isolate characters, so that its direction changes no text around it.

    The direction of *text* is the direction of its first strong character. Use this in plain
    text, where the HTML element `bdi` is not possible.

    Example:
        >>> bidi_isolate("2020-11") == "\u20682020-11\u2069"
        True
    """
    return f"{_FIRST_STRONG_ISOLATE}{text}{_POP}"

"""Direction: text of either direction inside text of another, kept from turning it round."""

_FIRST_STRONG_ISOLATE, _POP = "\u2068", "\u2069"


def apart(text: str) -> str:
    r"""Return *text* with a direction of its own, whatever stands before and behind it.

    Unlike HTML's `bdi`, it also keeps what follows in the direction of the line.

    Example:
        >>> apart("2020-11") == "\u20682020-11\u2069"
        True
    """
    return f"{_FIRST_STRONG_ISOLATE}{text}{_POP}"

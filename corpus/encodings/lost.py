"""Lost letters: a text whose letters another program replaced when it saved the file."""

import re

from marsad.corpus.remarks import Remark

_REPLACED = "\ufffd"
_MARKS = re.compile(r"\?{2,}")
_FEWEST = 8
# A question may end with several marks; a text of lost letters has little else.
_MOST_MARKS = 0.3
_MOST_REPLACED = 0.02


def lost_remark(text: str) -> Remark | None:
    """Return the remark about a text of which many letters are lost, None for any other.

    Example:
        >>> lost_remark("????? ???? ????? ??????").kind, lost_remark("Why??? Nobody knows.")
        ('letters-lost', None)
    """
    if "?" not in text and _REPLACED not in text:
        return None
    replaced = text.count(_REPLACED)
    marks = sum(map(len, _MARKS.findall(text)))
    size = max(1, len(text))
    if replaced < _MOST_REPLACED * size and (marks < _FEWEST or marks < _MOST_MARKS * size):
        return None
    which = f"{replaced} times U+FFFD" if replaced else f"{marks} question marks"
    return Remark(
        "letters-lost",
        f"found {which} for letters that are lost; save the file again from its source, as UTF-8",
    )

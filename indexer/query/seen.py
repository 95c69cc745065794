"""Seen: the characters of a query that a person sees, and where each stands in what was typed.

Direction marks, joiners, variation selectors and the like come along when text is copied out of
a document or a chat. They never mean anything in a query: the query is read without them. So is
it without control characters, but between two words these part them, as they do in an article.
"""

import re

from marsad.corpus.letters import FORMAT_CHARS, MARKS

UNSEEN = (
    f"{FORMAT_CHARS}\u034f\u115f\u1160\u17b4\u17b5\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufffc\ufffe\uffff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_CONTROLS = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
_RUN = re.compile(
    f"[{UNSEEN}]+"
    f"|(?<![\\w{MARKS}])[{UNSEEN}{_CONTROLS}]+|[{_CONTROLS}][{UNSEEN}{_CONTROLS}]*(?!\\w)"
)


class Seen:
    """The seen characters of `typed` as `text`; spans of it are led back to what was typed."""

    def __init__(self, typed: str) -> None:
        self.text = _RUN.sub("", typed)
        self._places: list[int] | None = None
        if len(self.text) < len(typed):
            hidden = {at for run in _RUN.finditer(typed) for at in range(*run.span())}
            self._places = [at for at in range(len(typed)) if at not in hidden]
            self._places.append(len(typed))

    def span(self, start: int, end: int) -> tuple[int, int]:
        r"""Return where `text[start:end]` stands in what was typed.

        Example:
            >>> Seen("هدنة \u200f-غزة").span(5, 6)
            (6, 7)
        """
        if self._places is None:
            return start, end
        first = self._places[start]
        return first, self._places[end - 1] + 1 if end > start else first

"""Visible text: a query without its invisible characters, and a map back to the typed text.

Direction marks, joiners, variation selectors and the like come with text that is copied from
documents and chats. They have no meaning in a query, so they are removed. Control characters are
removed too; between two words they separate, as they do in an article.
"""

import re

from marsad.corpus.letters import FORMAT_CHARS, MARKS

INVISIBLE = (
    f"{FORMAT_CHARS}\u034f\u115f\u1160\u17b4\u17b5\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufffc\ufffe\uffff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_CONTROLS = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
_RUN = re.compile(
    f"[{INVISIBLE}]+"
    f"|(?<![\\w{MARKS}])[{INVISIBLE}{_CONTROLS}]+|[{_CONTROLS}][{INVISIBLE}{_CONTROLS}]*(?!\\w)"
)


class VisibleText:
    """The visible characters of *typed* as `text`; `span` maps its spans to the typed text."""

    def __init__(self, typed: str) -> None:
        self.text = _RUN.sub("", typed)
        # Most queries have no invisible characters. They need no map.
        self._places: list[int] | None = None
        if len(self.text) < len(typed):
            hidden = {at for run in _RUN.finditer(typed) for at in range(*run.span())}
            self._places = [at for at in range(len(typed)) if at not in hidden]
            self._places.append(len(typed))

    def span(self, start: int, end: int) -> tuple[int, int]:
        r"""Return the span in the typed text of `text[start:end]`.

        Example:
            >>> VisibleText("هدنة \u200f-غزة").span(5, 6)
            (6, 7)
        """
        if self._places is None:
            return start, end
        first = self._places[start]
        return first, self._places[end - 1] + 1 if end > start else first

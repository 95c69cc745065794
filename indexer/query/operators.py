"""Operators: recognizes the operators of several search systems.

    near/5 w/5 /5 قرب/5 within 5 words, either order    pre/5 onear/5 adj5    in this order
    N5 within 5 words of                                W5 +5 near/5f          in this order
    w/s /s قرب/جملة     in one sentence                 w/p /p قرب/فقرة        in one paragraph
    atleast3 تكرار3     at least three times

A distance is counted as Lexis, Westlaw and dtSearch count it: within 1 word means neighbours.
"""

import re
from dataclasses import dataclass

from marsad.corpus.letters import fold_letters
from marsad.indexer.query.names import DASHES, OPERATORS, WEAK_OPERATORS, OperatorKind
from marsad.indexer.query.tree import Link, Reach

# The distance of `near` without a number.
NEAR_UNNUMBERED = 10

_SLASH = r"\s?[/\u2044\u2215\uff0f]\s?"
_END = r"""(?=$|[\s()\[\]{}"'«»“”„‘’`])"""
_SENTENCE = r"(?:s|sent|sentence|جمله|جملة)"
_PARAGRAPH = r"(?:p|para|paragraph|فقره|فقرة)"
_EITHER = r"(?:near|within|w|n|قرب|بقرب)"
_ORDERED = r"(?:pre|onear|adj|p)"
_SHAPES: tuple[tuple[str, Reach | None, bool], ...] = (
    (rf"{_EITHER}?{_SLASH}{_SENTENCE}", "sentence", False),
    (rf"{_EITHER}?{_SLASH}{_PARAGRAPH}", "paragraph", False),
    (rf"(?:pre{_SLASH}|\+){_SENTENCE}", "sentence", True),
    (rf"(?:pre{_SLASH}|\+){_PARAGRAPH}", "paragraph", True),
    (rf"{_EITHER}?{_SLASH}(?P<n>\d{{1,9}})", None, False),
    (r"(?:near|قرب):?(?P<n>\d{1,9})", None, False),
    (r"within\s(?P<n>\d{1,9})\swords?(?:\sof)?", None, False),
    (r"around\s?\((?P<n>\d{1,9})\)", None, False),
    (rf"{_ORDERED}{_SLASH}(?P<n>\d{{1,9}})", None, True),
    (rf"near{_SLASH}(?P<n>\d{{1,9}})f", None, True),
    (r"adj(?P<n>\d{1,9})", None, True),
)
# N5, W5 and +5 can also be a name or a number, so these are weak operators.
_WEAK_LINKS = (
    (re.compile(rf"N(?P<n>\d{{1,2}}){_END}"), False),
    (re.compile(rf"(?:W|\+)(?P<n>\d{{1,2}}){_END}"), True),
)
# Operators of other systems that are not supported here.
_UNKNOWN = re.compile(
    rf"(?i:near|within|w|pre|onear|قرب|before|after|next){_SLASH}\w+|XOR|BEFORE|AFTER|NEXT|FBY"
)
_TO_DASH = re.compile(rf"(?P<name>[^\W\d_]+)[{DASHES}](?=[^\s\d])")
_LINKS = tuple(
    (re.compile(f"{pattern}{_END}", re.IGNORECASE), reach, ordered)
    for pattern, reach, ordered in _SHAPES
)
_NAMED: dict[str, Link] = {
    "NEAR": Link(NEAR_UNNUMBERED),
    "ADJ": Link(1, ordered=True),
    "SAME": Link("paragraph"),
}
_WEAK_NAMED: dict[str, Link] = {"near": Link(NEAR_UNNUMBERED)}
_TIMES = re.compile(
    rf"(?:atleast{_SLASH}|atleast\s?|(?:تكرار|مرات)(?:{_SLASH})?)(?P<n>\d{{1,9}})(?::|(?=\s*[^\s\w]|\s))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator that ends at `end`; a `weak` one can also be an ordinary word.

    `kind` is set for AND, OR and NOT. `link` is set for proximity operators, and `times` for those
    that require a number of occurrences.
    """

    end: int
    kind: OperatorKind | None = None
    link: Link | None = None
    times: int = 0
    weak: bool = False


def read_operator(text: str, at: int, end: int) -> Operator | None:
    """Return the operator at *at*, or None; *end* is the end of the run of characters there."""
    run = text[at:end]
    if run in OPERATORS:
        return Operator(end, OPERATORS[run])
    folded = fold_letters(run)
    if folded in OPERATORS:
        return Operator(end, OPERATORS[folded])
    if folded.lower() in WEAK_OPERATORS:
        return Operator(end, WEAK_OPERATORS[folded.lower()], weak=True)
    for pattern, reach, ordered in _LINKS:
        if found := pattern.match(text, at):
            distance = max(1, int(found["n"])) if reach is None else reach
            return Operator(found.end(), link=Link(distance, ordered=ordered))
    if run in _NAMED:
        return Operator(end, link=_NAMED[run])
    if times := _TIMES.match(text, at):
        return Operator(times.end(), times=max(1, int(times["n"])))
    if run.lower() in _WEAK_NAMED:
        return Operator(end, link=_WEAK_NAMED[run.lower()], weak=True)
    for pattern, ordered in _WEAK_LINKS:
        if found := pattern.match(text, at):
            distance = max(1, int(found["n"]))
            return Operator(found.end(), link=Link(distance, ordered=ordered), weak=True)
    return _before_dash(text, at, end)


def _before_dash(text: str, at: int, end: int) -> Operator | None:
    """Return an operator that touches the minus after it, as in `أو-كلمة`."""
    found = _TO_DASH.match(text, at)
    if found is None or found.end() > end:
        return None
    kind = OPERATORS.get(fold_letters(found["name"]))
    if kind is None:
        return None
    # In "NOT-word", the dash belongs to NOT; it is not a second negation.
    return Operator(found.end() if kind == "not" else found.end("name"), kind)


def is_unknown(text: str, at: int, end: int) -> bool:
    """Return whether `text[at:end]` is an operator of another system that is not supported here."""
    return _UNKNOWN.fullmatch(text, at, end) is not None

"""Diagnostics: notes about parts of a query that were ignored, corrected or reinterpreted.

A query never raises an error. A part that could not be read, or was read differently from what the
user may expect, is reported as a diagnostic with its span in the typed text.
"""

from dataclasses import dataclass
from typing import Literal

DiagnosticKind = Literal[
    "unbalanced-parenthesis",
    "unclosed-quote",
    "unopened-quote",
    "lone-dash",
    "operator-word",
    "unknown-operator",
    "unknown-field",
    "no-boost",
    "no-fuzzy",
    "not-near",
    "not-a-spot",
    "dangling-operator",
    "dangling-link",
    "empty-phrase",
    "prefix-too-short",
    "bad-pattern",
    "bad-date",
    "unknown-name",
    "empty-field",
    "no-word",
    "stop-word",
    "question-word",
    "too-deep",
    "too-wide",
    "too-long",
]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A note about `typed[start:end]`; `detail` is the text it refers to.

    The user interface has a message for each kind.
    """

    kind: DiagnosticKind
    start: int
    end: int
    detail: str = ""

"""Diagnostics: what a person typed that was not taken as it stands.

A query never raises. What could not be read, or was read another way than it
looks, comes back as a diagnostic with a span of the typed text.
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
    """One remark on `typed[start:end]`; `detail` is the text it is about."""

    kind: DiagnosticKind
    start: int
    end: int
    detail: str = ""

"""Measure: how often the docstrings and comments use words that make them hard to read.

    python -m tests.quality.prose.measure
    python -m tests.quality.prose.measure --root OTHER_CHECKOUT
    python -m tests.quality.prose.measure --sample 40 --seed 3

The counts are reported, and nothing enforces them: a text can avoid every word of the list and
still be a riddle. The test that counts is a person who did not write the module. `--sample`
prints random docstrings with their place, so that such a person can say what each one means
and then compare that with the code.
"""

import argparse
import ast
import io
import random
import re
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import ROOT

FOLDERS = ("corpus", "indexer", "webui")
# Phrases that a review of November 2026 found often here and seldom in comparable projects.
PHRASES = {
    "what": r"\bwhat\b",
    "stand, stands": r"\bstands?\b",
    "is none, is no": r"\bis (?:none|no)\b",
    "those of, that of, those that": r"\b(?:those|that) (?:of|that)\b",
    "begin": r"\bbegins?\b",
}
# Comments for tools say nothing to a reader.
_FOR_TOOLS = re.compile(r"#\s*(?:noqa|type:|fmt:|pragma)")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(slots=True)
class Prose:
    """The docstrings and comments of some modules, and how many lines of code they have."""

    docstrings: list[tuple[str, str]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    code_lines: int = 0

    def add(self, path: Path, shown: str) -> None:
        """Add a module; *shown* is its path in the places of the docstrings."""
        source = path.read_text(encoding="utf-8")
        documented: set[int] = set()
        for node in ast.walk(ast.parse(source)):
            text = ast.get_docstring(node) if isinstance(node, _DOCUMENTED) else None
            if text is None:
                continue
            literal = node.body[0]  # type: ignore[attr-defined]
            documented.update(range(literal.lineno, literal.end_lineno + 1))
            name = getattr(node, "name", "(module)")
            self.docstrings.append((f"{shown}:{literal.lineno} {name}", text))
        code: set[int] = set()
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                if not _FOR_TOOLS.match(token.string):
                    self.comments.append(token.string.lstrip("# "))
            elif token.type not in _LAYOUT:
                code.update(range(token.start[0], token.end[0] + 1))
        self.code_lines += len(code - documented)

    def figures(self) -> Iterator[tuple[str, float]]:
        """Yield each count per 1,000 words of prose, then the comments per 100 lines of code."""
        texts = [text for _, text in self.docstrings] + self.comments
        words = sum(len(_WORD.findall(text)) for text in texts)
        for name, pattern in PHRASES.items():
            found = sum(len(re.findall(pattern, text, re.IGNORECASE)) for text in texts)
            yield name, 1000 * found / max(words, 1)
        yield "comment lines per 100 code lines", 100 * len(self.comments) / max(self.code_lines, 1)


_LAYOUT = frozenset(
    (tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
)


def read_prose(root: Path, folder: str) -> Prose:
    """Return the prose of all modules under a folder of a checkout."""
    prose = Prose()
    for path in sorted((root / folder).rglob("*.py")):
        prose.add(path, path.relative_to(root).as_posix())
    return prose


def table(root: Path) -> str:
    """Return the figures of each folder and of all, as a Markdown table."""
    each = {folder: read_prose(root, folder) for folder in FOLDERS}
    total = Prose()
    for prose in each.values():
        total.docstrings += prose.docstrings
        total.comments += prose.comments
        total.code_lines += prose.code_lines
    each["all"] = total
    columns = [dict(prose.figures()) for prose in each.values()]
    lines = [f"| per 1,000 words | {' | '.join(each)} |", f"|---|{'---|' * len(each)}"]
    for name in columns[0]:
        cells = " | ".join(f"{column[name]:.1f}" for column in columns)
        lines.append(f"| {name} | {cells} |")
    return "\n".join(lines)


def sample(root: Path, count: int, seed: int) -> str:
    """Return *count* random docstrings, each under its place."""
    found = [pair for folder in FOLDERS for pair in read_prose(root, folder).docstrings]
    chosen = random.Random(seed).sample(found, min(count, len(found)))
    return "\n\n".join(f"## {place}\n{text}" for place, text in chosen)


def main() -> None:
    """Measure or sample from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout, this one if absent")
    parser.add_argument("--sample", type=int, metavar="N", help="print N random docstrings")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    given = parser.parse_args()
    text = sample(given.root, given.sample, given.seed) if given.sample else table(given.root)
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    main()
